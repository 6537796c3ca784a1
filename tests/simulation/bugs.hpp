#pragma once

#include "model/planted_bug.hpp"
#include "tests/client/desk_client.hpp"

#include <cstdint>

namespace frontdesk::simulation {

/// Bugs that can be planted where the desk stands on something that a test hands in. What cannot be
/// reached so is planted in the actors themselves (model/planted_bug.hpp), where they are built so.
enum class store_bug : std::uint8_t {
  none,
  /// Answers a synced write before it is synced.
  syncs_later,
  /// Writes a set in two pieces.
  tears_sets,
  /// Finds no device's answers.
  forgets_windows,
  /// Answers the writing of cursors, and writes none.
  forgets_cursors,
};
enum class log_bug : std::uint8_t {
  none,
  /// An outcome that is not known is called `committed`.
  takes_doubt_for_truth,
  /// Appends of an earlier owner are written over what the later one has written.
  takes_stale_owners,
};

struct planted_bugs {
  store_bug in_store = store_bug::none;
  log_bug in_log = log_bug::none;
  client::client_bug in_client = client::client_bug::none;
  planted_bug in_actors = planted_bug::none;
};

}  // namespace frontdesk::simulation
