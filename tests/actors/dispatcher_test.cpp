#include "tests/actors/desk_actors.hpp"

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

/// The dispatcher is real; the test speaks for persons and conversations.
class Dispatcher : public desk_actors_test {
 protected:
  Dispatcher() { has_dispatchers_ = true; }

  void SetUp() override {
    is_here(ada);
    is_here(bob);
    is_here(cyd);
  }

  static conversation_id talk(std::uint64_t number) { return conversation_id{number}; }
  void stands(conversation_id id, conversation_status status, bool returned = false) {
    auto at = std::make_shared<head>();
    at->tenant = shop;
    at->conversation = id;
    at->team = team;
    at->visitor = {ada, "Ada"};
    at->visible = sequence{3};
    at->status = status;
    at->since = time_.now();
    at->returned = returned;
    conversation_moved fact;
    fact.at = at;
    fact.events = std::make_shared<std::vector<told_event>>();
    to_team(fact);
    advance(1ms);
  }
  static head_ptr standing(conversation_id id, conversation_status status) {
    auto at = std::make_shared<head>();
    at->tenant = shop;
    at->conversation = id;
    at->team = team;
    at->visitor = {ada, "Ada"};
    at->visible = sequence{9};
    at->status = status;
    return at;
  }
  void waits(conversation_id id, bool returned = false) {
    stands(id, conversation_status::queued, returned);
  }
  void accepts(person_id who, std::uint32_t capacity, std::uint32_t load = 0) {
    agent_changed fact;
    fact.who = {who, who == bob ? "Bob" : "Cyd"};
    fact.own = {frame::routing_status::accepting, capacity, load};
    fact.online = true;
    to_team(fact);
    settle();
  }
  std::vector<conversation_id> asked_of(person_id who) {
    std::vector<conversation_id> asked;
    for (const reserve& each : heard_by(who).of<reserve>())
      asked.push_back(each.conversation);
    return asked;
  }
  void answers(person_id who, conversation_id id, bool held) {
    to_team(reserved{id, who, held});
    settle();
  }
};

TEST_F(Dispatcher, ReservesASlotBeforeItAssigns) {
  waits(talk(1));
  accepts(bob, 2);
  EXPECT_THAT(asked_of(bob), testing::ElementsAre(talk(1)));
  EXPECT_EQ(heard_by(talk(1)).count<assign>(), 0U);

  answers(bob, talk(1), true);

  EXPECT_EQ(heard_by(talk(1)).last<assign>().to, bob_himself);
  EXPECT_EQ(heard_by(talk(1)).last<assign>().by.person, the_system);
}

TEST_F(Dispatcher, AsksForNoMoreSlotsThanAnAgentHas) {
  accepts(bob, 2, 1);

  waits(talk(1));
  waits(talk(2));

  EXPECT_THAT(asked_of(bob), testing::ElementsAre(talk(1)));
}

TEST_F(Dispatcher, ServesReturnedConversationsFirst) {
  waits(talk(1));
  waits(talk(2), true);

  accepts(bob, 1);

  EXPECT_THAT(asked_of(bob), testing::ElementsAre(talk(2)));
}

TEST_F(Dispatcher, AsksAnotherAgentWhenOneDeclines) {
  accepts(bob, 2);
  accepts(cyd, 2, 1);
  waits(talk(1));
  ASSERT_THAT(asked_of(bob), testing::ElementsAre(talk(1)));

  answers(bob, talk(1), false);

  EXPECT_THAT(asked_of(cyd), testing::ElementsAre(talk(1)));
}

TEST_F(Dispatcher, FreesASlotThatItDidNotAskFor) {
  to_team(reserved{talk(9), bob, true});
  settle();

  EXPECT_EQ(heard_by(bob).last<release>().conversation, talk(9));
}

TEST_F(Dispatcher, FreesTheSlotWhenTheConversationWillNot) {
  waits(talk(1));
  accepts(bob, 2);
  answers(bob, talk(1), true);

  to_team(assign_answered{talk(1), bob, fault_code::conversation_closed});
  settle();

  EXPECT_EQ(heard_by(bob).last<release>().conversation, talk(1));
}

TEST_F(Dispatcher, KeepsTheSlotWhileTheStoreCannotRecord) {
  waits(talk(1));
  accepts(bob, 2);
  answers(bob, talk(1), true);

  to_team(assign_answered{talk(1), bob, fault_code::storage_full});
  advance(2s);

  EXPECT_EQ(heard_by(bob).count<release>(), 0U);
  EXPECT_EQ(heard_by(talk(1)).count<assign>(), 2U);
}

TEST_F(Dispatcher, WishesAgainWhatIsNotAnswered) {
  waits(talk(1));
  accepts(bob, 2);

  advance(limits::answer_max * 2 + 1s);

  EXPECT_THAT(asked_of(bob), testing::ElementsAre(talk(1), talk(1)));
}

TEST_F(Dispatcher, TransfersOnlyIntoAFreeSlotAndAnswersTheAsker) {
  stands(talk(1), conversation_status::assigned);
  to_team(transfer{{bob, connection_id{4}, 17}, bob_himself, talk(1), {cyd, "Cyd"}});
  settle();
  EXPECT_TRUE(heard_by(cyd).last<reserve>().forced);

  answers(cyd, talk(1), false);

  const auto answer = heard_by(bob).last<request_answered>();
  EXPECT_EQ(answer.to.request, 17U);
  EXPECT_EQ(answer.refusal->code, fault_code::agent_unavailable);
  EXPECT_EQ(heard_by(talk(1)).count<assign>(), 0U);
}

