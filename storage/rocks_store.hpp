#pragma once

#include "storage/disk_watch.hpp"
#include "storage/store.hpp"
#include "storage/store_health.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace frontdesk {

/// Why a data folder could not be opened.
enum class open_problem : std::uint8_t {
  /// Another process has it, or this one already.
  in_use,
  /// This user may not read or write there.
  not_permitted,
  /// A later version wrote it.
  newer_format,
  /// It is not what was written.
  damaged,
  /// The disk is full, and stays full without the reserve.
  no_space,
  other,
};

/// The problem, and a sentence for the operator that says what to do about it.
struct open_failure {
  open_problem problem = open_problem::other;
  std::string sentence;
};

enum class log_severity : std::uint8_t { warning, error };

/// How a store is opened. Everything has a default but the folder.
struct rocks_options {
  /// RocksDB's alone: nothing else may lie in it. Made, with its parents, if it is missing. Beside
  /// it lies `<folder>.synced` (storage/synced_mark.hpp).
  std::string folder;

  /// Told of every change of the condition, on any thread: see `store_health`.
  store_health::listener on_health;
  /// Is given RocksDB's warnings and errors, and ours, line by line, on any thread. RocksDB's own
  /// log file is never made: Debian's build aborts when it cannot be written.
  std::function<void(log_severity, std::string_view line)> log;
  /// Called once if the disk is too full to open: gives the reserve file back
  /// (storage/space_watch.hpp) so that recovery has room.
  std::function<void()> release_reserve;

  /// What all tables together may take; 0: what the disk has. Above it, writes are `storage_full`.
  std::uint64_t bytes_max = 0;
  /// Blocks, indexes, filters and write buffers, all together.
  std::size_t cache_bytes = 256ULL << 20U;
  /// One write buffer of one family. All of them together are bound to 96 MB.
  std::size_t write_buffer_bytes = 32ULL << 20U;

  /// Touches nothing: for a folder that may only be read, or that nobody wants changed. Nothing is
  /// locked, so a node that runs there is found only if this machine's kernel lists it; its folder
  /// is then `in_use` as ever. Writes are `storage_failed`.
  bool reads_only = false;

  /// Begins another history over the same rows: what was acknowledged after a backup was made is
  /// not in it, and the clients have to find that out.
  bool renews_history = false;
  /// The identity of a new history; empty: 16 bytes of the system's randomness.
  std::function<std::array<std::uint8_t, 16>()> new_history;
  /// For tests: see `disk_watch::fault`.
  std::function<disk_fault(disk_step, std::string_view file)> fault;
  /// For tests: see `disk_watch::under`.
  std::shared_ptr<rocksdb::FileSystem> disk;
};

/// The store of a node: one RocksDB.
///
/// What it promises beyond `store`:
/// - A synced write is in the write-ahead log, and the log is synced, when the call returns.
/// - After an error of space it refuses writes before anything is written (`storage_full`), serves
///   reads, and takes writes again when RocksDB has recovered, about five seconds after there is
///   room.
/// - After any other error of a write, above all a failed sync, it is unhealthy until the process
///   ends. The node stops acknowledging, ends, and is started again; nothing is tried twice.
class rocks_store : public store {
 public:
  /// Changes `rocks_options::bytes_max`.
  virtual void limit_bytes(std::uint64_t bytes_max) = 0;

  /// Makes a store in `folder`, which must not exist, of all that is synced now; its mark is made
  /// beside it. On the same file system it costs some links and little room, and keeps what is
  /// compacted away later. Faults: `storage_full`, `storage_failed`; nothing is left then.
  virtual fault_or<done> checkpoint(const std::string& folder) = 0;

  /// Reads every table and compares it with its checksums. Fault: `storage_failed`.
  virtual fault_or<done> verify() = 0;
};

using opened_store = std::variant<std::unique_ptr<rocks_store>, open_failure>;

/// Opens a folder, or makes a new one with a format version and a history id in it. After a crash
/// it reads the whole write-ahead log, twice: first without touching the folder, to see that
/// nothing is missing of what was synced (else `damaged`); about 6 s for the 128 MB it may have.
opened_store open_rocks_store(rocks_options);

/// Takes a store that nobody has open away, with its mark; it need not exist. False: something of
/// it is still there.
bool remove_rocks_store(const std::string& folder);

}  // namespace frontdesk
