#include "model/assignment.hpp"

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <set>

namespace frontdesk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr person_id bob{person_kind::agent, 1};
constexpr person_id cyd{person_kind::agent, 2};
constexpr conversation_id first{101};
constexpr conversation_id second{102};
constexpr conversation_id third{103};

/// A team's queue; conversations come one after the other.
class Assignment : public testing::Test {
 protected:
  void is_here(person_id who, std::uint32_t capacity, std::uint32_t load = 0) {
    team_.agent_is({who, true, true, capacity, load});
  }
  void waits(conversation_id what) { team_.enqueue(what, {timestamp{++time_}}); }
  void returns(conversation_id what) { team_.enqueue(what, {timestamp{++time_}, true}); }

  std::vector<person_id> chosen(std::size_t most = 100) {
    std::vector<person_id> agents;
    for (const reservation& each : team_.next(most))
      agents.push_back(each.agent);
    return agents;
  }

  assignment team_;
  std::int64_t time_ = 0;
};

// ---- Which conversation.

TEST_F(Assignment, ServesInTheOrderOfWaiting) {
  waits(second);
  waits(first);
  is_here(bob, 2);

  EXPECT_THAT(team_.next(2), ElementsAre(reservation{second, bob}, reservation{first, bob}));
}

TEST_F(Assignment, ServesReturnedOnesFirst) {
  waits(first);
  waits(second);
  returns(third);

  EXPECT_THAT(team_.queue(), ElementsAre(third, first, second));
}

TEST_F(Assignment, ServesThoseWithPriorityBeforeAll) {
  waits(first);
  returns(second);
  team_.enqueue(third, {timestamp{++time_}, false, true});

  EXPECT_THAT(team_.queue(), ElementsAre(third, second, first));
}

TEST_F(Assignment, MovesAConversationThatWaitsAnew) {
  waits(first);
  waits(second);

  returns(second);

  EXPECT_THAT(team_.queue(), ElementsAre(second, first));
}

TEST_F(Assignment, ServesNobodyWhoHasLeftTheQueue) {
  waits(first);
  waits(second);
  team_.dequeue(first);
  is_here(bob, 5);

  EXPECT_THAT(team_.next(5), ElementsAre(reservation{second, bob}));
  EXPECT_FALSE(team_.is_queued(first));
}

TEST_F(Assignment, ChoosesNoMoreThanItIsAskedFor) {
  waits(first);
  waits(second);
  is_here(bob, 5);

  EXPECT_THAT(team_.next(1), SizeIs(1));
}

// ---- Which agent.

TEST_F(Assignment, ChoosesTheLeastLoaded) {
  is_here(bob, 6, 2);
  is_here(cyd, 6, 1);
  waits(first);

  EXPECT_THAT(chosen(), ElementsAre(cyd));
}

TEST_F(Assignment, ChoosesAmongEqualsWhoeverHasWaitedLongest) {
  is_here(bob, 6);
  is_here(cyd, 6);
  std::map<person_id, int> turns;
  person_id last;
  for (std::uint64_t i = 1; i <= 10; ++i) {
    waits(conversation_id{i});
    const person_id who = chosen().at(0);
    team_.dequeue(conversation_id{i});
    team_.settled(conversation_id{i});
    EXPECT_NE(who, last);
    last = who;
    ++turns[who];
  }

  EXPECT_EQ(turns[bob], turns[cyd]);
}

TEST_F(Assignment, ChoosesNobodyWhoIsAwayOrDoesNotAccept) {
  team_.agent_is({bob, false, true, 6, 0});
  team_.agent_is({cyd, true, false, 6, 0});
  waits(first);

  EXPECT_THAT(chosen(), IsEmpty());
}

TEST_F(Assignment, ChoosesNobodyWhoIsNoLongerOfTheTeam) {
  is_here(bob, 6);
  team_.forget(bob);
  waits(first);

  EXPECT_THAT(chosen(), IsEmpty());
}

TEST_F(Assignment, CountsWhatIsOnOfferTowardsTheCap) {
  is_here(bob, 3, 1);
  for (std::uint64_t i = 1; i <= 5; ++i)
    waits(conversation_id{i});

  EXPECT_THAT(chosen(1), SizeIs(1));
  EXPECT_THAT(chosen(), SizeIs(1));
  EXPECT_THAT(chosen(), IsEmpty());
}

TEST_F(Assignment, CountsWhatIsOnOfferAcrossAReport) {
  is_here(bob, 2);
  waits(first);
  waits(second);
  waits(third);
  chosen(1);

  is_here(bob, 2, 0);

  EXPECT_THAT(chosen(), SizeIs(1));
}

// ---- Offers.

