#include "model/tier_rule.hpp"

#include "model/load_figure.hpp"
#include "model/shed_point.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// A rule that is shown one load for as long as it takes.
class TierRule : public testing::Test {
 protected:
  void sees(double load, milliseconds time) {
    for (milliseconds passed{}; passed < time; passed += limits::load_look) {
      now_ += limits::load_look;
      if (rule_.look(now_, load)) changes_.push_back(now_);
    }
  }
  unsigned tier() const { return rule_.tier(); }

  tier_rule::moment now_{1h};
  tier_rule rule_;
  std::vector<tier_rule::moment> changes_;
};

TEST_F(TierRule, StaysBelowTheFirstTier) {
  sees(0.69, 60s);
  EXPECT_EQ(tier(), 0U);
}

TEST_F(TierRule, RisesAfterThreeSamples) {
  sees(0.71, limits::load_look * 2);
  EXPECT_EQ(tier(), 0U);
  sees(0.71, limits::load_look);
  EXPECT_EQ(tier(), 1U);
}

TEST_F(TierRule, ForgivesASpike) {
  for (int i = 0; i < 20; ++i) {
    sees(1.2, limits::load_look * 2);
    sees(0.5, limits::load_look);
  }
  EXPECT_EQ(tier(), 0U);
}

TEST_F(TierRule, RisesAtOnceToWhatThreeSamplesAgreeOn) {
  sees(0.96, limits::load_look * 3);
  EXPECT_EQ(tier(), 3U);
}

TEST_F(TierRule, KnowsEachTier) {
  for (const auto& [load, expected] : {std::pair{0.70, 1U}, {0.85, 2U}, {0.95, 3U}, {1.2, 3U}}) {
    rule_ = tier_rule{};
    sees(load, 1s);
    EXPECT_EQ(tier(), expected) << load;
  }
}

TEST_F(TierRule, FallsOneStepAfterALongCalm) {
  sees(1.0, 6s);
  sees(0.84, limits::tier_calm);
  EXPECT_EQ(tier(), 3U);
  sees(0.84, limits::load_look);
  EXPECT_EQ(tier(), 2U);
  sees(0.1, limits::tier_calm + limits::load_look);
  EXPECT_EQ(tier(), 1U);
  sees(0.1, limits::tier_calm + limits::load_look);
  EXPECT_EQ(tier(), 0U);
}

TEST_F(TierRule, DoesNotFallWhereTheLoadIsOnlyALittleLower) {
  sees(0.71, 6s);
  sees(0.61, 10min);
  EXPECT_EQ(tier(), 1U);
}

TEST_F(TierRule, CountsTheCalmAnewAfterARise) {
  sees(0.71, 6s);
  sees(0.1, limits::tier_calm - 1s);
  sees(0.65, limits::load_look);
  sees(0.1, limits::tier_calm);
  EXPECT_EQ(tier(), 1U);
}

TEST_F(TierRule, DoesNotFlapUnderASquareWave) {
  for (const milliseconds half : {500ms, 1000ms, 3000ms, 6000ms, 11'000ms, 20'000ms}) {
    rule_ = tier_rule{};
    changes_.clear();
    for (milliseconds passed{}; passed < 10min; passed += half * 2) {
      sees(1.1, half);
      sees(0.1, half);
    }
    for (std::size_t i = 1; i < changes_.size(); ++i) {
      EXPECT_GE(changes_[i] - changes_[i - 1], limits::tier_dwell) << half.count();
    }
  }
}

TEST_F(TierRule, DoesNotFlapUnderNoise) {
  std::mt19937 random{7};
  std::uniform_real_distribution<double> load{0.0, 1.2};
  std::uniform_int_distribution<int> looks{1, 100};
  for (int i = 0; i < 2'000; ++i)
    sees(load(random), limits::load_look * looks(random));
  ASSERT_GT(changes_.size(), 10U);
  for (std::size_t i = 1; i < changes_.size(); ++i)
    EXPECT_GE(changes_[i] - changes_[i - 1], limits::tier_dwell);
}

TEST_F(TierRule, ObeysAPinUntilItsTimeIsOver) {
  rule_.pin(2, now_ + 10min);
  sees(1.2, 5min);
  EXPECT_EQ(tier(), 2U);
  sees(0.0, 5min - limits::load_look);
  EXPECT_EQ(tier(), 2U);
  EXPECT_TRUE(rule_.is_pinned());
  sees(0.0, limits::tier_calm * 2 + 1s);
  EXPECT_EQ(tier(), 0U);
  EXPECT_FALSE(rule_.is_pinned());
}

TEST_F(TierRule, GoesOnFromAPinThatWasTaken) {
  rule_.pin(0, now_ + 10min);
  sees(1.2, 10s);
  EXPECT_EQ(tier(), 0U);
  rule_.unpin();
  sees(1.2, limits::load_look);
  EXPECT_EQ(tier(), 3U);
}

TEST_F(TierRule, HoldsACauseToEarlierTiers) {
  tier_rule cause{limits::tenant_earlier};
  for (int i = 0; i < 3; ++i)
    cause.look(now_ += limits::load_look, 0.56);
  EXPECT_EQ(cause.tier(), 1U);
}

TEST(LoadSample, IsAsHighAsItsTightestPart) {
  load_sample seen;
  seen.set(load_input::cpu, 0.4);
  seen.set(load_input::commit, 0.8);
  EXPECT_DOUBLE_EQ(seen.figure(), 0.8);
  EXPECT_EQ(seen.tightest(), load_input::commit);
  EXPECT_DOUBLE_EQ(seen.of(load_input::cpu), 0.4);
}

TEST(LoadSample, KeepsToItsRange) {
  load_sample seen;
  seen.set(load_input::cpu, 17);
  EXPECT_DOUBLE_EQ(seen.figure(), load_sample::most);
  seen.set(load_input::cpu, -1);
  EXPECT_DOUBLE_EQ(seen.figure(), 0);
}

TEST(ShedPoint, HasANameAndATierEach) {
  for (std::size_t i = 0; i < shed_points_count; ++i) {
    EXPECT_FALSE(name_of(static_cast<shed_point>(i)).empty());
    EXPECT_GE(begins_at(static_cast<shed_point>(i)), 1U);
  }
}

}  // namespace
}  // namespace frontdesk
