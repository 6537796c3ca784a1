#pragma once

#include "actors/io_thread.hpp"
#include "actors/transport.hpp"
#include "model/audit.hpp"
#include "model/batch.hpp"
#include "model/desk_stats.hpp"
#include "model/directory.hpp"
#include "model/failure.hpp"
#include "model/file_wish.hpp"
#include "model/identity.hpp"
#include "model/limits.hpp"
#include "model/load_shedding.hpp"
#include "model/outbound_budget.hpp"
#include "model/quarantined.hpp"
#include "model/supervision_report.hpp"
#include "model/tier_board.hpp"
#include "model/trace_board.hpp"
#include "model/wall_clock.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace frontdesk {

class store;
class commit_log;
class file_store;

/// Durations and bounds of the desk that a test or an operator may choose otherwise.
struct desk_settings {
  std::chrono::milliseconds agent_grace = limits::agent_grace;
  std::chrono::milliseconds passivate_after = limits::passivate_after;
  std::chrono::milliseconds person_lingers = limits::person_lingers;
  std::chrono::milliseconds desk_tick = limits::desk_tick;
  std::chrono::milliseconds cursor_flush = limits::cursor_flush;
  std::chrono::milliseconds ping_interval = limits::ping_interval;
  /// The longest that `desk::stop` waits for the actors to end.
  std::chrono::milliseconds stop_max = limits::drain_max;
  std::size_t io_workers = 1;
  /// The largest file that is taken.
  std::uint64_t file_bytes_max = limits::file_bytes_max;
  /// How many who come back at once this desk can take: whom it sends away it asks back so spread.
  double hellos_per_second = limits::hellos_per_second;
  outbound_bounds outbound;
  /// What actors do is counted, and whoever is stuck is found.
  bool is_counting = true;
  /// The tier to stay in, whatever the load, until an operator wishes otherwise.
  std::optional<unsigned> pinned_tier;
  trace_settings traces;
};

/// What the actors stand on. All of it outlives the desk.
struct desk_foundation {
  store& rows;
  commit_log& log;
  const wall_clock& time;
  const authenticator& proof;
  /// Something that the operator should read; never a secret or a message's text. Any thread.
  std::function<void(const failure&)> on_failure;
  /// Null: the desk takes no files.
  file_store* files = nullptr;
  /// Something keeps a thread longer than it may, or kept it so long and has ended now. One thread,
  /// which carries nothing else.
  std::function<void(const stuck_stats&, bool has_ended)> on_stuck = {};
  /// What the machine says of the process since it was asked last. Called on one thread.
  std::function<host_load()> host = nullptr;
  /// The desk or a tenant went to another tier. Any thread.
  std::function<void(const tier_change&)> on_tier = nullptr;
  /// A span has ended, of a message that is traced. Any thread.
  std::function<void(const span&)> on_span = nullptr;
  /// A message was confined, and is kept from now on; what was said is not told. Any thread.
  std::function<void(const quarantined&)> on_quarantined = nullptr;
};

/// A change of the directory; ids that are 0 ask for a new one.
using directory_change = std::variant<tenant, inbox, agent>;

/// The running actors of one node: the only door from the floors above. Thread-safe unless said
/// otherwise.
class desk {
 public:
  /// Starts workers and actors, reads the directory, and returns when the desk takes connections.
  /// Fault: the store's.
  static fault_or<std::unique_ptr<desk>> open(const desk_foundation&, const desk_settings&);

  desk() = default;
  desk(const desk&) = delete;
  desk& operator=(const desk&) = delete;
  virtual ~desk() = default;

  /// The threads that carry sockets.
  virtual std::size_t io_threads() const = 0;
  virtual io_thread& io(std::size_t index) = 0;

  /// A new connection for this transport. Call on the thread `io(index)`, outside any call of a
  /// port. The transport keeps the port until `on_closed` or `transport::close`.
  virtual std::shared_ptr<connection_port> connect(std::size_t index,
                                                   std::shared_ptr<transport>) = 0;

  /// The directory as it stands now.
  virtual directory_ptr directory_now() const = 0;

  /// Records a change; `done` is called on some worker's thread with the record as it was stored.
  /// Faults: those of `check`, `storage_full`, `storage_failed`.
  virtual void change(directory_change, std::function<void(fault_or<directory_change>)> done) = 0;

  /// Does something with a file for somebody; `done` is called once, on some worker's thread.
  /// `unknown_file` if the desk takes no files.
  virtual void serve_file(const identity& who, file_wish,
                          std::function<void(fault_or<file_told>)> done) = 0;

  /// The id of this history; 32 hex digits.
  virtual const std::string& history() const = 0;

  /// Whether the desk can record: the storage actors live and the store is healthy.
  virtual bool is_ready() const = 0;

  /// Takes a message out of quarantine for good; `done` is called once, on some worker's thread.
  /// Faults: `not_found`, `busy`, `storage_full`, `storage_failed`.
  virtual void discard_quarantined(tenant_id, quarantine_id,
                                   std::function<void(fault_or<done>)> reply) {
    reply(fault_code::not_found);
  }

  /// Records what an operator did; `reply` is called once, on some worker's thread. Faults: `busy`,
  /// `storage_full`, `not_ready`; `storage_failed`: it may be recorded or not.
  virtual void audit(audit_entry, std::function<void(fault_or<audited>)> reply) {
    reply(fault_code::not_ready);
  }

  /// The supervision tree as it stands: who runs, who failed last, how often and why.
  virtual supervised supervision() const { return {}; }

  /// In which tiers the desk and its tenants are, and why. Thread-safe, for good.
  virtual tier_board& tiers() = 0;

  /// Where spans of messages are told, and fetched. Thread-safe, for good.
  virtual trace_board& traces() = 0;

  /// Stay in this tier for this time, whatever the load; in none: go by the load again. `reply` is
  /// called once, on some worker's thread, when `tiers` says so. Fault: `not_ready`.
  virtual void pin_tier(std::optional<unsigned> tier, std::chrono::milliseconds time,
                        std::function<void(fault_or<done>)> reply) = 0;

  /// Bytes that wait for sockets.
  virtual std::size_t outbound_bytes() const { return 0; }

  /// What all actors do, at this moment. Asks none of them, so it answers also when they hang, and
  /// costs them nothing. Name and version of the node are not in it: the floor above knows them.
  virtual desk_stats stats() const { return {}; }

  /// Called once, on some thread, if a failure has exhausted the supervisors: the process should
  /// end.
  virtual void on_ruin(std::function<void(std::string_view why)>) = 0;

  /// Closes all connections with `drain`, each with a slot of its own to come back in, lets running
  /// commits end, stops all actors and threads. Bounded by `desk_settings::stop_max`. Listeners
  /// must be closed before.
  virtual void stop() = 0;
};

}  // namespace frontdesk
