#include "model/limits.hpp"
#include "tests/actors/desk_actors.hpp"

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

/// The conversation, recorder and registry are real; persons and dispatcher are doubles.
class Conversation : public desk_actors_test {
 protected:
  Conversation() { has_conversations_ = true; }

  void SetUp() override {
    is_here(ada);
    is_here(bob);
    is_here(cyd);
  }
  void ada_says(std::uint64_t n, std::string text) {
    to_talk(talk_, first_words(ada, n, std::move(text)));
  }
  void is_given_to(const named_person& who, const named_person& by) {
    settle();
    to_talk(talk_, assign{team, who, by});
  }
  post_answered ada_was_answered() { return heard_by(ada).last<post_answered>(); }

  const conversation_id talk_ = talk_of(ada);
};

TEST_F(Conversation, AnswersAPostOnlyOnceItIsRecorded) {
  log_.is_slow = true;
  ada_says(1, "hello?");
  settle();
  EXPECT_EQ(heard_by(ada).count<post_answered>(), 0U);
  EXPECT_EQ(heard_by(ada).count<conversation_moved>(), 0U);

  finish_commit();

  EXPECT_EQ(ada_was_answered().answer.seq, sequence{2});
  EXPECT_EQ(heard_by(ada).last<conversation_moved>().events->size(), 3U);
}

TEST_F(Conversation, TellsTheTeamOfWhatIsRecorded) {
  ada_says(1, "hello?");
  settle();

  const auto moved = heard_by_team().last<conversation_moved>();
  EXPECT_EQ(*moved.at, head_of(talk_));
  EXPECT_EQ(moved.at->status, conversation_status::queued);
}

TEST_F(Conversation, RecordsWhatWaitedDuringACommitInTheNextOne) {
  log_.is_slow = true;
  ada_says(1, "hello?");
  settle();
  log_.appends_count = 0;
  for (std::uint64_t n = 2; n <= 5; ++n)
    ada_says(n, "anybody?");
  settle();

  finish_commit();

  EXPECT_EQ(log_.appends_count, 1U);
  EXPECT_EQ(heard_by(ada).count<post_answered>(), 5U);
  EXPECT_EQ(ada_was_answered().answer.seq, sequence{7});
}

TEST_F(Conversation, RefusesAPostWhenTheStoreIsFullAndTakesItLater) {
  log_.fails = append_outcome::full;
  ada_says(1, "hello?");
  settle();
  EXPECT_EQ(ada_was_answered().refusal->code, fault_code::storage_full);
  EXPECT_EQ(counted().conversations, 0U);

  ada_says(1, "hello?");
  settle();

  EXPECT_FALSE(ada_was_answered().refusal);
  EXPECT_EQ(head_of(talk_).visible, sequence{3});
}

TEST_F(Conversation, AcknowledgesNothingWhenItIsNotKnownWhatWasRecorded) {
  log_.fails = append_outcome::unknown;

  ada_says(1, "hello?");
  settle();

  EXPECT_EQ(ada_was_answered().refusal->code, fault_code::storage_failed);
  EXPECT_EQ(heard_by(ada).count<conversation_moved>(), 0U);
}

TEST_F(Conversation, GivesARepeatedPostItsFirstAnswerAfterItWasAway) {
  ada_says(1, "hello?");
  settle();
  const post_answer first = ada_was_answered().answer;
  stop(made_conversations_.at(0), caf::exit_reason::kill);

  ada_says(1, "hello?");
  settle();

  EXPECT_EQ(heard_by(ada).count<post_answered>(), 2U);
  EXPECT_EQ(ada_was_answered().answer, first);
  EXPECT_EQ(head_of(talk_).visible, sequence{3});
}

TEST_F(Conversation, LeavesMemoryWhenNothingReachesIt) {
  ada_says(1, "hello?");
  settle();
  EXPECT_EQ(counted().conversations, 1U);

  advance(settings_.passivate_after * 2 + 1s);

  EXPECT_EQ(counted().conversations, 0U);
}

