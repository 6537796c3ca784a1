#pragma once

#include "model/supervision_report.hpp"
#include "model/wall_clock.hpp"

#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
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

  /// The same for one of many that come and go, of whom only those are told who have failed: of
  /// more than `limits::guests_told_max` the one whose last failure is longest ago is forgotten.
  /// They stand behind those that were planned.
  void plan_guest(const std::string& path);

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
    bool is_guest = false;
  };
  using lines = std::list<line>;
  using children = std::unordered_map<std::string_view, std::vector<const line*>>;

  void add(lines&, const std::string& path, supervised what);
  line* find(const std::string& path);
  static supervised tree_at(const line&, const children&);

  const wall_clock& time_;
  mutable std::mutex mutex_;
  lines lines_;
  /// By their last failure, oldest first.
  lines guests_;
  /// Into both, by the path that is in the line.
  std::unordered_map<std::string_view, lines::iterator> by_path_;
};

}  // namespace frontdesk
