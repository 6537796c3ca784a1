#include "storage/reader.hpp"
#include "storage/rocks_store.hpp"
#include "storage/synced_mark.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace frontdesk {
namespace {

namespace files = std::filesystem;

class Checkpoint : public testing::Test {
 protected:
  std::unique_ptr<rocks_store> opens(const std::string& name, bool renews_history = false) {
    rocks_options options;
    options.folder = folder_.path(name);
    options.renews_history = renews_history;
    auto opened = open_rocks_store(options);
    const auto* failed = std::get_if<open_failure>(&opened);
    EXPECT_EQ(failed, nullptr) << failed->sentence;
    return failed != nullptr ? nullptr : std::get<0>(std::move(opened));
  }
  static void keeps(store& at, const std::string& key, const std::string& value) {
    ASSERT_TRUE(at.write_all({{family::head, key, value}}, durability::synced));
  }
  static std::optional<std::string> value(store& at, const std::string& key) {
    return at.get(family::head, key).value();
  }

  temp_folder folder_;
};

TEST_F(Checkpoint, HasWhatWasSyncedThenAndNothingLater) {
  const auto store = opens("store");
  keeps(*store, "a", "1");

  ASSERT_TRUE(store->checkpoint(folder_.path("copy")));
  keeps(*store, "a", "2");
  keeps(*store, "b", "2");

  const auto copy = opens("copy");
  EXPECT_EQ(value(*copy, "a"), "1");
  EXPECT_EQ(value(*copy, "b"), std::nullopt);
  EXPECT_EQ(value(*store, "a"), "2");
  EXPECT_TRUE(copy->verify());
  EXPECT_TRUE(synced_mark::read(folder_.path("copy.synced")).has_value());
}

TEST_F(Checkpoint, KeepsTheHistoryUnlessItIsRenewed) {
  const auto store = opens("store");
  ASSERT_TRUE(store->checkpoint(folder_.path("copy")));
  ASSERT_TRUE(store->checkpoint(folder_.path("other")));
  const auto history = [](rocks_store& of) { return reader{of}.history_id().value(); };

  const std::string same = history(*opens("copy"));
  const std::string renewed = history(*opens("other", true));

  EXPECT_EQ(same, history(*store));
  EXPECT_NE(renewed, history(*store));
  EXPECT_EQ(history(*opens("other")), renewed);
}

TEST_F(Checkpoint, DoesNotWriteOverAnything) {
  const auto store = opens("store");
  keeps(*store, "a", "1");
  files::create_directory(folder_.path("taken"));
  std::ofstream{folder_.path("taken/mine")} << "mine";

  const auto made = store->checkpoint(folder_.path("taken"));

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, fault_code::storage_failed);
  EXPECT_TRUE(files::exists(folder_.path("taken/mine")));
}

TEST_F(Checkpoint, FindsAFlippedByteInATable) {
  auto store = opens("store");
  std::string text;
  for (unsigned i = 1; text.size() < 5000; ++i)
    text += static_cast<char>(i * i * 31 % 251);
  keeps(*store, "a", text);
  ASSERT_TRUE(store->verify());
  store = nullptr;
  files::path largest;
  for (const auto& entry : files::directory_iterator{folder_.path("store")}) {
    const bool is_table = entry.path().extension() == ".sst";
    if (is_table && (largest.empty() || entry.file_size() > files::file_size(largest))) {
      largest = entry.path();
    }
  }
  std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(100);
  const char was = static_cast<char>(file.get());
  file.seekp(100);
  file.put(static_cast<char>(was ^ 1));
  file.close();

  EXPECT_FALSE(opens("store")->verify());
}

}  // namespace
}  // namespace frontdesk