TEST_F(Conversation, StaysWhileSomethingReachesIt) {
  ada_says(1, "hello?");
  for (int i = 0; i < 10; ++i) {
    advance(settings_.passivate_after / 2);
    to_talk(talk_, report_typing{ada, true, {}});
  }
  settle();

  EXPECT_EQ(made_conversations_.size(), 1U);
  EXPECT_EQ(counted().conversations, 1U);
}

TEST_F(Conversation, ComesBackWithWhatCameWhileItLeft) {
  ada_says(1, "hello?");
  settle();

  tell(registry(), conversation_idle{{shop, talk_}});
  ada_says(2, "anybody?");
  ada_says(3, "please");
  settle();

  EXPECT_EQ(heard_by(ada).count<post_answered>(), 3U);
  EXPECT_EQ(head_of(talk_).visible, sequence{5});
  EXPECT_EQ(counted().conversations, 1U);
}

TEST_F(Conversation, RecordsWhatItHasBeforeItLeaves) {
  log_.is_slow = true;
  ada_says(1, "hello?");
  settle();
  tell(registry(), conversation_idle{{shop, talk_}});
  settle();
  EXPECT_EQ(counted().conversations, 1U);

  finish_commit();

  EXPECT_EQ(ada_was_answered().answer.seq, sequence{2});
  EXPECT_EQ(counted().conversations, 0U);
}

TEST_F(Conversation, AnswersTheTeamOnceAnAssignmentIsRecorded) {
  ada_says(1, "hello?");
  settle();

  is_given_to(bob_himself, the_desk);
  settle();

  EXPECT_EQ(heard_by_team().last<assign_answered>().refusal, fault_code::none);
  EXPECT_EQ(heard_by(bob).last<conversation_moved>().at->assignee, bob_himself);
  EXPECT_EQ(head_of(talk_).assignee, bob_himself);
}

TEST_F(Conversation, AnswersARepeatedAssignmentLikeTheFirst) {
  ada_says(1, "hello?");
  is_given_to(bob_himself, the_desk);
  is_given_to(bob_himself, the_desk);
  settle();

  const auto answers = heard_by_team().of<assign_answered>();
  EXPECT_EQ(answers.size(), 2U);
  EXPECT_THAT(answers, testing::Each(testing::Field(&assign_answered::refusal, fault_code::none)));
  EXPECT_EQ(head_of(talk_).visible, sequence{4});
}

TEST_F(Conversation, TellsWhoeverHadItBefore) {
  ada_says(1, "hello?");
  is_given_to(bob_himself, the_desk);
  settle();

  is_given_to({cyd, "Cyd"}, bob_himself);
  settle();

  EXPECT_EQ(heard_by(bob).last<conversation_moved>().at->assignee.person, cyd);
  EXPECT_EQ(heard_by(cyd).last<conversation_moved>().was_with, bob);
}

TEST_F(Conversation, AnswersWhoeverClosedIt) {
  ada_says(1, "hello?");
  settle();
  to_talk(talk_, close_conversation{{bob, connection_id{4}, 17}, bob_himself});
  settle();

  const auto answer = heard_by(bob).last<request_answered>();
  EXPECT_EQ(answer.to.request, 17U);
  EXPECT_FALSE(answer.refusal);
  EXPECT_TRUE(head_of(talk_).is_closed());
}

TEST_F(Conversation, AnswersWhoeverGaveItBack) {
  ada_says(1, "hello?");
  is_given_to(bob_himself, the_desk);
  give_back wish;
  wish.from = asker{bob, connection_id{4}, 18};
  wish.by = bob_himself;
  to_talk(talk_, wish);
  settle();

  EXPECT_EQ(heard_by(bob).last<request_answered>().to.request, 18U);
  EXPECT_EQ(heard_by(bob).last<conversation_moved>().was_with, bob);
  EXPECT_TRUE(head_of(talk_).returned);
}

TEST_F(Conversation, TellsOfCursorsOnceTheyAreRecordedAndNoFurtherThanItReaches) {
  ada_says(1, "hello?");
  is_given_to(bob_himself, the_desk);
  settle();

  to_talk(talk_, report_cursor{bob, {sequence{99}, sequence{2}}});
  settle();

  const cursor told = heard_by(ada).last<cursor_seen>().at;
  EXPECT_EQ(told, (cursor{sequence{4}, sequence{2}}));
  EXPECT_EQ((reader{rows_}.read_cursor({shop, talk_}, bob).value()), told);
}

