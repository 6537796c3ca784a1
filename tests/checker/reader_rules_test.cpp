#include "tests/checker/story.hpp"

#include <gtest/gtest.h>

#include <string>

namespace frontdesk::checker {

namespace {

/// A conversation of four events, of which the second is a post.
class Screen : public testing::Test {
 protected:
  Screen() {
    told.stores_system_event(1, "opened").records(2, "v1/phone", 1, "hello");
    told.stores_system_event(3, "queued").stores_system_event(4, "assigned");
  }

  story told;
};

class Cursor : public Screen {};

}  // namespace

TEST_F(Screen, MayStopAnywhere) {
  told.shows("v1/phone", 1, "opened").shows_own("v1/phone", 2, 1, "hello");

  EXPECT_EQ(told.verdict(), "");
}

TEST_F(Screen, HasNoHole) {
  told.shows("v1/phone", 1, "opened").shows("v1/phone", 3, "queued");

  EXPECT_EQ(told.verdict(), "1 hole");
}

TEST_F(Screen, BeginsAtOne) {
  told.shows("v1/phone", 2, "hello");

  EXPECT_EQ(told.verdict(), "1 hole");
}

TEST_F(Screen, MayBeginWhereItSays) {
  told.starts("v1/phone", 2).shows("v1/phone", 3, "queued").shows("v1/phone", 4, "assigned");

  EXPECT_EQ(told.verdict(), "");
}

TEST_F(Screen, DoesNotSkipBehindWhereItBegins) {
  told.starts("v1/phone", 2).shows("v1/phone", 4, "assigned");

  EXPECT_EQ(told.verdict(), "1 hole");
}

TEST_F(Screen, DoesNotGoBackBeforeWhereItBegan) {
  told.starts("v1/phone", 2).shows("v1/phone", 2, "hello").shows("v1/phone", 3, "queued");

  const report found = told.judged();

  ASSERT_EQ(found.findings.size(), 1u);
  EXPECT_EQ(found.findings[0].sentence,
            "conversation c1, public seq 2: v1/phone was shown it, but began to read behind seq 2");
}

TEST_F(Screen, IsInOrder) {
  told.shows("v1/phone", 1, "opened").shows("v1/phone", 3, "queued");
  told.shows("v1/phone", 2, "hello").shows("v1/phone", 4, "assigned");

  EXPECT_EQ(told.verdict(), "1 reordered");
}

TEST_F(Screen, ShowsAnEventOnce) {
  told.shows("v1/phone", 1, "opened").shows("v1/phone", 2, "hello");
  told.shows("v1/phone", 1, "opened").shows("v1/phone", 3, "queued");

  EXPECT_EQ(told.verdict(), "1 doubled");
}

TEST_F(Screen, MayBeGivenAnEventAgainWithoutShowingIt) {
  told.delivers("v1/phone", 1, "opened").shows("v1/phone", 1, "opened");
  told.delivers("v1/phone", 2, "hello").delivers("v1/phone", 1, "opened");

  EXPECT_EQ(told.verdict(), "");
}

TEST_F(Screen, IsItsDevicesOwn) {
  told.shows("v1/phone", 1, "opened").shows("v1/laptop", 1, "opened");
  told.shows("a1/phone", 1, "opened");

  EXPECT_EQ(told.verdict(), "");
}

TEST_F(Screen, GoesOnAfterARestart) {
  told.shows("v1/phone", 1, "opened").restarts("v1/phone", positions_kind::kept);
  told.shows("v1/phone", 2, "hello");

  EXPECT_EQ(told.verdict(), "");
}

TEST_F(Screen, ShowsNothingAgainAfterARestart) {
  told.shows("v1/phone", 1, "opened").restarts("v1/phone", positions_kind::kept);
  told.shows("v1/phone", 1, "opened").shows("v1/phone", 2, "hello");

  EXPECT_EQ(told.verdict(), "1 doubled");
}

TEST_F(Screen, BeginsAnewAfterItsPositionsWereDropped) {
  told.shows("v1/phone", 1, "opened").restarts("v1/phone", positions_kind::dropped);
  told.shows("v1/phone", 1, "opened").shows("v1/phone", 2, "hello");

  EXPECT_EQ(told.verdict(), "");
}

TEST_F(Screen, BeginsAtOneAfterItsPositionsWereDropped) {
  told.shows("v1/phone", 1, "opened").restarts("v1/phone", positions_kind::dropped);
  told.shows("v1/phone", 2, "hello");

  EXPECT_EQ(told.verdict(), "1 hole");
}

TEST_F(Screen, KeepsItsPositionsWhenAnotherDeviceDropsThem) {
  told.shows("v1/phone", 1, "opened").restarts("v1/laptop", positions_kind::dropped);
  told.shows("v1/phone", 1, "opened");

  EXPECT_EQ(told.verdict(), "1 doubled");
}

TEST_F(Screen, DropsItsPositionsInEveryConversation) {
  told.in("c2").stores_system_event(1, "opened");
  told.shows("v1/phone", 1, "opened").in("c1").shows("v1/phone", 1, "opened");
  told.restarts("v1/phone", positions_kind::dropped);
  told.shows("v1/phone", 1, "opened").in("c2").shows("v1/phone", 1, "opened");

  EXPECT_EQ(told.verdict(), "");
}

TEST_F(Screen, ShowsAPostOnceWhateverItsSeq) {
  told.shows("v1/phone", 1, "opened").shows_own("v1/phone", 2, 1, "hello");
  told.shows_own("v1/phone", 3, 1, "hello");

  EXPECT_EQ(told.verdict(), "1 doubled, 2 differs");
}

TEST_F(Screen, ShowsAnOwnPostOnce) {
  told.shows("v1/phone", 1, "opened").shows_own("v1/phone", 2, 1, "hello");
  told.shows_own("v1/phone", 2, 1, "hello");

  EXPECT_EQ(told.verdict(), "1 doubled");
}

TEST_F(Screen, IsComparedWithALogThatHasAHole) {
  told.stores_system_event(6, "closed");
  told.starts("v1/phone", 4).delivers("v1/phone", 5, "lost").shows("v1/phone", 5, "lost");
  told.shows("v1/phone", 6, "closed").starts("a1/desk", 5).shows("a1/desk", 6, "reopened");

  EXPECT_EQ(told.verdict(), "1 phantom, 1 hole, 1 differs");
}

TEST_F(Screen, IsOfOneTrack) {
  told.delivers("a1/desk", 5, "closed");
  told.in("c1", track_kind::internal).delivers("a1/desk", 5, "noted");

  EXPECT_EQ(told.verdict(), "2 phantom");
}

TEST_F(Screen, ShowsOnlyWhatIsStored) {
  told.starts("v1/phone", 4).shows("v1/phone", 5, "closed");
  told.delivers("a1/desk", 5, "closed");

  EXPECT_EQ(told.verdict(), "1 phantom");
}

TEST_F(Screen, ShowsTheBodyThatIsStored) {
  told.shows("v1/phone", 1, "opened").shows("v1/phone", 2, "goodbye");

  EXPECT_EQ(told.verdict(), "1 differs");
}

TEST_F(Screen, IsGivenTheBodyThatIsStored) {
  told.delivers("v1/phone", 2, "goodbye");

  EXPECT_EQ(told.verdict(), "1 differs");
}

TEST_F(Screen, IsGivenTheAuthorThatIsStored) {
  told.shows("v1/phone", 1, "opened").shows_own("v1/phone", 2, 7, "hello");

  EXPECT_EQ(told.verdict(), "1 differs");
}

TEST_F(Screen, NamesNobodyAsTheAuthorOfASystemEvent) {
  told.shows_own("v1/phone", 1, 1, "opened");

  EXPECT_EQ(told.verdict(), "1 differs");
}

TEST_F(Screen, MayShowADeletedBodyOrItsBlank) {
  told.records(5, "v1/phone", 2, "my password").deletes(5);
  told.starts("a1/desk", 4).shows("a1/desk", 5, "my password");
  told.starts("a2/desk", 4).shows("a2/desk", 5, "");

  EXPECT_EQ(told.verdict(), "");
}

TEST_F(Screen, ShowsTheSameAsOthersEvenIfNothingIsStored) {
  told.starts("v1/phone", 4).shows("v1/phone", 5, "closed");
  told.starts("a1/desk", 4).shows("a1/desk", 5, "reopened");

  EXPECT_EQ(told.verdict(), "1 phantom, 1 differs");
}

TEST_F(Screen, ShowsTheHeadOnceItHasCaughtUp) {
  told.starts("v1/phone", 2).shows("v1/phone", 3, "queued").catches_up("v1/phone");

  EXPECT_EQ(told.verdict(), "1 incomplete");
}

TEST_F(Screen, ShowsEverythingOnceItHasCaughtUp) {
  told.catches_up("v1/phone");

  EXPECT_EQ(told.verdict(), "1 incomplete");
}

TEST_F(Screen, HasCaughtUpAtTheHead) {
  told.starts("v1/phone", 3).shows("v1/phone", 4, "assigned").catches_up("v1/phone");
  told.starts("v1/laptop", 4).catches_up("v1/laptop");
  told.in("c1", track_kind::internal).catches_up("v1/phone");

  EXPECT_EQ(told.verdict(), "");
}

TEST_F(Screen, HasNotCaughtUpIfItForgotEverything) {
  told.starts("v1/phone", 3).shows("v1/phone", 4, "assigned");
  told.restarts("v1/phone", positions_kind::dropped).catches_up("v1/phone");

  EXPECT_EQ(told.verdict(), "1 incomplete");
}

TEST_F(Cursor, NeverGoesBack) {
  told.tells("a1/desk", "v1", cursor_kind::read, 3).tells("a1/desk", "v1", cursor_kind::read, 2);

  EXPECT_EQ(told.verdict(), "1 regressed");
}

TEST_F(Cursor, IsNotForgottenWithThePositionsOfADevice) {
  told.tells("a1/desk", "a1", cursor_kind::read, 3);
  told.restarts("a1/desk", positions_kind::dropped).tells("a1/desk", "a1", cursor_kind::read, 0);

  EXPECT_EQ(told.verdict(), "1 regressed");
}

TEST_F(Cursor, MayBeToldAgain) {
  told.tells("a1/desk", "v1", cursor_kind::read, 3).tells("a1/desk", "v1", cursor_kind::read, 3);

  EXPECT_EQ(told.verdict(), "");
}

TEST_F(Cursor, IsComparedOnlyWithItself) {
  told.in("c1", track_kind::internal).stores_system_event(1, "noted");
  told.in("c1").tells("a1/desk", "v1", cursor_kind::received, 4);

  told.tells("a1/desk", "v1", cursor_kind::read, 3).tells("a1/desk", "a1", cursor_kind::read, 2);
  told.tells("a2/desk", "v1", cursor_kind::received, 1);
  told.in("c1", track_kind::internal).tells("a1/desk", "v1", cursor_kind::received, 0);

  EXPECT_EQ(told.verdict(), "");
}

TEST_F(Cursor, StandsOnWhatIsStored) {
  told.tells("a1/desk", "v1", cursor_kind::received, 5);

  EXPECT_EQ(told.verdict(), "1 phantom");
}

}  // namespace frontdesk::checker