TEST_F(Dispatcher, AnswersATransferOnceItIsRecorded) {
  stands(talk(1), conversation_status::assigned);
  to_team(transfer{{bob, connection_id{4}, 17}, bob_himself, talk(1), {cyd, "Cyd"}});
  settle();
  answers(cyd, talk(1), true);
  EXPECT_EQ(heard_by(bob).count<request_answered>(), 0U);

  to_team(assign_answered{talk(1), cyd, fault_code::none});
  settle();

  EXPECT_FALSE(heard_by(bob).last<request_answered>().refusal);
}

TEST_F(Dispatcher, TellsVisitorsTheirPlaceOnlyWhenItChanges) {
  waits(talk(1));
  waits(talk(2));
  advance(1s);
  EXPECT_EQ(heard_by(ada).count<place_seen>(), 2U);

  stands(talk(1), conversation_status::closed);
  advance(1s);

  const auto told = heard_by(ada).last<place_seen>();
  EXPECT_EQ(told.conversation, talk(2));
  EXPECT_EQ(told.place, 1U);
  EXPECT_EQ(heard_by(ada).count<place_seen>(), 3U);
}

TEST_F(Dispatcher, TellsAgentsOncePerTickWhatChanged) {
  waits(talk(1));
  waits(talk(2));
  stands(talk(2), conversation_status::closed);
  advance(1s);

  const auto told = heard_by(bob).of<desk_moved_ptr>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0]->heads.size(), 2U);
  EXPECT_EQ(told[0]->queue_count, 1U);
  EXPECT_EQ(told[0]->all_count, 1U);
}

/// Whoever was to tell of it has failed: without the answer's word the same offer would be made for
/// ever, without a pause.
TEST_F(Dispatcher, LearnsFromARefusalHowTheConversationStands) {
  waits(talk(1));
  accepts(bob, 2);
  answers(bob, talk(1), true);

  to_team(assign_answered{talk(1), bob, fault_code::agent_unavailable,
                          standing(talk(1), conversation_status::assigned)});
  accepts(bob, 2);

  EXPECT_THAT(asked_of(bob), testing::ElementsAre(talk(1)));
}

TEST_F(Dispatcher, LearnsThatItWasAssignedBefore) {
  waits(talk(1));
  accepts(bob, 2);
  answers(bob, talk(1), true);

  to_team(assign_answered{talk(1), bob, fault_code::none,
                          standing(talk(1), conversation_status::assigned)});
  accepts(bob, 2);

  EXPECT_THAT(asked_of(bob), testing::ElementsAre(talk(1)));
}

TEST_F(Dispatcher, ForgetsAConversationThatIsNotThere) {
  waits(talk(1));
  accepts(bob, 2);
  answers(bob, talk(1), true);

  to_team(assign_answered{talk(1), bob, fault_code::unknown_conversation, nullptr});
  accepts(bob, 2);

  EXPECT_THAT(asked_of(bob), testing::ElementsAre(talk(1)));
}

TEST_F(Dispatcher, BelievesAConversationThatOnlySaysHowItStands) {
  conversation_moved fact;
  fact.at = standing(talk(1), conversation_status::queued);
  to_team(fact);
  advance(1ms);

  accepts(bob, 2);

  EXPECT_THAT(asked_of(bob), testing::ElementsAre(talk(1)));
}

TEST_F(Dispatcher, PutsNewsOffUnderLoad) {
  waits(talk(9));
  advance(1s);
  board_.tiers().set_node(1);
  advance(10s);
  EXPECT_EQ(board_.tiers().count_of(shed_point::desk_news), 0U) << "there were none";

  waits(talk(1));
  const auto before = heard_by(bob).count<desk_moved_ptr>();
  advance(settings_.desk_tick * limits::desk_tick_lean_factor);

  EXPECT_EQ(heard_by(bob).count<desk_moved_ptr>(), before + 1);
  EXPECT_EQ(heard_by(ada).last<place_seen>().place, 2U);
  EXPECT_LE(board_.tiers().count_of(shed_point::desk_news), limits::desk_tick_lean_factor - 1U);
  waits(talk(2));
  advance(settings_.desk_tick);
  EXPECT_EQ(heard_by(bob).count<desk_moved_ptr>(), before + 1) << "not yet";
  EXPECT_GT(board_.tiers().count_of(shed_point::desk_news), 0U);

  board_.tiers().set_node(0);
  advance(settings_.desk_tick);
  EXPECT_EQ(heard_by(bob).count<desk_moved_ptr>(), before + 2);
}

TEST_F(Dispatcher, WishesAgainUnderLoadAsSoonAsEver) {
  board_.tiers().set_node(1);
  waits(talk(1));
  accepts(bob, 2);
  answers(bob, talk(1), true);

  for (std::size_t tries = 1; tries <= 10; ++tries) {
    EXPECT_EQ(heard_by(talk(1)).count<assign>(), tries);
    to_team(assign_answered{talk(1), bob, fault_code::storage_full});
    advance(1s + settings_.desk_tick * 2);
  }
}

}  // namespace
}  // namespace frontdesk
