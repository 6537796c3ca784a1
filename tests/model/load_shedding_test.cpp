#include "model/load_shedding.hpp"

#include "model/limits.hpp"

#include <gtest/gtest.h>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

constexpr tenant_id acme{1};
constexpr tenant_id bolt{2};

/// A node that looks at itself; each look adds the work that the tenants do in a quarter second.
class LoadShedding : public testing::Test {
 protected:
  void looks(std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) {
      now_ += limits::load_look;
      for (std::size_t t = 0; t < seen_.tenants.size(); ++t)
        seen_.tenants[t].work += pace_[t];
      for (const tier_change& each : desk_.look(now_, seen_))
        changes_.push_back(each);
    }
  }

  load_shedding::moment now_{1h};
  node_look seen_;
  std::vector<std::uint64_t> pace_{0, 0};
  load_shedding desk_;
  std::vector<tier_change> changes_;
};

TEST_F(LoadShedding, SaysWhatWasTightest) {
  seen_.commit = limits::commit_max;
  looks(3);
  ASSERT_EQ(changes_.size(), 1U);
  EXPECT_EQ(changes_.front().to, 3U);
  EXPECT_EQ(changes_.front().tightest, load_input::commit);
  EXPECT_EQ(desk_.node().tier(), 3U);
}

TEST_F(LoadShedding, TakesEachInputAsAPartOfItsLimit) {
  seen_.host.memory = 0.45;
  seen_.actor_queue = limits::actor_queue_max / 5;
  seen_.event_loop = limits::event_loop_max / 5;
  seen_.outbound = 0.1;
  looks(1);
  EXPECT_NEAR(desk_.sample().of(load_input::memory), 0.5, 1e-9);
  EXPECT_NEAR(desk_.sample().of(load_input::actor_queue), 0.2, 1e-9);
  EXPECT_NEAR(desk_.sample().of(load_input::event_loop), 0.2, 1e-9);
  EXPECT_NEAR(desk_.sample().of(load_input::outbound), 0.1, 1e-9);
}

TEST_F(LoadShedding, SmoothsTheProcessor) {
  seen_.host.cpu = 0.9;
  looks(1);
  EXPECT_NEAR(desk_.sample().of(load_input::cpu), 0.25, 1e-9);
  looks(20);
  EXPECT_NEAR(desk_.sample().of(load_input::cpu), 1, 0.01);
}

TEST_F(LoadShedding, HoldsTheTenantThatIsTheCauseBeforeTheNode) {
  seen_.tenants = {{acme, 0, 0}, {bolt, 0, 0}};
  pace_ = {1000, 10};
  seen_.host.cpu = 0.60 * limits::cpu_part;
  looks(100);
  EXPECT_EQ(desk_.tier_of(acme), 1U);
  EXPECT_EQ(desk_.tier_of(bolt), 0U);
  EXPECT_EQ(desk_.node().tier(), 0U);
}

TEST_F(LoadShedding, LetsOneTenantAloneUseTheNode) {
  seen_.tenants = {{acme, 0, 0}, {bolt, 0, 0}};
  pace_ = {1000, 0};
  seen_.host.cpu = 0.60 * limits::cpu_part;
  looks(100);
  EXPECT_EQ(desk_.tier_of(acme), 0U);
}

/// Each of the others has one frame a second, which is not much, but there are five hundred.
TEST_F(LoadShedding, HoldsTheCauseBesideManyWhoDoLittle) {
  seen_.tenants = {{acme, 0, 0}};
  pace_ = {1000};
  for (std::uint32_t i = 0; i < 500; ++i)
    seen_.tenants.push_back({tenant_id{10 + i}, 0, 0});
  pace_.resize(seen_.tenants.size(), 0);
  seen_.host.cpu = 0.60 * limits::cpu_part;
  for (std::size_t look = 0; look < 100; ++look) {
    for (std::size_t i = 1; i < pace_.size(); ++i)
      pace_[i] = (look + i) % 4 == 0 ? 1 : 0;
    looks(1);
  }
  EXPECT_EQ(desk_.tier_of(acme), 1U);
  EXPECT_EQ(desk_.tier_of(tenant_id{10}), 0U);
}

