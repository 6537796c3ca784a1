#include "model/limits.hpp"
#include "tests/actors/desk_actors.hpp"

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

/// All residents are doubles.
class Registry : public desk_actors_test {
 protected:
  /// As an exception in it would end the conversation that was made last.
  void falls(std::vector<caf::message> again = {}) {
    const conversation_actor last = made_conversations_.back();
    tell(registry(), conversation_fell{{shop, talk_}, last.id(), "why", std::move(again)});
    stop(last, caf::exit_reason::kill);
  }
  /// A post wakes it, and it falls, while nothing else waits for it.
  void falls_when_woken() {
    to_talk(talk_, tell_me{ada});
    settle();
    falls();
  }
  bool is_awake() { return !made_conversations_.empty() && !has_ended(made_conversations_.back()); }
  void is_in_doubt(std::uint64_t number) {
    tell(registry(), unsettled{{shop, conversation_id{number}}});
  }

  const conversation_id talk_ = talk_of(ada);
};

TEST_F(Registry, WakesAConversationForItsFirstMessage) {
  to_talk(talk_, tell_me{ada});
  to_talk(talk_, tell_me{bob});
  settle();

  EXPECT_EQ(heard_by(talk_).count<tell_me>(), 2U);
  EXPECT_EQ(made_conversations_.size(), 1U);
}

TEST_F(Registry, WakesAPersonOnlyIfAsked) {
  to_one(ada, announce{}, false);
  EXPECT_EQ(counted().persons, 0U);

  to_one(ada, announce{}, true);
  to_one(ada, announce{}, false);
  settle();

  EXPECT_EQ(heard_by(ada).count<announce>(), 2U);
}

TEST_F(Registry, LetsAnIdleConversationGo) {
  to_talk(talk_, tell_me{ada});
  tell(registry(), conversation_idle{{shop, talk_}});
  settle();

  EXPECT_EQ(heard_by(talk_).count<leave>(), 1U);
  EXPECT_EQ(counted().conversations, 0U);
}

TEST_F(Registry, KeepsWhatComesForAConversationThatLeaves) {
  to_talk(talk_, tell_me{ada});
  heard_by(talk_).leaves_at_once = false;
  tell(registry(), conversation_idle{{shop, talk_}});
  to_talk(talk_, tell_me{bob});
  to_talk(talk_, tell_me{cyd});
  settle();

  stop(made_conversations_.at(0));

  const auto told = heard_by(talk_).of<tell_me>();
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[1].who, bob);
  EXPECT_EQ(told[2].who, cyd);
  EXPECT_EQ(made_conversations_.size(), 2U);
}

TEST_F(Registry, KeepsWhatComesForAPersonWhoLeaves) {
  to_one(ada, announce{});
  heard_by(ada).leaves_at_once = false;
  tell(registry(), person_idle{{shop, ada}});
  to_one(ada, announce{}, false);
  settle();

  stop(made_persons_.at(0));

  EXPECT_EQ(heard_by(ada).count<announce>(), 2U);
  EXPECT_EQ(made_persons_.size(), 2U);
}

TEST_F(Registry, KeepsNoMoreThanItsBound) {
  to_talk(talk_, tell_me{ada});
  heard_by(talk_).leaves_at_once = false;
  tell(registry(), conversation_idle{{shop, talk_}});
  for (std::size_t i = 0; i < limits::parked_max + 5; ++i)
    to_talk(talk_, tell_me{bob});
  settle();
  EXPECT_EQ(heard_by(talk_).count<tell_me>(), 1U);

  stop(made_conversations_.at(0));

  EXPECT_EQ(heard_by(talk_).count<tell_me>(), 1 + limits::parked_max);
}

TEST_F(Registry, MakesAFreshConversationForOneThatFailed) {
  to_talk(talk_, tell_me{ada});
  settle();
  stop(made_conversations_.at(0), caf::exit_reason::kill);

  to_talk(talk_, tell_me{bob});
  settle();

  EXPECT_EQ(made_conversations_.size(), 2U);
  EXPECT_EQ(heard_by(talk_).last<tell_me>().who, bob);
}

TEST_F(Registry, MakesADispatcherAnewAtOnce) {
  to_team(dispatcher_tick{});
  settle();

  stop(made_dispatchers_.at(0), caf::exit_reason::kill);

  EXPECT_EQ(made_dispatchers_.size(), 2U);
}

TEST_F(Registry, WakesEveryConversationAnewWhenStorageBegan) {
  to_talk(talk_, tell_me{ada});
  settle();

  tell(registry(), storage_began{});
  to_talk(talk_, tell_me{bob});
  settle();

  EXPECT_TRUE(has_ended(made_conversations_.at(0)));
  EXPECT_EQ(made_conversations_.size(), 2U);
  EXPECT_EQ(heard_by(talk_).last<tell_me>().who, bob);
}

TEST_F(Registry, ReachesTheAgentsOfOneTenant) {
  is_here(ada);
  is_here(bob);
  is_here(cyd);
  tell(registry(), to_person{{tenant_id{2}, bob}, true, 0, caf::make_message(announce{})});

  const auto news = std::make_shared<const desk_moved>();
  tell(registry(), to_agents{shop, caf::make_message(desk_moved_ptr{news})});
  settle();

  EXPECT_EQ(heard_by(bob).count<desk_moved_ptr>(), 1U);
  EXPECT_EQ(heard_by(cyd).count<desk_moved_ptr>(), 1U);
  EXPECT_EQ(heard_by(ada).count<desk_moved_ptr>(), 0U);
}

