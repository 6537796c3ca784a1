#include "node/last_resort.hpp"

#include "node/exit_code.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <future>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

TEST(LastResort, DoesNothingToWhoEndsInTime) {
  bool has_spoken = false;
  {
    const last_resort bound(1h, [&has_spoken] { has_spoken = true; });
  }
  EXPECT_FALSE(has_spoken);
}

TEST(LastResortDeathTest, EndsAProcessThatHangs) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const last_resort bound(10ms, [] { std::fputs("too late\n", stderr); });
        std::promise<void>().get_future().wait();
      },
      testing::ExitedWithCode(static_cast<int>(exit_code::software)), "too late");
}

}  // namespace
}  // namespace frontdesk
