#include "bench/checker/checker.hpp"

#include "tests/checker/story.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace frontdesk::checker {

TEST(Checker, IsSilentAboutAnOrdinaryConversation) {
  story told;
  told.stores_system_event(1, "opened").records(2, "v1/phone", 1, "where is my parcel?");
  told.records(3, "a1/desk", 1, "in the van");

  told.shows("v1/phone", 1, "opened").shows_own("v1/phone", 2, 1, "where is my parcel?");
  told.delivers("v1/phone", 3, "in the van").shows("v1/phone", 3, "in the van");
  told.catches_up("v1/phone").tells("a1/desk", "v1", cursor_kind::read, 3);

  EXPECT_EQ(told.judged().text(),
            "2 posts (2 acked, 0 refused, 0 unknown), 3 stored, 3 shown, 1 delivered: 0 lost, "
            "0 doubled, 0 reordered, 0 phantom, 0 holes, 0 differing, 0 regressed, 0 incomplete");
}

TEST(Checker, CountsAPostOnceByItsAnswer) {
  story told;
  told.sends("v1/phone", 1, "hello").sends("v1/phone", 1, "hello");
  told.acks("v1/phone", 1, "hello", 1).stores(1, "v1/phone", 1, "hello");
  told.sends("v1/phone", 2, "").refuses("v1/phone", 2, "", refusal_kind::final);
  told.sends("v1/phone", 3, "hm").refuses("v1/phone", 3, "hm", refusal_kind::temporary);

  const tally seen = told.judged().seen;

  EXPECT_EQ(seen.posts, 3u);
  EXPECT_EQ(seen.acked, 1u);
  EXPECT_EQ(seen.refused, 1u);
  EXPECT_EQ(seen.unknown, 1u);
}

TEST(Checker, NamesConversationSeqDeviceAndNumber) {
  story told;
  told.in("parcel 7", track_kind::internal).sends("a1/desk", 12, "rude");
  told.acks("a1/desk", 12, "rude", 4);

  const report found = told.judged();

  ASSERT_EQ(found.findings.size(), 1u);
  EXPECT_EQ(found.findings[0].sentence,
            "conversation parcel 7, internal seq 4: a1/desk n 12 was acknowledged, but is not "
            "stored");
}

TEST(Checker, CountsOnWhenItKeepsNoMoreSentences) {
  story told;
  for (std::uint64_t n = 1; n <= findings_kept_max + 5; ++n)
    told.sends("v1/phone", n, "lost").acks("v1/phone", n, "lost", n);
  told.tells("v1/phone", "v1", cursor_kind::read, 1);

  const report found = told.judged();

  EXPECT_EQ(found.count(finding_kind::lost), findings_kept_max + 5);
  EXPECT_EQ(found.findings.size(), findings_kept_max + 1);
  EXPECT_FALSE(found.is_clean());
}

TEST(Lost, IsAnAcknowledgedPostThatIsNotStored) {
  story told;
  told.sends("v1/phone", 1, "hello").acks("v1/phone", 1, "hello", 1);

  EXPECT_EQ(told.verdict(), "1 lost");
}

TEST(Lost, IsNotAPostWithoutAnAnswer) {
  story told;
  told.sends("v1/phone", 1, "hello").records(1, "v1/laptop", 1, "hello?");

  EXPECT_EQ(told.verdict(), "");
}

TEST(Lost, IsAPostAtAnotherSeqThanAcknowledged) {
  story told;
  told.sends("v1/phone", 1, "hello").acks("v1/phone", 1, "hello", 1);
  told.stores_system_event(1, "opened").stores(2, "v1/phone", 1, "hello");

  EXPECT_EQ(told.verdict(), "1 lost");
}

TEST(Lost, IsAnInternalPostInThePublicTrack) {
  story told;
  told.in("c1", track_kind::internal).sends("a1/desk", 1, "a liar");
  told.acks("a1/desk", 1, "a liar", 1);
  told.in("c1", track_kind::public_).stores(1, "a1/desk", 1, "a liar");

  EXPECT_EQ(told.verdict(), "1 lost, 1 phantom");
}

