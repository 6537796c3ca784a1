#include "tests/simulation/day_at_the_desk.hpp"

#include "tests/simulation/many_days.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

namespace frontdesk::simulation {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t days_default = 500;
#else
constexpr std::uint64_t days_default = 10'000;
#endif

/// "90", "90s", "10m" or "2h".
std::chrono::seconds duration_of(const std::string& text) {
  std::size_t digits = 0;
  const std::chrono::seconds amount{std::stoll(text, &digits)};
  const std::string unit = text.substr(digits);
  return unit == "h" ? amount * 3600 : unit == "m" ? amount * 60 : amount;
}

/// FRONTDESK_SEEDS days from FRONTDESK_SEED on; FRONTDESK_SEEDS=0: until one fails.
/// FRONTDESK_SIMULATE_FOR=10m: for as long.
days_wanted wanted_from_environment() {
  days_wanted wanted;
  wanted.first = seed_of_this_run();
  wanted.count = days_default;
  if (const char* given = std::getenv("FRONTDESK_SIMULATE_FOR")) {
    wanted.time = duration_of(given);
    wanted.count = 0;
  }
  if (const char* given = std::getenv("FRONTDESK_SEEDS")) {
    wanted.count = std::strtoull(given, nullptr, 10);
  }
  return wanted;
}

TEST(DayAtTheDesk, LosesDoublesAndReordersNothingWhateverFails) {
  const auto began = std::chrono::steady_clock::now();

  const days_lived lived = live_days(wanted_from_environment());

  ASSERT_FALSE(lived.has_failed) << "seed " << lived.failed_seed << " failed. To repeat it:\n  "
                                 << command_to_repeat(lived.failed_seed) << "\n"
                                 << lived.why;
  EXPECT_GT(lived.acked, lived.days);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << fmt::format(
      "{} days in {:.1f} s: {} posts acknowledged, {} events stored, {} shown; "
      "0 lost, 0 doubled, 0 reordered\n",
      lived.days, took.count(), lived.acked, lived.stored, lived.shown);
}

TEST(DayAtTheDesk, IsTheSameAgainForTheSameSeed) {
  const std::uint64_t seed = seed_of_this_run() + 6;

  const day_outcome first = day_at_the_desk{seed}.live(60);
  const day_outcome other = day_at_the_desk{seed + 1}.live(60);
  const day_outcome second = day_at_the_desk{seed}.live(60);

  EXPECT_EQ(first.digest, second.digest);
  EXPECT_EQ(first.text(), second.text());
  EXPECT_NE(first.digest, other.digest);
}

}  // namespace
}  // namespace frontdesk::simulation
