#include "actors/stuck_watch.hpp"

#include <gtest/gtest.h>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using verdict = stuck_watch::verdict;

/// A thread that is looked at every 250 ms.
class StuckWatch : public testing::Test {
 protected:
  stuck_watch::finding looks(const stuck_watch::sight& seen,
                             std::chrono::milliseconds later = 250ms) {
    time_ += later;
    return rule_.look(seen, time_);
  }
  static stuck_watch::sight handles(std::uint64_t number) { return {number, true, true, 1}; }
  static stuck_watch::sight is_silent(std::uint64_t turns = 1) { return {2, false, true, turns}; }

  stuck_watch rule_{500ms, 250ms};
  stuck_watch::moment time_{};
};

TEST_F(StuckWatch, FindsAMessageThatTakesLongerThanItMay) {
  EXPECT_EQ(looks(handles(1)).what, verdict::well);
  EXPECT_EQ(looks(handles(1)).what, verdict::well);

  const auto found = looks(handles(1));

  EXPECT_EQ(found.what, verdict::stuck_in_message);
  EXPECT_EQ(found.lasted, 500ms);
  EXPECT_TRUE(found.is_news);
  EXPECT_FALSE(found.has_ended);
}

TEST_F(StuckWatch, TellsOnceAndOnceMoreWhenItHasEnded) {
  for (int i = 0; i < 3; ++i)
    looks(handles(1));

  EXPECT_FALSE(looks(handles(1)).is_news);
  const auto ended = looks(handles(3));

  EXPECT_TRUE(ended.is_news);
  EXPECT_TRUE(ended.has_ended);
  EXPECT_EQ(ended.what, verdict::stuck_in_message);
  EXPECT_EQ(ended.lasted, 1000ms);
  EXPECT_FALSE(looks(handles(5)).has_ended);
}

TEST_F(StuckWatch, LetsManyShortMessagesPass) {
  for (std::uint64_t number = 1; number < 41; number += 2)
    EXPECT_EQ(looks(handles(number)).what, verdict::well);
}

TEST_F(StuckWatch, FindsACallbackThatTakesLongerThanItMay) {
  looks(is_silent());
  looks(is_silent());
  looks(is_silent());

  EXPECT_EQ(looks(is_silent()).what, verdict::stuck_outside);
}

TEST_F(StuckWatch, TakesManyTurnsForWorkAndNotForSilence) {
  for (std::uint64_t turns = 1; turns < 20; ++turns)
    EXPECT_EQ(looks(is_silent(turns)).what, verdict::well);
}

TEST_F(StuckWatch, TakesNobodyForStuckWhileTheWholeProcessSlept) {
  looks(handles(1));

  EXPECT_EQ(looks(handles(1), 1h).what, verdict::stuck_in_message);
  EXPECT_EQ(looks(handles(1)).lasted, 750ms);
}

TEST_F(StuckWatch, TakesAnIdleThreadForWell) {
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(looks({2, false, false, 1}).what, verdict::well);
}

}  // namespace
}  // namespace frontdesk
