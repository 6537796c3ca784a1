#include "model/tier_board.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using moment = tier_board::moment;

TEST(TierBoard, TellsWhoIsInATierOfItsOwnAndSinceWhen) {
  const auto board = std::make_shared<tier_board>();
  board->of(tenant_id{3})->set_own(1, moment{1s});
  board->of(tenant_id{2})->set_own(2, moment{2s});
  board->of(tenant_id{2})->set_own(2, moment{5s});
  board->of(tenant_id{1})->set_own(0, moment{3s});

  const auto found = board->own_tiers();

  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].whose, tenant_id{2});
  EXPECT_EQ(found[0].tier, 2U);
  EXPECT_EQ(found[0].since, moment{2s});
  EXPECT_EQ(found[1].whose, tenant_id{3});
}

TEST(TierBoard, BeginsWithTheHighestTier) {
  const auto board = std::make_shared<tier_board>();
  board->of(tenant_id{1})->set_own(1, moment{1s});
  board->of(tenant_id{2})->set_own(1, moment{1s});
  board->of(tenant_id{3})->set_own(3, moment{1s});

  const auto found = board->own_tiers();

  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].whose, tenant_id{3});
  EXPECT_EQ(found[1].whose, tenant_id{1});
}

}  // namespace
}  // namespace frontdesk
