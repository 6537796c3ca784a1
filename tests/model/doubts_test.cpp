#include "model/doubts.hpp"

#include <gtest/gtest.h>

namespace frontdesk {
namespace {

class Doubts : public testing::Test {
 protected:
  static conversation_name talk(std::uint32_t tenant, std::uint64_t number) {
    return {tenant_id{tenant}, conversation_id{number}};
  }
  void add(std::uint32_t tenant, std::uint64_t count) {
    for (std::uint64_t number = 1; number <= count; ++number)
      EXPECT_TRUE(doubts_.add(talk(tenant, number)));
  }

  doubts doubts_{
      {.round_max = 5, .round_tenant_max = 3, .waiting_max = 12, .waiting_tenant_max = 8}};
};

TEST_F(Doubts, KeepTheNamesBeyondARoundForTheNext) {
  add(1, 4);

  EXPECT_EQ(doubts_.next_round().size(), 3U);
  EXPECT_FALSE(doubts_.is_empty());
  EXPECT_EQ(doubts_.next_round(), std::vector{talk(1, 4)});
  EXPECT_TRUE(doubts_.is_empty());
}

TEST_F(Doubts, TakeTenantsInTurn) {
  add(1, 3);
  add(2, 3);
  add(3, 3);

  EXPECT_EQ(doubts_.next_round(),
            (std::vector{talk(1, 1), talk(1, 2), talk(1, 3), talk(2, 1), talk(2, 2)}));
  EXPECT_EQ(doubts_.next_round(), (std::vector{talk(3, 1), talk(3, 2), talk(3, 3), talk(2, 3)}));
}

TEST_F(Doubts, RememberEachOnce) {
  add(1, 1);
  add(1, 1);

  EXPECT_EQ(doubts_.next_round().size(), 1U);
  EXPECT_TRUE(doubts_.next_round().empty());
}

TEST_F(Doubts, HaveABoundForATenantAndForAll) {
  add(1, 8);
  EXPECT_FALSE(doubts_.add(talk(1, 9)));
  add(2, 4);
  EXPECT_FALSE(doubts_.add(talk(3, 1)));
  EXPECT_TRUE(doubts_.add(talk(2, 1))) << "it is in";

  doubts_.next_round();

  EXPECT_TRUE(doubts_.add(talk(3, 1)));
}

}  // namespace
}  // namespace frontdesk
