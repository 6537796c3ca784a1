#include "storage/layout.hpp"
#include "storage/rocks_database.hpp"
#include "storage/rocks_store.hpp"
#include "storage/synced_mark.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/file_system.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>
#include <system_error>
#include <utility>

namespace frontdesk {

namespace {

namespace files = std::filesystem;

using problem = std::optional<open_failure>;

open_failure no_space_in(const std::string& folder) {
  return {open_problem::no_space,
          fmt::format("The disk of {} is full. Free some space, at least 200 MB, and start again; "
                      "what was acknowledged is there.",
                      folder)};
}

open_failure not_permitted(const std::string& path, bool reads_only) {
  return {
      open_problem::not_permitted,
      fmt::format("User {} may not {} {}. Give it to that user (chown -R), or start Frontdesk as "
                  "its owner.",
                  geteuid(), reads_only ? "read" : "read and write", path)};
}

open_failure newer(const std::string& folder, const std::string& detail) {
  return {
      open_problem::newer_format,
      fmt::format("The data in {} was written by a newer Frontdesk ({}). Start that version, or "
                  "restore a backup that was made before it.",
                  folder, detail)};
}

open_failure damaged(const std::string& folder, const std::string& detail) {
  return {
      open_problem::damaged,
      fmt::format("The data in {} is damaged: {}. Restore a backup into another folder, and keep "
                  "this one as it is until that has worked.",
                  folder, detail)};
}

// The process that holds a POSIX lock on a file, as the kernel lists it. Asking by opening the file
// would let go of a lock of our own.
std::optional<int> holder_of(const std::string& file) {
  struct stat found {};
  if (stat(file.c_str(), &found) != 0) {
    return std::nullopt;
  }
  const std::string inode =
      fmt::format("{:02x}:{:02x}:{}", major(found.st_dev), minor(found.st_dev), found.st_ino);
  std::ifstream locks{"/proc/locks"};
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words{line};
    std::string number, family, kind, access, where;
    int process = 0;
    words >> number >> family >> kind >> access >> process >> where;
    if (where == inode && process > 0) {
      return process;
    }
  }
  return std::nullopt;
}

open_failure in_use(const std::string& folder, const std::string& lock_file) {
  const auto holder = holder_of(lock_file);
  const std::string by = !holder               ? "another process"
                         : *holder == getpid() ? "this process already"
                                               : fmt::format("process {}", *holder);
  return {
      open_problem::in_use,
      fmt::format("The data in {} is in use by {}. Stop it first, or choose another data folder: "
                  "two programs over the same data would destroy it.",
                  folder, by)};
}

open_failure failure_of(const std::string& path, const std::error_code& error) {
  if (error == std::errc::permission_denied || error == std::errc::read_only_file_system) {
    return not_permitted(path, false);
  }
  if (error == std::errc::no_space_on_device) {
    return no_space_in(path);
  }
  return {open_problem::other, fmt::format("{}: {}.", path, error.message())};
}

bool sync_folder(const files::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && fsync(descriptor) == 0;
  if (descriptor >= 0) {
    close(descriptor);
  }
  return synced;
}

// Makes a folder and what is missing above it, each synced into the one above: a folder that a
// power cut takes away takes everything along.
problem make_folder(const files::path& folder) {
  std::error_code error;
  if (folder.empty() || files::is_directory(folder, error)) {
    return std::nullopt;
  }
  if (auto above = make_folder(folder.parent_path())) {
    return above;
  }
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return failure_of(folder.string(), {errno, std::generic_category()});
  }
  if (!files::is_directory(folder, error)) {
    return open_failure{open_problem::other, fmt::format("{} is not a folder.", folder.string())};
  }
  if (!sync_folder(folder.has_parent_path() ? folder.parent_path() : ".")) {
    return failure_of(folder.string(), {errno, std::generic_category()});
  }
  return std::nullopt;
}

problem check_permission(const std::string& folder, bool reads_only) {
  const int wanted = reads_only ? R_OK : R_OK | W_OK;
  if (eaccess(folder.c_str(), wanted | X_OK) != 0) {
    return not_permitted(folder, reads_only);
  }
  std::error_code error;
  for (const auto& entry : files::directory_iterator{folder, error}) {
    if (eaccess(entry.path().c_str(), wanted) != 0 && (errno == EACCES || errno == EROFS)) {
      return not_permitted(entry.path().string(), reads_only);
    }
  }
  return std::nullopt;
}

