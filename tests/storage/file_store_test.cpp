#include "storage/file_store.hpp"

#include "tests/storage/temp_folder.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace frontdesk {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr tenant_id shop{1};
constexpr conversation_id talk{0x42};
constexpr person_id ada{person_kind::visitor, 7};
constexpr std::string_view words = "a letter of some length\n";
constexpr std::string_view gif("GIF89a\x02\x00\x03\x00 and what a picture is made of", 40);

/// The process ends here.
struct crash {};

kept_file letter(std::string_view content = words, std::uint64_t id = 1) {
  kept_file file;
  file.tenant = shop;
  file.conversation = talk;
  file.uploader = ada;
  file.visitor = ada;
  file.what = {.id = {id, id}, .name = "letter.txt", .type = "", .bytes = content.size()};
  file.begun_at = timestamp{1000};
  return file;
}

class FileStore : public testing::Test {
 protected:
  FileStore() { options_.folder = folder_.path("files"); }

  void opens(const std::string& boot = "monday") {
    options_.boot = boot;
    options_.watch = [this](file_step step, std::string_view path) { return at_step(step, path); };
    options_.tell = [this](std::string_view sentence) { told_.emplace_back(sentence); };
    auto opened = file_store::open(options_);
    ASSERT_TRUE(opened) << opened.error().name();
    store_ = std::move(*opened);
  }

  disk_fault at_step(file_step step, std::string_view path) {
    if (steps_until_crash_ > 0 && --steps_until_crash_ == 0) throw crash{};
    const bool fails = step == failing_ && path.ends_with(failing_path_);
    return fails ? failure_ : disk_fault::none;
  }

  kept_file begun(kept_file file = letter()) {
    EXPECT_TRUE(store_->begin(file));
    return file;
  }
  kept_file completed(std::string_view content = words, std::uint64_t id = 1) {
    kept_file file = begun(letter(content, id));
    EXPECT_TRUE(store_->append(file, 0, content));
    EXPECT_TRUE(store_->complete(file));
    return file;
  }
  kept_file posted(std::string_view content = words, std::uint64_t id = 1) {
    kept_file file = completed(content, id);
    file.device = {1, 2};
    file.n = post_number{3};
    EXPECT_TRUE(store_->note(file));
    file.seq = sequence{4};
    EXPECT_TRUE(store_->keep(file));
    return file;
  }

  std::string content_of(const kept_file& file,
                         file_store::parts part = file_store::parts::content) {
    const auto opened = store_->open_part(file, part);
    return opened ? (*opened)->read(0, 1 << 20U) : std::string(opened.error().name());
  }
  fault_code found(const kept_file& file) {
    const auto known = store_->find_posted({file.tenant, file.conversation}, file.what.id);
    return known ? fault_code::none : known.error().code;
  }
  std::vector<file_store::upload> unposted() { return store_->unposted().value(); }

  /// Everything below the folder that is no folder.
  std::vector<std::string> all_files() {
    std::vector<std::string> names;
    for (const auto& each : std::filesystem::recursive_directory_iterator(options_.folder)) {
      if (each.is_regular_file()) names.push_back(each.path().string());
    }
    return names;
  }

  temp_folder folder_;
  file_store::options options_;
  std::unique_ptr<file_store> store_;
  std::vector<std::string> told_;
  int steps_until_crash_ = 0;
  file_step failing_ = file_step::sync;
  std::string failing_path_;
  disk_fault failure_ = disk_fault::none;
};

TEST_F(FileStore, KeepsWhatCameInPieces) {
  opens();
  kept_file file = begun();

  EXPECT_TRUE(store_->append(file, 0, words.substr(0, 5)));
  EXPECT_TRUE(store_->append(file, 5, words.substr(5)));
  EXPECT_TRUE(store_->complete(file));

  EXPECT_TRUE(file.is_complete);
  EXPECT_EQ(file.what.type, "text/plain");
  EXPECT_EQ(file.digest, "629d52731b377099640947ac5c308a4e959f9e575b75ec9f20806637125aabd3");
  EXPECT_EQ(content_of(file), words);
}

