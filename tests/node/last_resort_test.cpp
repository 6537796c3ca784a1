#include "node/last_resort.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <future>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

class LastResortDeathTest : public testing::Test {
 protected:
  LastResortDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  static auto ends_with(exit_code code) { return testing::ExitedWithCode(static_cast<int>(code)); }
  [[noreturn]] static void hang() {
    std::promise<void>().get_future().wait();
    std::abort();
  }
};

TEST_F(LastResortDeathTest, DoesNothingToWhoEndsInTime) {
  EXPECT_EXIT(
      {
        end_within(1h, exit_code::temporary, [] { std::fputs("too late\n", stderr); });
        std::exit(0);
      },
      ends_with(exit_code::success), "^$");
}

TEST_F(LastResortDeathTest, EndsAProcessThatHangs) {
  EXPECT_EXIT(
      {
        end_within(10ms, exit_code::success, [] { std::fputs("too late\n", stderr); });
        hang();
      },
      ends_with(exit_code::software), "too late");
}

TEST_F(LastResortDeathTest, EndsWithTheCodeThatWasWished) {
  EXPECT_EXIT(
      {
        end_within(10ms, exit_code::temporary, [] {});
        hang();
      },
      ends_with(exit_code::temporary), "");
}

TEST_F(LastResortDeathTest, EndsAProcessThatCannotEvenSaySo) {
  EXPECT_EXIT(
      {
        end_within(10ms, exit_code::temporary, [] { hang(); });
        hang();
      },
      ends_with(exit_code::temporary), "");
}

}  // namespace
}  // namespace frontdesk
