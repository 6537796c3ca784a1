#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace frontdesk {

/// A token bucket: `burst` at once, then `per_second`. Time is handed in, monotonic, and may stand
/// still. Small, because every connection has some.
class rate {
 public:
  using moment = std::chrono::steady_clock::time_point;

  /// Full at first.
  rate(double per_second, double burst)
      : per_second_(static_cast<float>(per_second)),
        burst_(static_cast<float>(burst)),
        tokens_(static_cast<float>(burst)) {}

  /// Takes so many tokens, if all of them are there; else none. More than the burst are counted as
  /// the burst, because they would never be there.
  bool take(moment now, std::size_t count = 1) {
    refill(now);
    const float wanted = bounded(count);
    if (tokens_ < wanted) {
      return false;
    }
    tokens_ -= wanted;
    return true;
  }

  /// What is left, at most the burst.
  double left(moment now) {
    refill(now);
    return tokens_;
  }

  /// How long until so many tokens are there.
  std::chrono::milliseconds wait(moment now, std::size_t count = 1) {
    refill(now);
    const float missing = std::max(0.0F, bounded(count) - tokens_);
    return std::chrono::milliseconds{static_cast<std::int64_t>(missing / per_second_ * 1000) + 1};
  }

 private:
  float bounded(std::size_t count) const { return std::min(burst_, static_cast<float>(count)); }

  void refill(moment now) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
    const auto now_ms = static_cast<std::uint32_t>(ms.count());
    if (started_) {
      // Unsigned difference: right across the overflow after 49 days.
      const auto passed = static_cast<float>(now_ms - last_ms_) / 1000;
      tokens_ = std::min(burst_, tokens_ + passed * per_second_);
    }
    started_ = true;
    last_ms_ = now_ms;
  }

  float per_second_;
  float burst_;
  float tokens_;
  std::uint32_t last_ms_ = 0;
  bool started_ = false;
};

}  // namespace frontdesk
