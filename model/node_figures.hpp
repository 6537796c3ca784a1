#pragma once

#include "model/ids.hpp"
#include "model/notice.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

/// What an operator can know of a node beside its actors (`model/desk_stats.hpp`): the process, the
/// door, the disk. Counts are since the start and only grow.
namespace frontdesk {

struct process_figures {
  double cpu_seconds = 0;
  /// Since 1970.
  double start_seconds = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t descriptors_open = 0;
  /// 0: not known.
  std::uint64_t descriptors_max = 0;
  std::uint64_t threads = 0;
};

struct door_figures {
  /// Sockets that were let in and live.
  std::uint64_t sockets = 0;
  /// Those of them that have not sent a whole request yet.
  std::uint64_t handshakes = 0;
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  /// How often a listener had to wait for descriptors.
  std::uint64_t pauses = 0;
  /// Those of the operators' own port.
  std::uint64_t internal_sockets = 0;
  std::optional<timestamp> certificate_until;
};

struct disk_figures {
  /// Of the disk that holds the data directory; 0 if it cannot be asked.
  std::uint64_t free_bytes = 0;
  std::uint64_t total_bytes = 0;
  /// Posts are refused because there is so little of it.
  bool is_short = false;
  bool is_store_sound = true;
};

/// Entries of the audit (model/audit.hpp).
struct audit_figures {
  std::uint64_t recorded = 0;
  /// They stand in the log alone.
  std::uint64_t unrecorded = 0;
};

struct node_figures {
  bool is_ready = false;
  process_figures process;
  door_figures door;
  disk_figures disk;
  audit_figures audit;
  std::array<std::uint64_t, notice_levels_count> log_lines{};
};

}  // namespace frontdesk
