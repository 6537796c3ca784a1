#include "storage/local_log.hpp"

#include "storage/layout.hpp"
#include "storage/memory_store.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace frontdesk {
namespace {

constexpr shard_id first{1};
constexpr shard_id second{2};
constexpr tenant_id shop{3};
constexpr tenant_id bank{4};

class LocalLog : public testing::Test {
 protected:
  claimed_shard claims(commit_log& by, shard_id shard) { return by.claim(shard).value(); }

  append_outcome appends(commit_log& by, std::vector<log_entry> entries) {
    std::vector<append_outcome> outcomes;
    by.append(std::move(entries), [&](append_outcome o) { outcomes.push_back(o); });
    EXPECT_EQ(outcomes.size(), 1U);
    return outcomes.at(0);
  }

  // An entry that gives a tenant's conversations a number.
  static log_entry numbers(shard_id shard, epoch owner, std::uint64_t index, tenant_id tenant) {
    return {shard, owner, log_index{index}, batch{{number_record{tenant, index}}}};
  }

  std::uint64_t number_of(tenant_id tenant) {
    const auto bytes = kept_.get(family::meta, number_key(tenant)).value();
    return bytes ? number_from_bytes(*bytes).value() : 0;
  }

  void next_write_is(write_fate fate) {
    kept_.decide_fates_by([fate](const write_set&, durability) { return fate; });
  }