TEST_F(Assignment, OffersAConversationOnce) {
  is_here(bob, 6);
  is_here(cyd, 6);
  waits(first);

  EXPECT_THAT(chosen(), SizeIs(1));
  EXPECT_THAT(chosen(), IsEmpty());
  EXPECT_TRUE(team_.is_queued(first));
}

TEST_F(Assignment, AsksSomebodyElseWhenTheFirstDeclined) {
  is_here(bob, 6);
  is_here(cyd, 6, 3);
  waits(first);
  ASSERT_THAT(chosen(), ElementsAre(bob));

  team_.declined(first);

  EXPECT_THAT(chosen(), ElementsAre(cyd));
}

TEST_F(Assignment, AsksWhoeverDeclinedAfterTheNextReport) {
  is_here(bob, 6);
  waits(first);
  chosen();
  team_.declined(first);
  ASSERT_THAT(chosen(), IsEmpty());

  is_here(bob, 6);

  EXPECT_THAT(chosen(), ElementsAre(bob));
}

TEST_F(Assignment, KeepsThePlaceOfAConversationThatWasDeclined) {
  is_here(bob, 6);
  waits(first);
  waits(second);
  chosen(1);
  team_.declined(first);

  is_here(bob, 6);

  EXPECT_THAT(team_.next(1), ElementsAre(reservation{first, bob}));
}

TEST_F(Assignment, FreesTheAgentWhenAnOfferIsSettled) {
  is_here(bob, 1);
  waits(first);
  chosen();
  waits(second);
  ASSERT_THAT(chosen(), IsEmpty());

  team_.dequeue(first);
  team_.settled(first);

  EXPECT_THAT(team_.next(5), ElementsAre(reservation{second, bob}));
}

TEST_F(Assignment, OffersAgainWhatIsSettledAndStillWaits) {
  is_here(bob, 1);
  waits(first);
  chosen();

  team_.settled(first);

  EXPECT_THAT(chosen(), ElementsAre(bob));
}

TEST_F(Assignment, DoesNotOfferAgainWhatLeftTheQueueWhileOnOffer) {
  is_here(bob, 6);
  waits(first);
  chosen();

  team_.dequeue(first);
  team_.declined(first);
  is_here(bob, 6);

  EXPECT_THAT(chosen(), IsEmpty());
  EXPECT_EQ(team_.queue_count(), 0U);
}

TEST_F(Assignment, DoesNotOfferTwiceWhatComesBackWhileOnOffer) {
  is_here(bob, 6);
  waits(first);
  chosen();
  team_.dequeue(first);

  returns(first);
  EXPECT_THAT(chosen(), IsEmpty());

  team_.settled(first);
  EXPECT_THAT(chosen(), ElementsAre(bob));
}

TEST_F(Assignment, EndsAnOfferOnce) {
  is_here(bob, 2);
  waits(first);
  waits(second);
  chosen();
  waits(third);

  team_.settled(first);
  team_.settled(first);
  team_.dequeue(first);

  EXPECT_THAT(chosen(), SizeIs(1));
}

TEST_F(Assignment, NeverOffersBeyondACapWhateverHappens) {
  std::mt19937_64 random{11};
  std::map<conversation_id, person_id> offered;
  for (int step = 0; step < 20'000; ++step) {
    const conversation_id what{1 + random() % 40};
    switch (random() % 5) {
      case 0:
        team_.enqueue(what, {timestamp{step}, random() % 4 == 0, random() % 8 == 0});
        break;
      case 1:
        team_.dequeue(what);
        break;
      case 2:
        is_here(random() % 2 == 0 ? bob : cyd, 5, 2);
        break;
      case 3:
        random() % 2 == 0 ? team_.declined(what) : team_.settled(what);
        offered.erase(what);
        break;
      default:
        for (const reservation& each : team_.next(random() % 4)) {
          EXPECT_TRUE(team_.is_queued(each.conversation));
          EXPECT_TRUE(offered.emplace(each.conversation, each.agent).second);
        }
    }
    std::map<person_id, int> count;
    for (const auto& [conversation, agent] : offered) {
      ASSERT_LE(++count[agent], 3) << "after step " << step;
    }
  }
}

TEST_F(Assignment, KnowsWhoWaitsLongest) {
  EXPECT_EQ(team_.waits_since(), std::nullopt);
  waits(first);
  waits(second);
  returns(third);
  EXPECT_EQ(team_.waits_since(), timestamp{1});

  team_.dequeue(first);
  EXPECT_EQ(team_.waits_since(), timestamp{2});

  team_.dequeue(second);
  EXPECT_EQ(team_.waits_since(), timestamp{3});
}

}  // namespace
}  // namespace frontdesk
