#pragma once

#include <chrono>
#include <cstdint>
#include <stdexcept>

namespace frontdesk::bench {

/// Every figure of a run comes from this one clock.
using clock = std::chrono::steady_clock;
using moment = clock::time_point;
using std::chrono::microseconds;
using std::chrono::milliseconds;

/// 0 for what lies before.
inline std::uint64_t microseconds_between(moment from, moment to) {
  const auto spent = std::chrono::duration_cast<microseconds>(to - from).count();
  return spent > 0 ? static_cast<std::uint64_t>(spent) : 0;
}

inline double seconds_between(moment from, moment to) {
  return std::chrono::duration<double>(to - from).count();
}

/// The run cannot say anything: nobody answers, a token is refused. The text is for a person.
struct cannot_measure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace frontdesk::bench