TEST(Lost, IsAPostWithOtherContentThanAcknowledged) {
  story told;
  told.sends("v1/phone", 1, "hello").acks("v1/phone", 1, "hello", 1);
  told.stores(1, "v1/phone", 1, "goodbye");

  EXPECT_EQ(told.verdict(), "1 lost, 1 phantom");
}

TEST(Lost, IsNotABodyThatWasDeleted) {
  story told;
  told.sends("v1/phone", 1, "hello").acks("v1/phone", 1, "hello", 1).deletes(1);
  told.stores(1, "v1/phone", 1, "");

  EXPECT_EQ(told.verdict(), "");
}

TEST(Lost, IsABodyThatWasBlankedInsteadOfTheDeletedOne) {
  story told;
  told.sends("v1/phone", 1, "hello").acks("v1/phone", 1, "hello", 1);
  told.stores(1, "v1/phone", 1, "");
  told.records(2, "v1/phone", 2, "my password").deletes(2);

  EXPECT_EQ(told.verdict(), "1 lost, 1 phantom");
}

TEST(Lost, IsASecondContentThatWasAcknowledgedUnderTheSameNumber) {
  story told;
  told.records(1, "v1/phone", 1, "yes").sends("v1/phone", 1, "no");
  told.acks("v1/phone", 1, "no", 1);

  EXPECT_EQ(told.verdict(), "1 lost");
}

TEST(Lost, IsNotASecondContentThatWasRefused) {
  story told;
  told.records(1, "v1/phone", 1, "yes").sends("v1/phone", 1, "no");
  told.refuses("v1/phone", 1, "no", refusal_kind::final);

  EXPECT_EQ(told.verdict(), "");
}

TEST(Doubled, IsAPostThatIsStoredTwice) {
  story told;
  told.records(1, "v1/phone", 1, "hello").stores(2, "v1/phone", 1, "hello");

  EXPECT_EQ(told.verdict(), "1 doubled");
}

TEST(Doubled, IsAnUnknownPostThatIsStoredTwice) {
  story told;
  told.sends("v1/phone", 1, "hello").sends("v1/phone", 1, "hello");
  told.stores(1, "v1/phone", 1, "hello").stores(2, "v1/phone", 1, "hello");

  EXPECT_EQ(told.verdict(), "1 doubled");
}

TEST(Doubled, IsNotTheSameBodyUnderAnotherName) {
  story told;
  told.records(1, "v1/phone", 1, "hello").records(2, "v1/phone", 2, "hello");
  told.records(3, "v1/laptop", 1, "hello").records(4, "v2/phone", 1, "hello");
  told.in("c2").records(1, "v1/phone", 1, "hello");

  EXPECT_EQ(told.verdict(), "");
}

TEST(Doubled, IsAPostInBothTracks) {
  story told;
  told.records(1, "a1/desk", 1, "hello");
  told.in("c1", track_kind::internal).sends("a1/desk", 1, "hello");
  told.stores(1, "a1/desk", 1, "hello");

  EXPECT_EQ(told.verdict(), "1 doubled");
}

TEST(Doubled, IsAPostThatWasAcknowledgedAtTwoSeqs) {
  story told;
  told.records(1, "v1/phone", 1, "hello").acks("v1/phone", 1, "hello", 2);

  EXPECT_EQ(told.verdict(), "1 lost, 1 doubled");
}

TEST(Doubled, IsNotAnAckThatWasRepeated) {
  story told;
  told.records(1, "v1/phone", 1, "hello");
  told.sends("v1/phone", 1, "hello").acks("v1/phone", 1, "hello", 1);

  EXPECT_EQ(told.verdict(), "");
}

TEST(Doubled, IsASeqThatStandsTwice) {
  story told;
  told.records(1, "v1/phone", 1, "hello").stores_system_event(1, "opened");

  EXPECT_EQ(told.verdict(), "1 doubled");
}

