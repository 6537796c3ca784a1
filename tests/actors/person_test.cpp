#include "model/limits.hpp"
#include "tests/actors/desk_actors.hpp"

#include <deque>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

/// Persons, historian and recorder are real; connections and the dispatcher are doubles. Those who
/// test what becomes of a conversation let it be real, too.
class Person : public desk_actors_test {
 protected:
  Person() {
    has_persons_ = true;
    has_conversations_ = true;
  }

  heard& attaches(person_id who, std::uint64_t connection, device_id device = phone) {
    heard& notes = connections_.emplace_back();
    attach_device wish;
    wish.connection =
        spawn_on<double_actor<connection_actor>>(system(), placement{worker_kind::io, 0}, notes);
    wish.id = connection_id{connection};
    wish.device = device;
    wish.who = *proof_.identify(to_text(who), *board_.directory_now(), time_.now());
    to_one(who, wish);
    settle();
    return notes;
  }
  void goes(person_id who, std::uint64_t connection) {
    to_one(who, device_gone{connection_id{connection}});
    settle();
  }
  void accepts(person_id who, std::uint64_t connection) {
    to_one(who, set_status{{who, connection_id{connection}, 1},
                           frame::routing_status::accepting,
                           std::nullopt});
    settle();
  }
  std::vector<bool> reservations() {
    std::vector<bool> held;
    for (const reserved& each : heard_by_team().of<reserved>())
      held.push_back(each.held);
    return held;
  }
  /// Ada's conversation, which bob has.
  void bob_has_a_conversation() {
    to_one(bob, reserve{talk_, true});
    to_talk(talk_, first_words(ada, 1, "hello?"));
    settle();
    to_talk(talk_, assign{team, bob_himself, the_desk});
    settle();
    ASSERT_EQ(head_of(talk_).assignee, bob_himself);
  }
  frame::me bobs_status() { return heard_by_team().last<agent_changed>().own; }

  const conversation_id talk_ = talk_of(ada);

 private:
  std::deque<heard> connections_;
};

TEST_F(Person, WelcomesADeviceWithWhereTheNextConversationOpens) {
  const heard& device = attaches(ada, 1);

  const auto welcome = device.last<attached>();
  EXPECT_TRUE(welcome.roster.empty());
  EXPECT_EQ(welcome.next.id, talk_);
  EXPECT_EQ(welcome.next.next->ordinal, 1U);
}

TEST_F(Person, WelcomesADeviceWithItsConversations) {
  to_talk(talk_, first_words(ada, 1, "hello?"));
  settle();

  const auto welcome = attaches(ada, 1).last<attached>();

  ASSERT_EQ(welcome.roster.size(), 1U);
  EXPECT_EQ(*welcome.roster[0].at, head_of(talk_));
  EXPECT_FALSE(welcome.next.next);
}

TEST_F(Person, TellsEveryDeviceWhatMoved) {
  const heard& first = attaches(ada, 1);
  const heard& second = attaches(ada, 2, device_id{1, 2});

  to_talk(talk_, first_words(ada, 1, "hello?"));
  settle();

  EXPECT_EQ(first.count<conversation_moved>(), 1U);
  EXPECT_EQ(second.count<conversation_moved>(), 1U);
  EXPECT_EQ(first.count<post_answered>(), 1U);
  EXPECT_EQ(second.count<post_answered>(), 0U);
}

TEST_F(Person, ReplacesAnOlderConnectionOfADevice) {
  const heard& older = attaches(ada, 1);
  const heard& newer = attaches(ada, 2);

  EXPECT_EQ(older.last<dismiss>().code, close_code::replaced);
  EXPECT_EQ(newer.count<dismiss>(), 0U);
}

TEST_F(Person, DismissesTheOldestOfTooManyDevices) {
  const heard& oldest = attaches(ada, 1);
  for (std::uint64_t i = 2; i <= limits::connections_per_visitor_max; ++i) {
    attaches(ada, i, device_id{1, i});
  }
  EXPECT_EQ(oldest.count<dismiss>(), 0U);

  attaches(ada, 99, device_id{1, 99});

  EXPECT_EQ(oldest.last<dismiss>().code, close_code::connection_limit);
}

TEST_F(Person, StaysAWhileAfterTheLastDeviceHasGone) {
  attaches(ada, 1);
  goes(ada, 1);

  advance(settings_.person_lingers - 1s);
  EXPECT_EQ(counted().persons, 1U);

  advance(2s);
  EXPECT_EQ(counted().persons, 0U);
}

TEST_F(Person, HoldsNoMoreSlotsThanItsCapacity) {
  attaches(bob, 1);
  accepts(bob, 1);

  for (std::uint64_t i = 1; i <= 3; ++i)
    to_one(bob, reserve{conversation_id{i}, false});
  settle();

  EXPECT_THAT(reservations(), testing::ElementsAre(true, true, false));
  EXPECT_EQ(bobs_status().load, 2U);
}

TEST_F(Person, HoldsNoSlotForAnyoneWhileNotAccepting) {
  attaches(bob, 1);

  to_one(bob, reserve{conversation_id{1}, false});
  to_one(bob, reserve{conversation_id{2}, true});
  settle();

  EXPECT_THAT(reservations(), testing::ElementsAre(false, true));
}

