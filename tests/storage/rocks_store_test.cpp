#include "storage/rocks_store.hpp"

#include "storage/layout.hpp"
#include "storage/reader.hpp"
#include "tests/storage/second_process.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <rocksdb/db.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace frontdesk {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class RocksStore : public testing::Test {
 protected:
  RocksStore() { options_.folder = folder_.path("data/store"); }

  void opens() {
    open_ = nullptr;
    auto opened = open_rocks_store(options_);
    const auto* failed = std::get_if<open_failure>(&opened);
    ASSERT_EQ(failed, nullptr) << failed->sentence;
    open_ = std::get<0>(std::move(opened));
  }
  void closes() { open_ = nullptr; }

  open_failure fails_to_open() {
    auto opened = open_rocks_store(options_);
    const auto* failed = std::get_if<open_failure>(&opened);
    EXPECT_NE(failed, nullptr);
    return failed != nullptr ? *failed : open_failure{};
  }

  void keeps(family where, const std::string& key, const std::string& value) {
    ASSERT_TRUE(open_->write_all({{where, key, value}}, durability::synced));
  }
  std::optional<std::string> value(family where, const std::string& key) {
    return open_->get(where, key).value();
  }
  std::string history() { return reader{*open_}.history_id().value(); }

  static std::string sentence_of_second_process(const std::string& role,
                                                const std::string& folder) {
    second_process other{role, folder};
    return other.line().value_or("nothing");
  }
  static std::string number_of(open_problem problem) {
    return std::to_string(static_cast<int>(problem));
  }

  temp_folder folder_;
  rocks_options options_;
  std::unique_ptr<rocks_store> open_;
};

TEST_F(RocksStore, KeepsWhatWasWrittenOverClosingAndOpening) {
  opens();
  keeps(family::head, "k", "v");
  ASSERT_TRUE(open_->write_all({{family::cursor, "c", "v"}}, durability::buffered));

  opens();

  EXPECT_EQ(value(family::head, "k"), "v");
  EXPECT_EQ(value(family::cursor, "c"), "v");
  EXPECT_TRUE(open_->is_healthy());
}

TEST_F(RocksStore, GivesANewFolderAHistoryThatStays) {
  options_.new_history = [] {
    return std::array<std::uint8_t, 16>{0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
                                        0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
  };
  opens();
  EXPECT_EQ(history(), "00112233445566778899aabbccddeeff");

  options_.new_history = nullptr;
  opens();
  EXPECT_EQ(history(), "00112233445566778899aabbccddeeff");
}

TEST_F(RocksStore, GivesEachFolderAnotherHistory) {
  opens();
  const std::string first = history();

  options_.folder = folder_.path("another");
  opens();

  EXPECT_NE(history(), first);
}

TEST_F(RocksStore, SaysThatThisProcessUsesTheFolder) {
  opens();

  const open_failure failed = fails_to_open();

  EXPECT_EQ(failed.problem, open_problem::in_use);
  EXPECT_THAT(failed.sentence, HasSubstr("in use by this process already"));
  EXPECT_THAT(sentence_of_second_process("open", options_.folder),
              StartsWith(number_of(open_problem::in_use)));
}

TEST_F(RocksStore, SaysWhichProcessUsesTheFolder) {
  second_process other{"hold", options_.folder};
  ASSERT_EQ(other.line(), "open");

  const open_failure failed = fails_to_open();

  EXPECT_EQ(failed.problem, open_problem::in_use);
  EXPECT_THAT(failed.sentence, testing::MatchesRegex(".* in use by process [0-9]+\\. .*"));
}

TEST_F(RocksStore, OpensAFolderWhoseProcessWasKilled) {
  second_process other{"hold", options_.folder};
  ASSERT_EQ(other.line(), "open");

  other.is_killed();

  opens();
}

TEST_F(RocksStore, SaysWhatItMayNotRead) {
  opens();
  closes();
  ASSERT_EQ(chmod(options_.folder.c_str(), 0), 0);

  const std::string answer = sentence_of_second_process("open_as_nobody", options_.folder);

  EXPECT_THAT(answer, StartsWith(number_of(open_problem::not_permitted)));
  EXPECT_THAT(answer, HasSubstr("may not read and write " + folder_.path("")));
  chmod(options_.folder.c_str(), 0700);
}

TEST_F(RocksStore, SaysThatAPathIsNoFolder) {
  std::ofstream{folder_.path("file")} << "text";
  options_.folder = folder_.path("file");
  EXPECT_THAT(fails_to_open().sentence, HasSubstr("not a folder"));

  options_.folder = folder_.path("file/inside");
  EXPECT_EQ(fails_to_open().problem, open_problem::other);
}

TEST_F(RocksStore, RefusesANewerFormat) {
  opens();
  keeps(family::meta, format_key(), number_to_bytes(format_version + 1));
  closes();

  const open_failure failed = fails_to_open();

  EXPECT_EQ(failed.problem, open_problem::newer_format);
  EXPECT_THAT(failed.sentence, HasSubstr(fmt::format("format {}", format_version + 1)));
}

TEST_F(RocksStore, RefusesAFamilyThatItDoesNotKnow) {
  opens();
  closes();
  {
    std::vector<std::string> names;
    rocksdb::DB::ListColumnFamilies({}, options_.folder, &names);
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const std::string& name : names) {
      families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
    }
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, options_.folder, families, &handles, &db).ok());
    handles.push_back(nullptr);
    ASSERT_TRUE(db->CreateColumnFamily({}, "dreams", &handles.back()).ok());
    for (auto* handle : handles) {
      db->DestroyColumnFamilyHandle(handle);
    }
    delete db;
  }

  const open_failure failed = fails_to_open();

  EXPECT_EQ(failed.problem, open_problem::newer_format);
  EXPECT_THAT(failed.sentence, HasSubstr("dreams"));
}

