#pragma once

#include "model/desk_stats.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The statistics of a desk as one JSON document: what `/stats` answers, what `frontdesk stats`
/// reads. docs/stats.md says field by field what it means. Integers only: durations are in
/// nanoseconds where the name ends in `_ns` and in milliseconds where it ends in `_ms`, parts of a
/// whole in thousandths.
namespace frontdesk::stats_json {

/// Grows with the number of tenants and teams, so these have a bound: beyond it, the shortest
/// queues and the smallest groups of connections are left out, and counted.
constexpr std::size_t rows_max = 1000;
/// Of whom the supervision tree tells below one supervisor; `/tree` has all.
constexpr std::size_t supervised_max = 100;

std::string to_json(const desk_stats&);

/// @name What a terminal shows of it
/// @{
struct actor_row {
  std::string name;
  std::uint64_t count = 0;
  std::uint64_t spawned = 0;
  /// Crashed, failed otherwise, stuck, timed out.
  std::uint64_t troubles = 0;
  std::uint64_t messages = 0;
  std::uint64_t mailbox_now = 0;
  std::uint64_t mailbox_max = 0;
  std::uint64_t p50_ns = 0;
  std::uint64_t p99_ns = 0;
};
struct worker_row {
  std::string name;
  std::uint64_t turns = 0;
  std::uint64_t queue_delay_p99_ns = 0;
  std::uint64_t loop_lag_p99_ns = 0;
};
/// One of the supervision tree that has failed.
struct fallen_row {
  /// From the root, which is left out: "storage/recorder".
  std::string path;
  std::string state;
  std::uint64_t restarts = 0;
  std::uint64_t failures = 0;
  std::string why;
  /// How long ago it failed last.
  std::uint64_t ago_ms = 0;
};
struct tenant_row {
  std::uint64_t tenant = 0;
  std::string name;
  std::uint64_t tier = 0;
  std::uint64_t lasted_ms = 0;
};
struct digest {
  std::string version;
  std::uint64_t uptime_ms = 0;
  bool is_ready = false;
  std::uint64_t processors_permille = 0;
  std::uint64_t memory_limit_bytes = 0;
  std::uint64_t tier = 0;
  bool is_guarded = false;
  bool is_pinned = false;
  /// 0: not known.
  std::uint64_t pinned_for_ms = 0;
  /// Since 1970.
  std::uint64_t pinned_until_ms = 0;
  /// In a tier of their own.
  std::vector<tenant_row> tenants;
  std::uint64_t tenants_left_out = 0;
  /// Thousandths.
  std::vector<std::pair<std::string, std::uint64_t>> inputs;
  std::vector<actor_row> actors;
  std::vector<worker_row> workers;
  /// "io.0 connection 17 frame_received 512 ms"
  std::vector<std::string> stuck;
  /// Whoever fell last first.
  std::vector<fallen_row> fallen;
  std::uint64_t appends = 0;
  std::uint64_t batches = 0;
  std::uint64_t waiting = 0;
  std::uint64_t batch_p50 = 0;
  std::uint64_t commit_p50_ns = 0;
  std::uint64_t commit_p99_ns = 0;
  std::uint64_t connections = 0;
  std::uint64_t agents = 0;
  std::uint64_t visitors = 0;
  std::uint64_t conversations = 0;
  std::uint64_t queued = 0;
  std::uint64_t oldest_wait_ms = 0;
  std::uint64_t outbound_bytes = 0;
  /// Of all faults.
  std::uint64_t refused = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t ack_p50_ns = 0;
  std::uint64_t ack_p99_ns = 0;
  std::uint64_t delivery_p50_ns = 0;
  std::uint64_t delivery_p99_ns = 0;
};
/// None: it is not such a document. A field that it does not have is 0.
std::optional<digest> read_digest(std::string_view document);
/// @}

}  // namespace frontdesk::stats_json
