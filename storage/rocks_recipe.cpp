#include "storage/rocks_recipe.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/sst_file_manager.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <string>
#include <thread>
#include <utility>

namespace frontdesk {

namespace {

using log_lines = std::function<void(log_severity, std::string_view)>;

// RocksDB's own logger writes a file, and the file's writer asserts that nothing is written after
// an error; in Debian's build, where asserts are live, a full disk ends the process there.
class line_logger final : public rocksdb::Logger {
 public:
  explicit line_logger(log_lines lines)
      : Logger(rocksdb::InfoLogLevel::WARN_LEVEL), lines_(std::move(lines)) {}

  using Logger::Logv;
  void Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) override {
    // Headers are the options, page after page; their level is the highest of all.
    if (!lines_ || level < GetInfoLogLevel() || level == rocksdb::InfoLogLevel::HEADER_LEVEL) {
      return;
    }
    std::array<char, 1024> line{};
    const int size = std::vsnprintf(line.data(), line.size(), format, arguments);
    const auto shown = std::clamp(size, 0, static_cast<int>(line.size()) - 1);
    lines_(level == rocksdb::InfoLogLevel::WARN_LEVEL ? log_severity::warning : log_severity::error,
           {line.data(), static_cast<std::size_t>(shown)});
  }

 private:
  log_lines lines_;
};

// Whether RocksDB will go on by itself when there is room. (An error of space in the very switch to
// a new log is beyond that: it is fatal.)
bool ends_with_room(const rocksdb::Status& status) {
  const bool is_of_space = status.subcode() == rocksdb::Status::kNoSpace ||
                           status.subcode() == rocksdb::Status::kSpaceLimit;
  return is_of_space && status.severity() < rocksdb::Status::kFatalError;
}

// Tells the store's health what flushes, compactions and recoveries met.
class health_listener final : public rocksdb::EventListener {
 public:
  explicit health_listener(std::shared_ptr<store_health> health) : health_(std::move(health)) {}

  const char* Name() const override { return "frontdesk.health_listener"; }

  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* status) override {
    if (ends_with_room(*status)) {
      health_->became_full(status->ToString());
    } else if (!status->ok()) {
      health_->broke(status->ToString());
    }
  }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* go_on_by_itself) override {
    *go_on_by_itself = *go_on_by_itself && health_->now() != store_condition::broken;
  }
  void OnErrorRecoveryEnd(const rocksdb::BackgroundErrorRecoveryInfo& what) override {
    if (what.new_bg_error.ok()) {
      health_->has_room();
    }
  }

 private:
  std::shared_ptr<store_health> health_;
};

rocksdb::BlockBasedTableOptions table_options(const rocks_ground& ground) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = ground.cache;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  // So that the cache's size is all that reading takes, however large the store grows.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  return table;
}

}  // namespace

rocks_ground make_rocks_ground(const rocks_options& options,
                               std::function<void(std::string_view file)> on_locked_out) {
  rocks_ground ground;
  ground.health = std::make_shared<store_health>(options.on_health);
  const auto break_it = [health = ground.health](std::string_view why) { health->broke(why); };
  ground.env = rocksdb::NewCompositeEnv(
      watched_disk({break_it, std::move(on_locked_out), options.fault, options.disk}));
  // On processors that are all busy, flushes and compactions would take from the threads that
  // somebody waits for as much as each of these gets, for up to a second. Should they fall behind
  // for long, writes wait for them, and that gives them the processor. (It is refused only by an
  // environment without threads of its own.)
  for (const auto pool : {rocksdb::Env::BOTTOM, rocksdb::Env::LOW, rocksdb::Env::HIGH}) {
    ground.env->LowerThreadPoolCPUPriority(pool, rocksdb::CpuPriority::kLow);
  }
  ground.cache = rocksdb::NewLRUCache(options.cache_bytes);
  ground.files.reset(rocksdb::NewSstFileManager(ground.env.get()));
  ground.files->SetMaxAllowedSpaceUsage(options.bytes_max);
  return ground;
}

rocksdb::DBOptions database_options(const rocks_options& options, const rocks_ground& ground) {
  rocksdb::DBOptions db;
  db.env = ground.env.get();
  db.create_if_missing = true;
  db.create_missing_column_families = true;
  db.info_log = std::make_shared<line_logger>(options.log);
  db.listeners.push_back(std::make_shared<health_listener>(ground.health));
  db.sst_file_manager = ground.files;
  // An error of space may last for days, and a human ends it.
  db.max_bgerror_resume_count = INT_MAX;
  db.paranoid_checks = true;
  // A folder that was wiped is a new one.
  db.write_dbid_to_manifest = true;

  // After a power cut the log ends in a torn record; all that was synced lies before it. A flipped
  // bit further in would end it there, too: whoever opens compares with the `synced_mark` first.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  db.track_and_verify_wals_in_manifest = true;
  // An opening reads it all: about 3 s for this much.
  db.max_total_wal_size = 128ULL << 20U;
  db.bytes_per_sync = 1ULL << 20U;

  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  db.max_background_jobs = std::clamp(cores, 2, 4);
  db.max_open_files = 1024;
  db.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(96ULL << 20U, ground.cache);
  // Both only write to the info log.
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  return db;
}

rocksdb::ColumnFamilyOptions family_options(const rocks_options& options,
                                            const rocks_ground& ground, family which) {
  rocksdb::ColumnFamilyOptions f;
  f.write_buffer_size = options.write_buffer_bytes;
  f.max_write_buffer_number = 4;
  f.level_compaction_dynamic_level_bytes = true;
  f.compression = rocksdb::kLZ4Compression;
  f.bottommost_compression = rocksdb::kZSTD;
  f.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options(ground)));
  // A page of a conversation then touches only tables that know the conversation.
  if (which == family::log) {
    f.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(conversation_prefix_bytes));
  }
  return f;
}

}  // namespace frontdesk
