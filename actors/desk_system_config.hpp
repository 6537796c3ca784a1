#pragma once

#include "actors/census.hpp"
#include "actors/failure_watch.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/actor_system_config.hpp>

#include <cstddef>
#include <functional>

namespace frontdesk {

/// How many threads of each kind, and how long an actor may keep one.
struct scheduler_options {
  std::size_t io_workers = 1;
  std::size_t storage_workers = 1;
  std::size_t control_workers = 1;
  std::size_t files_workers = 1;
  /// Messages that an actor handles before the next actor has its turn. CAF's own default is
  /// "without end": one busy actor would keep its thread for itself. At about 0.2 µs to 10 µs for
  /// a message, 64 of them are short beside a socket's patience, and long beside the 0.2 µs that a
  /// turn costs.
  std::size_t throughput = 64;
  /// Messages and mailboxes are counted, and can be watched. What it costs is in docs/stats.md.
  bool is_counting = true;
};

/// Asks for CAF's own test scheduler: one thread, and a time that stands still until it is moved.
struct virtual_time_t {};
inline constexpr virtual_time_t virtual_time{};

/// The settings with which every actor system of the desk starts: our threads, no log output of
/// CAF's own, no CAF network. The system keeps a reference, so the configuration outlives it.
///
/// Copies of it do not exist; whoever wants to know of failures sets the listener before the system
/// starts.
class desk_system_config : public caf::actor_system_config {
 public:
  /// Real threads and real time.
  explicit desk_system_config(const scheduler_options& options, failure_listener listener = {});
  /// No threads, virtual time; placements are ignored. For tests.
  explicit desk_system_config(virtual_time_t, failure_listener listener = {});

  /// The parts that change while the system runs; safe for any thread.
  failure_watch& failures() const noexcept;
  census& kinds() const noexcept { return kinds_; }

  /// Called for each actor that `spawn_on` makes in virtual time, so that a test can end them all.
  std::function<void(const caf::strong_actor_ptr&)> on_virtual_spawn;

 private:
  void quiet();

  mutable failure_watch failures_;
  mutable census kinds_;
};

/// The failures of a system that was started with a `desk_system_config`; it must have been.
failure_watch& failures_of(const caf::actor_system&) noexcept;
census& census_of(const caf::actor_system&) noexcept;

}  // namespace frontdesk
