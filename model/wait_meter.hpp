#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace frontdesk {

/// How long something takes that happens again and again, one at a time: a commit, a turn in a
/// queue. Whoever looks now and then learns the longest since, also of one that has not ended.
/// Thread-safe.
class wait_meter {
 public:
  using moment = std::chrono::steady_clock::time_point;
  using nanoseconds = std::chrono::nanoseconds;

  void begins(moment now) { began_.store(ticks(now), std::memory_order_relaxed); }
  nanoseconds ended(moment now) {
    const std::int64_t took = ticks(now) - began_.exchange(never, std::memory_order_relaxed);
    if (took > longest_.load(std::memory_order_relaxed)) {
      longest_.store(took, std::memory_order_relaxed);
    }
    return nanoseconds{took};
  }

  /// The longest that ended since it was asked last, or that runs for longer.
  nanoseconds longest(moment now) {
    const std::int64_t began = began_.load(std::memory_order_relaxed);
    const std::int64_t runs = began == never ? 0 : ticks(now) - began;
    return nanoseconds{std::max(runs, longest_.exchange(0, std::memory_order_relaxed))};
  }

 private:
  static constexpr std::int64_t never = -1;
  static std::int64_t ticks(moment at) { return nanoseconds{at.time_since_epoch()}.count(); }

  std::atomic<std::int64_t> began_{never};
  std::atomic<std::int64_t> longest_{0};
};

}  // namespace frontdesk