TEST_F(Person, HasASlotAgainWhenItIsReleased) {
  attaches(bob, 1);
  accepts(bob, 1);
  to_one(bob, reserve{conversation_id{1}, false});
  settle();

  to_one(bob, release{conversation_id{1}});
  settle();

  EXPECT_EQ(bobs_status().load, 0U);
}

TEST_F(Person, RefusesAStatusToVisitors) {
  const heard& device = attaches(ada, 1);

  accepts(ada, 1);

  EXPECT_EQ(device.last<request_answered>().refusal->code, fault_code::forbidden);
}

TEST_F(Person, GivesConversationsBackAfterTheGracePeriod) {
  attaches(bob, 1);
  bob_has_a_conversation();
  goes(bob, 1);

  advance(settings_.agent_grace - 1s);
  EXPECT_EQ(head_of(talk_).assignee.person, bob);

  advance(2s);
  EXPECT_EQ(head_of(talk_).status, conversation_status::queued);
  EXPECT_TRUE(head_of(talk_).returned);
}

TEST_F(Person, KeepsConversationsIfItComesBackInTime) {
  attaches(bob, 1);
  bob_has_a_conversation();
  goes(bob, 1);
  advance(settings_.agent_grace - 1s);

  attaches(bob, 2);
  advance(settings_.agent_grace * 2);

  EXPECT_EQ(head_of(talk_).assignee.person, bob);
}

TEST_F(Person, HasItsWholeGracePeriodAgainAfterItCameBack) {
  attaches(bob, 1);
  bob_has_a_conversation();
  goes(bob, 1);
  advance(settings_.agent_grace - 1s);
  attaches(bob, 2);
  goes(bob, 2);

  advance(settings_.agent_grace - 1s);

  EXPECT_EQ(head_of(talk_).assignee.person, bob);
}

TEST_F(Person, KnowsItsConversationsAfterItFailed) {
  attaches(bob, 1);
  bob_has_a_conversation();
  stop(made_persons_.at(0), caf::exit_reason::kill);

  const auto welcome = attaches(bob, 2).last<attached>();

  EXPECT_EQ(welcome.own.load, 1U);
  ASSERT_EQ(welcome.roster.size(), 1U);
}

/// The dispatcher that reserved it has failed, and nobody will ever release it.
TEST_F(Person, AsksWhatBecameOfASlotThatStaysReserved) {
  attaches(bob, 1);
  accepts(bob, 1);
  to_talk(talk_, first_words(ada, 1, "hello?"));
  to_one(bob, reserve{talk_, false});
  settle();
  ASSERT_EQ(bobs_status().load, 1U);

  advance(limits::answer_max * 5);

  EXPECT_EQ(bobs_status().load, 0U);
}

TEST_F(Person, AsksAboutAConversationThatTheDeskSeesElsewhere) {
  attaches(bob, 1);
  bob_has_a_conversation();
  stop(made_persons_.back(), caf::exit_reason::kill);
  to_one(bob, announce{});
  settle();
  ASSERT_EQ(bobs_status().load, 1U);
  auto moved = std::make_shared<head>(head_of(talk_));
  moved->assignee = {cyd, "Cyd"};
  moved->visible = next(moved->visible);
  batch behind_its_back;
  behind_its_back.records.emplace_back(*moved);
  stop(made_conversations_.back(), caf::exit_reason::kill);
  ASSERT_TRUE(rows_.write_all(apply(behind_its_back), durability::synced).ok());

  auto news = std::make_shared<desk_moved>();
  news->heads.push_back(moved);
  to_one(bob, desk_moved_ptr{std::move(news)});
  settle();

  EXPECT_EQ(bobs_status().load, 0U);
}

/// Two dispatches at once, by a real team: the agent's own actor keeps the cap.
class WholeDesk : public Person {
 protected:
  WholeDesk() { has_dispatchers_ = true; }
};

TEST_F(WholeDesk, NeverGivesAnAgentMoreThanTheCapacity) {
  attaches(bob, 1);
  for (std::uint64_t i = 10; i < 15; ++i) {
    const person_id visitor{person_kind::visitor, i};
    to_talk(talk_of(visitor), first_words(visitor, 1, "hello?"));
  }
  settle();

  accepts(bob, 1);
  to_team(transfer{
      {bob, connection_id{1}, 7}, bob_himself, talk_of({person_kind::visitor, 14}), bob_himself});
  advance(1s);

  const auto roster = reader{rows_}.agent_roster({shop, bob}).value();
  EXPECT_EQ(roster.size(), 2U);
}

TEST_F(WholeDesk, GivesTheReturnedConversationToTheNextAgentFirst) {
  attaches(bob, 1);
  accepts(bob, 1);
  to_talk(talk_, first_words(ada, 1, "hello?"));
  settle();
  ASSERT_EQ(head_of(talk_).assignee.person, bob);
  goes(bob, 1);
  const person_id second{person_kind::visitor, 20};
  to_talk(talk_of(second), first_words(second, 1, "me, too"));
  advance(settings_.agent_grace + 1s);

  attaches(cyd, 2);
  to_one(cyd, set_status{{cyd, connection_id{2}, 1}, frame::routing_status::accepting, 1});
  advance(1s);

  EXPECT_EQ(head_of(talk_).assignee.person, cyd);
  EXPECT_EQ(head_of(talk_of(second)).status, conversation_status::queued);
}

}  // namespace
}  // namespace frontdesk
