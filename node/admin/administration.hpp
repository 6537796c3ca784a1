#pragma once

#include "actors/spawn.hpp"
#include "model/audit.hpp"
#include "model/quarantined.hpp"
#include "net/identity/token_identity.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// The problem: tenants, inboxes and agents are made at a node that runs and at one that does not,
/// by commands, by the demo and by requests, and all of them have to keep the same rules.
///
/// The answer: whoever administers sees this and nothing else. Behind it is a running desk, or a
/// store that was opened for one command.
namespace frontdesk {

/// All functions may block, for `answer_max` at most; any thread that carries neither sockets nor
/// actors may call them.
class administration {
 public:
  static constexpr std::chrono::seconds answer_max{10};

  administration() = default;
  administration(const administration&) = delete;
  administration& operator=(const administration&) = delete;
  virtual ~administration() = default;

  virtual directory_ptr directory_now() const = 0;

  /// Records a change; ids that are 0 ask for a new one. The answer means: recorded, as it says.
  /// Faults: those of `check`; `storage_full`, `storage_failed`; `busy`: not known, so look again.
  virtual fault_or<directory_change> change(directory_change) = 0;

  /// The hash to keep of a new password. Faults: `bad_value` (too short, too long), `busy`.
  virtual fault_or<std::string> hash(std::string password) = 0;

  /// Makes `data_folder::checkpoint` anew, a copy of all that is recorded at some moment of the
  /// call. Takes as long as the memory takes to reach the disk. Faults: `storage_full`,
  /// `storage_failed`.
  virtual fault_or<done> make_checkpoint() = 0;

  /// What is in quarantine of a tenant. Fault: `storage_failed`.
  virtual fault_or<std::vector<quarantined>> quarantine_of(tenant_id) = 0;

  /// Takes one of them away. Faults: `not_found`, those of `change`.
  virtual fault_or<done> discard_quarantined(tenant_id, quarantine_id) = 0;

  /// Stay in this tier for this time, whatever the load; in none: go by the load again. The answer
  /// means: the node is in it. Faults: `not_ready` (no node runs), `busy`: not known.
  virtual fault_or<done> pin_tier(std::optional<unsigned> tier, std::chrono::milliseconds time) = 0;

  virtual const token_identity& tokens() const = 0;

  /// Whether another deed may be done now. Fault: `rate_limited`.
  virtual fault_or<done> admit_deed() { return done{}; }

  /// Records what an operator did, within this time. Faults: `busy`, `storage_full`,
  /// `storage_failed`.
  virtual fault_or<done> audit(const audit_entry&, std::chrono::milliseconds patience) = 0;

  /// A page of what operators did. Fault: `storage_failed`.
  virtual fault_or<audit_page> read_audit(const audit_query&) = 0;

  /// What the node does at this moment, with its name and version. Fault: `not_ready`, if none
  /// runs.
  virtual fault_or<desk_stats> stats() const { return fault_code::not_ready; }

  /// The conversation that the tenant's agents know by this number. Faults: `not_found`: there is
  /// none, or it was closed long ago; `storage_failed`, `not_ready` (no node runs).
  virtual fault_or<conversation_id> conversation_numbered(tenant_id, std::uint64_t) {
    return fault_code::not_ready;
  }

  /// Where live traces are watched. Null: no node runs.
  virtual trace_board* traces() { return nullptr; }
};

}  // namespace frontdesk
