#pragma once

#include "storage/store.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace frontdesk {

/// What a disk does with a write. A simulator chooses; a disk does not ask.
enum class write_fate : std::uint8_t {
  /// It is there, as durable as was asked for.
  kept,
  /// Refused as `storage_full`; nothing was written.
  refused,
  /// Fails as `storage_failed`, and nothing of it is ever seen.
  lost,
  /// Fails as `storage_failed`, but it reached the disk: the rows appear after the next crash.
  kept_in_secret,
};

/// RocksDB's twin for tests and simulations: the same promises, no disk, no threads of its own, no
/// clock. What makes it worth more than a map is that it can lose what a real disk may lose, and
/// nothing else: `crash` takes back buffered writes, and a fate makes a single write fail in each
/// of the ways in which a write can fail.
///
/// After a `lost` or `kept_in_secret` write the store is unhealthy until `crash`: reads go on,
/// every write fails as `storage_failed` and is lost. RocksDB behaves so after a failed sync.
///
/// Deterministic: the same calls give the same rows in the same order. Thread-safe.
class memory_store final : public store {
 public:
  /// Asked for every write while the store is healthy.
  using fate_source = std::function<write_fate(const write_set&, durability)>;

  memory_store() = default;

  fault_or<std::optional<std::string>> get(family, std::string_view key) override;
  fault_or<done> scan(const key_range&, const row_visitor& row) override;
  fault_or<done> write_all(const write_set&, durability) override;
  bool is_healthy() const override;

  /// From now on `choose` decides every write's fate; empty: all are kept.
  void decide_fates_by(fate_source choose);

  /// Power cut and restart: of the write sets that were buffered since the last synced one, only
  /// the first `kept` remain, as a write-ahead log's file keeps a beginning. Healthy again.
  void crash(std::size_t kept = 0);
  /// Write sets that `crash` would take back.
  std::size_t buffered_count() const;

  /// The same rows, all of them durable; fates are not copied.
  std::unique_ptr<memory_store> copy() const;
  /// Whether two stores hold the same rows.
  bool has_rows_of(const memory_store& other) const;

 private:
  using rows = std::map<std::string, std::string, std::less<>>;

  rows& rows_of(family where) { return rows_[static_cast<std::size_t>(where)]; }
  // Writes, and gives the write set that would take it back.
  write_set apply_with_undo(const write_set&);
  void put(const write&);

  mutable std::mutex mutex_;
  std::array<rows, families_count> rows_;
  // How to take back each buffered write set, oldest first: rows before it, in the order in which
  // they have to be restored.
  std::vector<write_set> undo_;
  std::optional<write_set> secret_;
  fate_source fate_;
  bool healthy_ = true;
};

}  // namespace frontdesk
