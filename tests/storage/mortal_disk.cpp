#include "tests/storage/mortal_disk.hpp"

#include "storage/rocks_database.hpp"

#include <rocksdb/file_system.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace frontdesk {

namespace {

namespace files = std::filesystem;

using rocksdb::FileOptions;
using rocksdb::FSDirectory;
using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

constexpr std::uint64_t sector = 512;

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

class mortal_file final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  mortal_file(std::unique_ptr<FSWritableFile>&& file, std::string name, mortal_disk& disk)
      : FSWritableFileOwnerWrapper(std::move(file)), name_(std::move(name)), disk_(disk) {}

  IOStatus Append(const Slice& bytes, const IOOptions& options, IODebugContext* debug) override {
    return disk_.step([&] { return FSWritableFileOwnerWrapper::Append(bytes, options, debug); });
  }
  IOStatus Append(const Slice& bytes, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& sum, IODebugContext* debug) override {
    return disk_.step(
        [&] { return FSWritableFileOwnerWrapper::Append(bytes, options, sum, debug); });
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    return disk_.step([&] {
      disk_.truncated(name_, size);
      return FSWritableFileOwnerWrapper::Truncate(size, options, debug);
    });
  }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return sync(); }
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return sync(); }
  // To begin to write is not to have written.
  IOStatus RangeSync(std::uint64_t, std::uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }

 private:
  IOStatus sync() {
    return disk_.step([&] {
      disk_.synced(name_);
      return IOStatus::OK();
    });
  }

  const std::string name_;
  mortal_disk& disk_;
};

class mortal_folder final : public rocksdb::FSDirectoryWrapper {
 public:
  mortal_folder(std::unique_ptr<FSDirectory>&& folder, mortal_disk& disk)
      : FSDirectoryWrapper(std::move(folder)), disk_(disk) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return sync(); }
  IOStatus FsyncWithDirOptions(const IOOptions&, IODebugContext*,
                               const rocksdb::DirFsyncOptions&) override {
    return sync();
  }

 private:
  IOStatus sync() {
    return disk_.step([&] {
      disk_.synced_names();
      return IOStatus::OK();
    });
  }

  mortal_disk& disk_;
};

class mortal_file_system final : public rocksdb::FileSystemWrapper {
 public:
  explicit mortal_file_system(mortal_disk& disk)
      : FileSystemWrapper(FileSystem::Default()), disk_(disk) {}

  const char* Name() const override { return "frontdesk.mortal_disk"; }

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<FSWritableFile>* made, IODebugContext* debug) override {
    const std::string name = disk_.inside(path);
    if (name.empty()) return FileSystemWrapper::NewWritableFile(path, options, made, debug);
    return disk_.step([&] {
      // Another file from now on: what the old one had may come back.
      std::error_code none_there;
      files::remove(path, none_there);
      IOStatus status = FileSystemWrapper::NewWritableFile(path, options, made, debug);
      if (status.ok()) {
        disk_.made(name);
        *made = std::make_unique<mortal_file>(std::move(*made), name, disk_);
      }
      return status;
    });
  }
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<FSWritableFile>* made,
                              IODebugContext* debug) override {
    IOStatus status = FileSystemWrapper::ReopenWritableFile(path, options, made, debug);
    if (const std::string name = disk_.inside(path); status.ok() && !name.empty()) {
      *made = std::make_unique<mortal_file>(std::move(*made), name, disk_);
    }
    return status;
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<FSDirectory>* made, IODebugContext* debug) override {
    IOStatus status = FileSystemWrapper::NewDirectory(path, options, made, debug);
    if (status.ok() && path == disk_.folder()) {
      *made = std::make_unique<mortal_folder>(std::move(*made), disk_);
    }
    return status;
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions& options,
                      IODebugContext* debug) override {
    return disk_.step([&] {
      IOStatus status = FileSystemWrapper::DeleteFile(path, options, debug);
      if (status.ok()) disk_.removed(disk_.inside(path));
      return status;
    });
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    return disk_.step([&] {
      IOStatus status = FileSystemWrapper::RenameFile(from, to, options, debug);
      if (status.ok()) disk_.renamed(disk_.inside(from), disk_.inside(to));
      return status;
    });
  }
  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                    IODebugContext* debug) override {
    return disk_.step([&] {
      IOStatus status = FileSystemWrapper::LinkFile(from, to, options, debug);
      if (status.ok()) disk_.linked(disk_.inside(from), disk_.inside(to));
      return status;
    });
  }
  IOStatus Truncate(const std::string& path, std::size_t size, const IOOptions& options,
                    IODebugContext* debug) override {
    return disk_.step([&] {
      disk_.truncated(disk_.inside(path), size);
      return FileSystemWrapper::Truncate(path, size, options, debug);
    });
  }

 private:
  mortal_disk& disk_;
};

}  // namespace