TEST(Doubled, IsSaidOnceOfALineThatStandsTwice) {
  story told;
  told.records(1, "v1/phone", 1, "hello").stores(1, "v1/phone", 1, "hello");

  EXPECT_EQ(told.verdict(), "1 doubled");
}

TEST(Reordered, IsAPostBehindOneThatWasSentAfterItsAck) {
  story told;
  told.sends("v1/phone", 1, "first").acks("v1/phone", 1, "first", 2);
  told.sends("a1/desk", 1, "second").acks("a1/desk", 1, "second", 1);
  told.stores(1, "a1/desk", 1, "second").stores(2, "v1/phone", 1, "first");

  EXPECT_EQ(told.verdict(), "1 reordered");
}

TEST(Reordered, IsAnUnknownPostBeforeOneThatHadBeenAcknowledged) {
  story told;
  told.sends("v1/phone", 1, "first").acks("v1/phone", 1, "first", 2).sends("a1/desk", 1, "second");
  told.stores(1, "a1/desk", 1, "second").stores(2, "v1/phone", 1, "first");

  EXPECT_EQ(told.verdict(), "1 reordered");
}

TEST(Reordered, IsNotAPostThatWasSentBeforeTheAck) {
  story told;
  told.sends("v1/phone", 1, "first").sends("a1/desk", 1, "second");
  told.acks("v1/phone", 1, "first", 2).acks("a1/desk", 1, "second", 1);
  told.stores(1, "a1/desk", 1, "second").stores(2, "v1/phone", 1, "first");

  EXPECT_EQ(told.verdict(), "");
}

TEST(Reordered, IsNotAPostThatWasSentInTheMomentOfTheAck) {
  story told;
  told.sends("v1/phone", 1, "first").acks("v1/phone", 1, "first", 2);
  told.at_once().sends("a1/desk", 1, "second").acks("a1/desk", 1, "second", 1);
  told.stores(1, "a1/desk", 1, "second").stores(2, "v1/phone", 1, "first");

  EXPECT_EQ(told.verdict(), "");
}

TEST(Reordered, IsNotAPostWhoseFirstSendingCameBeforeTheAck) {
  story told;
  told.sends("a1/desk", 1, "second");
  told.sends("v1/phone", 1, "first").acks("v1/phone", 1, "first", 2);
  told.sends("a1/desk", 1, "second").acks("a1/desk", 1, "second", 1);
  told.stores(1, "a1/desk", 1, "second").stores(2, "v1/phone", 1, "first");

  EXPECT_EQ(told.verdict(), "");
}

TEST(Reordered, IsNotAPostInAnotherTrackOrConversation) {
  story told;
  told.stores_system_event(1, "opened").records(2, "a1/desk", 1, "hello");
  told.in("c1", track_kind::internal).records(1, "a1/desk", 2, "a note");
  told.in("c2").records(1, "a1/desk", 1, "hello");

  EXPECT_EQ(told.verdict(), "");
}

TEST(Reordered, IsNotSaidOfAPostThatNobodySent) {
  story told;
  told.sends("v1/phone", 1, "hello").acks("v1/phone", 1, "hello", 2);
  told.stores(1, "v1/laptop", 1, "boo").stores(2, "v1/phone", 1, "hello");

  EXPECT_EQ(told.verdict(), "1 phantom");
}

TEST(Reordered, IsADeviceWhosePostsDoNotStandByTheirNumbers) {
  story told;
  told.sends("v1/phone", 1, "one").sends("v1/phone", 2, "two").sends("v1/phone", 3, "three");
  told.stores(1, "v1/phone", 1, "one").stores(2, "v1/phone", 3, "three");
  told.stores(3, "v1/phone", 2, "two");

  EXPECT_EQ(told.verdict(), "1 reordered");
}

