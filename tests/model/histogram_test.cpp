#include "model/histogram.hpp"

#include <gmock/gmock.h>

#include <random>

namespace frontdesk {
namespace {

using testing::ElementsAre;
using small = log_histogram<2, 36, std::uint32_t>;
using fine = log_histogram<10>;

std::vector<std::uint64_t> lows(const small& of) {
  std::vector<std::uint64_t> found;
  of.for_each([&](const small::bucket& each) { found.push_back(each.lowest); });
  return found;
}

/// The same value as a sorted list has it.
std::uint64_t exact_value_at(std::vector<std::uint64_t> all, double quantile) {
  std::sort(all.begin(), all.end());
  const auto rank = static_cast<std::size_t>(std::ceil(quantile * static_cast<double>(all.size())));
  return all.at(std::max<std::size_t>(rank, 1) - 1);
}

TEST(LogHistogram, SaysNothingOfNothing) {
  const fine none;

  EXPECT_EQ(none.count(), 0U);
  EXPECT_EQ(none.value_at(0.5), 0U);
  EXPECT_EQ(none.max(), 0U);
  EXPECT_EQ(none.mean(), 0);
  EXPECT_EQ(none.count_up_to(1000), 0U);
}

TEST(LogHistogram, HasBucketsThatJoinWithoutHoleOrOverlap) {
  small all;
  for (std::uint64_t value = 0; value < 5000; ++value)
    all.record(value);

  std::uint64_t next = 0;
  all.for_each([&](const small::bucket& each) {
    EXPECT_EQ(each.lowest, next);
    next = each.highest + 1;
    const bool is_cut = each.highest >= 4999;
    EXPECT_EQ(each.count, is_cut ? 5000 - each.lowest : each.highest - each.lowest + 1);
    EXPECT_LE(each.highest - each.lowest, each.lowest / 4) << "wider than its precision";
  });
  EXPECT_GE(next, 5000U);
}

TEST(LogHistogram, HasTheBucketsOfItsDrawing) {
  small some;
  for (const std::uint64_t value : {3, 4, 7, 9, 15, 16, 19, 20, 31})
    some.record(value);

  EXPECT_THAT(lows(some), ElementsAre(3, 4, 7, 8, 14, 16, 20, 28));
}

TEST(LogHistogram, IsRightToAThousandthAtEveryQuantile) {
  std::mt19937_64 chance(7);
  std::lognormal_distribution<double> spread(8, 2);
  fine counted;
  std::vector<std::uint64_t> all;
  for (int i = 0; i < 20'000; ++i) {
    all.push_back(static_cast<std::uint64_t>(spread(chance)));
    counted.record(all.back());
  }

  for (const double quantile : {0.0, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0}) {
    const auto exact = static_cast<double>(exact_value_at(all, quantile));
    const auto said = static_cast<double>(counted.value_at(quantile));
    EXPECT_GE(said, exact) << quantile;
    EXPECT_LE(said, exact * (1 + 1.0 / 1024)) << quantile;
  }
  EXPECT_EQ(counted.max(), *std::max_element(all.begin(), all.end()));
  EXPECT_EQ(counted.min(), *std::min_element(all.begin(), all.end()));
}

TEST(LogHistogram, TakesTheRankThatAQuantileMeans) {
  fine thousand;
  for (std::uint64_t value = 1; value <= 1000; ++value)
    thousand.record(value);

  EXPECT_EQ(thousand.value_at(0.999), 999U);
  EXPECT_EQ(thousand.value_at(0), 1U);
  EXPECT_EQ(thousand.value_at(2), 1000U);
  EXPECT_DOUBLE_EQ(thousand.mean(), 500.5);
}

TEST(LogHistogram, TakesTheRankAlsoWhereAProductIsRoundedUp) {
  fine hundred;
  for (std::uint64_t value = 1; value <= 100; ++value)
    hundred.record(value);

  EXPECT_EQ(hundred.value_at(0.07), 7U);
  EXPECT_EQ(hundred.value_at(0.55), 55U);
}

TEST(LogHistogram, CountsWhatIsBeyondItsRangeAsItsEnd) {
  log_histogram<2, 8> narrow;

  narrow.record(255);
  narrow.record(256);
  narrow.record(~0ULL, 3);

  EXPECT_EQ(narrow.count(), 5U);
  EXPECT_EQ(narrow.clamped_count(), 4U);
  EXPECT_EQ(narrow.max(), 255U);
  EXPECT_DOUBLE_EQ(narrow.mean(), 255);
}

TEST(LogHistogram, MergesLikeOneThatSawBoth) {
  fine one;
  fine other;
  fine both;
  for (std::uint64_t value = 5; value < 400; value += 3) {
    (value % 2 == 0 ? one : other).record(value * value);
    both.record(value * value);
  }

  one.merge(other);
  one.merge(fine{});

  EXPECT_EQ(one.count(), both.count());
  EXPECT_EQ(one.min(), both.min());
  EXPECT_EQ(one.max(), both.max());
  EXPECT_DOUBLE_EQ(one.mean(), both.mean());
  for (const double quantile : {0.25, 0.5, 0.75, 0.99})
    EXPECT_EQ(one.value_at(quantile), both.value_at(quantile));
}

TEST(LogHistogram, TakesTheOtherAsItIsWhenItIsEmpty) {
  fine none;
  fine other;
  other.record(70);

  none.merge(other);

  EXPECT_EQ(none.min(), 70U);
  EXPECT_EQ(none.value_at(0.5), 70U);
}

TEST(LogHistogram, CountsUpToTheEndOfABucket) {
  small some;
  some.record(3, 2);
  some.record(9, 3);
  some.record(20, 4);

  EXPECT_EQ(some.count_up_to(2), 0U);
  EXPECT_EQ(some.count_up_to(3), 2U);
  EXPECT_EQ(some.count_up_to(8), 2U);
  EXPECT_EQ(some.count_up_to(9), 5U);
  EXPECT_EQ(some.count_up_to(~0ULL), 9U);
}

TEST(LogHistogram, AddsWhatALoopThatWaitedLeftOut) {
  fine corrected;
  corrected.record_corrected(1000, 300);

  fine by_hand;
  for (const std::uint64_t value : {1000, 700, 400})
    by_hand.record(value);

  EXPECT_EQ(corrected.count(), by_hand.count());
  EXPECT_EQ(corrected.min(), 400U);
  EXPECT_DOUBLE_EQ(corrected.mean(), by_hand.mean());
}

TEST(LogHistogram, AddsTheSameAtOnceAsOneByOne) {
  for (const std::uint64_t interval : {1, 3, 7, 64, 1000, 99'999, 100'000, 100'001}) {
    small at_once;
    small one_by_one;
    at_once.record_corrected(100'000, interval);
    one_by_one.record(100'000);
    for (std::uint64_t due = 100'000; due >= 2 * interval; due -= interval)
      one_by_one.record(due - interval);

    EXPECT_EQ(at_once.count(), one_by_one.count()) << interval;
    EXPECT_EQ(at_once.min(), one_by_one.min()) << interval;
    EXPECT_NEAR(at_once.sum(), one_by_one.sum(), 1) << interval;
    for (const double quantile : {0.01, 0.3, 0.5, 0.9})
      EXPECT_EQ(at_once.value_at(quantile), one_by_one.value_at(quantile)) << interval;
  }
}

TEST(LogHistogram, CorrectsNothingWithoutAnInterval) {
  fine some;
  some.record_corrected(1000, 0);

  EXPECT_EQ(some.count(), 1U);
}

TEST(LogHistogram, KeepsAFullCounterFull) {
  log_histogram<2, 8, std::uint8_t> tiny;
  tiny.record(9, 200);
  tiny.record(8, 200);
  log_histogram<2, 8, std::uint8_t> other;
  other.record(9, 100);
  other.record(20, 1);

  tiny.merge(other);

  EXPECT_EQ(tiny.count(), 256U);
  EXPECT_EQ(tiny.max(), 20U);
}

TEST(LogHistogram, IsEmptyAfterClear) {
  fine some;
  some.record(5);

  some.clear();

  EXPECT_EQ(some.count(), 0U);
  EXPECT_EQ(some.max(), 0U);
}

}  // namespace
}  // namespace frontdesk