TEST_F(FileStore, KnowsAfterARestartHowFarAnUploadIs) {
  opens();
  const kept_file file = begun();
  EXPECT_TRUE(store_->append(file, 0, words.substr(0, 5)));

  opens();

  ASSERT_THAT(unposted(), SizeIs(1));
  EXPECT_EQ(unposted().front().file, file);
  EXPECT_EQ(unposted().front().bytes, 5U);
}

TEST_F(FileStore, BeginsAnUploadAgainWhenTheMachineWasStartedAnew) {
  opens("monday");
  const kept_file file = begun();
  EXPECT_TRUE(store_->append(file, 0, words.substr(0, 5)));
  const kept_file whole = completed(words, 2);

  opens("tuesday");

  for (const auto& [known, bytes] : unposted()) {
    EXPECT_EQ(bytes, known.is_complete ? words.size() : 0U);
  }
  EXPECT_EQ(content_of(whole), words);
}

TEST_F(FileStore, RefusesWhatItsBytesDoNotSay) {
  opens();
  kept_file page = letter("<html><script>alert(1)</script>");
  page.what.type = "image/png";
  page = begun(page);
  EXPECT_TRUE(store_->append(page, 0, "<html><script>alert(1)</script>"));

  const auto made = store_->complete(page);

  EXPECT_EQ(made.error().code, fault_code::file_type);
  EXPECT_THAT(all_files(), IsEmpty());
}

TEST_F(FileStore, ReadsTheSizeOfAPictureAndBelievesNobody) {
  opens();
  const std::string picture(gif.substr(0, 10));
  kept_file file = letter(picture);
  file.what.type = "image/jpeg";
  file.what.width = 99999;
  file = begun(file);
  EXPECT_TRUE(store_->append(file, 0, picture));

  EXPECT_TRUE(store_->complete(file));

  EXPECT_EQ(file.what.type, "image/gif");
  EXPECT_EQ(file.what.width, 2U);
  EXPECT_EQ(file.what.height, 3U);
}

TEST_F(FileStore, FindsAPostedFileAfterARestart) {
  opens();
  const kept_file file = posted();

  opens();

  EXPECT_EQ(found(file), fault_code::none);
  EXPECT_EQ(content_of(file), words);
  EXPECT_THAT(unposted(), IsEmpty());
  EXPECT_THAT(store_->some_posted(10), testing::ElementsAre(file));
  EXPECT_THAT(store_->some_posted(10), IsEmpty());
}

TEST_F(FileStore, ShowsAllPostedFilesRoundByRound) {
  opens();
  for (std::uint64_t id = 1; id <= 5; ++id) {
    posted(words, id);
  }

  for (int round = 0; round < 2; ++round) {
    std::vector<std::uint64_t> seen;
    for (auto some = store_->some_posted(2); !some.empty(); some = store_->some_posted(2)) {
      EXPECT_LE(some.size(), 2U);
      for (const kept_file& each : some) {
        seen.push_back(each.what.id.low);
      }
    }
    EXPECT_THAT(seen, testing::UnorderedElementsAre(1U, 2U, 3U, 4U, 5U));
  }
}

TEST_F(FileStore, KnowsNoFileOfAnotherConversationOrTenant) {
  opens();
  const kept_file file = posted();

  kept_file elsewhere = file;
  elsewhere.conversation = conversation_id{0x43};
  EXPECT_EQ(found(elsewhere), fault_code::unknown_file);
  elsewhere = file;
  elsewhere.tenant = tenant_id{2};
  EXPECT_EQ(found(elsewhere), fault_code::unknown_file);
}

