#pragma once

#include "model/fault.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk {

/// What is kept, by kind. One column family each; never one per tenant (storage/layout.hpp draws
/// the keys). Numbers are not stored; names of families are.
enum class family : std::uint8_t {
  log,
  index,
  head,
  dedupe,
  cursor,
  directory,
  outbox,
  audit,
  meta
};
constexpr std::size_t families_count = 9;

/// The stored name.
std::string_view name_of(family);

/// One row to write: put, or taken away.
struct write {
  family where = family::meta;
  std::string key;
  std::string value;
  bool removed = false;
  /// Rows that are taken away: if not empty, all from `key` to this one, which stays.
  std::string until = {};

  friend bool operator==(const write&, const write&) = default;
};

using write_set = std::vector<write>;

/// When a write may be called true.
enum class durability : std::uint8_t {
  /// On the disk: the write-ahead log is synced before the call returns.
  synced,
  /// In the write-ahead log's file; a power cut may take it.
  buffered,
};

/// Keys from `from` (included) to `to` (excluded; empty: to the family's end).
struct key_range {
  family where = family::meta;
  std::string from;
  std::string to;
  /// Greatest key first.
  bool backwards = false;
};

/// The seam under everything that is kept: ordered rows by family, written in atomic sets. RocksDB
/// behind it in a node, a map in the simulator.
///
/// Thread-safe. Calls block on the disk, so they run on storage workers only.
///
/// Faults of reads: `storage_failed`; the sentence is in the log. Faults of writes say what is
/// known of the rows, and a caller must tell the two apart:
/// - `storage_full`: surely nothing was written, and nothing of it will appear later. May succeed
///   when there is room again.
/// - `storage_failed`: the rows are not there now, but may be there after a restart. Nothing of it
///   may be acknowledged, and nothing else may be written in its place before the store has been
///   opened again or says `is_healthy`.
class store {
 public:
  store() = default;
  store(const store&) = delete;
  store& operator=(const store&) = delete;
  virtual ~store() = default;

  /// The value of a key, or nothing.
  virtual fault_or<std::optional<std::string>> get(family, std::string_view key) = 0;

  /// Is shown a row; false ends the scan. The views are valid during the call only, and the call
  /// must not use the store.
  using row_visitor = std::function<bool(std::string_view key, std::string_view value)>;

  /// Shows the rows of a range in order, as they all were at one moment.
  virtual fault_or<done> scan(const key_range&, const row_visitor& row) = 0;

  /// All of the set or nothing, later rows over earlier ones. A synced write also syncs every
  /// buffered one before it.
  virtual fault_or<done> write_all(const write_set&, durability) = 0;

  /// Whether writes can succeed, as far as it is known.
  virtual bool is_healthy() const = 0;
};

}  // namespace frontdesk
