#pragma once

#include "storage/rocks_recipe.hpp"
#include "storage/rocks_store.hpp"
#include "storage/store.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
}  // namespace rocksdb

namespace frontdesk {

/// An open RocksDB with what it stands on. RocksDB hands out bare pointers and leaves it to its
/// user to give them back in order: the families' handles, then the database, then its ground. This
/// keeps the order, whoever drops it and why.
class rocks_database {
 public:
  rocks_database(rocks_ground, rocksdb::DB*, std::vector<rocksdb::ColumnFamilyHandle*> handles);
  rocks_database(const rocks_database&) = delete;
  rocks_database& operator=(const rocks_database&) = delete;
  ~rocks_database();

  /// Moves what is in memory into tables, so that the next opening finds an empty log.
  void settle();

  rocksdb::DB& operator*() const { return *db_; }
  rocksdb::DB* operator->() const { return db_.get(); }
  const rocks_ground& ground() const { return ground_; }

  /// `handles` has the default family first, then ours in their order.
  rocksdb::ColumnFamilyHandle* handle(family which) const {
    return handles_[1 + static_cast<std::size_t>(which)];
  }

 private:
  rocks_ground ground_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

/// A store over an open database whose format was checked.
std::unique_ptr<rocks_store> make_rocks_store(const rocks_options&,
                                              std::unique_ptr<rocks_database>);

/// The file of a store's `synced_mark`.
std::string synced_mark_of(const std::string& folder);

}  // namespace frontdesk