TEST_F(FileStore, LeavesNothingOfAFileThatIsDropped) {
  opens();
  const kept_file one = posted(words, 1);
  const kept_file two = completed(words, 2);

  EXPECT_TRUE(store_->drop(one));
  EXPECT_TRUE(store_->drop(two));

  EXPECT_THAT(all_files(), IsEmpty());
  EXPECT_EQ(found(one), fault_code::unknown_file);
  EXPECT_TRUE(store_->drop(one));
}

TEST_F(FileStore, TakesOnlyASmallPictureForAThumbnail) {
  opens();
  kept_file file = completed();
  const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10", 24);
  const std::string wide("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x10\0\0\0\0\x10", 24);

  EXPECT_EQ(store_->put_thumbnail(file, words).error().code, fault_code::file_type);
  EXPECT_EQ(store_->put_thumbnail(file, wide).error().code, fault_code::file_type);
  EXPECT_EQ(store_->put_thumbnail(file, gif).error().code, fault_code::file_type);
  EXPECT_FALSE(file.what.has_thumbnail);
  EXPECT_TRUE(store_->put_thumbnail(file, png));

  EXPECT_TRUE(file.what.has_thumbnail);
  EXPECT_EQ(content_of(file, file_store::parts::thumbnail), png);
}

TEST_F(FileStore, TakesNothingWhileSpaceIsShort) {
  bool is_short = false;
  options_.is_short = [&] { return is_short; };
  opens();
  kept_file file = begun();

  is_short = true;

  kept_file second = letter(words, 2);
  EXPECT_EQ(store_->begin(second).error().code, fault_code::storage_full);
  EXPECT_EQ(store_->append(file, 0, words).error().code, fault_code::storage_full);
}

TEST_F(FileStore, NeverSaysCompleteOfWhatCouldNotBeSynced) {
  opens();
  kept_file file = begun();
  EXPECT_TRUE(store_->append(file, 0, words));

  failing_path_ = "/bytes";
  failure_ = disk_fault::io_error;
  EXPECT_EQ(store_->complete(file).error().code, fault_code::storage_failed);
  failure_ = disk_fault::none;
  opens();

  EXPECT_FALSE(file.is_complete);
  for (const auto& each : unposted()) {
    EXPECT_FALSE(each.file.is_complete);
  }
}

TEST_F(FileStore, LeavesNothingBehindWhenTheDiskIsFullAtTheBeginning) {
  opens();
  failing_ = file_step::move;
  failure_ = disk_fault::no_space;

  kept_file file = letter();
  EXPECT_EQ(store_->begin(file).error().code, fault_code::storage_full);

  EXPECT_THAT(all_files(), IsEmpty());
}

TEST_F(FileStore, KeepsAsideWhatItCannotRead) {
  opens();
  const kept_file file = completed();
  for (const std::string& path : all_files()) {
    if (path.ends_with("/about")) std::filesystem::resize_file(path, 20);
  }

  opens();

  EXPECT_THAT(unposted(), IsEmpty());
  EXPECT_THAT(told_, SizeIs(1));
  EXPECT_TRUE(std::filesystem::exists(options_.folder + "/damaged/" + to_text(file.what.id)));
}

TEST_F(FileStore, BelievesNoFlippedByte) {
  opens();
  const kept_file file = posted();
  for (const std::string& path : all_files()) {
    if (!path.ends_with("/about")) continue;
    std::fstream about(path, std::ios::in | std::ios::out | std::ios::binary);
    about.seekp(40);
    about.put('\x7f');
  }

  EXPECT_EQ(found(file), fault_code::storage_failed);
}

