#pragma once

#include "model/desk_stats.hpp"
#include "model/ids.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace frontdesk {

/// How the teams' queues stand, as their dispatchers tell once a tick, for those who only look.
/// Thread-safe.
class queue_board {
 public:
  struct standing {
    std::size_t length = 0;
    /// Of the conversation that waits longest.
    std::optional<timestamp> oldest;
    std::size_t open_conversations = 0;
    std::size_t agents_accepting = 0;
  };

  void note(tenant_id whose, team_id team, const standing& now) {
    const std::lock_guard guard{mutex_};
    standings_[{whose, team}] = now;
  }
  /// Its dispatcher has ended.
  void strike(tenant_id whose, team_id team) {
    const std::lock_guard guard{mutex_};
    standings_.erase({whose, team});
  }
  std::vector<queue_stats> all(timestamp now) const {
    const std::lock_guard guard{mutex_};
    std::vector<queue_stats> found;
    for (const auto& [name, each] : standings_) {
      const std::int64_t waited = each.oldest ? now.value - each.oldest->value : 0;
      found.push_back({name.first, name.second, each.length,
                       std::chrono::milliseconds{std::max<std::int64_t>(0, waited)},
                       each.open_conversations, each.agents_accepting});
    }
    return found;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<tenant_id, team_id>, standing> standings_;
};

}  // namespace frontdesk
