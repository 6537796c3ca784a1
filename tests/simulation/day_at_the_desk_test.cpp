#include "tests/simulation/day_at_the_desk.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

namespace frontdesk::simulation {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

/// FRONTDESK_SEEDS days, from FRONTDESK_SEED on.
TEST(DayAtTheDesk, LosesDoublesAndReordersNothingWhateverFails) {
  const std::uint64_t first = seed_of_this_run();
  const std::uint64_t count = from_environment("FRONTDESK_SEEDS", 500);
  checker::tally sum;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    day_at_the_desk day{seed};
    day.live(120);
    ASSERT_TRUE(day.report().is_clean() && day.complaints().empty())
        << day.how_to_repeat() << "\n"
        << day.report().text() << "\n"
        << fmt::format("{}", fmt::join(day.complaints(), "\n"));
    sum.acked += day.report().seen.acked;
    sum.shown += day.report().seen.shown;
    sum.stored += day.report().seen.stored;
  }
  std::cout << count << " days: " << sum.acked << " posts acknowledged, " << sum.stored
            << " events stored, " << sum.shown << " shown; 0 lost, 0 doubled, 0 reordered\n";
  EXPECT_GT(sum.acked, count);
}

}  // namespace
}  // namespace frontdesk::simulation
