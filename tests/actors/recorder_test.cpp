#include "model/transcript.hpp"
#include "tests/actors/desk_actors.hpp"

namespace frontdesk {
namespace {

using testing::Each;
using testing::Field;
using testing::UnorderedElementsAre;

/// One conversation as its owner sees it: what it would like to have recorded.
struct author {
  conversation_name name;
  person_id visitor;
  incarnation life;
  transcript book;
  conversation_actor reply_to;
};

class Recorder : public desk_actors_test {
 protected:
  author wakes(std::uint64_t visitor) {
    const person_id who{person_kind::visitor, visitor};
    const conversation_name name{shop, talk_of(who)};
    to_talk(name.conversation, tell_me{});
    settle();
    woken answer = ask<woken>(recorder(), wake{name});
    EXPECT_EQ(answer.refusal, fault_code::none);
    answer.at.tenant = shop;
    answer.at.conversation = name.conversation;
    author made{name, who, answer.life, transcript{answer.at}, made_conversations_.back()};
    made.book.learn({who, phone, {}});
    return made;
  }

  append post(author& by, std::uint64_t n = 1) {
    const say said = first_words(by.visitor, n, "hello?");
    post_wish wish;
    wish.what = said.what;
    wish.inbox = door;
    wish.team = team;
    wish.ordinal = 1;
    EXPECT_EQ(by.book.judge(wish, n).verdict, post_verdict::waits);
    draft made = by.book.begin(time_.now());
    append told;
    told.what = by.name;
    told.life = by.life;
    told.visible_before = made.before.visible;
    told.internal_before = made.before.internal;
    told.wants_number = made.opens;
    told.records = std::make_shared<batch>(made.records);
    told.bytes = made.bytes;
    told.reply_to = by.reply_to;
    by.book.settle(made, 0);
    return told;
  }

  std::vector<appended> answers_to(const author& who) {
    return heard_by(who.name.conversation).of<appended>();
  }
};

TEST_F(Recorder, RecordsWhatWaitsInOneCommit) {
  std::vector<author> authors;
  for (std::uint64_t i = 1; i <= 10; ++i)
    authors.push_back(wakes(i));
  log_.appends_count = 0;

  for (author& each : authors)
    tell(recorder(), post(each));
  settle();

  EXPECT_EQ(log_.appends_count, 1U);
  for (const author& each : authors) {
    EXPECT_THAT(answers_to(each),
                testing::ElementsAre(Field(&appended::outcome, append_outcome::committed)));
    EXPECT_EQ(head_of(each.name.conversation).visible, sequence{3});
  }
}

TEST_F(Recorder, CountsItsBatches) {
  std::vector<author> authors;
  for (std::uint64_t i = 1; i <= 10; ++i)
    authors.push_back(wakes(i));
  const recorder_tally& counted = board_.recorded();
  const auto before = counted.batches.read();

  for (author& each : authors)
    tell(recorder(), post(each));
  settle();

  EXPECT_EQ(counted.batches.read() - before, 1U);
  EXPECT_EQ(counted.appends_per_batch.read().max, 10U);
  EXPECT_EQ(counted.commit.read().all().count(), counted.batches.read());
  EXPECT_EQ(counted.waiting.read(), 0U);
  EXPECT_EQ(counted.failed_batches.read(), 0U);
}

TEST_F(Recorder, GathersTheNextCommitWhileOneIsUnderWay) {
  author first = wakes(1);
  author second = wakes(2);
  author third = wakes(3);
  log_.is_slow = true;
  tell(recorder(), post(first));
  settle();
  tell(recorder(), post(second));
  tell(recorder(), post(third));
  settle();
  EXPECT_EQ(log_.appends_count, 1U);

  finish_commit();

  EXPECT_EQ(log_.appends_count, 2U);
  EXPECT_EQ(answers_to(third).size(), 1U);
}

TEST_F(Recorder, AnswersNothingBeforeTheCommit) {
  author first = wakes(1);
  log_.is_slow = true;
  tell(recorder(), post(first));
  settle();
  EXPECT_TRUE(answers_to(first).empty());

  finish_commit();

  EXPECT_EQ(answers_to(first).size(), 1U);
}

TEST_F(Recorder, NumbersTheConversationsOfATenantDensely) {
  std::vector<author> authors;
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = 1; i <= 3; ++i)
    authors.push_back(wakes(i));
  for (author& each : authors)
    tell(recorder(), post(each));
  settle();

  for (const author& each : authors) {
    numbers.push_back(answers_to(each).at(0).number);
    EXPECT_EQ(head_of(each.name.conversation).number, numbers.back());
  }