// RocksDB refuses to open without a family that is there, but does not say so in a status of its
// own. A family that this version does not know, if the folder has one.
std::optional<std::string> unknown_family(const rocksdb::DBOptions& options,
                                          const std::string& folder) {
  std::vector<std::string> found;
  if (!rocksdb::DB::ListColumnFamilies(options, folder, &found).ok()) {
    return std::nullopt;
  }
  const auto is_known = [](const std::string& name) {
    bool known = name == rocksdb::kDefaultColumnFamilyName;
    for (std::size_t i = 0; i < families_count; ++i) {
      known = known || name == name_of(static_cast<family>(i));
    }
    return known;
  };
  const auto stranger = std::ranges::find_if_not(found, is_known);
  return stranger == found.end() ? std::nullopt : std::optional{*stranger};
}

std::string random_history(const rocks_options& options) {
  std::array<std::uint8_t, 16> bytes{};
  if (options.new_history) {
    bytes = options.new_history();
  } else {
    std::random_device source;
    std::ranges::generate(bytes, [&] { return static_cast<std::uint8_t>(source()); });
  }
  return fmt::format("{:02x}", fmt::join(bytes, ""));
}

// One opening of a folder: what is known of it so far.
class opening {
 public:
  explicit opening(rocks_options options) : options_(std::move(options)) {}

  opened_store run() {
    if (options_.reads_only) {
      return look();
    }
    if (auto failed = make_folder(options_.folder)) {
      return *failed;
    }
    if (auto failed = check_permission(options_.folder, false)) {
      return *failed;
    }
    if (auto failed = check_log()) {
      return *failed;
    }
    if (auto failed = sync_logs()) {
      return *failed;
    }
    auto status = open_database(false);
    if (status.IsNoSpace()) {
      // Opening flushes what the log has, and there is no room for it: once more, with the room
      // that was kept for this, and leaving the log as it is.
      if (options_.release_reserve) {
        options_.release_reserve();
      }
      status = open_database(true);
    }
    if (!status.ok()) {
      return failure_of(status);
    }
    if (auto failed = settle_format()) {
      return *failed;
    }
    return make_rocks_store(options_, std::move(db_));
  }

 private:
  opened_store look() {
    if (auto failed = check_permission(options_.folder, true)) {
      return *failed;
    }
    const std::string lock = options_.folder + "/LOCK";
    if (holder_of(lock)) {
      return in_use(options_.folder, lock);
    }
    if (auto failed = check_log()) {
      return *failed;
    }
    const auto status = open_to_read(options_, db_);
    if (!status.ok()) {
      return failure_of(status);
    }
    if (auto failed = settle_format()) {
      return *failed;
    }
    return make_rocks_store(options_, std::move(db_));
  }

  rocksdb::Status open_to_read(const rocks_options& how,
                               std::unique_ptr<rocks_database>& opened) const {
    rocks_ground ground = make_rocks_ground(how, nullptr);
    rocksdb::DBOptions made = database_options(how, ground);
    made.create_if_missing = false;
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    auto status =
        rocksdb::DB::OpenForReadOnly(made, options_.folder, families_over(ground), &handles, &db);
    if (status.ok()) {
      opened = std::make_unique<rocks_database>(std::move(ground), db, std::move(handles));
    }
    return status;
  }

  // Looks, without touching anything, whether the log still has all that was synced. An opening
  // would end at a damaged record as at a torn one, and take away what lies behind.
  problem check_log() const {
    const auto synced = synced_mark::read(synced_mark_of(options_.folder));
    if (!synced || holder_of(options_.folder + "/LOCK")) {
      return std::nullopt;
    }
    rocks_options quiet = options_;
    quiet.on_health = nullptr;
    quiet.fault = nullptr;
    std::unique_ptr<rocks_database> looked_at;
    if (!open_to_read(quiet, looked_at).ok()) {
      return std::nullopt;  // The opening that follows says why.
    }
    const std::uint64_t found = (*looked_at)->GetLatestSequenceNumber();
    if (found >= *synced) {
      return std::nullopt;
    }
    return damaged(options_.folder, fmt::format("of what was synced, the last {} rows are missing; "
                                                "the write-ahead log cannot be read to its end",
                                                *synced - found));
  }

