#include "model/rate.hpp"

#include <gtest/gtest.h>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

constexpr rate::moment start{1h};

unsigned taken(rate& bucket, rate::moment now) {
  unsigned count = 0;
  while (count < 1000 && bucket.take(now))
    ++count;
  return count;
}

TEST(Rate, GivesItsBurstAtOnceAndNoMore) {
  rate bucket{5, 20};

  EXPECT_EQ(taken(bucket, start), 20U);
  EXPECT_FALSE(bucket.take(start));
}

TEST(Rate, RefillsWithTime) {
  rate bucket{5, 20};
  taken(bucket, start);

  EXPECT_EQ(taken(bucket, start + 1s), 5U);
  EXPECT_EQ(taken(bucket, start + 1s + 200ms), 1U);
}

TEST(Rate, AddsUpSmallSteps) {
  rate bucket{5, 20};
  taken(bucket, start);

  unsigned count = 0;
  for (auto passed = 1ms; passed <= 10s; ++passed) {
    count += bucket.take(start + passed) ? 1 : 0;
  }

  EXPECT_NEAR(count, 50, 1);
}

TEST(Rate, HoldsNoMoreThanItsBurst) {
  rate bucket{5, 20};
  taken(bucket, start);

  EXPECT_EQ(taken(bucket, start + 1h), 20U);
}

TEST(Rate, SaysHowLongToWait) {
  rate bucket{0.2, 10};
  taken(bucket, start);

  const auto wait = bucket.wait(start);

  EXPECT_FALSE(bucket.take(start + wait - 5ms));
  EXPECT_TRUE(bucket.take(start + wait));
}

TEST(Rate, GivesSeveralTokensOrNone) {
  rate bucket{5, 20};
  EXPECT_TRUE(bucket.take(start, 16));

  EXPECT_FALSE(bucket.take(start, 6));
  EXPECT_TRUE(bucket.take(start, 4)) << "the refusal has taken nothing";
  const auto wait = bucket.wait(start, 10);
  EXPECT_FALSE(bucket.take(start + wait - 5ms, 10));
  EXPECT_TRUE(bucket.take(start + wait, 10));
}

TEST(Rate, CountsMoreThanItsBurstAsItsBurst) {
  rate bucket{5, 20};

  EXPECT_TRUE(bucket.take(start, 100));
  EXPECT_FALSE(bucket.take(start));
  EXPECT_TRUE(bucket.take(start + bucket.wait(start, 100), 100));
}

TEST(Rate, WaitsHardlyWhenItHasTokens) {
  rate bucket{5, 20};

  EXPECT_LE(bucket.wait(start), 1ms);
}

TEST(Rate, GoesOnWhenTheMillisecondsOverflow) {
  constexpr rate::moment last{std::chrono::milliseconds{0xffff'ffff}};
  rate bucket{5, 20};
  taken(bucket, last);

  EXPECT_EQ(taken(bucket, last + 1s), 5U);
}

TEST(Rate, StandsStillWithTime) {
  rate bucket{5, 1};
  taken(bucket, start);

  EXPECT_FALSE(bucket.take(start));
  EXPECT_FALSE(bucket.take(start));
}

}  // namespace
}  // namespace frontdesk