TEST_F(RocksStore, RefusesAFormatThatCannotBeRead) {
  opens();
  keeps(family::meta, format_key(), "?");
  closes();
  EXPECT_EQ(fails_to_open().problem, open_problem::damaged);
}

TEST_F(RocksStore, RefusesAHistoryThatCannotBeRead) {
  opens();
  keeps(family::meta, history_key(), "?");
  closes();
  EXPECT_EQ(fails_to_open().problem, open_problem::damaged);
}

TEST_F(RocksStore, RefusesAFolderWithoutItsTables) {
  opens();
  keeps(family::head, "k", "v");
  opens();
  closes();
  for (const auto& entry : std::filesystem::directory_iterator{options_.folder}) {
    if (entry.path().extension() == ".sst") {
      std::filesystem::remove(entry);
    }
  }

  const open_failure failed = fails_to_open();

  EXPECT_EQ(failed.problem, open_problem::damaged);
  EXPECT_THAT(failed.sentence, HasSubstr("Restore a backup"));
}

TEST_F(RocksStore, MakesNoNewStoreOverTablesWithoutTheirBeginning) {
  opens();
  closes();
  std::filesystem::remove(options_.folder + "/CURRENT");

  EXPECT_EQ(fails_to_open().problem, open_problem::damaged);
}

TEST_F(RocksStore, RefusesAManifestOfNoise) {
  opens();
  closes();
  for (const auto& entry : std::filesystem::directory_iterator{options_.folder}) {
    if (entry.path().filename().string().starts_with("MANIFEST")) {
      std::ofstream{entry.path(), std::ios::trunc} << std::string(4096, '\x5a');
    }
  }

  EXPECT_EQ(fails_to_open().problem, open_problem::damaged);
}

TEST_F(RocksStore, ServesNoBlockThatWasChangedOnTheDisk) {
  opens();
  keeps(family::head, "k", std::string(10'000, 'v'));
  opens();
  closes();
  for (const auto& entry : std::filesystem::directory_iterator{options_.folder}) {
    if (entry.path().extension() == ".sst") {
      std::fstream file{entry.path(), std::ios::in | std::ios::out | std::ios::binary};
      file.seekp(20) << '\x5a';
    }
  }
  std::vector<std::string> lines;
  options_.log = [&](log_severity, std::string_view line) { lines.emplace_back(line); };
  // The history lies in such a block, too.
  EXPECT_EQ(fails_to_open().problem, open_problem::damaged);
}

TEST_F(RocksStore, LosesNothingOfWhatAKilledProcessSaidWasWritten) {
  int last = 0;
  for (int round = 0; round < 4; ++round) {
    std::uintmax_t log_bytes = 0;
    {
      second_process writer{"write", options_.folder};
      for (int sets = 0; sets < 8 + 9 * round; ++sets) {
        const std::string said = writer.line().value();
        last = std::stoi(said);
        log_bytes = std::stoull(said.substr(said.find(' ')));
      }
      writer.is_killed();
    }
    // A torn end, as a power cut leaves it: what was not synced is cut off, or noise.
    const std::string log = newest_log(options_.folder);
    const auto size = std::filesystem::file_size(log);
    if (size > log_bytes && round % 2 == 0) {
      std::filesystem::resize_file(log, log_bytes + (size - log_bytes) / 2);
      // The writer was further than it has said, and its mark knows; a power cut that takes the
      // one takes the other, too.
      std::filesystem::remove(options_.folder + ".synced");
    }
    std::ofstream{log, std::ios::app | std::ios::binary} << std::string(100 + 999 * round, '\x5a');

    opens();
    const int found = std::stoi(value(family::head, last_set_key).value());
    EXPECT_GE(found, last);
    for (int set = 1; set <= found + 1; ++set) {
      for (int row = 0; row < rows_per_set; ++row) {
        EXPECT_EQ(value(family::log, row_key(set, row)).has_value(), set <= found) << set;
      }
    }
    closes();
  }
}

}  // namespace
}  // namespace frontdesk
