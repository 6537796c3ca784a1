#include "tests/model/one_talk.hpp"

#include <gmock/gmock.h>

namespace frontdesk {
namespace {

using namespace one_talk;
using enum event_kind;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

class TranscriptStatus : public transcript_test {};

// ---- Who has it.

TEST_F(TranscriptStatus, IsAssignedOutOfTheQueue) {
  keep(says(ada, 1, "hello?"));
  pass_s(5);

  const draft given = keep(assign_wish{bob, desk});

  EXPECT_THAT(kinds(given), ElementsAre(assigned));
  EXPECT_EQ(given.events[0].to, bob);
  EXPECT_EQ(at().assignee, bob);
  EXPECT_EQ(at().status, conversation_status::assigned);
  EXPECT_EQ(at().since, now_);
}

TEST_F(TranscriptStatus, IsNotTakenFromAnAgentByTheDesk) {
  keep(says(ada, 1, "hello?"), assign_wish{bob, desk});

  const draft given = keep(assign_wish{cyd, desk});

  EXPECT_EQ(given.outcomes[0].refusal, fault_code::agent_unavailable);
  EXPECT_TRUE(given.is_empty());
  EXPECT_EQ(at().assignee, bob);
}

TEST_F(TranscriptStatus, IsTransferredByAnAgent) {
  keep(says(ada, 1, "hello?"), assign_wish{bob, desk});

  const draft given = keep(assign_wish{cyd, bob});

  EXPECT_THAT(kinds(given), ElementsAre(transferred));
  EXPECT_EQ(given.events[0].by, bob);
  EXPECT_EQ(at().assignee, cyd);
}

TEST_F(TranscriptStatus, RecordsTheSameAssignmentOnce) {
  keep(says(ada, 1, "hello?"), assign_wish{bob, desk});

  const draft again = keep(assign_wish{bob, desk});

  EXPECT_EQ(again.outcomes[0].refusal, fault_code::none);
  EXPECT_TRUE(again.is_empty());
}

TEST_F(TranscriptStatus, StandsBeforeOthersAfterItWasReturned) {
  keep(says(ada, 1, "hello?"), assign_wish{bob, desk});

  const draft back = keep(return_wish{desk, return_reason::agent_gone, bob.person});

  EXPECT_THAT(kinds(back), ElementsAre(returned));
  EXPECT_EQ(back.events[0].reason, return_reason::agent_gone);
  EXPECT_EQ(at().status, conversation_status::queued);
  EXPECT_EQ(at().assignee, named_person{});
  EXPECT_TRUE(at().returned);
}

TEST_F(TranscriptStatus, SaysWhoReturnedItAndWhereItStoodBefore) {
  keep(says(ada, 1, "hello?"), assign_wish{bob, desk});
  const head before = at();

  const draft back = keep(return_wish{bob, return_reason::returned, {}});

  EXPECT_EQ(back.events.at(0).by, bob);
  EXPECT_EQ(back.events.at(0).conversation, talk);
  EXPECT_EQ(back.before, before);
}

TEST_F(TranscriptStatus, IsNotReturnedFromSomebodyWhoHasItNoMore) {
  keep(says(ada, 1, "hello?"), assign_wish{bob, desk}, assign_wish{cyd, bob});

  const draft back = keep(return_wish{desk, return_reason::agent_gone, bob.person});

  EXPECT_TRUE(back.is_empty());
  EXPECT_EQ(back.outcomes[0].refusal, fault_code::none);
  EXPECT_EQ(at().assignee, cyd);
}

TEST_F(TranscriptStatus, IsNotReturnedFromTheQueue) {
  keep(says(ada, 1, "hello?"));

  EXPECT_TRUE(keep(return_wish{bob, return_reason::returned, {}}).is_empty());
  EXPECT_FALSE(at().returned);
}

TEST_F(TranscriptStatus, CannotBeWishedAboutBeforeItExists) {
  const draft wished = keep(assign_wish{bob, desk}, return_wish{bob, {}, {}}, close_wish{bob});

  EXPECT_TRUE(wished.is_empty());
  EXPECT_THAT(wished.outcomes,
              Each(Field(&wish_outcome::refusal, fault_code::unknown_conversation)));
}

// ---- Closing and opening again.

TEST_F(TranscriptStatus, IsClosedAndWithNobody) {
  keep(says(ada, 1, "hello?"), assign_wish{bob, desk}, return_wish{bob, {}, {}});

  const draft end = keep(close_wish{bob});

  EXPECT_THAT(kinds(end), ElementsAre(closed));
  EXPECT_EQ(end.events[0].by, bob);
  EXPECT_TRUE(at().is_closed());
  EXPECT_FALSE(at().returned);
  EXPECT_EQ(at().waiting_since, timestamp{});
  EXPECT_EQ(at().assignee, named_person{});
}

TEST_F(TranscriptStatus, IsClosedOnce) {
  keep(says(ada, 1, "hello?"), close_wish{bob});

  const draft again = keep(close_wish{ada});

  EXPECT_TRUE(again.is_empty());
  EXPECT_EQ(again.outcomes[0].refusal, fault_code::none);
}

TEST_F(TranscriptStatus, IsNeitherAssignedNorReturnedWhenClosed) {
  keep(says(ada, 1, "hello?"), close_wish{bob});

  const draft wished = keep(assign_wish{bob, desk}, return_wish{bob, {}, {}});

  EXPECT_TRUE(wished.is_empty());
  EXPECT_THAT(wished.outcomes,
              Each(Field(&wish_outcome::refusal, fault_code::conversation_closed)));
}

TEST_F(TranscriptStatus, IsOpenedAgainByItsVisitorWithinTheWindow) {
  keep(says(ada, 1, "hello?"), close_wish{bob});
  pass_s(window_s);

  const draft again = keep(says(ada, 2, "one more thing"));

  EXPECT_THAT(kinds(again), ElementsAre(reopened, message, queued));
  EXPECT_FALSE(again.opens);
  EXPECT_EQ(at().status, conversation_status::queued);
}

TEST_F(TranscriptStatus, StaysClosedBeyondTheWindowAndConsumesTheNumber) {
  keep(says(ada, 1, "hello?"), close_wish{bob});
  pass_s(window_s + 1);

  const draft late = keep(says(ada, 2, "one more thing"));

  EXPECT_THAT(late.events, IsEmpty());
  EXPECT_EQ(late.outcomes[0].answer->refusal, fault_code::conversation_closed);
  EXPECT_TRUE(at().is_closed());
  EXPECT_EQ(judge(says(ada, 3, "please")).verdict, post_verdict::waits);
}

TEST_F(TranscriptStatus, IsNotOpenedAgainByAnAgent) {
  keep(says(ada, 1, "hello?"), close_wish{bob});

  const draft late = keep(says(bob, 1, "one more thing"));

  EXPECT_EQ(late.outcomes[0].answer->refusal, fault_code::conversation_closed);
  EXPECT_TRUE(at().is_closed());
}

TEST_F(TranscriptStatus, TakesNotesWhenClosed) {
  keep(says(ada, 1, "hello?"), close_wish{bob});

  EXPECT_THAT(kinds(keep(notes(bob, 1, "she was kind"))), ElementsAre(message));
  EXPECT_TRUE(at().is_closed());
}

}  // namespace
}  // namespace frontdesk
