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

/// What RocksDB is built on: made once, before the database, and kept until it is closed.
struct rocks_ground {
  std::shared_ptr<store_health> health;
  std::shared_ptr<rocksdb::Env> env;
  std::shared_ptr<rocksdb::Cache> cache;
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
