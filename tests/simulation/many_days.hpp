#pragma once

#include "tests/simulation/bugs.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace frontdesk::simulation {

/// Which days to live.
struct days_wanted {
  std::uint64_t first = 1;
  /// 0: until the time is over, or a day fails.
  std::uint64_t count = 1;
  /// 0: as long as it takes.
  std::chrono::seconds time{0};
  planted_bugs bugs{};
};

/// How they went, in sum.
struct days_lived {
  std::uint64_t days = 0;
  std::uint64_t acked = 0;
  std::uint64_t stored = 0;
  std::uint64_t shown = 0;
  bool has_failed = false;
  /// Of the day that failed; all before it were lived, and maybe some behind it.
  std::uint64_t failed_seed = 0;
  /// What was found, or how the day's process died.
  std::string why;
};

/// Lives many days on all processors, and ends with the first that fails. Each processor has a
/// process of its own: a day that trips an assert is then a finding like any other. One single day
/// is lived in this process, where a debugger sees it.
days_lived live_days(const days_wanted&);

/// One day, and what there is to say of it; empty if it was a good one.
std::string live_day(std::uint64_t seed, const planted_bugs&, days_lived& sum);

/// The shell command that lives this one day again, in this very program.
std::string command_to_repeat(std::uint64_t seed);

}  // namespace frontdesk::simulation
