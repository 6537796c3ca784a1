#include "storage/rocks_store.hpp"

#include "storage/rocks_database.hpp"
#include "storage/synced_mark.hpp"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/sst_file_manager.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace frontdesk {

namespace {

class rocks_store_over_database final : public rocks_store {
 public:
  rocks_store_over_database(const rocks_options& options, std::unique_ptr<rocks_database> db)
      : log_(options.log), db_(std::move(db)) {
    if (options.reads_only) return;
    mark_.emplace(synced_mark_of(options.folder));
    mark_->raise(database().GetLatestSequenceNumber());
    if (!mark_->is_kept()) {
      say(log_severity::warning,
          fmt::format("{} cannot be written: a damaged log would go unnoticed.",
                      synced_mark_of(options.folder)));
    }
  }
  rocks_store_over_database(const rocks_store_over_database&) = delete;
  rocks_store_over_database& operator=(const rocks_store_over_database&) = delete;
  ~rocks_store_over_database() override {
    if (is_healthy() && !reads_only()) db_->settle();
  }

  fault_or<std::optional<std::string>> get(family where, std::string_view key) override {
    std::string value;
    const auto status = database().Get({}, db_->handle(where), key, &value);
    if (status.IsNotFound()) {
      return std::optional<std::string>{};
    }
    if (!status.ok()) {
      return failed_to("read from", where, status);
    }
    return std::optional{std::move(value)};
  }

  fault_or<done> scan(const key_range& range, const row_visitor& row) override {
    if (!range.to.empty() && range.to <= range.from) {
      return done{};
    }
    const rocksdb::Slice from{range.from};
    const rocksdb::Slice to{range.to};
    rocksdb::ReadOptions how;
    how.iterate_lower_bound = &from;
    how.iterate_upper_bound = range.to.empty() ? nullptr : &to;
    // Lets a table's filter be asked where a range stays within one conversation.
    how.auto_prefix_mode = true;
    const std::unique_ptr<rocksdb::Iterator> at{
        database().NewIterator(how, db_->handle(range.where))};
    range.backwards ? at->SeekToLast() : at->Seek(from);
    while (at->Valid() && row(at->key().ToStringView(), at->value().ToStringView())) {
      range.backwards ? at->Prev() : at->Next();
    }
    if (!at->status().ok()) {
      return failed_to("read from", range.where, at->status());
    }
    return done{};
  }

  fault_or<done> write_all(const write_set& set, durability until) override {
    if (reads_only()) return fault_code::storage_failed;
    switch (health().now()) {
      case store_condition::sound:
        break;
      case store_condition::full:
        return fault_code::storage_full;
      case store_condition::broken:
        return fault_code::storage_failed;
    }
    rocksdb::WriteBatch batch;
    for (const write& w : set) {
      const auto status = add(batch, w);
      if (!status.ok()) {
        return failed_to("write to", w.where, status);
      }
    }
    rocksdb::WriteOptions how;
    how.sync = until == durability::synced;
    const auto written = verdict_on(database().Write(how, &batch));
    // A synced write syncs all that is in the log by then.
    if (written && how.sync) mark_->raise(database().GetLatestSequenceNumber());
    return written;
  }

  fault_or<done> checkpoint(const std::string& folder) override {
    if (reads_only()) return fault_code::storage_failed;
    if (std::filesystem::exists(folder)) {
      say(log_severity::error, fmt::format("A checkpoint failed: {} exists.", folder));
      return fault_code::storage_failed;
    }
    const std::uint64_t least = database().GetLatestSequenceNumber();
    rocksdb::Checkpoint* made = nullptr;
    auto status = rocksdb::Checkpoint::Create(&database(), &made);
    const std::unique_ptr<rocksdb::Checkpoint> maker{made};
    if (status.ok()) {
      // A log of any size is moved into tables first: the copy has none.
      status = maker->CreateCheckpoint(folder, 0);
    }
    if (!status.ok()) {
      say(log_severity::error, fmt::format("A checkpoint failed: {}", status.ToString()));
      remove_rocks_store(folder);
      return status.IsNoSpace() ? fault_code::storage_full : fault_code::storage_failed;
    }
    synced_mark{synced_mark_of(folder)}.raise(least);
    return done{};
  }

