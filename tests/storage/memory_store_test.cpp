#include "storage/memory_store.hpp"

#include <gtest/gtest.h>

#include <string>

namespace frontdesk {
namespace {

class MemoryStore : public testing::Test {
 protected:
  fault_or<done> writes(const std::string& key, const std::string& value, durability until) {
    return kept_.write_all({{family::head, key, value}}, until);
  }
  void syncs(const std::string& key, const std::string& value) {
    ASSERT_TRUE(writes(key, value, durability::synced));
  }
  void buffers(const std::string& key, const std::string& value) {
    ASSERT_TRUE(writes(key, value, durability::buffered));
  }
  void next_write_is(write_fate fate) {
    kept_.decide_fates_by([fate](const write_set&, durability) { return fate; });
  }
  std::optional<std::string> value(const std::string& key) {
    return kept_.get(family::head, key).value();
  }

  memory_store kept_;
};

TEST_F(MemoryStore, LosesBufferedWritesInACrash) {
  syncs("a", "1");
  buffers("a", "2");
  buffers("b", "1");

  kept_.crash();

  EXPECT_EQ(value("a"), "1");
  EXPECT_EQ(value("b"), std::nullopt);
}

TEST_F(MemoryStore, BringsBackWhatABufferedWriteTookAway) {
  syncs("a", "1");
  ASSERT_TRUE(kept_.write_all({{family::head, "a", "", true}, {family::head, "a", "2"}},
                              durability::buffered));

  kept_.crash();

  EXPECT_EQ(value("a"), "1");
}

TEST_F(MemoryStore, KeepsBufferedWritesThatALaterSyncCovered) {
  buffers("a", "1");
  syncs("b", "1");

  kept_.crash();

  EXPECT_EQ(value("a"), "1");
  EXPECT_EQ(kept_.buffered_count(), 0U);
}

TEST_F(MemoryStore, KeepsABeginningOfTheBufferedWrites) {
  buffers("a", "1");
  buffers("a", "2");
  buffers("a", "3");
  EXPECT_EQ(kept_.buffered_count(), 3U);

  kept_.crash(2);

  EXPECT_EQ(value("a"), "2");
}

TEST_F(MemoryStore, WritesNothingThatItRefuses) {
  next_write_is(write_fate::refused);

  EXPECT_EQ(writes("a", "1", durability::synced).error().code, fault_code::storage_full);

  EXPECT_EQ(value("a"), std::nullopt);
  EXPECT_TRUE(kept_.is_healthy());
}

TEST_F(MemoryStore, FailsEveryWriteAfterALostOneUntilARestart) {
  next_write_is(write_fate::lost);
  EXPECT_EQ(writes("a", "1", durability::synced).error().code, fault_code::storage_failed);
  EXPECT_FALSE(kept_.is_healthy());

  next_write_is(write_fate::kept);
  EXPECT_EQ(writes("b", "1", durability::synced).error().code, fault_code::storage_failed);

  kept_.crash();
  EXPECT_TRUE(kept_.is_healthy());
  EXPECT_EQ(value("a"), std::nullopt);
  EXPECT_EQ(value("b"), std::nullopt);
  syncs("b", "1");
}

TEST_F(MemoryStore, ShowsAWriteThatWasKeptInSecretOnlyAfterARestart) {
  buffers("a", "1");
  next_write_is(write_fate::kept_in_secret);
  EXPECT_EQ(writes("b", "1", durability::synced).error().code, fault_code::storage_failed);
  EXPECT_EQ(value("b"), std::nullopt);

  kept_.crash();

  EXPECT_EQ(value("a"), "1");
  EXPECT_EQ(value("b"), "1");
}

TEST_F(MemoryStore, CopiesRowsThatNoCrashTakesBack) {
  syncs("a", "1");
  buffers("b", "1");

  const auto copy = kept_.copy();
  EXPECT_TRUE(copy->has_rows_of(kept_));
  kept_.crash();
  copy->crash();

  EXPECT_EQ(copy->get(family::head, "b").value(), "1");
  EXPECT_FALSE(copy->has_rows_of(kept_));
}

}  // namespace
}  // namespace frontdesk
