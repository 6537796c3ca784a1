#include "model/falls_by_name.hpp"

#include <gtest/gtest.h>

#include <string>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

class FallsByName : public testing::Test {
 protected:
  std::chrono::milliseconds falls(const std::string& who) {
    return all_.pause_after_fall(who, now_);
  }

  falls_by_name<std::string> all_{
      {.falls_free = 1, .window = 10s, .pause_min = 100ms, .pause_max = 1s}, 2};
  back_off::time_point now_{1h};
};

TEST_F(FallsByName, CountEachOnesForItself) {
  EXPECT_EQ(falls("ada"), 0ms);
  EXPECT_EQ(falls("ada"), 100ms);
  EXPECT_EQ(falls("bob"), 0ms);
  EXPECT_EQ(falls("ada"), 200ms);
}

TEST_F(FallsByName, ForgetThoseWhoAreWellAgain) {
  falls("ada");
  falls("bob");
  now_ += 10s + 1ms;

  EXPECT_EQ(falls("cyd"), 0ms);
  EXPECT_EQ(falls("cyd"), 100ms);

  EXPECT_EQ(all_.names_count(), 1U);
}

TEST_F(FallsByName, RememberNoMoreThanTheirBound) {
  falls("ada");
  falls("bob");

  EXPECT_EQ(falls("cyd"), 0ms);
  EXPECT_EQ(falls("cyd"), 0ms);
  EXPECT_EQ(falls("bob"), 100ms);
  EXPECT_EQ(all_.names_count(), 2U);
}

}  // namespace
}  // namespace frontdesk
