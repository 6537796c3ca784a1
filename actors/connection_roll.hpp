#pragma once

#include "actors/interfaces.hpp"
#include "model/desk_stats.hpp"

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace frontdesk {

/// Who is connected to this node, greeted or not: so that an orderly end can tell each of them, and
/// nobody keeps the node alive by keeping silent. Thread-safe.
class connection_roll {
 public:
  /// Where somebody stands who has been greeted: by tenant, then by number. Nobody is at number 0.
  using place = std::pair<tenant_id, connection_id>;
  struct called {
    place at;
    connection_actor who;
  };

  void note(connection_id id, connection_actor who, transport_kind by) {
    std::lock_guard guard{mutex_};
    connections_.emplace(id, entry{std::move(who), {}, by});
    ++counts_[{std::nullopt, by}];
  }
  /// It has said whose it is.
  void note_tenant(connection_id id, tenant_id whose) {
    std::lock_guard guard{mutex_};
    const auto at = connections_.find(id);
    if (at == connections_.end()) return;
    count_out(at->second);
    at->second.tenant = whose;
    ++counts_[{whose, at->second.by}];
    greeted_[{whose, id}] = &at->second;
  }
  void strike(connection_id id) {
    connection_actor gone;
    std::lock_guard guard{mutex_};
    const auto at = connections_.find(id);
    if (at == connections_.end()) return;
    count_out(at->second);
    if (at->second.tenant) greeted_.erase({*at->second.tenant, id});
    gone = std::move(at->second.actor);
    connections_.erase(at);
  }
  /// None if it has gone.
  connection_actor find(connection_id id) const {
    std::lock_guard guard{mutex_};
    const auto at = connections_.find(id);
    return at != connections_.end() ? at->second.actor : connection_actor{};
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
      found.push_back(each.actor);
    return found;
  }
  /// The next behind a place, in order, of one tenant or (none) of all: at most so many.
  std::vector<called> behind(place at, tenant_id whose, std::size_t most) const {
    std::lock_guard guard{mutex_};
    std::vector<called> found;
    for (auto next = greeted_.upper_bound(at); next != greeted_.end(); ++next) {
      const auto& [where, each] = *next;
      if (found.size() == most || (whose && where.first != whose)) break;
      found.push_back({where, each->actor});
    }
    return found;
  }
  /// By tenant and transport.
  std::vector<connection_stats> counts() const {
    std::lock_guard guard{mutex_};
    std::vector<connection_stats> found;
    found.reserve(counts_.size());
    for (const auto& [which, count] : counts_)
      found.push_back({which.first, which.second, count});
    return found;
  }

 private:
  struct entry {
    connection_actor actor;
    /// None before its greeting.
    std::optional<tenant_id> tenant;
    transport_kind by;
  };

  void count_out(const entry& gone) {
    const auto at = counts_.find({gone.tenant, gone.by});
    if (--at->second == 0) counts_.erase(at);
  }

  mutable std::mutex mutex_;
  std::unordered_map<connection_id, entry> connections_;
  /// Of `connections_`.
  std::map<place, const entry*> greeted_;
  std::map<std::pair<std::optional<tenant_id>, transport_kind>, std::size_t> counts_;
};

}  // namespace frontdesk
