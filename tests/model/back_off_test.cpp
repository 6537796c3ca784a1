#include "model/back_off.hpp"

#include <gtest/gtest.h>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

class BackOff : public testing::Test {
 protected:
  std::chrono::milliseconds falls() { return rule_.pause_after_fall(now_); }

  back_off rule_{{.falls_free = 2, .window = 10s, .pause_min = 100ms, .pause_max = 1s}};
  back_off::time_point now_{1h};
};

TEST_F(BackOff, LetsTheFirstFallsBeBackAtOnce) {
  EXPECT_EQ(falls(), 0ms);
  EXPECT_EQ(falls(), 0ms);
  EXPECT_EQ(falls(), 100ms);
}

TEST_F(BackOff, DoublesThePauseUpToItsMost) {
  falls();
  falls();

  EXPECT_EQ(falls(), 100ms);
  EXPECT_EQ(falls(), 200ms);
  EXPECT_EQ(falls(), 400ms);
  EXPECT_EQ(falls(), 800ms);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(falls(), 1s);
}

TEST_F(BackOff, ForgetsAfterItsWindow) {
  for (int i = 0; i < 9; ++i)
    falls();
  EXPECT_FALSE(rule_.is_forgotten(now_));

  now_ += 10s + 1ms;

  EXPECT_TRUE(rule_.is_forgotten(now_));
  EXPECT_EQ(falls(), 0ms);
}

}  // namespace
}  // namespace frontdesk
