#pragma once

#include "storage/rocks_store.hpp"
#include "storage/store.hpp"
#include "storage/store_health.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace rocksdb {
struct ColumnFamilyOptions;
struct DBOptions;
class Cache;
class Env;
class SstFileManager;
}  // namespace rocksdb

namespace frontdesk {

/// How RocksDB is set up here. Its defaults serve a machine that is RocksDB's own and an operator
/// who reads its log; here it shares a small machine with everything else, and has to survive a
/// full disk in Debian's build, whose asserts are live. The figures come from measurements of this
/// build: what made a difference is set, what was within the noise is left alone.

/// What RocksDB stands on: made once, before the database, and kept until it is closed, because the
/// database holds bare pointers to it.
struct rocks_ground {
  /// Fed by the disk's watch, by RocksDB's listener and by the store's own writes.
  std::shared_ptr<store_health> health;
  /// The machine, with its disk watched.
  std::shared_ptr<rocksdb::Env> env;
  /// One for all families: it bounds what reading and writing take together.
  std::shared_ptr<rocksdb::Cache> cache;
  /// Counts tables against their limit, and recovers when there is room.
  std::shared_ptr<rocksdb::SstFileManager> files;
};

/// `on_locked_out` is told the lock file that somebody else holds.
rocks_ground make_rocks_ground(const rocks_options&,
                               std::function<void(std::string_view file)> on_locked_out);

/// Every option that differs from RocksDB's default has its reason in the source.
rocksdb::DBOptions database_options(const rocks_options&, const rocks_ground&);
rocksdb::ColumnFamilyOptions family_options(const rocks_options&, const rocks_ground&, family);

/// The bytes of a log key that name its conversation: what a table's filter knows of its keys.
constexpr std::size_t conversation_prefix_bytes = 12;

}  // namespace frontdesk