  memory_store kept_;
  bool space_is_short_ = false;
  std::unique_ptr<commit_log> log_ = make_local_log(kept_, [this] { return space_is_short_; });
  std::unique_ptr<commit_log> successor_ = make_local_log(kept_, {});
};

TEST_F(LocalLog, AppliesWhatItCommits) {
  const claimed_shard mine = claims(*log_, first);

  EXPECT_EQ(appends(*log_, {numbers(first, mine.owner, 1, shop)}), append_outcome::committed);
  EXPECT_EQ(appends(*log_, {numbers(first, mine.owner, 2, shop)}), append_outcome::committed);

  EXPECT_EQ(number_of(shop), 2U);
}

TEST_F(LocalLog, CommitsSeveralShardsAsOne) {
  const epoch one = claims(*log_, first).owner;
  const epoch two = claims(*log_, second).owner;
  std::size_t writes = 0;
  kept_.decide_fates_by([&](const write_set&, durability until) {
    EXPECT_EQ(until, durability::synced);
    ++writes;
    return write_fate::kept;
  });

  EXPECT_EQ(appends(*log_, {numbers(first, one, 1, shop), numbers(second, two, 1, bank)}),
            append_outcome::committed);

  EXPECT_EQ(writes, 1U);
  EXPECT_EQ(number_of(shop), 1U);
  EXPECT_EQ(number_of(bank), 1U);
}

TEST_F(LocalLog, GivesEachClaimALaterEpochAndTheLastIndex) {
  const claimed_shard mine = claims(*log_, first);
  appends(*log_, {numbers(first, mine.owner, 1, shop)});
  kept_.crash();

  const claimed_shard after = claims(*successor_, first);

  EXPECT_GT(after.owner, mine.owner);
  EXPECT_EQ(after.last, log_index{1});
  EXPECT_EQ(claims(*successor_, second).last, log_index{0});
}

TEST_F(LocalLog, FencesAnOwnerWhoseShardWasClaimed) {
  const epoch mine = claims(*log_, first).owner;
  const epoch theirs = claims(*successor_, first).owner;

  EXPECT_EQ(appends(*log_, {numbers(first, mine, 1, shop)}), append_outcome::fenced);
  EXPECT_EQ(number_of(shop), 0U);
  EXPECT_EQ(appends(*successor_, {numbers(first, theirs, 1, shop)}), append_outcome::committed);
}

TEST_F(LocalLog, FencesAShardThatWasNeverClaimed) {
  const epoch mine = claims(*log_, first).owner;

  EXPECT_EQ(appends(*log_, {numbers(second, mine, 1, shop)}), append_outcome::fenced);
}

TEST_F(LocalLog, FencesAnIndexThatIsNotTheNext) {
  const epoch mine = claims(*log_, first).owner;
  appends(*log_, {numbers(first, mine, 1, shop)});

  for (const std::uint64_t wrong : {0, 1, 3}) {
    EXPECT_EQ(appends(*log_, {numbers(first, mine, wrong, bank)}), append_outcome::fenced);
  }
  EXPECT_EQ(number_of(bank), 0U);
}

TEST_F(LocalLog, WritesNothingIfOneOfSeveralIsFenced) {
  const epoch one = claims(*log_, first).owner;
  const epoch two = claims(*log_, second).owner;
  claims(*successor_, second);

  EXPECT_EQ(appends(*log_, {numbers(first, one, 1, shop), numbers(second, two, 1, bank)}),
            append_outcome::fenced);

  EXPECT_EQ(number_of(shop), 0U);
  EXPECT_EQ(claims(*successor_, first).last, log_index{0});
}

TEST_F(LocalLog, IsFullWhileSpaceIsShort) {
  const epoch mine = claims(*log_, first).owner;
  space_is_short_ = true;
  EXPECT_EQ(appends(*log_, {numbers(first, mine, 1, shop)}), append_outcome::full);
  EXPECT_EQ(number_of(shop), 0U);

  space_is_short_ = false;
  EXPECT_EQ(appends(*log_, {numbers(first, mine, 1, shop)}), append_outcome::committed);
}

TEST_F(LocalLog, IsFullIfTheStoreRefusedBeforeItWrote) {
  const epoch mine = claims(*log_, first).owner;
  next_write_is(write_fate::refused);

  EXPECT_EQ(appends(*log_, {numbers(first, mine, 1, shop)}), append_outcome::full);
}

TEST_F(LocalLog, DoesNotKnowTheOutcomeOfAFailedWriteThatTheDiskHasAfterAll) {
  const epoch mine = claims(*log_, first).owner;
  next_write_is(write_fate::kept_in_secret);

  EXPECT_EQ(appends(*log_, {numbers(first, mine, 1, shop)}), append_outcome::unknown);
  kept_.crash();
  next_write_is(write_fate::kept);

  EXPECT_EQ(claims(*successor_, first).last, log_index{1});
  EXPECT_EQ(number_of(shop), 1U);
}

TEST_F(LocalLog, DoesNotKnowTheOutcomeOfAFailedWriteThatIsLost) {
  const epoch mine = claims(*log_, first).owner;
  next_write_is(write_fate::lost);

  EXPECT_EQ(appends(*log_, {numbers(first, mine, 1, shop)}), append_outcome::unknown);
  kept_.crash();
  next_write_is(write_fate::kept);

  EXPECT_EQ(claims(*successor_, first).last, log_index{0});
  EXPECT_EQ(number_of(shop), 0U);
}

TEST_F(LocalLog, DoesNotKnowTheOutcomeWhereAPositionCannotBeRead) {
  const epoch mine = claims(*log_, first).owner;
  ASSERT_TRUE(kept_.write_all({{family::meta, position_key(first), "damage"}}, durability::synced));

  EXPECT_EQ(appends(*log_, {numbers(first, mine, 1, shop)}), append_outcome::unknown);
  EXPECT_EQ(log_->claim(first).error().code, fault_code::storage_failed);
}

TEST_F(LocalLog, ClaimsNothingThatCannotBeWritten) {
  next_write_is(write_fate::refused);
  EXPECT_EQ(log_->claim(first).error().code, fault_code::storage_full);

  next_write_is(write_fate::lost);
  EXPECT_EQ(log_->claim(first).error().code, fault_code::storage_failed);
}

TEST_F(LocalLog, KeepsClaimsOverAPowerCut) {
  const epoch mine = claims(*log_, first).owner;

  kept_.crash();

  EXPECT_EQ(appends(*log_, {numbers(first, mine, 1, shop)}), append_outcome::committed);
}

TEST_F(LocalLog, CommitsNothingAtAll) {
  EXPECT_EQ(appends(*log_, {}), append_outcome::committed);
}

}  // namespace
}  // namespace frontdesk
