#include "storage/rocks_store.hpp"
#include "tests/storage/second_process.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace frontdesk {
namespace {

/// A store that a process was killed over: its log has what no table has.
class ReadsOnly : public testing::Test {
 protected:
  ReadsOnly() {
    options_.folder = folder_.path("data/store");
    options_.reads_only = true;
    second_process writer{"write", options_.folder};
    for (int sets = 0; sets < 5; ++sets)
      last_ = std::stoi(writer.line().value());
    writer.is_killed();
  }

  /// All files, with what is in them.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> found;
    for (const auto& each : std::filesystem::recursive_directory_iterator{folder_.path("")}) {
      if (!each.is_regular_file()) continue;
      std::ifstream file{each.path(), std::ios::binary};
      found[each.path().string()] = {std::istreambuf_iterator<char>{file}, {}};
    }
    return found;
  }
  open_problem why_not() const {
    auto opened = open_rocks_store(options_);
    const auto* failed = std::get_if<open_failure>(&opened);
    EXPECT_NE(failed, nullptr);
    return failed == nullptr ? open_problem::other : failed->problem;
  }

  temp_folder folder_;
  rocks_options options_;
  int last_ = 0;
};

TEST_F(ReadsOnly, ShowsAllThatWasWrittenAndChangesNothing) {
  const auto before = files();
  {
    auto opened = open_rocks_store(options_);
    ASSERT_EQ(opened.index(), 0U) << std::get<open_failure>(opened).sentence;
    const auto rows = std::get<0>(std::move(opened));

    EXPECT_GE(std::stoi(rows->get(family::head, last_set_key).value().value()), last_);
    EXPECT_TRUE(rows->get(family::log, row_key(last_, 0)).value().has_value());
    const auto written = rows->write_all({{family::head, "k", "v"}}, durability::synced);
    EXPECT_EQ(written.error().code, fault_code::storage_failed);
    EXPECT_FALSE(rows->checkpoint(folder_.path("copy")));
    EXPECT_TRUE(rows->is_healthy());
  }

  EXPECT_EQ(files(), before);
}

TEST_F(ReadsOnly, LeavesAFolderAloneThatSomebodyElseHas) {
  second_process holder{"hold", options_.folder};
  ASSERT_EQ(holder.line(), "open");
  const auto before = files();

  EXPECT_EQ(why_not(), open_problem::in_use);

  EXPECT_EQ(files(), before);
}

TEST_F(ReadsOnly, FindsThatSomethingIsMissingOfWhatWasSynced) {
  std::filesystem::resize_file(newest_log(options_.folder), 100);

  EXPECT_EQ(why_not(), open_problem::damaged);
}

TEST_F(ReadsOnly, MakesNoNewStore) {
  std::filesystem::remove_all(options_.folder);
  std::filesystem::create_directory(options_.folder);
  const auto before = files();

  EXPECT_EQ(why_not(), open_problem::damaged);

  EXPECT_EQ(files(), before);
}

}  // namespace
}  // namespace frontdesk
