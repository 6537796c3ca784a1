#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace rocksdb {
class FileSystem;
}

namespace frontdesk {

/// What RocksDB does to a file that can fail in a way that matters.
enum class disk_step : std::uint8_t { append, sync };

/// What a test may make of a step.
enum class disk_fault : std::uint8_t {
  none,
  /// As a full disk does: of an append, only the first half arrives.
  no_space,
  /// As a broken disk does: nothing is known of what arrived.
  io_error,
};

/// What is told about the disk.
struct disk_watch {
  /// A file or folder could not be synced.
  std::function<void(std::string_view sentence)> on_failed_sync;
  /// A lock file that can be opened could not be locked: somebody else holds it.
  std::function<void(std::string_view file)> on_locked_out;
  /// For tests: asked before each step. Empty: nothing fails but by itself.
  std::function<disk_fault(disk_step, std::string_view file)> fault;
  /// For tests: what is watched. None: the machine's file system.
  std::shared_ptr<rocksdb::FileSystem> under;
};

/// A file system, watched. RocksDB reports a failed sync as one input/output error
/// among others, and for some of them it goes on by itself; after a failed sync nobody may go on.
/// So the syncs are seen here, below RocksDB, where they cannot be taken for anything else.
///
/// The functions are called on RocksDB's threads, also while a database opens or closes.
std::shared_ptr<rocksdb::FileSystem> watched_disk(disk_watch);

}  // namespace frontdesk
