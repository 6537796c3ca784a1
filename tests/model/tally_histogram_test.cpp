#include "model/tally_histogram.hpp"

#include <gtest/gtest.h>

namespace frontdesk {
namespace {

using histogram = log_histogram<2, 36>;
using counted = tally_histogram<histogram>;

TEST(TallyHistogram, TellsWhatAHistogramWouldTell) {
  counted tallied;
  histogram plain;
  for (const std::uint64_t value : {0ULL, 3ULL, 3ULL, 17ULL, 1000ULL, 123'456'789ULL}) {
    tallied.record(value);
    plain.record(value);
  }

  const histogram all = tallied.read().all();

  EXPECT_EQ(all.count(), plain.count());
  EXPECT_EQ(all.max(), plain.max());
  EXPECT_EQ(all.sum(), plain.sum());
  for (const double part : {0.1, 0.5, 0.9, 0.99, 1.0}) {
    EXPECT_EQ(all.value_at(part), plain.value_at(part)) << part;
  }
}

TEST(TallyHistogram, CountsWhatIsBeyondItsRangeAsItsEnd) {
  counted tallied;
  tallied.record(~std::uint64_t{0});

  EXPECT_EQ(tallied.read().all().max(), histogram::value_max);
}

TEST(TallyHistogram, TellsWhatCameSinceAReading) {
  counted tallied;
  tallied.record(1'000'000);
  const auto before = tallied.read();
  tallied.record(5);
  tallied.record(6);

  const histogram since = tallied.read().since(before);

  EXPECT_EQ(since.count(), 2U);
  EXPECT_EQ(since.sum(), 11);
  EXPECT_EQ(since.max(), 6U);
}

TEST(TallyHistogram, AddsWhatSeveralThreadsCounted) {
  counted one;
  counted other;
  one.record(4);
  other.record(400);

  auto both = one.read();
  both.add(other.read());

  EXPECT_EQ(both.all().count(), 2U);
  EXPECT_EQ(both.all().max(), 400U);
}

}  // namespace
}  // namespace frontdesk
