#pragma once

#include "model/limits.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace frontdesk {

/// The problem: whoever is sent away comes back. If all were told the same moment, the node would
/// be hit by all of them in it, be too late with most, and be hit by those again.
///
/// The answer: a window as long as the node needs to take all of them again, and in it a slot for
/// each.
///
///     0 ─── pause ───┬── first ── second ── … ── last ──┬──► time
///                    └────── count / per_second ────────┘
class reconnect_slots {
 public:
  /// So many may come, at a node that takes so many a second; 0 a second: there is no need to wait.
  reconnect_slots(std::size_t count, double per_second)
      : count_(std::max<std::size_t>(count, 1)),
        window_ms_(per_second > 0 ? 1000 * static_cast<double>(count_) / per_second : 0) {
    window_ms_ = std::min(window_ms_, static_cast<double>(limits::reconnect_window_max.count()));
  }

  std::chrono::milliseconds window() const { return milliseconds_of(window_ms_); }

  /// The slot of the `index`-th of them, from 0: each has its own part of the window.
  std::chrono::milliseconds of(std::size_t index) const {
    const double part = static_cast<double>(index % count_) / static_cast<double>(count_);
    return limits::reconnect_pause + milliseconds_of(part * window_ms_);
  }

  /// The slot of one who is sent away alone, but perhaps not as the only one: anywhere in the
  /// window. `draw` is any number, evenly spread over all of them.
  std::chrono::milliseconds drawn(std::uint64_t draw) const {
    const double part = static_cast<double>(draw >> 11U) / static_cast<double>(1ULL << 53U);
    return limits::reconnect_pause + milliseconds_of(part * window_ms_);
  }

 private:
  static std::chrono::milliseconds milliseconds_of(double ms) {
    return std::chrono::milliseconds{static_cast<std::int64_t>(std::floor(ms))};
  }

  std::size_t count_;
  double window_ms_;
};

}  // namespace frontdesk
