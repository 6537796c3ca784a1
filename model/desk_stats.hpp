#pragma once

#include "model/fault.hpp"
#include "model/histogram.hpp"
#include "model/ids.hpp"
#include "model/supervision_report.hpp"
#include "model/transport_kind.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What an operator can know of a running desk, at one moment: plain values, made by
/// `desk::stats()`.
///
/// Counts are since the start and only grow. Figures are each exact, but not of the same instant.
/// Durations are in nanoseconds.
namespace frontdesk {

/// To a quarter of a value, up to 68 s in nanoseconds.
using stats_histogram = log_histogram<2>;

/// How a figure was spread.
struct spread {
  /// Since the start.
  stats_histogram all;
  /// Within the last `desk_stats::recent`.
  stats_histogram recent;
};

/// A figure with its name, where names are not known beforehand.
struct named_value {
  std::string name;
  double value = 0;
};

/// @name The node
/// @{
struct node_stats {
  std::string name;
  std::string version;
  std::string history;
  std::chrono::milliseconds uptime{0};
  /// It takes posts.
  bool is_ready = false;
  /// What the process may use: a quota of half a processor is 0.5.
  double processors = 0;
  std::uint64_t memory_limit_bytes = 0;
  /// When these figures were taken.
  timestamp now;
};

/// A tenant that is in a tier of its own: it makes too much of the load, or what waits for its
/// sockets is too much.
struct tenant_tier_stats {
  tenant_id tenant;
  unsigned tier = 0;
  /// How long it has been this one.
  std::chrono::milliseconds lasted{0};
  /// The tenant's, as an operator knows it.
  std::string name = {};
};

/// The step of degradation, and why.
struct tier_stats {
  unsigned tier = 0;
  /// Memory or the store are at their end: posts are refused, nobody new is let in.
  bool is_guarded = false;
  /// By an operator.
  bool is_pinned = false;
  /// How long it has been this one.
  std::chrono::milliseconds lasted{0};
  /// Each as a part of what it may be: 1 is full.
  std::vector<named_value> inputs;
  /// What was shed, by shed point.
  std::vector<named_value> shed;
  /// For how long an operator's pin goes on to hold. None: it is not pinned.
  std::optional<std::chrono::milliseconds> pinned_for;
  /// Those that are in none of their own are not here.
  std::vector<tenant_tier_stats> tenants;
};
/// @}

/// @name Actors
/// @{
/// All actors of one kind, by the kind's name ("connection", "recorder").
struct actor_kind_stats {
  std::string name;
  /// Alive now.
  std::uint64_t count = 0;
  std::uint64_t spawned = 0;
  /// Those that threw.
  std::uint64_t crashed = 0;
  /// Those that ended with an error, and had not thrown.
  std::uint64_t failed = 0;
  /// Questions to others that were not answered in time.
  std::uint64_t timeouts = 0;
  /// Messages that took longer than a handler may.
  std::uint64_t stuck = 0;

  std::uint64_t messages = 0;
  /// Within the last `desk_stats::recent`.
  double messages_per_second = 0;
  /// The longest mailbox that a turn has found within the last second.
  std::uint64_t mailbox_now = 0;
  /// The longest one ever.
  std::uint64_t mailbox_max = 0;
  /// What turns find in their mailbox, of one turn in `sampled_one_in`.
  spread mailbox;
  /// How long a message took, of one message in `sampled_one_in`, and of all that were stuck.
  spread handling;
};

/// Something that a worker does longer than it may.
struct stuck_stats {
  std::string worker;
  /// The actor's kind; "callback" for a callback of a socket or a timer, outside of all actors.
  std::string kind;
  /// Within this process; 0 for a callback.
  std::uint64_t id = 0;
  /// The type of the message.
  std::string message;
  std::chrono::milliseconds lasted{0};
};
/// @}

/// One thread.
struct worker_stats {
  /// "io.0"
  std::string name;
  /// Turns of actors, and messages that entered from a socket.
  std::uint64_t turns = 0;
  std::uint64_t wakeups = 0;
  /// Actors that wait for their turn.
  std::uint64_t ready = 0;
  std::uint64_t timers = 0;
  /// From being ready to having a turn, measured by a probe.
  spread queue_delay;
  /// From being due to being run, of a callback, measured by a probe.
  spread loop_lag;
};

/// How posts become true.
struct recorder_stats {
  std::uint64_t batches = 0;
  /// Batches whose outcome was not "committed".
  std::uint64_t failed_batches = 0;
  std::uint64_t appends = 0;
  std::uint64_t bytes = 0;
  /// Appends and cursors that wait for the next batch.
  std::uint64_t waiting = 0;
  spread appends_per_batch;
  spread bytes_per_batch;
  /// To write and to sync one batch.
  spread commit;
};

/// What devices are answered, and how long they wait for it.
struct traffic_stats {
  /// What was refused, by the fault's name on the wire.
  std::vector<named_value> faults;
  /// Connections that the node has ended, by the reason.
  std::vector<named_value> closes;
  /// From a post's frame until its ack was handed to the transport.
  spread ack;
  /// From a message's being recorded until its frame was handed to the transport of somebody else's
  /// device, of those that are told at once.
  spread delivery;
};

/// Traces (docs/tracing.md).
struct trace_stats {
  /// Spans that were recorded, for whomever.
  std::uint64_t spans = 0;
  std::uint64_t exported = 0;
  /// Spans for which there was no room, or which the collector did not take.
  std::uint64_t left_out = 0;
  /// Requests that the collector did not answer with a success.
  std::uint64_t failed_exports = 0;
  /// Spans that wait for the collector now.
  std::uint64_t waiting = 0;
  /// Operators who watch now.
  std::uint64_t watches = 0;
};

/// Those of one tenant by one transport.
struct connection_stats {
  /// None: has not said hello yet.
  std::optional<tenant_id> tenant;
  transport_kind transport = transport_kind::websocket;
  std::uint64_t count = 0;
};

/// One team's queue.
struct queue_stats {
  tenant_id tenant;
  team_id team;
  /// Conversations that wait for an agent.
  std::uint64_t length = 0;
  /// Of the one that waits longest.
  std::chrono::milliseconds oldest_wait{0};
  std::uint64_t open_conversations = 0;
  /// Agents who are there and accept conversations.
  std::uint64_t agents_accepting = 0;
  /// The tenant's, as an operator knows it. Teams have none.
  std::string name = {};
};

struct desk_stats {
  /// What is called recent, as far as the desk has run for so long.
  std::chrono::milliseconds recent{0};
  /// Of so many turns or messages one is measured.
  unsigned sampled_one_in = 1;

  node_stats node;
  tier_stats tier;
  std::vector<actor_kind_stats> actors;
  std::vector<stuck_stats> stuck;
  std::vector<worker_stats> workers;
  recorder_stats recorder;
  traffic_stats traffic;
  trace_stats traces;
  std::vector<connection_stats> connections;
  std::vector<queue_stats> queues;
  std::uint64_t agents_present = 0;
  std::uint64_t visitors_present = 0;
  std::uint64_t conversations_awake = 0;
  /// Bytes that wait for sockets.
  std::uint64_t outbound_bytes = 0;
  /// Errors that answered a message for whose answer nobody waited.
  std::uint64_t ignored_errors = 0;
  /// Messages that were confined because they had ended two actors.
  std::uint64_t quarantined = 0;
  /// Who supervises whom, and how often it had to. Without a name: nobody does.
  supervised supervision;
};

}  // namespace frontdesk
