#include "tests/process/folder_events.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/program.hpp"
#include "tests/process/talking_desk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <map>
#include <memory>
#include <random>

namespace frontdesk::process {
namespace {

namespace files = std::filesystem;
using std::chrono::milliseconds;

/// A node that is killed in the middle of something other than talk.
class KilledAtWork : public testing::Test {
 protected:
  KilledAtWork() {
    furnish(node_.data());
    node_.start();
    desk_ = std::make_unique<talking_desk>(place{node_.port()}, talking_desk::setup{.seed = seed_});
    EXPECT_TRUE(desk_->opens()) << desk_->complaint() << node_.log();
  }

  void dies() {
    node_.kill();
    EXPECT_TRUE(desk_->hears_the_end());
  }
  void starts() {
    node_.start();
    desk_->comes_to({node_.port()});
  }

  void expect_nothing_lost() {
    EXPECT_TRUE(desk_->comes_to_rest()) << desk_->complaint() << node_.log();
    EXPECT_EQ(node_.stop(), 0) << node_.log();
    const checker::report found = desk_->judged(node_.data());
    EXPECT_TRUE(found.is_clean()) << found.text();
    EXPECT_GT(found.seen.acked, 20U);
    fmt::print("seed {}: {}\n", seed_, found.summary());
  }

  const std::uint64_t seed_ = number_from("FRONTDESK_SEED", std::random_device{}());
  const std::uint64_t kills_ = number_from("FRONTDESK_KILLS_AT_WORK", 6);
  temp_folder folder_;
  node_process node_{folder_.path("data")};
  std::unique_ptr<talking_desk> desk_;
};

TEST_F(KilledAtWork, WhileItOpensFlushesAndCompacts) {
  SCOPED_TRACE(fmt::format("FRONTDESK_SEED={} FRONTDESK_KILLS_AT_WORK={}", seed_, kills_));
  std::map<std::string, unsigned> killed_at;
  for (std::uint64_t i = 0; i < kills_; ++i) {
    desk_->talks_for(milliseconds{30 + desk_->random()() % 100});
    dies();
    // Up to three openings in a row come to nothing.
    for (std::uint64_t left = 1 + desk_->random()() % 3; left > 0; --left) {
      folder_events store({node_.data() + "/store"});
      node_.begin();
      std::string last = "nothing";
      for (std::uint64_t n = 1 + desk_->random()() % 150; n > 0; --n) {
        const std::string name = store.next();
        if (name.empty()) break;
        last = name;
      }
      node_.kill();
      const std::string kind = files::path(last).extension().string();
      ++killed_at[kind.empty() ? last.substr(0, last.find('-')) : kind];
    }
    starts();
  }
  std::string where;
  for (const auto& [kind, count] : killed_at)
    where += fmt::format(" {} {}", kind, count);
  fmt::print("killed at changes of{}\n", where);
  expect_nothing_lost();
}

TEST_F(KilledAtWork, WhileABackupIsMade) {
  SCOPED_TRACE(fmt::format("FRONTDESK_SEED={} FRONTDESK_KILLS_AT_WORK={}", seed_, kills_));
  unsigned whole_count = 0;
  for (std::uint64_t i = 0; i < kills_ / 2; ++i) {
    const bool kills_node = i % 2 == 0;
    const std::string kept = folder_.path(fmt::format("kept{}", i));
    desk_->talks_for(milliseconds{30 + desk_->random()() % 100});
    {
      folder_events both({folder_.path(""), node_.data(), node_.data() + "/store"});
      program backup({"backup", kept, "--data", node_.data()});
      // The desk says nothing now: each change is the backup's.
      for (std::uint64_t n = 1 + desk_->random()() % 60; n > 0 && !both.next().empty(); --n) {
      }
      kills_node ? dies() : backup.signal(SIGKILL);
      backup.wait();
    }
    if (kills_node) starts();

    // It is whole, or it is none; and the next one is not in its way.
    const bool is_whole = files::exists(kept);
    whole_count += is_whole ? 1 : 0;
    const std::string half = kept + ".partial";
    const int restored = run({"restore", is_whole ? kept : half, "--data", kept + ".data"}).code;
    // Killed between its last byte and its name, it is whole as well: the checksums say so.
    EXPECT_TRUE(restored == 0 || (!is_whole && restored == 65)) << restored;
    const std::string second = kept + ".second";
    const ended again = run({"backup", second, "--data", node_.data()});
    EXPECT_EQ(again.code, 0) << again.said;
    EXPECT_EQ(run({"restore", second, "--data", second + ".data"}).code, 0);
  }
  fmt::print("{} backups broken off, {} of them were whole\n", kills_ / 2, whole_count);
  expect_nothing_lost();
}

}  // namespace
}  // namespace frontdesk::process
