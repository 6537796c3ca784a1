#pragma once

#include "model/limits.hpp"
#include "model/rate.hpp"
#include "model/trace.hpp"

#include <atomic>
#include <cstdint>

/// The problem: every span costs, and whoever says "sample me" is a stranger.
///
/// The answer: of what comes without a context a part is drawn; what comes flagged is honoured as
/// long as a token bucket lasts; what comes with a context that is not flagged is left alone.
namespace frontdesk {

/// Thread-safe but for `takes_flagged`.
class trace_sampler {
 public:
  /// `part` of what comes without a context, 0 … 1; `seed` decides what is drawn.
  trace_sampler(double part, std::uint64_t seed)
      : bound_(part >= 1 ? ~0ULL : static_cast<std::uint64_t>(part * two_to_64)), seed_(seed) {}

  /// Whether a post without a context is sampled.
  bool takes_own() { return bound_ != 0 && draw() <= bound_; }
  /// Whether one that is flagged from outside is.
  bool takes_flagged(rate::moment now) { return from_outside_.take(now); }

  /// 64 bits that nobody had before: ids are made of them.
  std::uint64_t draw() {
    return mixed(seed_ ^ mixed(drawn_.fetch_add(1, std::memory_order_relaxed)));
  }
  trace_id fresh_trace() { return {draw(), draw() | 1U}; }
  span_id fresh_span() { return span_id{draw() | 1U}; }

 private:
  static constexpr double two_to_64 = 18446744073709551616.0;

  const std::uint64_t bound_;
  const std::uint64_t seed_;
  std::atomic<std::uint64_t> drawn_{0};
  rate from_outside_{limits::traces_flagged_per_second, limits::traces_flagged_burst};
};

}  // namespace frontdesk
