#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace frontdesk {

/// When a child that has ended is started again.
enum class restart_kind : std::uint8_t {
  /// Always: the desk needs it.
  permanent,
  /// Only after a failure: ending well is part of its job.
  transient,
  /// Never: it belonged to something that is gone with it, such as a socket.
  temporary,
};

/// Which siblings a failed child takes with it.
enum class restart_strategy : std::uint8_t {
  /// None: they do not know of each other.
  one_for_one,
  /// All: none of them can do without any other.
  one_for_all,
  /// Those that were started after it, because they may lean on it.
  rest_for_one,
};

/// How much failing is normal. More than `restarts_max` failures within `window` is not: the
/// trouble lies elsewhere, and restarting hides it.
struct restart_limits {
  std::size_t restarts_max = 3;
  std::chrono::milliseconds window{5000};
  /// The pause before the first restart; it doubles with each further failure within the window.
  std::chrono::milliseconds pause_min{100};
  std::chrono::milliseconds pause_max{2000};
};

/// Children by their place in start order: from `first` up to but not including `last`.
struct child_range {
  std::size_t first = 0;
  std::size_t last = 0;

  friend constexpr bool operator==(const child_range&, const child_range&) = default;
};

/// A supervisor must not think: it runs when something is broken already. What it decides is
/// decided here, as a value without actors or time of its own:
///
///     a child ended ──> wants_restart? ── no ──> it stays down
///                             │ yes
///                             v
///                   pause_after_failure ── none ──> the supervisor itself has failed
///                             │ pause
///                             v
///          stop taken_down_by, pause, start them again
///
/// One rule serves one supervisor: failures of all of its children count together, because children
/// that take turns at failing are no better than one that fails.
class restart_rule {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// The limits must be such that a child that fails at once after each restart exhausts them: all
  /// pauses together are shorter than the window. Asserted.
  restart_rule(restart_strategy, const restart_limits&);

  /// `ended_well`: by itself or because it was asked to, not by a failure.
  static bool wants_restart(restart_kind, bool ended_well) noexcept;

  /// The children that are stopped and started again when `failed` has failed; itself included.
  child_range taken_down_by(std::size_t failed, std::size_t children_count) const noexcept;

  /// Counts a failure, and says how long to wait before the restart; nothing if there shall be
  /// none, because it was one failure too many. `now` never goes back.
  std::optional<std::chrono::milliseconds> pause_after_failure(time_point now);

 private:
  std::chrono::milliseconds pause_before(std::size_t restart) const noexcept;

  restart_strategy strategy_;
  restart_limits limits_;
  /// When the failures of the last window happened; at most `restarts_max`.
  std::deque<time_point> failures_;
};

}  // namespace frontdesk