mortal_disk::mortal_disk(std::string folder, const synced_sizes& less)
    : folder_(std::move(folder)), bodies_(folder_ + ".bodies") {
  files::create_directory(bodies_);
  for (const auto& entry : files::directory_iterator{folder_}) {
    const std::string name = entry.path().filename().string();
    made(name);
    const auto part = less.find(name);
    synced_[last_] = part == less.end() ? entry.file_size() : part->second;
  }
  synced_names();
  look_at_mark();
}

mortal_disk::~mortal_disk() {
  std::error_code ignored;
  files::remove_all(bodies_, ignored);
}

std::shared_ptr<rocksdb::FileSystem> mortal_disk::file_system() {
  return std::make_shared<mortal_file_system>(*this);
}

void mortal_disk::at_step(std::uint64_t n, std::function<void()> then) {
  const std::lock_guard lock{mutex_};
  steps_left_ = n;
  then_ = std::move(then);
}

void mortal_disk::count_step() {
  look_at_mark();
  if (steps_left_ > 0 && --steps_left_ == 0) then_();
}

void mortal_disk::look_at_mark() {
  std::string found = bytes_of(synced_mark_of(folder_));
  if (marks_.empty() || marks_.back() != found) marks_.push_back(std::move(found));
}

std::string mortal_disk::inside(const std::string& path) const {
  const files::path whole(path);
  return whole.parent_path() == folder_ ? whole.filename().string() : std::string{};
}

std::string mortal_disk::body_of(file_id id) const {
  return bodies_ + "/" + std::to_string(id);
}

// ---- Names.

void mortal_disk::enter(const std::string& name, file_id id) {
  now_[name] = id;
  changes();
}

void mortal_disk::changes() {
  since_sync_.push_back(now_);
}

void mortal_disk::made(const std::string& name) {
  ++last_;
  files::create_hard_link(folder_ + "/" + name, body_of(last_));
  synced_[last_] = 0;
  enter(name, last_);
}

void mortal_disk::removed(const std::string& name) {
  if (now_.erase(name) > 0) changes();
}

void mortal_disk::renamed(const std::string& from, const std::string& to) {
  const auto found = now_.find(from);
  if (found == now_.end() || to.empty()) return removed(from);
  const file_id id = found->second;
  now_.erase(found);
  enter(to, id);
}

void mortal_disk::linked(const std::string& from, const std::string& to) {
  if (const auto found = now_.find(from); found != now_.end() && !to.empty()) {
    enter(to, found->second);
  }
}

void mortal_disk::synced_names() {
  since_sync_.assign(1, now_);
}

// ---- Bytes.

void mortal_disk::synced(const std::string& name) {
  if (const auto found = now_.find(name); found != now_.end()) {
    synced_[found->second] = files::file_size(body_of(found->second));
  }
}

void mortal_disk::truncated(const std::string& name, std::uint64_t size) {
  if (const auto found = now_.find(name); found != now_.end()) {
    synced_[found->second] = std::min(synced_[found->second], size);
  }
}

void mortal_disk::copy_torn(file_id id, const std::string& to, std::mt19937_64& random) const {
  std::string bytes = bytes_of(body_of(id));
  const std::uint64_t sure = std::min<std::uint64_t>(synced_.at(id), bytes.size());
  const std::uint64_t unsure = bytes.size() - sure;
  const std::uint64_t kept = sure + (unsure == 0 ? 0 : random() % (unsure + 1));
  const bool is_log = to.ends_with(".log");
  // The size may be known before the bytes are.
  const std::uint64_t size = is_log ? kept + random() % (bytes.size() - kept + 1) : kept;
  bytes.resize(size);
  const bool is_garbage = random() % 2 == 0;
  const std::uint64_t spoilt_from = is_garbage ? std::max(sure, kept / sector * sector) : kept;
  for (std::uint64_t i = spoilt_from; i < size && is_log; ++i) {
    bytes[i] = static_cast<char>(is_garbage ? random() : 0);
  }
  put(to, bytes);
}

// ---- Ends.

void mortal_disk::loses_power(const std::string& into, std::mt19937_64& random) {
  const std::lock_guard lock{mutex_};
  look_at_mark();
  files::create_directory(into);
  for (const auto& [name, id] : since_sync_[random() % since_sync_.size()]) {
    copy_torn(id, into + "/" + name, random);
  }
  switch (const std::uint64_t which = random() % (marks_.size() + 2)) {
    case 0:
      break;
    case 1:
      put(synced_mark_of(into), std::string(marks_.back().size(), '\0'));
      break;
    default:
      put(synced_mark_of(into), marks_[which - 2]);
  }
}

mortal_disk::synced_sizes mortal_disk::is_killed(const std::string& into) {
  const std::lock_guard lock{mutex_};
  look_at_mark();
  files::create_directory(into);
  synced_sizes sizes;
  for (const auto& [name, id] : now_) {
    files::copy_file(body_of(id), into + "/" + name);
    sizes[name] = synced_.at(id);
  }
  put(synced_mark_of(into), marks_.back());
  return sizes;
}

}  // namespace frontdesk