TEST_F(Conversation, WritesManyCursorsAsOne) {
  ada_says(1, "hello?");
  settle();
  to_talk(talk_, report_cursor{ada, {sequence{1}, {}}});
  settle();
  log_.appends_count = 0;

  to_talk(talk_, report_cursor{ada, {sequence{2}, {}}});
  to_talk(talk_, report_cursor{ada, {sequence{3}, {}}});
  advance(settings_.cursor_flush);

  EXPECT_EQ(log_.appends_count, 1U);
  EXPECT_EQ(heard_by(ada).last<cursor_seen>().at.received, sequence{3});
}

TEST_F(Conversation, TellsTheOthersWhoTypes) {
  ada_says(1, "hello?");
  is_given_to(bob_himself, the_desk);
  settle();

  to_talk(talk_, report_typing{ada, true, {}});
  settle();

  EXPECT_EQ(heard_by(bob).count<typing_seen>(), 1U);
  EXPECT_EQ(heard_by(ada).count<typing_seen>(), 0U);
}

TEST_F(Conversation, ShowsTheOthersWhatIsTyped) {
  ada_says(1, "hello?");
  is_given_to(bob_himself, the_desk);
  settle();

  to_talk(talk_, report_typing{ada, true, "my par"});
  settle();

  EXPECT_EQ(heard_by(bob).last<typing_seen>().text, "my par");
}

/// What stands at 2 is what Ada said first. The conversation is woken anew, so that it knows of
/// nothing that was said.
class ConversationChange : public Conversation {
 protected:
  void SetUp() override {
    Conversation::SetUp();
    ada_says(1, "my card is 4111");
    settle();
    stop(made_conversations_.at(0), caf::exit_reason::kill);
  }
  void ada_changes(std::uint64_t n, sequence post::*how, std::string text) {
    say wish = first_words(ada, n, std::move(text));
    wish.what.*how = question_;
    to_talk(talk_, std::move(wish));
  }
  event kept(sequence seq) {
    return reader{rows_}
        .read_page({shop, talk_}, {track::visible, sequence{seq.value - 1}, {}, 1})
        ->at(0);
  }

  const sequence question_{2};
};

TEST_F(ConversationChange, BlanksWhatTheStoreHoldsOfADeletedMessage) {
  ada_changes(2, &post::edits, "my card is 4222");
  ada_changes(3, &post::deletes, "");
  settle();

  EXPECT_EQ(ada_was_answered().answer.seq, sequence{5});
  EXPECT_EQ(kept(question_).text, "");
  EXPECT_TRUE(kept(question_).is_deleted);
  EXPECT_EQ(kept(sequence{4}).text, "");
  EXPECT_EQ(kept(sequence{5}).kind, event_kind::deleted);
  EXPECT_EQ(head_of(talk_).last.text, "");
}

TEST_F(ConversationChange, BlanksAnEditOfAnEarlierLife) {
  ada_changes(2, &post::edits, "my card is 4222");
  settle();
  stop(made_conversations_.at(1), caf::exit_reason::kill);

  ada_changes(3, &post::deletes, "");
  settle();

  EXPECT_EQ(kept(question_).text, "");
  EXPECT_EQ(kept(sequence{4}).text, "");
}

TEST_F(ConversationChange, KeepsTheOrderOfWhatComesBehindAChange) {
  ada_changes(2, &post::edits, "where is it?");
  ada_says(3, "sorry");
  to_talk(talk_, close_conversation{{bob, connection_id{1}, 7}, bob_himself});
  settle();

  const auto page = reader{rows_}.read_page({shop, talk_}, {track::visible, sequence{3}, {}, 0});
  ASSERT_EQ(page->size(), 3U);
  EXPECT_EQ(page->at(0).kind, event_kind::edited);
  EXPECT_EQ(page->at(1).text, "sorry");
  EXPECT_EQ(page->at(2).kind, event_kind::closed);
  EXPECT_EQ(heard_by(bob).last<request_answered>().refusal, std::nullopt);
}

