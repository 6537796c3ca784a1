#pragma once

#include "model/batch.hpp"
#include "model/fault.hpp"
#include "model/ids.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace frontdesk {

/// One batch at its place in its shard's log.
struct log_entry {
  shard_id shard;
  /// Of the writer. An entry of an older epoch than the shard's is fenced.
  epoch owner;
  /// The last index + 1.
  log_index index;
  batch what;
};

enum class append_outcome : std::uint8_t {
  /// True, for ever, and applied: may be acknowledged.
  committed,
  /// Somebody else owns the shard; nothing was written.
  fenced,
  /// Refused before anything was written: the disk is full. May succeed later.
  full,
  /// It may be there or not. Never acknowledge, never renumber: claim the shard again and read.
  unknown,
};

/// What a claim found.
struct claimed_shard {
  epoch owner;
  log_index last;
};

/// The seam at which something becomes true: batches are appended to the logs of their shards, made
/// durable, and applied to the store. `local_log` does it with one synced write on one machine; a
/// cluster does it through a majority.
///
/// One caller at a time (the recorder, on its storage worker). `done` may be called during `append`
/// or later, once, on the caller's thread.
class commit_log {
 public:
  using completion = std::function<void(append_outcome)>;

  commit_log() = default;
  commit_log(const commit_log&) = delete;
  commit_log& operator=(const commit_log&) = delete;
  virtual ~commit_log() = default;

  /// Makes this process the owner of a shard: every append of an earlier claim is fenced from now
  /// on, and what earlier owners committed has been applied to the store. Faults: `storage_full`,
  /// `storage_failed`; the shard may have a new owner or not, so claim again.
  virtual fault_or<claimed_shard> claim(shard_id) = 0;

  /// Appends all entries as one commit, at most one entry per shard. One outcome for all of them:
  /// if one is fenced, none is written.
  virtual void append(std::vector<log_entry> entries, completion done) = 0;

  /// Entries up to `last` (included) are no longer needed by this node.
  virtual void trim(shard_id, log_index last) = 0;
};

}  // namespace frontdesk