  EXPECT_THAT(numbers, UnorderedElementsAre(1, 2, 3));
}

TEST_F(Recorder, GoesOnCountingWhereTheLastRecorderEnded) {
  author first = wakes(1);
  tell(recorder(), post(first));
  settle();

  board_.serve(spawn_recorder(system(), {worker_kind::storage, 0}, board_));
  author second = wakes(2);
  tell(recorder(), post(second));
  settle();

  EXPECT_EQ(answers_to(second).at(0).number, 2U);
}

TEST_F(Recorder, RefusesAnOlderLife) {
  author first = wakes(1);
  wakes(1);

  tell(recorder(), post(first));
  settle();

  EXPECT_EQ(answers_to(first).at(0).outcome, append_outcome::fenced);
  EXPECT_FALSE(head_of(first.name.conversation).exists());
}

TEST_F(Recorder, GrantsEachLifeOnce) {
  const author first = wakes(1);
  const author second = wakes(1);

  EXPECT_LT(first.life, second.life);
}

TEST_F(Recorder, RefusesALifeThatIsOver) {
  author first = wakes(1);
  tell(recorder(), rest{first.name, first.life});

  tell(recorder(), post(first));
  settle();

  EXPECT_EQ(answers_to(first).at(0).outcome, append_outcome::fenced);
}

TEST_F(Recorder, RefusesWhatDoesNotFollowWhatIsRecorded) {
  author first = wakes(1);
  (void)post(first, 1);

  tell(recorder(), post(first, 2));
  settle();

  EXPECT_EQ(answers_to(first).at(0).outcome, append_outcome::fenced);
}

TEST_F(Recorder, IsFencedByItsSuccessor) {
  author first = wakes(1);
  const recorder_actor old = recorder();
  board_.serve(spawn_recorder(system(), {worker_kind::storage, 0}, board_));
  wakes(1);

  tell(old, post(first));
  settle();

  EXPECT_EQ(answers_to(first).at(0).outcome, append_outcome::fenced);
  EXPECT_FALSE(head_of(first.name.conversation).exists());
}

TEST_F(Recorder, WakesBehindWhatIsQueued) {
  author first = wakes(1);

  tell(recorder(), post(first));
  const woken again = ask<woken>(recorder(), wake{first.name});

  EXPECT_EQ(again.at.visible, sequence{3});
  EXPECT_EQ(answers_to(first).at(0).outcome, append_outcome::committed);
}

TEST_F(Recorder, FindsAWindowBehindWhatIsQueued) {
  author first = wakes(1);

  tell(recorder(), post(first));
  const auto found = ask<window_found>(recorder(), find_window{first.name, first.visitor, phone});

  EXPECT_EQ(found.window.last(), post_number{1});
}

TEST_F(Recorder, AcknowledgesNobodyWhenACommitFails) {
  author first = wakes(1);
  author second = wakes(2);
  log_.fails = append_outcome::unknown;

  tell(recorder(), post(first));
  tell(recorder(), post(second));
  settle();

  for (const author& each : {first, second}) {
    EXPECT_THAT(answers_to(each),
                testing::ElementsAre(Field(&appended::outcome, append_outcome::unknown)));
  }
}

TEST_F(Recorder, WakesAgainAfterAFailedCommit) {
  author first = wakes(1);
  log_.fails = append_outcome::unknown;
  tell(recorder(), post(first));
  settle();

  author again = wakes(1);
  tell(recorder(), post(again));
  settle();

  EXPECT_EQ(answers_to(again).back().outcome, append_outcome::committed);
  EXPECT_EQ(answers_to(again).back().number, 1U);
}

TEST_F(Recorder, RefusesTheOldLifeAfterAFailedCommit) {
  author first = wakes(1);
  log_.fails = append_outcome::unknown;
  tell(recorder(), post(first));
  settle();

  tell(recorder(), post(first, 2));
  settle();

  EXPECT_EQ(answers_to(first).back().outcome, append_outcome::fenced);
}

TEST_F(Recorder, SaysThatTheStoreIsFull) {
  author first = wakes(1);
  log_.fails = append_outcome::full;

  tell(recorder(), post(first));
  settle();

  EXPECT_EQ(answers_to(first).at(0).outcome, append_outcome::full);
}

TEST_F(Recorder, KeepsCursors) {
  author first = wakes(1);
  tell(recorder(), post(first));
  const cursor at{sequence{2}, sequence{1}};
  auto records = std::make_shared<batch>();
  records->records.emplace_back(cursor_record{shop, first.name.conversation, first.visitor, at});

  const auto answer = ask<kept>(recorder(), keep{shop, first.name.conversation, records});

  EXPECT_EQ(answer.outcome, append_outcome::committed);
  const auto again = ask<woken>(recorder(), wake{first.name});
  EXPECT_THAT(again.cursors, testing::ElementsAre(reader_cursor{first.visitor, at}));
}

}  // namespace
}  // namespace frontdesk
