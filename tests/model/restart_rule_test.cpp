#include "model/restart_rule.hpp"

#include <gtest/gtest.h>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

constexpr restart_limits three_in_five_seconds{3, 5s, 100ms, 2s};

restart_rule::time_point at(std::chrono::milliseconds since_start) {
  return restart_rule::time_point{} + since_start;
}

TEST(RestartRule, RestartsAPermanentChildHoweverItEnded) {
  EXPECT_TRUE(restart_rule::wants_restart(restart_kind::permanent, true));
  EXPECT_TRUE(restart_rule::wants_restart(restart_kind::permanent, false));
}

TEST(RestartRule, RestartsATransientChildOnlyAfterAFailure) {
  EXPECT_FALSE(restart_rule::wants_restart(restart_kind::transient, true));
  EXPECT_TRUE(restart_rule::wants_restart(restart_kind::transient, false));
}

TEST(RestartRule, NeverRestartsATemporaryChild) {
  EXPECT_FALSE(restart_rule::wants_restart(restart_kind::temporary, true));
  EXPECT_FALSE(restart_rule::wants_restart(restart_kind::temporary, false));
}

TEST(RestartRule, TakesDownOnlyTheFailedOneForOne) {
  restart_rule rule{restart_strategy::one_for_one, three_in_five_seconds};
  EXPECT_EQ(rule.taken_down_by(1, 4), (child_range{1, 2}));
}

TEST(RestartRule, TakesDownEverybodyOneForAll) {
  restart_rule rule{restart_strategy::one_for_all, three_in_five_seconds};
  EXPECT_EQ(rule.taken_down_by(1, 4), (child_range{0, 4}));
}

TEST(RestartRule, TakesDownThoseStartedLaterRestForOne) {
  restart_rule rule{restart_strategy::rest_for_one, three_in_five_seconds};
  EXPECT_EQ(rule.taken_down_by(1, 4), (child_range{1, 4}));
}

TEST(RestartRule, DoublesThePauseWithEachFailure) {
  restart_rule rule{restart_strategy::one_for_one, three_in_five_seconds};
  EXPECT_EQ(rule.pause_after_failure(at(0ms)), 100ms);
  EXPECT_EQ(rule.pause_after_failure(at(1ms)), 200ms);
  EXPECT_EQ(rule.pause_after_failure(at(2ms)), 400ms);
}

TEST(RestartRule, KeepsThePauseBelowItsMaximum) {
  restart_rule rule{restart_strategy::one_for_one, {70, 1h, 1ms, 1500ms}};
  for (int failure = 0; failure < 69; ++failure)
    rule.pause_after_failure(at(0ms));

  EXPECT_EQ(rule.pause_after_failure(at(0ms)), 1500ms);
}

TEST(RestartRule, GivesUpAfterOneFailureTooMany) {
  restart_rule rule{restart_strategy::one_for_one, three_in_five_seconds};
  for (int failure = 0; failure < 3; ++failure)
    rule.pause_after_failure(at(0ms));

  EXPECT_EQ(rule.pause_after_failure(at(5s)), std::nullopt);
}

TEST(RestartRule, ForgetsFailuresThatAreOlderThanTheWindow) {
  restart_rule rule{restart_strategy::one_for_one, three_in_five_seconds};
  for (int failure = 0; failure < 3; ++failure)
    rule.pause_after_failure(at(0ms));

  EXPECT_EQ(rule.pause_after_failure(at(5001ms)), 100ms);
}

TEST(RestartRule, NeverRestartsWhenNoRestartIsAllowed) {
  restart_rule rule{restart_strategy::one_for_all, {0, 5s, 100ms, 2s}};
  EXPECT_EQ(rule.pause_after_failure(at(0ms)), std::nullopt);
}

TEST(RestartRuleDeathTest, RefusesLimitsThatNoFailureCanExhaust) {
  restart_limits endless{10, 5s, 100ms, 2s};
  EXPECT_DEATH(restart_rule(restart_strategy::one_for_one, endless), "exhaust");
}

TEST(RestartRuleDeathTest, CountsThePauseBeforeTheLastRestart) {
  restart_limits barely{1, 100ms, 100ms, 2s};
  EXPECT_DEATH(restart_rule(restart_strategy::one_for_one, barely), "exhaust");
}

}  // namespace
}  // namespace frontdesk
