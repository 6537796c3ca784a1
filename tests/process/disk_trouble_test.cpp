#include "tests/process/node_process.hpp"
#include "tests/process/small_disk.hpp"
#include "tests/process/talking_desk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <memory>
#include <random>

namespace frontdesk::process {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr std::uint64_t megabyte = 1024 * 1024;
constexpr int temporary = 75;
/// Debian's RocksDB asserts that a log which met a full disk is not written again.
constexpr int aborted = 128 + 6;

/// A node on a small disk of its own, and people who talk while it fills up or breaks.
class DiskTrouble : public testing::Test {
 protected:
  /// False: this machine has no such disk.
  bool stands_on(small_disk::kinds kind, unsigned megabytes) {
    disk_ = std::make_unique<small_disk>(kind, folder_.path("disk"), megabytes);
    if (!disk_->why_not().empty()) return false;
    node_ = std::make_unique<node_process>(disk_->path("data"));
    furnish(node_->data());
    node_->start();
    desk_ =
        std::make_unique<talking_desk>(place{node_->port()}, talking_desk::setup{.seed = seed_});
    return true;
  }

  /// The node has ended, or ends now; it is started again.
  void starts_again() {
    EXPECT_TRUE(desk_->hears_the_end());
    node_->start();
    desk_->comes_to({node_->port()});
  }

  void expect_nothing_lost() {
    EXPECT_TRUE(desk_->comes_to_rest()) << desk_->complaint() << node_->log();
    EXPECT_EQ(node_->stop(), 0) << node_->log();
    const checker::report found = desk_->judged(node_->data());
    EXPECT_TRUE(found.is_clean()) << found.text();
    EXPECT_GT(found.seen.acked, 20U);
    fmt::print("seed {}: {}\n", seed_, found.summary());
  }

  const std::uint64_t seed_ = number_from("FRONTDESK_SEED", std::random_device{}());
  temp_folder folder_;
  std::unique_ptr<small_disk> disk_;
  std::unique_ptr<node_process> node_;
  std::unique_ptr<talking_desk> desk_;
};

TEST_F(DiskTrouble, AShortDiskRefusesPostsUntilItHasRoom) {
  if (!stands_on(small_disk::kinds::memory, 256)) GTEST_SKIP() << disk_->why_not();
  ASSERT_TRUE(desk_->opens()) << node_->log();

  const std::uint64_t times = number_from("FRONTDESK_FULL_DISKS", 1);
  for (std::uint64_t i = 0; i < times; ++i) {
    const auto refused = desk_->faults_count("storage_full");
    disk_->leaves(10 * megabyte);
    ASSERT_TRUE(desk_->talks_until([&] { return desk_->faults_count("storage_full") > refused; }))
        << desk_->complaint() << node_->log();
    EXPECT_TRUE(node_->is_alive());
    disk_->is_freed();
    const std::uint64_t until = desk_->texts_count() + 20;
    EXPECT_TRUE(desk_->talks_until([&] { return desk_->texts_count() > until; }));
  }

  EXPECT_THAT(node_->log(), HasSubstr("disk_short"));
  const auto is_told = [&] { return node_->log().find("disk_has_room") != std::string::npos; };
  EXPECT_TRUE(desk_->talks_until(is_told)) << node_->log();
  expect_nothing_lost();
}

TEST_F(DiskTrouble, ADiskThatIsFullAtOnceLosesNothing) {
  if (!stands_on(small_disk::kinds::memory, 128)) GTEST_SKIP() << disk_->why_not();
  ASSERT_TRUE(desk_->opens()) << node_->log();
  const std::uint64_t times = number_from("FRONTDESK_FULL_DISKS", 1);
  unsigned ended_count = 0;

  for (std::uint64_t i = 0; i < times; ++i) {
    desk_->talks_for(milliseconds{desk_->random()() % 300});
    disk_->leaves(0);
    desk_->talks_for(milliseconds{300 + desk_->random()() % 1500});
    disk_->is_freed();
    if (!node_->is_alive()) {
      ++ended_count;
      EXPECT_THAT(node_->ended_with(), testing::AnyOf(temporary, aborted)) << node_->log();
      starts_again();
    }
    const std::uint64_t until = desk_->texts_count() + 20;
    EXPECT_TRUE(desk_->talks_until([&] { return desk_->texts_count() > until; }));
  }

  fmt::print("{} times full, {} times ended\n", times, ended_count);
  expect_nothing_lost();
}

TEST_F(DiskTrouble, ADiskThatBreaksEndsTheNodeAndLosesNothingThatWasSynced) {
  if (!stands_on(small_disk::kinds::image, 256)) GTEST_SKIP() << disk_->why_not();
  ASSERT_TRUE(desk_->opens()) << node_->log();
  const std::uint64_t times = number_from("FRONTDESK_BROKEN_DISKS", 1);

  for (std::uint64_t i = 0; i < times; ++i) {
    desk_->talks_for(milliseconds{50 + desk_->random()() % 500});
    if (!disk_->breaks()) GTEST_SKIP() << "this kernel's ext4 cannot be shut down";
    ASSERT_TRUE(desk_->talks_until([&] { return !node_->is_alive(); })) << node_->log();
    EXPECT_EQ(node_->ended_with(), temporary) << node_->log();
    EXPECT_TRUE(desk_->hears_the_end());
    ASSERT_TRUE(disk_->comes_back());
    starts_again();
  }

  fmt::print("{} disks broken under the node\n", times);
  expect_nothing_lost();
}

}  // namespace
}  // namespace frontdesk::process