  fault_or<done> verify() override {
    const auto status = database().VerifyChecksum();
    if (status.ok()) {
      return done{};
    }
    say(log_severity::error, fmt::format("The store is damaged: {}", status.ToString()));
    return fault_code::storage_failed;
  }

  bool is_healthy() const override { return health().now() == store_condition::sound; }

  void limit_bytes(std::uint64_t bytes_max) override {
    db_->ground().files->SetMaxAllowedSpaceUsage(bytes_max);
  }

 private:
  rocksdb::DB& database() const { return **db_; }
  bool reads_only() const { return !mark_; }
  rocksdb::Status add(rocksdb::WriteBatch& to, const write& w) const {
    rocksdb::ColumnFamilyHandle* const where = db_->handle(w.where);
    if (!w.removed) return to.Put(where, w.key, w.value);
    return w.until.empty() ? to.Delete(where, w.key) : to.DeleteRange(where, w.key, w.until);
  }
  store_health& health() const { return *db_->ground().health; }

  fault failed_to(std::string_view what, family where, const rocksdb::Status& status) const {
    say(log_severity::error,
        fmt::format("The store failed to {} '{}': {}", what, name_of(where), status.ToString()));
    return fault{fault_code::storage_failed};
  }

  void say(log_severity severity, const std::string& line) const {
    if (log_) {
      log_(severity, line);
    }
  }

  // What a write's status says of its rows.
  //
  // Tables that reached their limit are found by flushes and compactions only; they stop the
  // database, and a write finds it stopped before it touches the log. So that status means: nothing
  // was written. A full disk is found by the log's own append, too, which may have got any part of
  // the set into the file. RocksDB keeps the set from its memory and, when it recovers, from every
  // later opening as well; but a crash before that leaves a log that ends in our set, and if all of
  // it got there, it is read. So that status means: nobody knows.
  //
  // Health was told of either by the listener, which may have told of its end as well by now.
  fault_or<done> verdict_on(const rocksdb::Status& status) {
    if (status.ok()) {
      return done{};
    }
    if (status.subcode() == rocksdb::Status::kSpaceLimit) {
      return fault_code::storage_full;
    }
    const std::string why = fmt::format("A write failed: {}", status.ToString());
    say(log_severity::error, why);
    if (status.subcode() != rocksdb::Status::kNoSpace) {
      health().broke(why);
    }
    return fault_code::storage_failed;
  }

  std::function<void(log_severity, std::string_view)> log_;
  std::unique_ptr<rocks_database> db_;
  /// None: nothing is written.
  std::optional<synced_mark> mark_;
};

}  // namespace

rocks_database::rocks_database(rocks_ground ground, rocksdb::DB* db,
                               std::vector<rocksdb::ColumnFamilyHandle*> handles)
    : ground_(std::move(ground)), db_(db), handles_(std::move(handles)) {}

rocks_database::~rocks_database() {
  for (rocksdb::ColumnFamilyHandle* handle : handles_) {
    db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
}

void rocks_database::settle() {
  // An error is no loss, the log has it all; and the listener has told of it.
  db_->Flush({}, handles_).PermitUncheckedError();
}

std::unique_ptr<rocks_store> make_rocks_store(const rocks_options& options,
                                              std::unique_ptr<rocks_database> db) {
  return std::make_unique<rocks_store_over_database>(options, std::move(db));
}

std::string synced_mark_of(const std::string& folder) {
  return folder + ".synced";
}

bool remove_rocks_store(const std::string& folder) {
  std::error_code failed;
  std::filesystem::remove_all(folder, failed);
  std::error_code mark_stays;
  std::filesystem::remove(synced_mark_of(folder), mark_stays);
  return !failed && !mark_stays;
}

}  // namespace frontdesk