  // What a killed process wrote and did not sync is read like the rest, and from then on it is true
  // for everybody. An opening mostly moves it into tables, which are synced; where there is no room
  // for them, the log stays as it is, and a power cut would later take its end away from under what
  // was written after it.
  problem sync_logs() const {
    rocksdb::FileSystem& disk = options_.disk ? *options_.disk : *rocksdb::FileSystem::Default();
    std::error_code error;
    for (const auto& entry : files::directory_iterator{options_.folder, error}) {
      if (entry.path().extension() != ".log") {
        continue;
      }
      std::unique_ptr<rocksdb::FSWritableFile> log;
      auto status = disk.ReopenWritableFile(entry.path().string(), {}, &log, nullptr);
      if (status.ok()) {
        status = log->Fsync({}, nullptr);
      }
      if (!status.ok()) {
        return open_failure{open_problem::other,
                            fmt::format("The data in {} cannot be synced: {}. Look at the disk.",
                                        options_.folder, status.ToString())};
      }
    }
    return std::nullopt;
  }

  std::vector<rocksdb::ColumnFamilyDescriptor> families_over(const rocks_ground& ground) const {
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    // RocksDB wants its default family, which stays empty; the room that it reserves for the log
    // goes by the family with the greatest buffer, so this one is made like ours.
    families.emplace_back(rocksdb::kDefaultColumnFamilyName,
                          family_options(options_, ground, family::meta));
    for (std::size_t i = 0; i < families_count; ++i) {
      const auto which = static_cast<family>(i);
      families.emplace_back(std::string{name_of(which)}, family_options(options_, ground, which));
    }
    return families;
  }

  rocksdb::Status open_database(bool without_flush) {
    rocks_ground ground =
        make_rocks_ground(options_, [held = lock_held_](std::string_view file) { *held = file; });
    rocksdb::DBOptions how = database_options(options_, ground);
    how.avoid_flush_during_recovery = without_flush;
    const auto families = families_over(ground);
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    auto status = rocksdb::DB::Open(how, options_.folder, families, &handles, &db);
    if (status.ok()) {
      db_ = std::make_unique<rocks_database>(std::move(ground), db, std::move(handles));
    } else if (!status.IsNoSpace()) {
      unknown_family_ = unknown_family(how, options_.folder);
    }
    return status;
  }

  open_failure failure_of(const rocksdb::Status& status) const {
    if (!lock_held_->empty()) {
      return in_use(options_.folder, *lock_held_);
    }
    if (status.IsNoSpace()) {
      return no_space_in(options_.folder);
    }
    if (unknown_family_) {
      return newer(options_.folder, fmt::format("it keeps '{}'", *unknown_family_));
    }
    // A file may have changed hands since the first look.
    if (auto denied = check_permission(options_.folder, options_.reads_only)) {
      return *denied;
    }
    if (status.IsCorruption() || status.IsPathNotFound()) {
      return damaged(options_.folder, status.ToString());
    }
    return {open_problem::other, fmt::format("The data in {} cannot be opened: {}.",
                                             options_.folder, status.ToString())};
  }

  // Writes the format and the history's id into a new store; checks them in one that was there.
  problem settle_format() {
    std::string format;
    std::string history;
    const auto format_read = meta(format_key(), format);
    const auto history_read = meta(history_key(), history);
    if (format_read.IsNotFound() && history_read.IsNotFound() && !options_.reads_only) {
      return write_format();
    }
    const auto version = number_from_bytes(format);
    if (!format_read.ok() || !history_read.ok() || !version) {
      return damaged(options_.folder, "its format or its history cannot be read");
    }
    if (*version > format_version) {
      return newer(options_.folder,
                   fmt::format("format {}, and this one reads up to {}", *version, format_version));
    }
    if (!history_from_bytes(history)) {
      return damaged(options_.folder, "its history cannot be read");
    }
    return options_.renews_history ? write_format() : std::nullopt;
  }

  problem write_format() {
    rocksdb::WriteBatch both;
    both.Put(db_->handle(family::meta), format_key(), number_to_bytes(format_version));
    both.Put(db_->handle(family::meta), history_key(), history_to_bytes(random_history(options_)));
    rocksdb::WriteOptions synced;
    synced.sync = true;
    const auto status = (*db_)->Write(synced, &both);
    return status.ok() ? std::nullopt : problem{failure_of(status)};
  }

  rocksdb::Status meta(const std::string& key, std::string& value) const {
    return (*db_)->Get({}, db_->handle(family::meta), key, &value);
  }

  rocks_options options_;
  // The lock file, if somebody else holds it. Shared with the watch on the disk, which outlives
  // this.
  std::shared_ptr<std::string> lock_held_ = std::make_shared<std::string>();
  std::optional<std::string> unknown_family_;
  std::unique_ptr<rocks_database> db_;
};

}  // namespace

opened_store open_rocks_store(rocks_options options) {
  return opening{std::move(options)}.run();
}

}  // namespace frontdesk
