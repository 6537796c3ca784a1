#pragma once

#include "actors/census.hpp"
#include "model/tally_histogram.hpp"

namespace frontdesk {

/// What the recorder counts. Written on its worker alone; any thread reads.
struct recorder_tally {
  tally batches;
  /// Not committed.
  tally failed_batches;
  tally appends;
  tally bytes;
  /// For the next batch.
  tally waiting;
  stats_tally appends_per_batch;
  stats_tally bytes_per_batch;
  /// From the write to its outcome, in nanoseconds: mostly the sync of the disk.
  stats_tally commit;
};

}  // namespace frontdesk
