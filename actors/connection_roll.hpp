#pragma once

#include "actors/interfaces.hpp"

#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace frontdesk {

/// Who is connected to this node, greeted or not: so that an orderly end can tell each of them, and
/// nobody keeps the node alive by keeping silent. Thread-safe.
class connection_roll {
 public:
  void note(connection_id id, connection_actor who) {
    std::lock_guard guard{mutex_};
    connections_.emplace(id, std::move(who));
  }
  void strike(connection_id id) {
    connection_actor gone;
    std::lock_guard guard{mutex_};
    const auto at = connections_.find(id);
    if (at == connections_.end()) return;
    gone = std::move(at->second);
    connections_.erase(at);
  }
  /// None if it has gone.
  connection_actor find(connection_id id) const {
    std::lock_guard guard{mutex_};
    const auto at = connections_.find(id);
    return at != connections_.end() ? at->second : connection_actor{};
  }
  std::size_t count() const {
    std::lock_guard guard{mutex_};
    return connections_.size();
  }
  std::vector<connection_actor> all() const {
    std::lock_guard guard{mutex_};
    std::vector<connection_actor> found;
    found.reserve(connections_.size());
    for (const auto& [id, each] : connections_)
      found.push_back(each);
    return found;
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<connection_id, connection_actor> connections_;
};

}  // namespace frontdesk
