#pragma once

#include "model/supervision_report.hpp"
#include "model/wall_clock.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk {

/// Supervisors know how their children are, each of its own; an operator wants all of it on one
/// page, also of a supervisor that is gone. So each writes here what becomes of its children, by
/// their path in the tree, such as `node/storage/recorder`.
///
/// Thread-safe. Outlives all actors.
class supervision_book {
 public:
  explicit supervision_book(const wall_clock& time) : time_(time) {}

  /// There will be one with this path, whose last part is its id, behind those that are there;
  /// unless there is one already.
  void plan(const std::string& path, supervised what);

  /// Of a path that was not planned nothing is noted.
  void is(const std::string& path, supervised_state);
  void has_started(const std::string& path);
  void has_failed(const std::string& path, std::string why, supervised_state then);

  /// The first that was planned, with all below it.
  supervised tree() const;

 private:
  struct line {
    std::string path;
    supervised what;
    std::uint64_t starts_count = 0;
  };
  line* find(const std::string& path);
  supervised tree_at(const line&) const;

  const wall_clock& time_;
  mutable std::mutex mutex_;
  std::vector<line> lines_;
};

}  // namespace frontdesk
