#include "node/backup.hpp"

#include "node/admin/asking.hpp"
#include "node/admin/stopped_administration.hpp"
#include "node/audit/audit_author.hpp"
#include "node/checkpoint.hpp"
#include "node/data_folder.hpp"
#include "node/descriptor.hpp"
#include "node/system_clock.hpp"
#include "node/time_text.hpp"
#include "storage/reader.hpp"
#include "storage/rocks_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <toml++/toml.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

namespace frontdesk {

namespace {

namespace files = std::filesystem;

constexpr std::int64_t backup_format = 1;

trouble failed(std::string_view what, const std::string& path, int error) {
  const exit_code code = error == ENOSPC || error == EDQUOT ? exit_code::temporary
                         : error == EACCES || error == EPERM || error == EROFS
                             ? exit_code::no_permission
                             : exit_code::input_output;
  return {code, fmt::format("{} cannot be {}: {}.", path, what, std::strerror(error))};
}

std::optional<trouble> sync(const std::string& path) {
  const descriptor opened(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.get() < 0 || fsync(opened.get()) != 0) return failed("written", path, errno);
  return std::nullopt;
}

/// Copies a file, its rights with it, onto the disk.
or_trouble<std::uint64_t> copy(const std::string& from, const std::string& to) {
  const descriptor in(open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat what {};
  if (in.get() < 0 || fstat(in.get(), &what) != 0) return failed("read", from, errno);
  const descriptor out(
      open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, what.st_mode & 0700));
  if (out.get() < 0) return failed("made", to, errno);
  std::array<char, 1U << 16U> room{};
  std::uint64_t bytes = 0;
  for (;;) {
    const ssize_t size = read(in.get(), room.data(), room.size());
    if (size < 0) return failed("read", from, errno);
    if (size == 0) break;
    for (ssize_t sent = 0; sent < size;) {
      const ssize_t written =
          ::write(out.get(), room.data() + sent, static_cast<std::size_t>(size - sent));
      if (written < 0) return failed("written", to, errno);
      sent += written;
    }
    bytes += static_cast<std::uint64_t>(size);
  }
  if (fsync(out.get()) != 0) return failed("written", to, errno);
  return bytes;
}

/// Copies a store, which has no folders in it, with its mark; nobody has it open.
or_trouble<done> copy_store(const std::string& from, const std::string& to) {
  if (mkdir(to.c_str(), 0700) != 0) return failed("made", to, errno);
  std::error_code error;
  for (const auto& entry : files::directory_iterator{from, error}) {
    const auto size = copy(entry.path().string(), to + "/" + entry.path().filename().string());
    if (!size) return size.why();
  }
  if (error) return failed("read", from, error.value());
  if (const auto size = copy(from + ".synced", to + ".synced"); !size) return size.why();
  if (auto why = sync(to)) return *why;
  return done{};
}

/// Copies a folder with the folders in it, all onto the disk. One that is not there is empty: a
/// backup of an earlier version has none.
or_trouble<done> copy_tree(const std::string& from, const std::string& to) {
  std::error_code error;
  if (mkdir(to.c_str(), 0700) != 0) return failed("made", to, errno);
  if (!files::exists(from, error)) return done{};
  for (const auto& entry : files::directory_iterator{from, error}) {
    const std::string target = to + "/" + entry.path().filename().string();
    if (entry.is_directory()) {
      if (auto copied = copy_tree(entry.path().string(), target); !copied) return copied;
    } else if (const auto size = copy(entry.path().string(), target); !size) {
      return size.why();
    }
  }
  if (error) return failed("read", from, error.value());
  if (const auto why = sync(to)) return *why;
  return done{};
}

void count_files(const std::string& folder, backup_summary& sum) {
  std::error_code error;
  for (const auto& entry : files::recursive_directory_iterator{folder, error}) {
    if (!entry.is_regular_file(error)) continue;
    ++sum.files_count;
    sum.bytes += entry.file_size(error);
  }
}

or_trouble<done> verify_files(const std::string& folder) {
  const auto damaged = first_damaged_file(folder);
  if (!damaged) return done{};
  return trouble{exit_code::data, fmt::format("The uploaded file in {} is damaged.", *damaged)};
}

void count(const std::string& store, backup_summary& sum) {
  std::error_code error;
  for (const auto& entry : files::directory_iterator{store, error}) {
    ++sum.files_count;
    sum.bytes += entry.file_size(error);
  }
}

/// Opens a store, which looks at all but the tables, and then at those, too. The answer is its
/// history.
or_trouble<std::string> verified_history(const std::string& folder, bool renews) {
  rocks_options options;
  options.folder = folder;
  options.renews_history = renews;
  auto opened = open_rocks_store(std::move(options));
  if (const auto* why = std::get_if<open_failure>(&opened)) return trouble_of(*why);
  rocks_store& rows = *std::get<0>(opened);
  auto history = reader(rows).history_id();
  if (!rows.verify() || !history) {
    return trouble{exit_code::data, fmt::format("The tables in {} are damaged.", folder)};
  }
  return std::move(*history);
}

or_trouble<done> write_summary(const std::string& folder, const std::string& history,
                               const backup_summary& sum) {
  toml::table page;
  page.insert("format", backup_format);
  page.insert("made_at", sum.made_at);
  page.insert("history", history);
  page.insert("files", static_cast<std::int64_t>(sum.files_count));
  page.insert("bytes", static_cast<std::int64_t>(sum.bytes));
  const std::string path = folder + "/backup.toml";
  std::ofstream out(path);
  out << page << '\n';
  out.close();
  if (!out) return failed("written", path, EIO);
  if (auto why = sync(path)) return *why;
  return done{};
}

or_trouble<backup_summary> read_summary(const std::string& folder) {
  const std::string path = folder + "/backup.toml";
  const trouble unreadable{
      exit_code::data,
      fmt::format("{} is not a backup that this version can read: {} is missing or wrong.", folder,
                  path)};
  try {
    const toml::table page = toml::parse_file(path);
    const auto format = page["format"].value<std::int64_t>();
    const auto made_at = page["made_at"].value<std::string>();
    const auto count = page["files"].value<std::int64_t>();
    const auto bytes = page["bytes"].value<std::int64_t>();
    if (format != backup_format || !made_at || !count || !bytes) return unreadable;
    return backup_summary{folder, static_cast<std::uint64_t>(*count),
                          static_cast<std::uint64_t>(*bytes), *made_at};
  } catch (const toml::parse_error&) {
    return unreadable;
  }
}

/// The last entry of the audit of the restored desk, whose secret is looked at on the way.
or_trouble<done> note_restore(const data_folder& into, const backup_summary& from) {
  const auto restored = stopped_administration::open(into);
  if (!restored) return restored.why();
  audit_entry what;
  what.who = own_author(audit_origin::command_line);
  what.action = "restore";
  what.target = from.folder;
  what.with("made_at", from.made_at);
  const auto noted = (*restored)->audit(what, administration::answer_max);
  if (noted) return done{};
  return trouble{exit_code::temporary, fmt::format("The audit of the restored desk cannot be "
                                                   "written: {}",
                                                   noted.error().sentence())};
}

/// Held while a backup is made; the system lets go of it with the process.
or_trouble<descriptor> lock(const data_folder& of) {
  const std::string path = of.path + "/backup.lock";
  descriptor held(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (held.get() < 0) return failed("made", path, errno);
  if (flock(held.get(), LOCK_EX | LOCK_NB) != 0) {
    return trouble{exit_code::unavailable,
                   fmt::format("Another backup of {} is being made. Wait for it.", of.path)};
  }
  return held;
}

/// Something that is made under another name, and taken away unless it is finished.
class draft_folder {
 public:
  explicit draft_folder(std::string name) : name_(std::move(name)), path_(name_ + ".partial") {}
  draft_folder(const draft_folder&) = delete;
  draft_folder& operator=(const draft_folder&) = delete;
  ~draft_folder() {
    std::error_code ignored;
    if (!is_finished_) files::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }

  or_trouble<done> begin() const {
    std::error_code error;
    files::remove_all(path_, error);
    if (mkdir(path_.c_str(), 0700) != 0) return failed("made", path_, errno);
    return done{};
  }
  or_trouble<done> finish() {
    if (auto why = sync(path_)) return *why;
    if (rename(path_.c_str(), name_.c_str()) != 0) return failed("made", name_, errno);
    is_finished_ = true;
    const std::string above = files::path(name_).parent_path().string();
    if (auto why = sync(above.empty() ? "." : above)) return *why;
    return done{};
  }

 private:
  const std::string name_;
  const std::string path_;
  bool is_finished_ = false;
};

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/')
    path.pop_back();
  return path;
}

/// The copy that the node has made, and all that belongs to it.
or_trouble<done> fill(const draft_folder& draft, const data_folder& of, backup_summary& sum) {
  if (auto begun = draft.begin(); !begun) return begun;
  if (auto copied = copy_store(of.checkpoint(), draft.path() + "/store"); !copied) {
    return copied;
  }
  if (const auto size = copy(of.secret(), draft.path() + "/secret"); !size) return size.why();
  const auto history = verified_history(draft.path() + "/store", false);
  if (!history) return history.why();
  const std::string uploads = draft.path() + "/files";
  if (auto copied = copy_tree(of.checkpoint_files(), uploads); !copied) return copied;
  if (auto whole = verify_files(uploads); !whole) return whole;
  count(draft.path() + "/store", sum);
  count_files(uploads, sum);
  return write_summary(draft.path(), *history, sum);
}

}  // namespace

or_trouble<backup_summary> make_backup(const std::string& data, const std::string& folder) {
  const std::string name = without_slash(folder);
  const auto from = open_desk_folder(data);
  if (!from) return from.why();
  if (files::exists(name)) {
    return trouble{exit_code::unavailable,
                   fmt::format("{} exists. Choose a new folder for each backup.", name)};
  }
  const auto held = lock(*from);
  if (!held) return held.why();
  if (const auto made = ask(data, admin_json::make_checkpoint{name}); !made) return made.why();
  backup_summary sum{name, 0, 0, text_of_time(system_clock{}.now())};
  draft_folder draft(name);
  auto filled = fill(draft, *from, sum);
  remove_checkpoint(*from);
  if (!filled) return filled.why();
  if (auto finished = draft.finish(); !finished) return finished.why();
  return sum;
}

or_trouble<backup_summary> restore_backup(const std::string& folder, const std::string& data) {
  const std::string name = without_slash(folder);
  const auto sum = read_summary(name);
  if (!sum) return sum.why();
  if (has_desk(data)) {
    return trouble{exit_code::unavailable,
                   fmt::format("There is a desk in {} already. Restore into another directory, and "
                               "keep this one until that has worked.",
                               data)};
  }
  const auto to = open_data_folder(data);
  if (!to) return to.why();
  // All of it is made beside, and moved into its place at the end, so that a restoring that is
  // broken off leaves no desk that could be started.
  draft_folder draft(to->store());
  if (auto begun = draft.begin(); !begun) return begun.why();
  const std::string inner = draft.path() + "/store";
  if (auto done = copy_store(name + "/store", inner); !done) return done.why();
  const std::string uploads = draft.path() + "/files";
  if (auto done = copy_tree(name + "/files", uploads); !done) return done.why();
  backup_summary copied{name, 0, 0, sum->made_at};
  count(inner, copied);
  count_files(uploads, copied);
  if (copied.files_count != sum->files_count || copied.bytes != sum->bytes) {
    return trouble{
        exit_code::data,
        fmt::format("{} has {} files of {} bytes in all, and was made with {} of {}.", name,
                    copied.files_count, copied.bytes, sum->files_count, sum->bytes)};
  }
  if (const auto history = verified_history(inner, true); !history) return history.why();
  const std::string secret = draft.path() + "/secret";
  if (const auto size = copy(name + "/secret", secret); !size) return size.why();
  if (auto noted = note_restore(data_folder{draft.path()}, *sum); !noted) return noted.why();
  if (auto whole = verify_files(uploads); !whole) return whole.why();
  // Of a restoring that was broken off: there is no desk here.
  std::error_code ignored;
  files::remove_all(to->files(), ignored);
  // The store comes last: without it there is no desk.
  for (const auto& [from, into] : {std::pair{secret, to->secret()},
                                   {uploads, to->files()},
                                   {inner + ".synced", to->store() + ".synced"},
                                   {inner, to->store()}}) {
    if (rename(from.c_str(), into.c_str()) != 0) return failed("made", into, errno);
  }
  if (auto why = sync(to->path)) return *why;
  return copied;
}

}  // namespace frontdesk
