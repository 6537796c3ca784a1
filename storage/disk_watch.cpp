#include "storage/disk_watch.hpp"

#include <fmt/format.h>
#include <rocksdb/file_system.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace frontdesk {

namespace {

using rocksdb::DirFsyncOptions;
using rocksdb::FileOptions;
using rocksdb::FSDirectory;
using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

using watch_ptr = std::shared_ptr<const disk_watch>;

disk_fault fault_of(const disk_watch& watch, disk_step step, const std::string& file) {
  return watch.fault ? watch.fault(step, file) : disk_fault::none;
}

IOStatus status_of(disk_fault fault) {
  switch (fault) {
    case disk_fault::none:
      break;
    case disk_fault::no_space:
      return IOStatus::NoSpace("a test's full disk");
    case disk_fault::io_error:
      return IOStatus::IOError("a test's broken disk");
  }
  return IOStatus::OK();
}

// Does a sync, and tells if it failed: before RocksDB knows, so that no thread of it can go on in
// between and be believed.
template <class Sync>
IOStatus watched_sync(const disk_watch& watch, const std::string& file, Sync sync) {
  IOStatus status = status_of(fault_of(watch, disk_step::sync, file));
  if (status.ok()) {
    status = sync();
  }
  if (!status.ok() && watch.on_failed_sync) {
    watch.on_failed_sync(fmt::format("{} could not be synced: {}", file, status.ToString()));
  }
  return status;
}

// Only what can lose acknowledged bytes is watched; the rest goes straight through.
class watched_file final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  watched_file(std::unique_ptr<FSWritableFile>&& file, std::string name, watch_ptr watch)
      : FSWritableFileOwnerWrapper(std::move(file)),
        name_(std::move(name)),
        watch_(std::move(watch)) {}

  IOStatus Append(const Slice& bytes, const IOOptions& options, IODebugContext* debug) override {
    return watched_append(bytes, [&](const Slice& some) {
      return FSWritableFileOwnerWrapper::Append(some, options, debug);
    });
  }
  IOStatus Append(const Slice& bytes, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& sum, IODebugContext* debug) override {
    return watched_append(bytes, [&](const Slice& some) {
      return FSWritableFileOwnerWrapper::Append(some, options, sum, debug);
    });
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return watched_sync(*watch_, name_,
                        [&] { return FSWritableFileOwnerWrapper::Sync(options, debug); });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return watched_sync(*watch_, name_,
                        [&] { return FSWritableFileOwnerWrapper::Fsync(options, debug); });
  }
  IOStatus RangeSync(std::uint64_t from, std::uint64_t size, const IOOptions& options,
                     IODebugContext* debug) override {
    return watched_sync(*watch_, name_, [&] {
      return FSWritableFileOwnerWrapper::RangeSync(from, size, options, debug);
    });
  }

 private:
  template <class Append>
  IOStatus watched_append(const Slice& bytes, Append append) {
    const disk_fault fault = fault_of(*watch_, disk_step::append, name_);
    if (fault == disk_fault::none) {
      return append(bytes);
    }
    // The rest of the first half stays in the file, as it does on a disk that fills up.
    if (fault == disk_fault::no_space) {
      append(Slice{bytes.data(), bytes.size() / 2}).PermitUncheckedError();
    }
    return status_of(fault);
  }

  std::string name_;
  watch_ptr watch_;
};

// A new file exists only when its folder was synced.
class watched_folder final : public rocksdb::FSDirectoryWrapper {
 public:
  watched_folder(std::unique_ptr<FSDirectory>&& folder, std::string name, watch_ptr watch)
      : FSDirectoryWrapper(std::move(folder)), name_(std::move(name)), watch_(std::move(watch)) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return watched_sync(*watch_, name_, [&] { return FSDirectoryWrapper::Fsync(options, debug); });
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const DirFsyncOptions& why) override {
    return watched_sync(*watch_, name_, [&] {
      return FSDirectoryWrapper::FsyncWithDirOptions(options, debug, why);
    });
  }

 private:
  std::string name_;
  watch_ptr watch_;
};

class watched_file_system final : public rocksdb::FileSystemWrapper {
 public:
  explicit watched_file_system(disk_watch watch)
      : FileSystemWrapper(watch.under ? watch.under : FileSystem::Default()),
        watch_(std::make_shared<const disk_watch>(std::move(watch))) {}

  const char* Name() const override { return "frontdesk.watched_disk"; }

  IOStatus NewWritableFile(const std::string& name, const FileOptions& options,
                           std::unique_ptr<FSWritableFile>* made, IODebugContext* debug) override {
    const IOStatus status = FileSystemWrapper::NewWritableFile(name, options, made, debug);
    return watched(status, name, made);
  }
  IOStatus ReopenWritableFile(const std::string& name, const FileOptions& options,
                              std::unique_ptr<FSWritableFile>* made,
                              IODebugContext* debug) override {
    const IOStatus status = FileSystemWrapper::ReopenWritableFile(name, options, made, debug);
    return watched(status, name, made);
  }
  IOStatus NewDirectory(const std::string& name, const IOOptions& options,
                        std::unique_ptr<FSDirectory>* made, IODebugContext* debug) override {
    IOStatus status = FileSystemWrapper::NewDirectory(name, options, made, debug);
    if (status.ok()) {
      *made = std::make_unique<watched_folder>(std::move(*made), name, watch_);
    }
    return status;
  }
  IOStatus LockFile(const std::string& name, const IOOptions& options, rocksdb::FileLock** lock,
                    IODebugContext* debug) override {
    IOStatus status = FileSystemWrapper::LockFile(name, options, lock, debug);
    // Not opened here to see whether it can be: closing it would let go of a lock that this very
    // process holds.
    if (!status.ok() && eaccess(name.c_str(), R_OK | W_OK) == 0 && watch_->on_locked_out) {
      watch_->on_locked_out(name);
    }
    return status;
  }

 private:
  IOStatus watched(IOStatus status, const std::string& name,
                   std::unique_ptr<FSWritableFile>* made) const {
    if (status.ok()) {
      *made = std::make_unique<watched_file>(std::move(*made), name, watch_);
    }
    return status;
  }

  watch_ptr watch_;
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> watched_disk(disk_watch watch) {
  return std::make_shared<watched_file_system>(std::move(watch));
}

}  // namespace frontdesk
