#include "storage/local_log.hpp"

#include "storage/apply.hpp"
#include "storage/layout.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace frontdesk {

namespace {

bool names_a_shard_twice(const std::vector<log_entry>& entries) {
  std::vector<shard_id> shards;
  std::ranges::transform(entries, std::back_inserter(shards), &log_entry::shard);
  std::ranges::sort(shards);
  return std::ranges::adjacent_find(shards) != shards.end();
}

write position_row(shard_id shard, const shard_position& position) {
  return {family::meta, position_key(shard), to_bytes(position)};
}

// A synced write that failed is not simply absent. RocksDB writes the set to the write-ahead log
// first; if the append or the sync fails, the set does not reach the memtable and no read sees it,
// but its bytes may lie in the log's file, whole, and the next opening replays what it finds there.
// The kernel's answer to a failed sync says nothing about what is on the disk either. So a failed
// write is `unknown`, also when the reason was a full disk: the bytes that did fit may be all of
// them. Only a store that refused before it wrote a byte says `storage_full`, and only that is
// `full`.
append_outcome outcome_of(const fault_or<done>& written) {
  if (written) {
    return append_outcome::committed;
  }
  const bool untouched = written.error().code == fault_code::storage_full;
  return untouched ? append_outcome::full : append_outcome::unknown;
}

class local_log final : public commit_log {
 public:
  local_log(store& from, std::function<bool()> space_is_short)
      : store_(from), space_is_short_(std::move(space_is_short)) {}

  fault_or<claimed_shard> claim(shard_id shard) override {
    const auto before = position_of(shard);
    if (!before) {
      return before.error();
    }
    const shard_position after{epoch{before->owner.value + 1}, before->last};
    const auto written = store_.write_all({position_row(shard, after)}, durability::synced);
    if (!written) {
      return written.error();
    }
    return claimed_shard{after.owner, after.last};
  }

  void append(std::vector<log_entry> entries, completion done) override {
    assert(!names_a_shard_twice(entries));
    done(entries.empty() ? append_outcome::committed : append_all(entries));
  }

  void trim(shard_id, log_index) override {}

 private:
  fault_or<shard_position> position_of(shard_id shard) const {
    const auto bytes = store_.get(family::meta, position_key(shard));
    if (!bytes) {
      return bytes.error();
    }
    if (!*bytes) {
      return shard_position{};
    }
    const auto position = position_from_bytes(**bytes);
    return position ? fault_or{*position} : fault_or<shard_position>{fault_code::storage_failed};
  }

  append_outcome append_all(const std::vector<log_entry>& entries) {
    write_set all;
    for (const log_entry& entry : entries) {
      const auto position = position_of(entry.shard);
      if (!position) {
        return append_outcome::unknown;
      }
      if (entry.owner != position->owner || entry.index.value != position->last.value + 1) {
        return append_outcome::fenced;
      }
      write_set rows = apply(entry.what);
      std::ranges::move(rows, std::back_inserter(all));
      all.push_back(position_row(entry.shard, {entry.owner, entry.index}));
    }
    if (space_is_short_ && space_is_short_()) {
      return append_outcome::full;
    }
    return outcome_of(store_.write_all(all, durability::synced));
  }

  store& store_;
  std::function<bool()> space_is_short_;
};

}  // namespace

std::unique_ptr<commit_log> make_local_log(store& from, std::function<bool()> space_is_short) {
  return std::make_unique<local_log>(from, std::move(space_is_short));
}

}  // namespace frontdesk
