#include "storage/space_watch.hpp"

#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <ostream>

namespace frontdesk {

std::ostream& operator<<(std::ostream& out, space_level level) {
  constexpr const char* names[] = {"roomy", "low", "exhausted"};
  return out << names[static_cast<int>(level)];
}

namespace {

constexpr std::uint64_t mb = 1'000'000;
constexpr std::uint64_t gb = 1'000 * mb;
constexpr std::uint64_t mib = 1ULL << 20U;
constexpr std::uint64_t gib = 1ULL << 30U;

using enum space_level;

TEST(SpaceRule, HasAFloorForEveryDisk) {
  const space_rule rule;

  EXPECT_EQ(rule.floor_of(64 * mb), 6'400'000U);
  EXPECT_EQ(rule.floor_of(2 * gb), 200 * mb);
  EXPECT_EQ(rule.floor_of(10 * gb), 1 * gb);
  EXPECT_EQ(rule.floor_of(20 * gb), 1 * gib);
  EXPECT_EQ(rule.floor_of(100 * gb), 5 * gb);
  EXPECT_EQ(rule.floor_of(1000 * gb), 8 * gib);
}

TEST(SpaceRule, HasASmallerReserveForASmallDisk) {
  const space_rule rule;

  EXPECT_EQ(rule.reserve_of(1000 * gb), 256 * mib);
  EXPECT_EQ(rule.reserve_of(10 * gb), 200 * mb);
  for (const std::uint64_t total : {64 * mb, 2 * gb, 10 * gb, 100 * gb}) {
    EXPECT_LT(rule.reserve_of(total), rule.floor_of(total));
  }
}

TEST(SpaceRule, JudgesByFreeBytesAndByWhatWasBefore) {
  struct {
    std::uint64_t total;
    std::uint64_t free;
    space_level before;
    space_level after;
  } constexpr table[] = {
      // A small disk that is fairly full works.
      {10 * gb, 2 * gb, roomy, roomy},
      {10 * gb, 1 * gb, roomy, roomy},
      {10 * gb, 1 * gb - 1, roomy, low},
      // To come back takes a tenth more.
      {10 * gb, 1'100 * mb - 1, low, low},
      {10 * gb, 1'100 * mb, low, roomy},
      {10 * gb, 200 * mb, low, low},
      {10 * gb, 200 * mb - 1, low, exhausted},
      {10 * gb, 300 * mb - 1, exhausted, exhausted},
      {10 * gb, 300 * mb, exhausted, low},
      {10 * gb, 1'050 * mb, exhausted, low},
      {10 * gb, 5 * gb, exhausted, roomy},
      {10 * gb, 0, roomy, exhausted},
      // A large one goes by per cent.
      {1000 * gb, 50 * gb, roomy, roomy},
      {1000 * gb, 8 * gb, roomy, low},
      // A disk of nothing has no room.
      {0, 0, roomy, roomy},
  };
  for (const auto& row : table) {
    EXPECT_EQ(judge({}, {row.free, row.total}, row.before), row.after)
        << row.free << " of " << row.total << " free, " << row.before << " before";
  }
}

// A disk of 10 GB whose other files are counted by hand.
class small_disk final : public disk {
 public:
  std::optional<disk_room> room() override {
    if (unknown) {
      return std::nullopt;
    }
    return disk_room{total - std::min(total, others + file), total};
  }
  std::uint64_t reserved() override { return file; }
  bool reserve(std::uint64_t bytes) override {
    file = bytes;
    return true;
  }
  void release() override { file = 0; }

  static constexpr std::uint64_t total = 10 * gb;
  std::uint64_t others = 0;
  std::uint64_t file = 0;
  bool unknown = false;
};

TEST(SpaceWatch, MakesTheReserveWhenItBegins) {
  small_disk under;

  const space_watch watch{under};

  EXPECT_EQ(under.file, 200 * mb);
  EXPECT_FALSE(watch.is_short());
}

TEST(SpaceWatch, TellsTheRoomThatItHasSeenLast) {
  small_disk under;
  space_watch watch{under};
  under.others = 4'000 * mb;
  watch.check();
  EXPECT_EQ(watch.room()->free, 5'800 * mb);
  EXPECT_EQ(watch.room()->total, 10 * gb);

  under.unknown = true;
  watch.check();

  EXPECT_EQ(watch.room()->free, 5'800 * mb);
}

TEST(SpaceWatch, RefusesPostsBeforeItGivesTheReserveBack) {
  small_disk under;
  space_watch watch{under};

  under.others = 9'000 * mb;
  EXPECT_EQ(watch.check(), low);
  EXPECT_TRUE(watch.is_short());
  EXPECT_EQ(under.file, 200 * mb);

  under.others = 9'700 * mb;
  EXPECT_EQ(watch.check(), exhausted);
  EXPECT_EQ(under.file, 0U);
}

TEST(SpaceWatch, DoesNotTakeTheReturnedReserveForRoom) {
  small_disk under;
  space_watch watch{under};
  under.others = 9'700 * mb;
  watch.check();

  // 300 MB are free now, 200 of them the reserve's.
  EXPECT_EQ(watch.check(), exhausted);
  EXPECT_EQ(under.file, 0U);
}

TEST(SpaceWatch, MakesTheReserveAgainWhenThereIsRoomForIt) {
  small_disk under;
  space_watch watch{under};
  under.others = 9'900 * mb;
  watch.check();

  under.others = 8'850 * mb;
  EXPECT_EQ(watch.check(), low);
  EXPECT_EQ(under.file, 0U);
  under.others = 8'600 * mb;
  EXPECT_EQ(watch.check(), roomy);
  EXPECT_EQ(under.file, 200 * mb);
}

TEST(SpaceWatch, GivesTheReserveBackWhenItIsTold) {
  small_disk under;
  space_watch watch{under};

  watch.release_reserve();

  EXPECT_EQ(under.file, 0U);
  watch.check();
  EXPECT_EQ(under.file, 200 * mb);
}

TEST(SpaceWatch, ChangesNothingIfTheDiskCannotBeAsked) {
  small_disk under;
  space_watch watch{under};
  under.others = 9'000 * mb;
  watch.check();

  under.unknown = true;

  EXPECT_EQ(watch.check(), low);
}

TEST(SpaceWatch, CanBeGivenAnotherRule) {
  small_disk under;
  under.others = 5 * gb;

  EXPECT_FALSE(space_watch(under).is_short());
  EXPECT_TRUE(space_watch(under, {6 * gb, 60, 1 * mb}).is_short());
}

TEST(DiskUnderAFolder, MakesAndReleasesAFileOfItsWholeSize) {
  const temp_folder folder;
  const auto under = disk_under(folder.path(""));
  const auto before = under->room();
  ASSERT_TRUE(before);
  EXPECT_GT(before->total, before->free);

  EXPECT_TRUE(under->reserve(8 * mib));
  EXPECT_EQ(under->reserved(), 8 * mib);
  EXPECT_EQ(std::filesystem::file_size(folder.path("reserve")), 8 * mib);

  under->release();
  EXPECT_EQ(under->reserved(), 0U);
  EXPECT_FALSE(std::filesystem::exists(folder.path("reserve")));
}

TEST(DiskUnderAFolder, LeavesNoHalfAReserve) {
  const temp_folder folder;
  const auto under = disk_under(folder.path(""));

  EXPECT_FALSE(under->reserve(1ULL << 62U));

  EXPECT_FALSE(std::filesystem::exists(folder.path("reserve")));
}

TEST(DiskUnderAFolder, KnowsNothingOfAFolderThatIsNotThere) {
  const auto under = disk_under("/nowhere/at/all");

  EXPECT_FALSE(under->room());
  EXPECT_FALSE(under->reserve(1));
  EXPECT_EQ(under->reserved(), 0U);
}

}  // namespace
}  // namespace frontdesk
