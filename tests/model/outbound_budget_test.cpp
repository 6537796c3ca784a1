#include "model/outbound_budget.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace frontdesk {
namespace {

constexpr tenant_id acme{1};
constexpr tenant_id globex{2};
constexpr std::size_t kib = 1024;

/// A node with small budgets: 100 KiB a tenant, 150 KiB in all; twice that is too much.
struct small_node {
  std::shared_ptr<outbound_budget> budget = std::make_shared<outbound_budget>(
      outbound_bounds{100 * kib, 150 * kib}, [this](connection_id who) { closed.push_back(who); });
  std::vector<connection_id> closed;

  outbound_share share(tenant_id whose, std::uint64_t id) {
    return {budget, budget->of(whose), connection_id{id}};
  }
};

TEST(OutboundBudget, CountsWhatWaitsByTenantAndNode) {
  small_node node;
  outbound_share one = node.share(acme, 1);
  outbound_share two = node.share(globex, 2);

  one.settle(10 * kib);
  two.settle(20 * kib);
  one.settle(4 * kib);

  EXPECT_EQ(node.budget->of(acme)->bytes(), 4 * kib);
  EXPECT_EQ(node.budget->of(globex)->bytes(), 20 * kib);
  EXPECT_EQ(node.budget->bytes(), 24 * kib);
}

TEST(OutboundBudget, KeepsNothingOfSharesThatAreGone) {
  small_node node;
  {
    outbound_share one = node.share(acme, 1);
    one.settle(90 * kib);
    outbound_share moved = std::move(one);
    moved.settle(95 * kib);
    outbound_share other = node.share(acme, 2);
    other.settle(5 * kib);
    other = std::move(moved);
    EXPECT_EQ(node.budget->bytes(), 95 * kib);
  }
  EXPECT_EQ(node.budget->bytes(), 0U);
  EXPECT_EQ(node.budget->of(acme)->bytes(), 0U);
}

TEST(OutboundBudget, CrowdsTheTenantThatIsOverItsOwn) {
  small_node node;
  outbound_share one = node.share(acme, 1);

  one.settle(100 * kib + 1);
  EXPECT_TRUE(node.budget->of(acme)->is_crowded());
  EXPECT_FALSE(node.budget->of(globex)->is_crowded());

  outbound_share two = node.share(globex, 2);
  two.settle(50 * kib);
  EXPECT_TRUE(node.budget->of(globex)->is_crowded()) << "the node is over its own";

  one.settle(0);
  EXPECT_FALSE(node.budget->of(acme)->is_crowded());
  EXPECT_FALSE(node.budget->of(globex)->is_crowded());
}

TEST(OutboundBudget, HasNoBoundWhereNoneIsWanted) {
  std::vector<connection_id> closed;
  const auto budget = std::make_shared<outbound_budget>(
      outbound_bounds{0, 0}, [&closed](connection_id who) { closed.push_back(who); });
  outbound_share one{budget, budget->of(acme), connection_id{1}};

  one.settle(100 * 1024 * kib);

  EXPECT_FALSE(budget->of(acme)->is_crowded());
  EXPECT_TRUE(closed.empty());
}

TEST(OutboundBudget, SendsTheHeaviestLaggardOfTheTenantAway) {
  small_node node;
  outbound_share light = node.share(acme, 1);
  outbound_share heavy = node.share(acme, 2);
  outbound_share stranger = node.share(globex, 3);

  stranger.settle(90 * kib);
  heavy.settle(150 * kib);
  EXPECT_TRUE(node.closed.empty());
  light.settle(51 * kib);

  EXPECT_EQ(node.closed, std::vector{connection_id{2}});
}

TEST(OutboundBudget, SendsNobodyElseAwayWhileTheFirstIsLeaving) {
  small_node node;
  outbound_share heavy = node.share(acme, 1);
  outbound_share other = node.share(acme, 2);
  heavy.settle(180 * kib);
  other.settle(21 * kib);
  ASSERT_EQ(node.closed.size(), 1U);

  other.settle(30 * kib);
  EXPECT_EQ(node.closed.size(), 1U);

  heavy.settle(0);
  other.settle(210 * kib);
  EXPECT_EQ(node.closed.size(), 2U) << "now the other is too heavy by itself";
}

TEST(OutboundBudget, SendsTheHeaviestOfAllAwayWhenTheNodeIsFull) {
  small_node node;
  outbound_share one = node.share(acme, 1);
  outbound_share two = node.share(globex, 2);

  one.settle(140 * kib);
  two.settle(161 * kib);

  EXPECT_EQ(node.closed, std::vector{connection_id{2}});
}

TEST(OutboundBudget, SendsNobodyAwayOnceItsOwnerEnds) {
  small_node node;
  outbound_share one = node.share(acme, 1);
  node.budget->silence();

  one.settle(1000 * kib);

  EXPECT_TRUE(node.closed.empty());
}

TEST(OutboundBudget, LosesNoByteBetweenThreads) {
  small_node node;
  node.budget->silence();
  std::vector<std::thread> threads;
  for (std::uint64_t t = 1; t <= 4; ++t) {
    threads.emplace_back([&node, t] {
      outbound_share mine = node.share(acme, t);
      for (std::size_t i = 0; i < 20'000; ++i) {
        mine.settle(i * 37 % (64 * kib));
      }
    });
  }
  for (std::thread& each : threads) {
    each.join();
  }
  EXPECT_EQ(node.budget->bytes(), 0U);
}

}  // namespace
}  // namespace frontdesk
