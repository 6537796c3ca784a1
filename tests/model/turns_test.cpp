#include "model/turns.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>

namespace frontdesk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr tenant_id loud{1};
constexpr tenant_id quiet{2};
constexpr std::size_t turn = 100;
constexpr std::size_t any = 1'000'000;

TEST(Turns, HaveNothingAtFirst) {
  turns<int> waiting{turn};

  EXPECT_TRUE(waiting.is_empty());
  EXPECT_THAT(waiting.take(any, any), IsEmpty());
}

TEST(Turns, GiveEverythingThatFits) {
  turns<int> waiting{turn};
  waiting.add(loud, 10, 1);
  waiting.add(quiet, 10, 2);

  EXPECT_THAT(waiting.take(any, any), SizeIs(2));
  EXPECT_TRUE(waiting.is_empty());
}

TEST(Turns, KeepTheOrderOfATenant) {
  turns<int> waiting{turn};
  for (int i = 1; i <= 4; ++i)
    waiting.add(loud, 60, i);

  EXPECT_THAT(waiting.take(3, any), ElementsAre(1, 2, 3));
  EXPECT_THAT(waiting.take(3, any), ElementsAre(4));
}

TEST(Turns, LetATenantWaitForNoMoreThanTheTurnOfAnother) {
  turns<std::string> waiting{turn};
  for (int i = 0; i < 100; ++i)
    waiting.add(loud, 50, "loud");
  waiting.add(quiet, 50, "quiet");

  EXPECT_THAT(waiting.take(4, any), ElementsAre("loud", "loud", "quiet", "loud"));
}

TEST(Turns, ShareABatchByBytesAndNotByCount) {
  turns<tenant_id> waiting{turn};
  for (int i = 0; i < 10; ++i)
    waiting.add(loud, 100, loud);
  for (int i = 0; i < 100; ++i)
    waiting.add(quiet, 10, quiet);

  const auto taken = waiting.take(any, 10 * turn);

  EXPECT_EQ(std::ranges::count(taken, loud), 5);
  EXPECT_EQ(std::ranges::count(taken, quiet), 50);
}

TEST(Turns, GiveNoMoreThanTheyAreAskedFor) {
  turns<int> waiting{turn};
  for (int i = 0; i < 10; ++i)
    waiting.add(loud, 30, i);

  EXPECT_THAT(waiting.take(2, any), SizeIs(2));
  EXPECT_THAT(waiting.take(any, 95), SizeIs(3));
  EXPECT_EQ(waiting.count(), 5U);
}

TEST(Turns, GiveAtLeastOneHoweverLarge) {
  turns<int> waiting{turn};
  waiting.add(loud, 20 * turn, 1);
  waiting.add(loud, 10, 2);

  EXPECT_THAT(waiting.take(any, turn), ElementsAre(1));
  EXPECT_THAT(waiting.take(any, turn), ElementsAre(2));
}

TEST(Turns, GoOnInTheNextBatchWhereTheLastOneWasFull) {
  turns<std::string> waiting{turn};
  for (int i = 0; i < 3; ++i)
    waiting.add(loud, 50, "loud");
  waiting.add(quiet, 50, "quiet");

  EXPECT_THAT(waiting.take(1, any), ElementsAre("loud"));
  EXPECT_THAT(waiting.take(any, any), ElementsAre("loud", "quiet", "loud"));
}

TEST(Turns, KeepNoCreditForATenantThatWaitsForNothing) {
  turns<std::string> waiting{turn};
  waiting.add(loud, 1, "loud");
  waiting.take(any, any);

  for (int i = 0; i < 4; ++i)
    waiting.add(loud, 50, "loud");
  waiting.add(quiet, 50, "quiet");

  EXPECT_THAT(waiting.take(3, any), ElementsAre("loud", "loud", "quiet"));
}

TEST(Turns, GiveEverythingOnceAndEachTenantsInOrder) {
  std::mt19937_64 random{7};
  turns<std::pair<tenant_id, int>> waiting{turn};
  std::map<tenant_id, int> added;
  std::map<tenant_id, int> given;
  const auto take = [&](std::size_t count_max, std::size_t bytes_max) {
    for (const auto& [whose, which] : waiting.take(count_max, bytes_max)) {
      EXPECT_EQ(which, ++given[whose]);
    }
  };

  for (int i = 0; i < 5000; ++i) {
    const tenant_id whose{static_cast<std::uint32_t>(random() % 5)};
    waiting.add(whose, random() % (3 * turn), {whose, ++added[whose]});
    if (random() % 10 == 0) take(random() % 20, random() % (10 * turn));
  }
  take(any, any * turn);

  EXPECT_EQ(given, added);
  EXPECT_TRUE(waiting.is_empty());
}

}  // namespace
}  // namespace frontdesk