TEST_F(Registry, CountsWhoIsThere) {
  is_here(ada);
  is_here(bob);
  to_talk(talk_, tell_me{ada});

  EXPECT_EQ(counted().persons, 2U);
  EXPECT_EQ(counted().conversations, 1U);
}

TEST_F(Registry, MakesWhoeverFallsPauseLongerEachTimeAlsoIfNothingWaits) {
  for (std::size_t i = 0; i < limits::falls_free_resident; ++i)
    falls_when_woken();

  falls_when_woken();
  advance(limits::fall_pause_min);
  falls_when_woken();
  advance(2 * limits::fall_pause_min);
  falls_when_woken();

  advance(4 * limits::fall_pause_min - 1ms);
  to_talk(talk_, tell_me{bob});
  settle();
  EXPECT_FALSE(is_awake());
  advance(1ms);
  EXPECT_TRUE(is_awake());
}

TEST_F(Registry, ForgetsFallsThatAreLongAgo) {
  for (std::size_t i = 0; i < limits::falls_free_resident + 3; ++i) {
    falls_when_woken();
    advance(1s);
  }
  advance(limits::falls_window);

  falls_when_woken();
  to_talk(talk_, tell_me{bob});
  settle();

  EXPECT_TRUE(is_awake());
}

TEST_F(Registry, WakesAllThatAreInDoubtARoundAtATime) {
  for (std::uint64_t i = 1; i <= limits::unsettled_tenant_max + 3; ++i)
    is_in_doubt(i);

  advance(1s);
  EXPECT_EQ(counted().conversations, limits::unsettled_tenant_max);
  advance(1s);
  EXPECT_EQ(counted().conversations, limits::unsettled_tenant_max + 3);
  EXPECT_EQ(heard_by(conversation_id{1}).count<speak_up>(), 1U);
  EXPECT_TRUE(failed().empty());
}

TEST_F(Registry, SaysHowManyInDoubtItCannotRemember) {
  for (std::uint64_t i = 1; i <= limits::unsettled_waiting_tenant_max + 3; ++i)
    is_in_doubt(i);

  settle();
  advance(1s);

  ASSERT_EQ(failed().size(), 1U);
  EXPECT_THAT(failed().front().what, testing::StartsWith("3 conversations"));
}

TEST_F(Registry, KeepsNoMoreBytesThanItsBound) {
  is_here(ada);
  to_talk(talk_, tell_me{ada});
  heard_by(talk_).leaves_at_once = false;
  tell(registry(), conversation_idle{{shop, talk_}});
  const say large = first_words(ada, 1, std::string(limits::text_bytes_max, 'x'));
  const std::size_t most =
      limits::parked_bytes_tenant_max / (limits::text_bytes_max + limits::parked_bytes_least);
  for (std::size_t i = 0; i < most + 2; ++i)
    to_talk(talk_, large);
  settle();
  EXPECT_EQ(heard_by(ada).count<post_answered>(), 2U);
  EXPECT_EQ(heard_by(ada).last<post_answered>().refusal->code, fault_code::busy);

  stop(made_conversations_.at(0));
  EXPECT_EQ(heard_by(talk_).count<say>(), most);

  heard_by(talk_).leaves_at_once = false;
  tell(registry(), conversation_idle{{shop, talk_}});
  for (std::size_t i = 0; i < most; ++i)
    to_talk(talk_, large);
  settle();
  EXPECT_EQ(heard_by(ada).count<post_answered>(), 2U) << "what is handed on counts no more";
}

TEST_F(Registry, IsTheLastToLeave) {
  is_here(ada);
  to_talk(talk_, tell_me{ada});
  to_team(dispatcher_tick{});
  settle();

  stop(registry());

  EXPECT_TRUE(has_ended(registry()));
  EXPECT_TRUE(has_ended(made_persons_.at(0)));
  EXPECT_TRUE(has_ended(made_conversations_.at(0)));
  EXPECT_TRUE(has_ended(made_dispatchers_.at(0)));
}

TEST_F(Registry, WaitsForNoCommitOfARecorderThatHasEnded) {
  to_talk(talk_, tell_me{ada});
  heard_by(talk_).leaves_at_once = false;
  settle();
  stop(recorder(), caf::exit_reason::kill);

  stop(registry());

  EXPECT_TRUE(has_ended(registry()));
  EXPECT_TRUE(has_ended(made_conversations_.at(0)));
}

TEST_F(Registry, WaitsForCommitsUntilTheRecorderEnds) {
  to_talk(talk_, tell_me{ada});
  heard_by(talk_).leaves_at_once = false;
  settle();

  stop(registry());
  EXPECT_FALSE(has_ended(registry()));
  stop(recorder(), caf::exit_reason::kill);

  EXPECT_TRUE(has_ended(registry()));
  EXPECT_TRUE(has_ended(made_conversations_.at(0)));
}

TEST_F(Registry, LeavesNobodyBehindWhenItIsKilled) {
  is_here(ada);
  to_talk(talk_, tell_me{ada});
  to_team(dispatcher_tick{});
  settle();

  stop(registry(), caf::exit_reason::kill);

  EXPECT_TRUE(has_ended(made_persons_.at(0)));
  EXPECT_TRUE(has_ended(made_conversations_.at(0)));
  EXPECT_TRUE(has_ended(made_dispatchers_.at(0)));
}

}  // namespace
}  // namespace frontdesk
