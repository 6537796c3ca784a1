#include "storage/rocks_store.hpp"
#include "storage/synced_mark.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace frontdesk {
namespace {

namespace files = std::filesystem;

constexpr int rows_count = 40;

std::string key_of(int row) {
  return fmt::format("row {:03}", row);
}
std::string value_of(int row) {
  return fmt::format("{}: {}", row, std::string(300, 'x'));
}

/// A store as a killed process leaves it: some rows in tables, some only in the log.
class FlippedByte : public testing::Test {
 protected:
  void SetUp() override {
    {
      const auto store = opens(folder_.path("first/store"));
      writes(*store, 0, rows_count / 2);
    }
    const auto store = opens(folder_.path("first/store"));
    writes(*store, rows_count / 2, rows_count);
    files::copy(folder_.path("first"), folder_.path("killed"), files::copy_options::recursive);
  }

  static std::unique_ptr<rocks_store> opens(const std::string& folder) {
    rocks_options options;
    options.folder = folder;
    auto opened = open_rocks_store(options);
    const auto* failed = std::get_if<open_failure>(&opened);
    if (failed != nullptr) {
      sentence() = failed->sentence;
      return nullptr;
    }
    return std::get<0>(std::move(opened));
  }

  static std::string& sentence() {
    static std::string last;
    return last;
  }

  static void writes(rocks_store& store, int from, int to) {
    for (int row = from; row < to; ++row) {
      ASSERT_TRUE(store.write_all({{family::log, key_of(row), value_of(row)}}, durability::synced));
    }
  }

  /// The killed store once more, with a byte of a file turned over.
  std::string with_flip(const std::string& name, std::uintmax_t at) {
    const std::string copy = folder_.path("copy");
    files::remove_all(copy);
    files::copy(folder_.path("killed"), copy, files::copy_options::recursive);
    std::fstream file(copy + "/store/" + name, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const char was = static_cast<char>(file.get());
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(was ^ 0x10));
    return copy + "/store";
  }

  /// Every row is as it was written, or its reading fails; nothing else is ever given out.
  static void expect_nothing_false_from(rocks_store& store, const std::string& which) {
    for (int row = 0; row < rows_count; ++row) {
      const auto found = store.get(family::log, key_of(row));
      if (!found) continue;
      ASSERT_TRUE(found->has_value()) << which << " lost row " << row << " silently";
      ASSERT_EQ(**found, value_of(row)) << which;
    }
  }

  temp_folder folder_;
};

TEST_F(FlippedByte, IsFoundWhereverItIs) {
  int refused = 0;
  int flips = 0;
  for (const auto& entry : files::directory_iterator{folder_.path("killed/store")}) {
    const std::string name = entry.path().filename().string();
    const std::uintmax_t size = entry.file_size();
    for (const std::uintmax_t step = size / 8 + 1;
         const std::uintmax_t part : {0, 1, 2, 3, 4, 5, 6, 7}) {
      const std::uintmax_t at = part * step + part;
      if (at >= size) continue;
      ++flips;
      const auto store = opens(with_flip(name, at));
      if (store == nullptr) {
        ++refused;
        continue;
      }
      expect_nothing_false_from(*store, fmt::format("{} at {} of {}", name, at, size));
    }
  }
  EXPECT_GT(flips, 40);
  EXPECT_GT(refused, flips / 4);
}

TEST_F(FlippedByte, InTheLogLeavesTheStoreAsItIs) {
  std::string log;
  for (const auto& entry : files::directory_iterator{folder_.path("killed/store")}) {
    if (entry.path().extension() == ".log") log = entry.path().filename().string();
  }
  const std::string store = with_flip(log, 3000);

  EXPECT_EQ(opens(store), nullptr);
  EXPECT_EQ(opens(store), nullptr) << "also at the second look";

  EXPECT_NE(sentence().find("damaged"), std::string::npos) << sentence();
  EXPECT_TRUE(files::exists(store + "/" + log));
}

TEST_F(FlippedByte, AtTheTornEndIsNoDamage) {
  std::string log;
  for (const auto& entry : files::directory_iterator{folder_.path("killed/store")}) {
    if (entry.path().extension() == ".log") log = entry.path().string();
  }
  std::ofstream{log, std::ios::app | std::ios::binary} << "half of a record that nobody synced";

  const auto store = opens(folder_.path("killed/store"));

  ASSERT_NE(store, nullptr) << sentence();
  for (int row = 0; row < rows_count; ++row)
    EXPECT_EQ(store->get(family::log, key_of(row)).value(), value_of(row));
}

TEST(SyncedMark, SaysHowFarItWasRaised) {
  const temp_folder folder;
  const std::string file = folder.path("mark");
  EXPECT_EQ(synced_mark::read(file), std::nullopt);
  {
    synced_mark mark{file};
    EXPECT_TRUE(mark.is_kept());
    mark.raise(7);
    mark.raise(5);
  }
  EXPECT_EQ(synced_mark::read(file), 7U);
  {
    synced_mark mark{file};
    mark.raise(6);
    EXPECT_EQ(synced_mark::read(file), 7U);
    mark.raise(9);
  }
  EXPECT_EQ(synced_mark::read(file), 9U);
}

TEST(SyncedMark, IsNothingWhenHalfOfItIsThere) {
  const temp_folder folder;
  const std::string file = folder.path("mark");
  { synced_mark{file}.raise(7); }
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(8);
  out.put(9);
  out.close();

  EXPECT_EQ(synced_mark::read(file), std::nullopt);
}

TEST(SyncedMark, SaysThatItCannotBeWritten) {
  const temp_folder folder;
  EXPECT_FALSE(synced_mark{folder.path("no such folder/mark")}.is_kept());
}

}  // namespace
}  // namespace frontdesk