/// Whatever it did before it was seen first, perhaps by another one that fell.
TEST_F(LoadShedding, AccusesNobodyForWhatWasLongAgo) {
  seen_.tenants = {{acme, 1'000'000'000, 0}, {bolt, 1000, 0}};
  pace_ = {500, 500};
  seen_.host.cpu = 0.60 * limits::cpu_part;
  looks(100);
  EXPECT_TRUE(changes_.empty());
}

TEST_F(LoadShedding, AccusesNobodyWhereTwoWorkAlike) {
  seen_.tenants = {{acme, 0, 0}, {bolt, 0, 0}};
  pace_ = {500, 500};
  seen_.host.cpu = 0.60 * limits::cpu_part;
  looks(100);
  EXPECT_EQ(desk_.tier_of(acme), 0U);
  EXPECT_EQ(desk_.tier_of(bolt), 0U);
}

TEST_F(LoadShedding, HoldsATenantWhoseSocketsDoNotDrain) {
  seen_.tenants = {{acme, 0, 0.9}};
  looks(3);
  EXPECT_EQ(desk_.tier_of(acme), 3U);
}

/// One floods; another makes a twentieth of the work.
class Flood : public LoadShedding {
 protected:
  Flood() {
    seen_.tenants = {{acme, 0, 0}, {bolt, 0, 0}};
    pace_ = {1000, 50};
    seen_.host.cpu = 0.4;
    looks(20);
    seen_.host.cpu = 1;
    seen_.event_loop = limits::event_loop_max;
    looks(20);
  }
};

TEST_F(Flood, SparesWhoeverMakesHardlyAnyOfIt) {
  EXPECT_EQ(desk_.node().tier(), 3U);
  EXPECT_EQ(desk_.tier_of(acme), 3U);
  EXPECT_FALSE(desk_.is_spared(acme));
  EXPECT_TRUE(desk_.is_spared(bolt));
  for (const tier_change& each : changes_) {
    EXPECT_NE(each.whose, bolt) << "from " << each.from << " to " << each.to;
  }
}

/// Then it makes all of the work, which is little.
TEST_F(Flood, SparesItAlsoWhileTheNodeComesBack) {
  changes_.clear();
  seen_.host.cpu = 0.05;
  seen_.event_loop = {};
  pace_ = {0, 50};
  unsigned looks_count = 0;
  while (desk_.node().tier() > limits::tenant_spared_tier) {
    looks(1);
    EXPECT_TRUE(desk_.is_spared(bolt) || desk_.node().tier() <= limits::tenant_spared_tier);
    ASSERT_LT(++looks_count, 1000U);
  }
  looks(1);
  EXPECT_FALSE(desk_.is_spared(bolt));
  for (const tier_change& each : changes_) {
    EXPECT_NE(each.whose, bolt) << "from " << each.from << " to " << each.to;
  }
}

TEST_F(LoadShedding, SparesWhoeverComesIntoAFlood) {
  seen_.tenants = {{acme, 0, 0}};
  pace_ = {1000};
  seen_.event_loop = limits::event_loop_max;
  looks(40);
  ASSERT_EQ(desk_.node().tier(), 3U);
  ASSERT_FALSE(desk_.is_spared(acme)) << "alone";
  seen_.tenants.push_back({bolt, 0, 0});
  pace_.push_back(50);
  looks(1);
  EXPECT_TRUE(desk_.is_spared(bolt));
  EXPECT_FALSE(desk_.is_spared(acme));
}

TEST_F(Flood, SparesNobodyWhoGrowsWhileTheNodeIsFull) {
  changes_.clear();
  pace_ = {1000, 150};
  looks(40);
  EXPECT_TRUE(desk_.is_spared(bolt)) << "not before it is twice as much";
  pace_ = {1000, 300};
  looks(12);
  EXPECT_TRUE(desk_.is_spared(bolt)) << "not for a moment";
  looks(28);
  EXPECT_FALSE(desk_.is_spared(bolt));
  ASSERT_EQ(changes_.size(), 1U);
  EXPECT_EQ(changes_.front().whose, bolt);
  EXPECT_EQ(changes_.front().from, limits::tenant_spared_tier);
  EXPECT_EQ(changes_.front().to, 3U);
}

/// Now much, now little: whoever uses it is not told of another tier each second.
TEST_F(Flood, DoesNotComeAndGo) {
  auto last = now_;
  bool was_spared = desk_.is_spared(bolt);
  unsigned changes_count = 0;
  for (unsigned i = 0; i < 400; ++i) {
    pace_ = {1000, i / 26 % 2 == 0 ? 600U : 0U};
    looks(1);
    if (desk_.is_spared(bolt) == was_spared) continue;
    was_spared = !was_spared;
    EXPECT_GE(now_ - last, limits::tier_dwell);
    last = now_;
    ++changes_count;
  }
  EXPECT_GT(changes_count, 2U) << "else nothing was tried";
}

TEST_F(Flood, SparesNobodyWhileItIsPinned) {
  desk_.pin(2, now_ + 1min);
  EXPECT_FALSE(desk_.is_spared(bolt));
  looks(20);
  EXPECT_FALSE(desk_.is_spared(bolt));
}

TEST_F(LoadShedding, SparesNobodyWhereNoneIsTheCause) {
  seen_.tenants = {{acme, 0, 0}, {bolt, 0, 0}, {tenant_id{3}, 0, 0}};
  pace_ = {1000, 1000, 50};
  seen_.event_loop = limits::event_loop_max;
  looks(40);
  EXPECT_EQ(desk_.node().tier(), 3U);
  EXPECT_FALSE(desk_.is_spared(tenant_id{3}));
}

TEST_F(LoadShedding, GuardsAgainstFullMemoryAtOnce) {
  seen_.host.memory = limits::guard_memory;
  looks(1);
  EXPECT_TRUE(desk_.is_guarded());
  seen_.host.memory = 0.5;
  looks(1);
  EXPECT_FALSE(desk_.is_guarded());
}

TEST_F(LoadShedding, GuardsAgainstAStoreThatStaysUnsound) {
  seen_.is_store_sound = false;
  looks(static_cast<std::size_t>(limits::guard_stall / limits::load_look));
  EXPECT_FALSE(desk_.is_guarded());
  looks(1);
  EXPECT_TRUE(desk_.is_guarded());
}

TEST_F(LoadShedding, GuardsAgainstACommitThatHangs) {
  seen_.commit = limits::guard_stall;
  looks(1);
  EXPECT_TRUE(desk_.is_guarded());
}

TEST_F(LoadShedding, TellsOfAPin) {
  const auto told = desk_.pin(2, now_ + 10min);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().to, 2U);
  EXPECT_TRUE(told.front().is_pinned);
  looks(100);
  EXPECT_EQ(desk_.node().tier(), 2U);
  EXPECT_TRUE(changes_.empty());
}

TEST_F(LoadShedding, TellsOfTheEndOfAPin) {
  desk_.pin(0, now_ + 10s);
  EXPECT_EQ(desk_.unpin().size(), 1U);
  EXPECT_TRUE(desk_.unpin().empty()) << "there is none";

  desk_.pin(0, now_ + 10s);
  looks(100);
  ASSERT_EQ(changes_.size(), 1U) << "by its time";
  EXPECT_FALSE(changes_.front().is_pinned);
  EXPECT_EQ(changes_.front().from, changes_.front().to);
}

TEST_F(LoadShedding, LetsTenantsRestWhileItIsPinned) {
  seen_.tenants = {{acme, 0, 0.9}};
  looks(3);
  ASSERT_EQ(desk_.tier_of(acme), 3U);

  const auto told = desk_.pin(0, now_ + 10min);

  EXPECT_EQ(desk_.tier_of(acme), 0U);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told.back().whose, acme);
  EXPECT_EQ(told.back().to, 0U);
  looks(100);
  EXPECT_EQ(desk_.tier_of(acme), 0U) << "whatever it does";
  desk_.unpin();
  looks(3);
  EXPECT_EQ(desk_.tier_of(acme), 3U);
}

TEST_F(LoadShedding, GoesOnFromWhereAnotherStood) {
  desk_.take_over(now_, {2, now_ - 1min, now_ + 10s, true});
  EXPECT_EQ(desk_.node().tier(), 2U);
  EXPECT_TRUE(desk_.is_guarded());
  seen_.is_store_sound = false;
  looks(1);
  EXPECT_TRUE(desk_.is_guarded()) << "it has been unsound for long enough";
  seen_.is_store_sound = true;
  looks(1);
  EXPECT_FALSE(desk_.is_guarded());
  EXPECT_EQ(desk_.node().tier(), 2U) << "as pinned";
  looks(100);
  EXPECT_EQ(desk_.node().tier(), 1U);
}

TEST_F(LoadShedding, GoesOnWithItsTenants) {
  desk_.take_over(now_, acme, 2, false);
  EXPECT_EQ(desk_.tier_of(acme), 2U);
  seen_.tenants = {{acme, 0, 0}};
  looks(42);
  EXPECT_EQ(desk_.tier_of(acme), 1U) << "a step after a calm";
  desk_.take_over(now_, bolt, 0, true);
  EXPECT_TRUE(desk_.is_spared(bolt));
}

}  // namespace
}  // namespace frontdesk
