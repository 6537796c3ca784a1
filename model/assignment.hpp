#pragma once

#include "model/chat.hpp"
#include "model/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace frontdesk {

/// Which agent gets which conversation of a team, and when. The rule:
///
/// - Conversations wait in the order in which they began to wait; those that an agent had before
///   stand in front, and those with priority in front of all.
/// - The first in the queue goes to the least loaded agent who is present, accepts and has a slot
///   free; among equals to the one who has waited longest for a conversation.
/// - An agent's own actor owns the slots. So a choice is only an offer: the slot is *reserved*
/// first,
///   the conversation is told, and what an agent reports of her load replaces what is thought here.
///
/// A plain value without time or actors; every call is O(log n) in queue or agents. Not
/// thread-safe.

/// How an agent stands, as her own actor reports it.
struct agent_load {
  person_id agent;
  bool present = false;
  bool accepting = false;
  std::uint32_t capacity = 0;
  /// Slots in use, reserved ones included.
  std::uint32_t load = 0;
};

/// The decision to ask this agent to hold a slot for this conversation.
struct reservation {
  conversation_id conversation;
  person_id agent;

  friend bool operator==(const reservation&, const reservation&) = default;
};

class assignment {
 public:
  /// An agent's report. Slots that were reserved here since are counted on top until answered.
  void agent_is(const agent_load&);
  /// The agent is no longer of the team.
  void forget(person_id agent);

  /// How a conversation waits.
  struct waiting {
    timestamp since;
    /// It stands before those that no agent had.
    bool returned = false;
    /// It stands before all others.
    bool vip = false;
  };
  /// Again for one that waits already: its place may change.
  void enqueue(conversation_id, const waiting&);
  /// It does not wait any more, for whatever reason.
  void dequeue(conversation_id);

  /// The next reservations to ask for, at most `most`. Each conversation is then on offer until one
  /// of the two calls below.
  std::vector<reservation> next(std::size_t most);
  /// The agent could not hold the slot: the conversation is in the queue again, and the agent is
  /// not chosen again before her next report.
  void declined(conversation_id);
  /// The offer is over: the conversation was given to the agent, or could not be.
  void settled(conversation_id);

  bool is_queued(conversation_id) const;
  std::size_t queue_count() const { return order_.size(); }
  /// Since when the one waits that waits longest; none if nobody does.
  std::optional<timestamp> waits_since() const;
  /// Those that wait, in order. What is on offer keeps its place until it is settled.
  std::vector<conversation_id> queue() const;

 private:
  struct place {
    bool is_normal = false;
    bool behind = false;
    timestamp since;
    conversation_id conversation;

    friend auto operator<=>(const place&, const place&) = default;
  };
  struct agent_state {
    agent_load reported;
    std::uint32_t offered = 0;
    std::uint64_t last_turn = 0;
    bool declined = false;
  };
  /// Agents who could take one now, least loaded first, then longest without.
  struct candidate {
    std::uint32_t load = 0;
    std::uint64_t last_turn = 0;
    person_id agent;

    friend auto operator<=>(const candidate&, const candidate&) = default;
  };

  std::optional<candidate> candidate_of(const agent_state&) const;
  void update(person_id, const agent_state& changed);
  void end_offer(conversation_id, bool declined);

  std::set<place> order_;
  std::unordered_map<conversation_id, place> places_;
  /// Queued and not on offer.
  std::set<place> free_;
  std::unordered_map<conversation_id, person_id> offers_;
  std::unordered_map<person_id, agent_state> agents_;
  std::set<candidate> candidates_;
  std::uint64_t turns_ = 0;
};

}  // namespace frontdesk