TEST(Reordered, IsNotADeviceWhoseUnknownPostIsAbsent) {
  story told;
  told.sends("v1/phone", 1, "one").sends("v1/phone", 2, "").sends("v1/phone", 3, "three");
  told.stores(1, "v1/phone", 1, "one").stores(2, "v1/phone", 3, "three");

  EXPECT_EQ(told.verdict(), "");
}

TEST(Phantom, IsAStoredPostThatNobodySent) {
  story told;
  told.stores(1, "v1/phone", 1, "boo");

  EXPECT_EQ(told.verdict(), "1 phantom");
}

TEST(Phantom, IsNotAnEventOfTheSystem) {
  story told;
  told.stores_system_event(1, "opened");

  EXPECT_EQ(told.verdict(), "");
}

TEST(Phantom, IsAStoredPostThatWasSentToAnotherConversation) {
  story told;
  told.in("c2").sends("v1/phone", 1, "hello");
  told.in("c1").stores(1, "v1/phone", 1, "hello");

  EXPECT_EQ(told.verdict(), "1 phantom");
}

TEST(Phantom, IsAnAckForWhatNobodySent) {
  story told;
  told.acks("v1/phone", 1, "hello", 1).stores(1, "v1/phone", 1, "hello");

  EXPECT_EQ(told.verdict(), "2 phantom");
}

TEST(Phantom, IsAPostThatWasRefusedForGood) {
  story told;
  told.sends("v1/phone", 1, "hello").refuses("v1/phone", 1, "hello", refusal_kind::final);
  told.stores(1, "v1/phone", 1, "hello");

  EXPECT_EQ(told.verdict(), "1 phantom");
}

TEST(Phantom, IsAPostThatWasRefusedWheneverItWasSent) {
  story told;
  told.sends("v1/phone", 1, "hello").refuses("v1/phone", 1, "hello", refusal_kind::temporary);
  told.sends("v1/phone", 1, "hello").refuses("v1/phone", 1, "hello", refusal_kind::temporary);
  told.stores(1, "v1/phone", 1, "hello");

  EXPECT_EQ(told.verdict(), "1 phantom");
}

TEST(Phantom, IsNotAPostThatWasSentAgainAfterARefusal) {
  story told;
  told.sends("v1/phone", 1, "hello").refuses("v1/phone", 1, "hello", refusal_kind::temporary);
  told.sends("v1/phone", 1, "hello").stores(1, "v1/phone", 1, "hello");

  EXPECT_EQ(told.verdict(), "");
}

TEST(Phantom, IsNotAPostThatWasAcknowledgedAfterAll) {
  story told;
  told.sends("v1/phone", 1, "hello").refuses("v1/phone", 1, "hello", refusal_kind::temporary);
  told.acks("v1/phone", 1, "hello", 1).stores(1, "v1/phone", 1, "hello");

  EXPECT_EQ(told.verdict(), "");
}

TEST(Hole, IsAMissingSeqInTheLog) {
  story told;
  told.stores_system_event(1, "opened").stores_system_event(3, "closed");

  EXPECT_EQ(told.verdict(), "1 hole");
}

TEST(Hole, IsALogThatDoesNotBeginAtOne) {
  story told;
  told.stores_system_event(2, "opened");
  told.in("c2").stores_system_event(0, "opened").stores_system_event(1, "closed");

  EXPECT_EQ(told.verdict(), "2 hole");
}

TEST(Hole, IsOneHoweverWide) {
  story told;
  told.stores_system_event(1, "opened").stores_system_event(1'000'000'000'000, "closed");

  EXPECT_EQ(told.judged().text().substr(told.judged().text().find('\n')),
            "\nhole: conversation c1, public seq 1000000000000: seqs 2 to 999999999999 are not "
            "stored before it");
}

TEST(Hole, IsNotALogReadInAnotherOrderNorASecondTrack) {
  story told;
  told.stores_system_event(2, "closed").stores_system_event(1, "opened");
  told.in("c1", track_kind::internal).stores_system_event(1, "noted");

  EXPECT_EQ(told.verdict(), "");
}

}  // namespace frontdesk::checker
