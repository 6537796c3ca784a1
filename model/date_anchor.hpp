#pragma once

#include "model/ids.hpp"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>

namespace frontdesk {

/// The problem: how long something took, the steady clock knows, and never its date; the wall clock
/// knows the date to a millisecond, so that a child would begin before its parent.
///
/// The answer: their difference, kept until the wall clock has gone elsewhere.
class date_anchor {
 public:
  using moment = std::chrono::steady_clock::time_point;

  /// Nanoseconds since 1970 of `at`, given that it is `date` at `now`.
  std::int64_t unix_ns(moment at, moment now, timestamp date) {
    const std::int64_t found = date.value * ns_per_ms - ns_of(now);
    if (!difference_ || std::abs(found - *difference_) > tolerance_ns) difference_ = found;
    return *difference_ + ns_of(at);
  }

 private:
  static constexpr std::int64_t ns_per_ms = 1'000'000;
  /// Above the wall clock's grain, below what anybody would notice.
  static constexpr std::int64_t tolerance_ns = 5 * ns_per_ms;

  static std::int64_t ns_of(moment at) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count();
  }

  std::optional<std::int64_t> difference_;
};

}  // namespace frontdesk