/// Goes on at every step that the life of a file takes, as if the process had ended there.
TEST_F(FileStore, IsWholeWhereverTheProcessEnds) {
  for (int step = 1;; ++step) {
    std::filesystem::remove_all(options_.folder);
    steps_until_crash_ = 0;
    opens();
    bool was_complete = false;
    bool was_posted = false;
    bool was_dropped = false;
    kept_file file = letter();
    steps_until_crash_ = step;
    try {
      ASSERT_TRUE(store_->begin(file));
      ASSERT_TRUE(store_->append(file, 0, words));
      ASSERT_TRUE(store_->complete(file));
      was_complete = true;
      file.n = post_number{1};
      ASSERT_TRUE(store_->note(file));
      file.seq = sequence{2};
      ASSERT_TRUE(store_->keep(file));
      was_posted = true;
      ASSERT_TRUE(store_->drop(file));
      was_dropped = true;
    } catch (const crash&) {
    }
    const bool is_over = steps_until_crash_ > 0;
    steps_until_crash_ = 0;

    opens();

    EXPECT_THAT(told_, IsEmpty()) << step;
    const auto left = unposted();
    ASSERT_LE(left.size(), 1U) << step;
    const bool is_kept = found(file) == fault_code::none;
    EXPECT_FALSE(is_kept && !left.empty()) << step;
    // What was said to be complete is there until it is dropped, with all its bytes.
    EXPECT_TRUE(!was_complete || was_posted || is_kept || left.size() == 1) << step;
    EXPECT_TRUE(!is_kept || content_of(file) == words) << step;
    if (!left.empty() && left.front().file.is_complete) {
      EXPECT_EQ(content_of(left.front().file), words) << step;
    }
    EXPECT_FALSE(was_dropped && is_kept) << step;
    EXPECT_TRUE(is_kept || !left.empty() || all_files().empty()) << step;
    if (is_over) return;
  }
}

TEST_F(FileStore, LinksEveryCompleteFileForABackup) {
  opens();
  const kept_file one = posted(words, 1);
  const kept_file two = completed(words, 2);
  begun(letter(words, 3));

  const std::string copy = folder_.path("copy");
  EXPECT_TRUE(store_->link_into(copy));

  EXPECT_EQ(first_damaged_file(copy), std::nullopt);
  options_.folder = copy;
  opens();
  EXPECT_EQ(found(one), fault_code::none);
  ASSERT_THAT(unposted(), SizeIs(1));
  EXPECT_EQ(unposted().front().file, two);
}

/// A file that is posted while the backup walks is linked at both places.
TEST_F(FileStore, OpensABackupThatHasAFileTwice) {
  opens();
  const kept_file done = completed(words, 2);
  const std::string early = folder_.path("early");
  ASSERT_TRUE(store_->link_into(early));
  kept_file said = done;
  said.seq = sequence{7};
  ASSERT_TRUE(store_->keep(said));
  const std::string late = folder_.path("late");
  ASSERT_TRUE(store_->link_into(late));
  std::filesystem::copy(
      early, late,
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::skip_existing);

  options_.folder = late;
  opens();
  ASSERT_THAT(unposted(), SizeIs(1));
  EXPECT_TRUE(store_->keep(said));

  EXPECT_EQ(found(said), fault_code::none);
  EXPECT_THAT(unposted(), IsEmpty());
}

TEST_F(FileStore, RemovesNothingWhileABackupReads) {
  opens();
  const kept_file file = posted();
  {
    const auto held = store_->hold_removals();

    EXPECT_TRUE(store_->drop(file));

    EXPECT_EQ(found(file), fault_code::none);
    EXPECT_TRUE(store_->link_into(folder_.path("copy")));
  }
  EXPECT_EQ(found(file), fault_code::unknown_file);
  EXPECT_EQ(first_damaged_file(folder_.path("copy")), std::nullopt);
}

TEST_F(FileStore, FindsADamagedFileInABackup) {
  opens();
  posted();
  EXPECT_TRUE(store_->link_into(folder_.path("copy")));
  for (const std::string& path : all_files()) {
    if (path.ends_with("/bytes")) std::ofstream(path, std::ios::app) << "x";
  }

  EXPECT_NE(first_damaged_file(folder_.path("copy")), std::nullopt);
}

}  // namespace
}  // namespace frontdesk
