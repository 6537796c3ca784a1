#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace frontdesk::simulation {

/// What may go wrong on a day, each as a chance out of 1000 per step unless it says otherwise. All
/// of it is drawn from the seed: first how wild the day is, then for each trouble whether there is
/// any, and how much. So some days are calm, and each is another mixture.
struct troubles {
  // Links.
  unsigned cut_link = 0;
  unsigned cut_within_frame = 0;
  unsigned silent_link = 0;
  unsigned half_open_link = 0;
  unsigned stall_link = 0;
  unsigned outage = 0;
  /// Per frame.
  unsigned torn_frame = 0;
  /// Per connection.
  unsigned slow_reader = 0;

  // Clients.
  unsigned reload_page = 0;
  unsigned crash_page = 0;
  unsigned fresh_device = 0;

  // Actors and the node.
  unsigned kill_conversation = 0;
  unsigned kill_person = 0;
  unsigned kill_connection = 0;
  unsigned kill_dispatcher = 0;
  unsigned kill_storage = 0;
  unsigned kill_registry = 0;
  unsigned freeze_node = 0;
  unsigned crash_node = 0;
  unsigned jump_clock = 0;
  unsigned overload = 0;

  // The store and its log. Those of writes and reads are per write and read.
  unsigned full_disk = 0;
  unsigned lost_write = 0;
  unsigned secret_write = 0;
  unsigned failed_read = 0;
  unsigned unknown_outcome = 0;
  unsigned stalled_commit = 0;
  /// Milliseconds that a commit takes at most, before and behind its write.
  unsigned commit_ms = 0;
  /// Milliseconds that the answer to a read is on its way at most; when all heals, too.
  unsigned read_ms = 0;

  static troubles drawn(std::mt19937_64&);
  /// Of the day with this seed.
  static troubles of(std::uint64_t seed);
  /// Those there are, by name.
  std::string text() const;
};

}  // namespace frontdesk::simulation
