#include "model/limits.hpp"
#include "tests/model/one_talk.hpp"

#include <gmock/gmock.h>

namespace frontdesk {
namespace {

using namespace one_talk;
using enum event_kind;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

class Transcript : public transcript_test {};

// ---- Opening.

TEST_F(Transcript, OpensWithItsFirstMessage) {
  const draft first = keep(says(ada, 1, "hello?"));

  EXPECT_THAT(kinds(first), ElementsAre(opened, message, queued));
  EXPECT_THAT(first.events, Each(Field(&event::where, track::visible)));
  EXPECT_EQ(first.events[1].text, "hello?");
  EXPECT_EQ(first.outcomes[0].answer->seq, sequence{2});
}

TEST_F(Transcript, KnowsWhereAndForWhomItOpened) {
  keep(says(ada, 1, "hello?"));

  EXPECT_EQ(at().visitor, ada);
  EXPECT_EQ(at().inbox, door);
  EXPECT_EQ(at().team, team);
  EXPECT_EQ(at().ordinal, 1U);
  EXPECT_EQ(at().opened_at, now_);
  EXPECT_EQ(at().status, conversation_status::queued);
}

TEST_F(Transcript, IsOneConversationForTwoDevicesAtOnce) {
  const draft both = keep(says(ada, 1, "hello?"), says(ada, 1, "from my laptop", laptop));

  EXPECT_THAT(kinds(both), ElementsAre(opened, message, queued, message));
  EXPECT_EQ(both.outcomes[1].answer->seq, sequence{4});
}

TEST_F(Transcript, GetsTheNumberThatTheRecorderChose) {
  const draft first = keep(says(ada, 1, "hello?"));

  EXPECT_TRUE(first.opens);
  EXPECT_EQ(at().number, 9U);
}

TEST_F(Transcript, KeepsItsNumber) {
  keep(says(ada, 1, "hello?"));

  wait(says(ada, 2, "anybody?"));
  draft second = book_.begin(now_);
  book_.settle(second, 0);

  EXPECT_FALSE(second.opens);
  EXPECT_EQ(at().number, 9U);
}

TEST_F(Transcript, DraftsNoMoreWishesThanItMay) {
  wait(says(ada, 1, "hello?"));
  wait(says(ada, 2, "anybody?"));

  draft first = book_.begin(now_, 1);
  EXPECT_EQ(first.posts_count, 1U);
  book_.settle(first, 1);
  EXPECT_TRUE(book_.has_waiting());
  EXPECT_EQ(book_.begin(now_, 1).posts_count, 1U);
}

TEST_F(Transcript, IsNothingBeforeItIsRecorded) {
  wait(says(ada, 1, "hello?"));

  const draft first = book_.begin(now_);

  EXPECT_TRUE(first.after.exists());
  EXPECT_FALSE(at().exists());
}

// ---- Numbers of posts.

TEST_F(Transcript, SaysWhichNumberItExpects) {
  keep(says(ada, 1, "hello?"));

  const judgement verdict = judge(says(ada, 3, "the third"));

  EXPECT_EQ(verdict.verdict, post_verdict::refused);
  EXPECT_EQ(verdict.refusal.code, fault_code::out_of_order);
  EXPECT_EQ(verdict.refusal.expects, post_number{2});
}

TEST_F(Transcript, CountsEachDeviceForItself) {
  keep(says(ada, 1, "hello?"), says(ada, 2, "anybody?"));

  EXPECT_EQ(refusal_of(says(ada, 3, "here, too", laptop)), fault_code::out_of_order);
  EXPECT_EQ(judge(says(ada, 1, "here, too", laptop)).verdict, post_verdict::waits);
}

TEST_F(Transcript, GivesARepeatedPostItsFirstAnswer) {
  const draft first = keep(says(ada, 1, "hello?"));
  pass_s(60);

  const judgement again = judge(says(ada, 1, "hello?"));

  EXPECT_EQ(again.verdict, post_verdict::repeated);
  EXPECT_EQ(again.answer, *first.outcomes[0].answer);
  EXPECT_FALSE(book_.has_waiting());
}

TEST_F(Transcript, LetsARepeatedPostWaitForTheFirst) {
  wait(says(ada, 1, "hello?"));
  EXPECT_EQ(judge(says(ada, 1, "hello?")).verdict, post_verdict::pending);

  draft under_way = book_.begin(now_);
  EXPECT_EQ(judge(says(ada, 1, "hello?")).verdict, post_verdict::pending);

  book_.settle(under_way, 1);
  EXPECT_FALSE(book_.has_waiting());
}

TEST_F(Transcript, RefusesAnotherTextUnderAWaitingNumber) {
  wait(says(ada, 1, "hello?"));

  EXPECT_EQ(refusal_of(says(ada, 1, "good bye")), fault_code::conflict);
}

TEST_F(Transcript, RefusesAnotherTextUnderARecordedNumber) {
  keep(says(ada, 1, "hello?"));

  EXPECT_EQ(refusal_of(says(ada, 1, "good bye")), fault_code::conflict);
}

TEST_F(Transcript, LetsARefusedTextConsumeItsNumber) {
  keep(says(ada, 1, "hello?"));

  const draft refused = keep(stammers(ada, 2));

  EXPECT_THAT(refused.events, IsEmpty());
  EXPECT_EQ(refused.outcomes[0].answer->refusal, fault_code::text_too_long);
  EXPECT_EQ(judge(stammers(ada, 2)).answer.refusal, fault_code::text_too_long);
  EXPECT_EQ(judge(says(ada, 3, "shorter")).verdict, post_verdict::waits);
}

TEST_F(Transcript, IsNotOpenedByARefusedText) {
  const draft refused = keep(stammers(ada, 1));
  EXPECT_FALSE(at().exists());
  EXPECT_FALSE(refused.opens);

  const draft second = keep(says(ada, 2, "shorter"));

  EXPECT_TRUE(second.opens);
  EXPECT_THAT(kinds(second), ElementsAre(opened, message, queued));
}

TEST_F(Transcript, KeepsTheLastAnswersOfADevice) {
  constexpr std::uint64_t posts = limits::answers_kept_max + 6;
  for (std::uint64_t n = 1; n <= posts; ++n)
    wait(says(ada, n, "hm"));
  record_all();
  const auto window = all<window_record>(record_all()).at(0).window;

  ASSERT_THAT(window.answers, SizeIs(limits::answers_kept_max));
  for (std::size_t i = 0; i < window.answers.size(); ++i) {
    EXPECT_EQ(window.answers[i].n.value, i + 7);
  }
  EXPECT_EQ(judge(says(ada, 7, "hm")).verdict, post_verdict::repeated);
  EXPECT_EQ(refusal_of(says(ada, 6, "hm")), fault_code::out_of_order);
}

// ---- Who may say something.

TEST_F(Transcript, IsUnknownToAnotherVisitor) {
  keep(says(ada, 1, "hello?"));

  EXPECT_EQ(refusal_of(says(eve, 1, "let me in")), fault_code::unknown_conversation);
}

TEST_F(Transcript, BelongsToTheFirstOfTwoVisitorsWhoOpenItAtOnce) {
  const draft both = keep(says(ada, 1, "mine"), says(eve, 1, "no, mine"));

  EXPECT_THAT(kinds(both), ElementsAre(opened, message, queued));
  EXPECT_EQ(both.outcomes[1].refusal, fault_code::unknown_conversation);
  EXPECT_EQ(at().visitor, ada);
}

TEST_F(Transcript, IsNotOpenedByAnAgent) {
  EXPECT_EQ(refusal_of(says(bob, 1, "hello?")), fault_code::unknown_conversation);
}

TEST_F(Transcript, IsNotOpenedOutsideAnInbox) {
  post_wish lost = says(ada, 1, "hello?");
  lost.inbox.reset();

  EXPECT_EQ(refusal_of(lost), fault_code::unknown_conversation);
}

TEST_F(Transcript, HasNoInternalTrackForVisitors) {
  keep(says(ada, 1, "hello?"));

  EXPECT_EQ(refusal_of(notes(ada, 2, "psst")), fault_code::forbidden);
}

// ---- Bounds.

TEST_F(Transcript, IsBusyWhenTooManyWaitAndConsumesNothing) {
  constexpr std::uint64_t most = limits::posts_waiting_max;
  for (std::uint64_t n = 1; n <= most; ++n)
    wait(says(ada, n, "hm"));

  EXPECT_EQ(refusal_of(says(ada, most + 1, "hm")), fault_code::busy);
  EXPECT_FALSE(book_.add(close_wish{ada}, 1));

  record_all();
  EXPECT_EQ(judge(says(ada, most + 1, "hm")).verdict, post_verdict::waits);
}

TEST_F(Transcript, RecordsAsManyPostsAsOneAppendMayCarry) {
  for (std::uint64_t n = 1; n <= limits::append_posts_max + 1; ++n)
    wait(says(ada, n, "hm"));

  const draft first = record_all();
  const draft rest = record_all();

  EXPECT_EQ(first.posts_count, limits::append_posts_max);
  EXPECT_EQ(rest.posts_count, 1U);
  EXPECT_FALSE(book_.has_waiting());
}

TEST_F(Transcript, RecordsAsManyBytesAsOneAppendMayCarry) {
  const std::string page(limits::text_bytes_max, 'x');
  for (std::uint64_t n = 1; n <= 20; ++n)
    wait(says(ada, n, page));

  std::size_t posts_count = 0;
  while (book_.has_waiting()) {
    const draft each = record_all();
    ASSERT_GT(each.posts_count, 0U);
    EXPECT_LE(each.bytes, limits::batch_bytes_max / 2);
    EXPECT_GE(each.bytes, each.posts_count * page.size());
    posts_count += each.posts_count;
  }

  EXPECT_EQ(posts_count, 20U);
}

TEST_F(Transcript, ForgetsTheDeviceThatWasIdleForLongest) {
  keep(says(ada, 1, "hello?"));
  keep(says(ada, 1, "me, too", laptop));
  EXPECT_EQ(judge(says(ada, 1, "hello?")).verdict, post_verdict::repeated);

  for (std::uint64_t i = 2; i <= limits::windows_at_hand_max; ++i) {
    book_.learn({bob.person, device_id{2, i}, {}});
  }

  EXPECT_EQ(book_.judge(says(ada, 1, "me, too", laptop), 1).verdict, post_verdict::unknown_device);
  EXPECT_EQ(book_.judge(says(ada, 1, "hello?"), 1).verdict, post_verdict::repeated);
}

TEST_F(Transcript, ForgetsNoDeviceWhosePostsWait) {
  wait(says(ada, 1, "hello?"));

  for (std::uint64_t i = 1; i <= limits::windows_at_hand_max * 2; ++i) {
    book_.learn({bob.person, device_id{2, i}, {}});
  }

  EXPECT_EQ(book_.judge(says(ada, 1, "hello?"), 1).verdict, post_verdict::pending);
}

// ---- What the head tells.

TEST_F(Transcript, WaitsSinceTheFirstMessageThatNobodyAnswered) {
  keep(says(ada, 1, "hello?"));
  const timestamp first = now_;
  pass_s(10);

  keep(says(ada, 2, "anybody?"), notes(bob, 1, "who takes her?"));

  EXPECT_EQ(at().waiting_since, first);
}

TEST_F(Transcript, WaitsNoLongerOnceAnAgentAnswered) {
  keep(says(ada, 1, "hello?"));

  keep(says(bob, 1, "good morning"));

  EXPECT_EQ(at().waiting_since, timestamp{});
}

TEST_F(Transcript, KeepsNotesOnATrackOfTheirOwn) {
  keep(says(ada, 1, "hello?"));

  const draft noted = keep(notes(bob, 1, "who takes her?"));

  EXPECT_EQ(noted.events[0].where, track::internal);
  EXPECT_EQ(noted.events[0].seq, sequence{1});
  EXPECT_EQ(noted.events[0].follows, sequence{3});
  EXPECT_EQ(at().visible, sequence{3});
  EXPECT_EQ(at().last.text, "hello?");
}

TEST_F(Transcript, ShowsTheBeginningOfItsLastMessage) {
  const std::string text(limits::preview_bytes_max + 1, 'x');

  keep(says(ada, 1, text));

  EXPECT_EQ(at().last.text, text.substr(1));
  EXPECT_EQ(at().last.author, ada.person);
}

// ---- What is recorded.

TEST_F(Transcript, RecordsEventsWindowsRowsAndHead) {
  const draft first = keep(says(ada, 1, "hello?"), says(ada, 1, "me, too", laptop));

  const auto events = all<event_record>(first);
  ASSERT_EQ(events.size(), first.events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i], (event_record{shop, first.events[i]}));
  }
  EXPECT_THAT(all<window_record>(first), SizeIs(2));
  EXPECT_EQ(all<index_row>(first), index_changes(first.before, first.after));
  EXPECT_THAT(all<head>(first), ElementsAre(first.after));
}

TEST_F(Transcript, RecordsRefusedPostsWithoutTheHead) {
  const draft refused = keep(stammers(ada, 1));

  ASSERT_THAT(refused.records.records, SizeIs(1));
  EXPECT_THAT(all<window_record>(refused)[0].window.answers,
              Contains(Field(&post_answer::refusal, fault_code::text_too_long)));
}

}  // namespace
}  // namespace frontdesk