TEST_F(ConversationChange, AnswersARepeatedChangeOnce) {
  ada_changes(2, &post::edits, "where is it?");
  ada_changes(2, &post::edits, "where is it?");
  settle();

  EXPECT_EQ(head_of(talk_).visible, sequence{4});
  EXPECT_EQ(ada_was_answered().answer.seq, sequence{4});
}

TEST_F(Conversation, TellsAVisitorsActorsOfNoNotes) {
  ada_says(1, "hello?");
  is_given_to(bob_himself, the_desk);
  settle();
  say note = first_words(bob, 1, "a fraud, perhaps");
  note.what.conversation = talk_;
  note.what.where = track::internal;
  note.opens.reset();
  const std::size_t before = heard_by(ada).count<conversation_moved>();
  to_talk(talk_, note);
  settle();

  EXPECT_EQ(heard_by(ada).count<conversation_moved>(), before);
  ASSERT_EQ(heard_by(bob).last<conversation_moved>().events->size(), 1U);
  EXPECT_EQ(heard_by(bob).last<conversation_moved>().events->at(0).what.text, "a fraud, perhaps");
}

TEST_F(Conversation, SaysHowItStands) {
  ada_says(1, "hello?");
  settle();

  to_talk(talk_, tell_me{cyd});
  settle();

  const auto told = heard_by(cyd).last<conversation_moved>();
  EXPECT_EQ(*told.at, head_of(talk_));
  EXPECT_FALSE(told.events);
}

TEST_F(Conversation, IsBusyBeyondItsBoundAndLosesNothing) {
  ada_says(1, "hello?");
  settle();
  log_.is_slow = true;
  for (std::uint64_t n = 2; n <= limits::posts_waiting_max + 2; ++n)
    ada_says(n, "hm");
  settle();
  EXPECT_EQ(ada_was_answered().refusal->code, fault_code::busy);

  finish_commit();
  ada_says(limits::posts_waiting_max + 2, "hm");
  settle();

  EXPECT_FALSE(ada_was_answered().refusal);
  EXPECT_EQ(ada_was_answered().answer.seq.value, limits::posts_waiting_max + 4);
}

/// What it had recorded it could tell nobody; the one that comes after it does.
TEST_F(Conversation, IsWokenToSayHowItStandsAfterItEndedInDoubt) {
  ada_says(1, "hello?");
  settle();
  log_.is_slow = true;
  to_talk(talk_, assign{team, bob_himself, the_desk});
  settle();
  stop(made_conversations_.back(), caf::exit_reason::kill);
  finish_commit();
  heard_by(ada).forget();
  heard_by(bob).forget();
  heard_by_team().forget();

  advance(2s);

  ASSERT_EQ(heard_by(ada).count<conversation_moved>(), 1U);
  ASSERT_EQ(heard_by(bob).count<conversation_moved>(), 1U);
  ASSERT_EQ(heard_by_team().count<conversation_moved>(), 1U);
  EXPECT_EQ(heard_by(ada).last<conversation_moved>().at->assignee, bob_himself);
  EXPECT_EQ(heard_by(bob).last<conversation_moved>().at->assignee, bob_himself);
  EXPECT_EQ(heard_by_team().last<conversation_moved>().at->assignee, bob_himself);
}

TEST_F(Conversation, IsLeftAloneAfterItEndedWithNothingUnderWay) {
  ada_says(1, "hello?");
  settle();
  stop(made_conversations_.back(), caf::exit_reason::kill);

  advance(2s);

  EXPECT_EQ(made_conversations_.size(), 1U);
}

TEST_F(Conversation, TriesAgainToSayHowItStandsWhenItCouldNotBeWoken) {
  ada_says(1, "hello?");
  settle();
  log_.is_slow = true;
  ada_says(2, "anybody?");
  settle();
  stop(made_conversations_.back(), caf::exit_reason::kill);
  advance(limits::answer_max + 1500ms);
  heard_by(ada).forget();

  finish_commit();
  advance(2s);

  ASSERT_GT(heard_by(ada).count<conversation_moved>(), 0U);
  EXPECT_EQ(heard_by(ada).last<conversation_moved>().at->visible, sequence{4});
}

}  // namespace
}  // namespace frontdesk
