#pragma once

#include "actors/file_keeper_interface.hpp"
#include "actors/historian_interface.hpp"
#include "actors/local_message.hpp"
#include "actors/spawn.hpp"
#include "actors/told.hpp"
#include "actors/transport.hpp"
#include "model/batch.hpp"
#include "model/chat.hpp"
#include "model/directory.hpp"
#include "model/event.hpp"
#include "model/fault.hpp"
#include "model/identity.hpp"
#include "model/ids.hpp"
#include "model/trace.hpp"
#include "storage/commit_log.hpp"
#include "storage/reader.hpp"
#include "wire/frame.hpp"

#include <caf/message.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// All promises between actors, message by message. Wishes are imperatives, facts are in the past.
///
/// A wish says what its answer means. Where a wish goes towards the store, its sender holds a
/// credit until the answer comes, so that no mailbox on the way up grows; on the way down there is
/// no credit, but whoever falls behind is told only that there is more, and pulls.
///
/// Persons and conversations are reached by name, through the registry; their handles are its own.
namespace frontdesk {

// ---- Conversation: order, members, cursors. Woken on demand, leaves memory when idle.

/// Say this. The answer `post_answered` goes to the author's person and means: recorded, or why
/// not. A full conversation answers `busy`.
struct say {
  post what;
  /// The author's name, and for a visitor where a new conversation would open.
  std::string author_name;
  std::optional<opening> opens;
  std::uint32_t reopen_window_s = 0;
};

/// A participant has received or read up to here. No answer; others see `cursor_moved`.
struct report_cursor {
  person_id who;
  cursor at;
};

/// A participant types, or stopped. No answer; others see `typing_seen`. May be lost.
struct report_typing {
  person_id who;
  bool on = false;
  /// Of a visitor whose inbox allows it: what is typed and not sent.
  std::string text;
};

/// The visitor came or left. No answer; the agent sees `presence_seen`. May be lost.
struct report_presence {
  person_id who;
  bool online = false;
};

/// Give it to this agent, who holds a slot for it. The answer `assign_answered` goes to the team's
/// dispatcher and means: it is so, and recorded; or why not. May be wished again after any doubt.
struct assign {
  team_id team;
  named_person to;
  /// Who wished it; the desk if nobody did.
  named_person by;
};

/// Put it back at the head of its queue. The answer `request_answered` goes to the asker, if there
/// is one, and means: recorded. `only_from`: nothing happens unless this agent has it.
struct give_back {
  std::optional<asker> from;
  named_person by;
  return_reason reason = return_reason::returned;
  person_id only_from;
};

/// End it. The answer `request_answered` means: recorded, or it was closed already.
struct close_conversation {
  asker from;
  named_person by;
};

/// Say how you stand. The answer `conversation_moved`, without events, goes to this person.
struct tell_me {
  person_id who;
};

/// Tell all members and the dispatcher how you stand: they may not know. They get
/// `conversation_moved`, without events.
struct speak_up {};

/// From the registry: nothing more will come; end when all that came is done.
struct leave {};

/// From the recorder: what became of the conversation's one append under way.
struct appended {
  append_outcome outcome = append_outcome::unknown;
  /// Of a conversation that was opened by this append: its number.
  std::uint64_t number = 0;
};

/// To itself: has anything come since the last one?
struct idle_due {};
/// To itself: write the cursors that moved.
struct cursors_due {};
/// To itself: tell what was held back under load; is the load gone, so that ticks may be told?
struct held_due {};
struct ticks_due {};

using conversation_actor = caf::typed_actor<
    caf::reacts_to<say>, caf::reacts_to<report_cursor>, caf::reacts_to<report_typing>,
    caf::reacts_to<report_presence>, caf::reacts_to<assign>, caf::reacts_to<give_back>,
    caf::reacts_to<close_conversation>, caf::reacts_to<tell_me>, caf::reacts_to<speak_up>,
    caf::reacts_to<leave>, caf::reacts_to<appended>, caf::reacts_to<idle_due>,
    caf::reacts_to<cursors_due>, caf::reacts_to<held_due>, caf::reacts_to<ticks_due>>;

// ---- Recorder: the only writer. Gathers what waits into one synced commit, tenants in turn.

/// Grant a new life to a conversation. The answer says how it stands behind everything that is
/// queued; appends of older lives are refused from then on.
struct wake {
  conversation_name what;
};
struct woken {
  fault_code refusal = fault_code::none;
  incarnation life;
  head at;
  std::vector<reader_cursor> cursors;
};

/// The answers that a device got in a conversation, behind everything that is queued.
struct find_window {
  conversation_name where;
  person_id author;
  device_id device;
};
struct window_found {
  fault_code refusal = fault_code::none;
  post_window window;
};

/// Record this for a conversation. The answer `appended` goes to `reply_to`; at most one append of
/// a conversation is under way. Refused as `fenced` if `life` is not the latest, or the head before
/// it is not the recorded one.
struct append {
  conversation_name what;
  incarnation life;
  sequence visible_before;
  sequence internal_before;
  /// The recorder chooses the number of the head in `records`.
  bool wants_number = false;
  std::shared_ptr<batch> records;
  std::size_t bytes = 0;
  std::size_t posts_count = 0;
  conversation_actor reply_to;
  /// Of its posts that are traced: where they are now.
  std::vector<span_ptr> traces = {};
};

/// How far somebody is in a conversation, behind everything that is queued.
struct find_cursor {
  conversation_name where;
  person_id reader;
};
struct cursor_found {
  fault_code refusal = fault_code::none;
  cursor at;
};

/// A conversation leaves memory: its life is over. No answer.
struct rest {
  conversation_name what;
  incarnation life;
};

/// Record cursors or directory entries. The answer means: recorded, or why not.
struct keep {
  tenant_id tenant;
  /// Of cursors: whose.
  conversation_id conversation;
  std::shared_ptr<batch> records;
};
struct kept {
  append_outcome outcome = append_outcome::unknown;
};

/// To itself: everything that waited for the last commit is here.
struct commit_now {};

using recorder_actor = caf::typed_actor<
    caf::replies_to<wake>::with<woken>, caf::replies_to<find_window>::with<window_found>,
    caf::replies_to<find_cursor>::with<cursor_found>, caf::reacts_to<append>, caf::reacts_to<rest>,
    caf::replies_to<keep>::with<kept>, caf::reacts_to<commit_now>>;

// ---- Connection: hello, subscriptions, windows; a face for one transport.

/// From the person: you are one of its devices now; this is its roster.
struct attached {
  std::vector<roster_entry> roster;
  next_opening next;
  frame::me own;
  frame::counts totals;
};

/// The agent's own routing status or load changed.
struct own_status {
  frame::me own;
};

/// By an errand of its own: the device lives, and how far it is in a conversation (or in none).
struct device_reported {
  device_id device;
  conversation_id conversation;
  sequence seq;
};

/// Close with this code. Who may come again is told when: at this slot, or at one of its own.
struct dismiss {
  close_code code = close_code::internal;
  std::optional<std::uint32_t> retry_after_ms = std::nullopt;
};

/// The desk, or this tenant's part of it, is in another tier.
struct tier_moved {};

/// From the transport, on the connection's own thread; see `connection_port`.
struct frame_received {
  std::string bytes;
};
struct transport_drained {};
struct transport_all_said {};
struct transport_closed {
  parting how;
};
struct pulse_due {};
/// To itself: the person has ended; attach to a fresh one.
struct attach_due {};

using connection_actor = caf::typed_actor<
    caf::reacts_to<attached>, caf::reacts_to<conversation_moved>, caf::reacts_to<post_answered>,
    caf::reacts_to<request_answered>, caf::reacts_to<agents_listed>, caf::reacts_to<cursor_seen>,
    caf::reacts_to<typing_seen>, caf::reacts_to<presence_seen>, caf::reacts_to<place_seen>,
    caf::reacts_to<desk_moved_ptr>, caf::reacts_to<next_opening>, caf::reacts_to<own_status>,
    caf::reacts_to<device_reported>, caf::reacts_to<dismiss>, caf::reacts_to<tier_moved>,
    caf::reacts_to<frame_received>, caf::reacts_to<transport_drained>,
    caf::reacts_to<transport_all_said>, caf::reacts_to<transport_closed>, caf::reacts_to<pulse_due>,
    caf::reacts_to<attach_due>>;

// ---- Person: somebody who is present. Owns devices and roster; an agent also status and slots.

/// A device of yours. The answer `attached` goes to the connection once the roster is known. An
/// older connection of the same device is dismissed; not by an errand, which is told nothing but
/// what answers it, and of which the oldest is dismissed beyond `limits::errands_per_person_max`.
struct attach_device {
  connection_actor connection;
  connection_id id;
  device_id device;
  identity who;
  carries kind = carries::both_ways;
};

/// The connection has gone.
struct device_gone {
  connection_id id;
};

/// Set the agent's routing status. The answer is `request_answered`.
struct set_status {
  asker from;
  frame::routing_status to = frame::routing_status::offline;
  std::optional<std::uint32_t> capacity;
};

/// Hold one of your slots for this conversation. The answer `reserved` goes to the dispatcher; it
/// means that the slot is held until the conversation is known to be elsewhere, or is released.
/// `forced`: a person wished it, so that a status other than accepting does not matter; the cap
/// does.
struct reserve {
  conversation_id conversation;
  bool forced = false;
};

/// The slot is not needed.
struct release {
  conversation_id conversation;
};

/// From a conversation that has just woken: if you are there, say so (`report_presence`).
struct tell_presence {
  conversation_id conversation;
};

/// From a dispatcher that has just begun: say who you are (`agent_changed`).
struct announce {};

/// To itself: is anybody still there?
struct person_tick {};
/// To itself: what became of the slots that were reserved?
struct doubt_due {};

using person_actor = caf::typed_actor<
    caf::reacts_to<attach_device>, caf::reacts_to<device_gone>, caf::reacts_to<device_reported>,
    caf::reacts_to<conversation_moved>, caf::reacts_to<post_answered>,
    caf::reacts_to<request_answered>, caf::reacts_to<agents_listed>, caf::reacts_to<cursor_seen>,
    caf::reacts_to<typing_seen>, caf::reacts_to<presence_seen>, caf::reacts_to<place_seen>,
    caf::reacts_to<desk_moved_ptr>, caf::reacts_to<set_status>, caf::reacts_to<reserve>,
    caf::reacts_to<release>, caf::reacts_to<tell_presence>, caf::reacts_to<announce>,
    caf::reacts_to<leave>, caf::reacts_to<person_tick>, caf::reacts_to<doubt_due>>;

// ---- Dispatcher: a team's queue and its agents' loads.

/// How an agent stands; told at every change.
struct agent_changed {
  named_person who;
  frame::me own;
  bool online = false;
};

/// The answer to `reserve`.
struct reserved {
  conversation_id conversation;
  person_id agent;
  bool held = false;
};

/// The answer to `assign`: `none`, or why not.
struct assign_answered {
  conversation_id conversation;
  person_id agent;
  fault_code refusal = fault_code::none;
  /// How the conversation stands; nothing, if it could not be woken.
  head_ptr at{};
};

/// Hand a conversation to this agent (also the asker: take it). The answer is `request_answered`.
struct transfer {
  asker from;
  named_person by;
  conversation_id conversation;
  named_person to;
};

/// The team's agents, for a transfer dialog. The answer `agents_listed` goes to the asker.
struct list_agents {
  asker from;
};

/// To itself: tell what changed.
struct dispatcher_tick {};

using dispatcher_actor =
    caf::typed_actor<caf::reacts_to<conversation_moved>, caf::reacts_to<agent_changed>,
                     caf::reacts_to<reserved>, caf::reacts_to<assign_answered>,
                     caf::reacts_to<transfer>, caf::reacts_to<list_agents>,
                     caf::reacts_to<dispatcher_tick>>;

// ---- Registry: finds by name, wakes, lets go. One message in, one message on.

/// Hand this to a conversation; it is woken if need be. Of what waits for one that leaves or has
/// fallen, posts are answered `busy` beyond `limits::parked_max`, or beyond
/// `limits::parked_tenant_max` of one tenant, and all else is dropped: whoever holds a credit for
/// it gives up after its time. So is what is in quarantine; such a post goes on as its refusal.
struct to_conversation {
  conversation_name to;
  /// The worker beside which a conversation that must be woken shall live.
  std::size_t near = 0;
  caf::message what;
};

/// Hand this to a person, if present; `wake`: also if not.
struct to_person {
  person_name to;
  bool wake = false;
  std::size_t near = 0;
  caf::message what;
};

/// A team's dispatcher is named by its team.
struct dispatcher_name {
  tenant_id tenant;
  team_id team;

  friend auto operator<=>(const dispatcher_name&, const dispatcher_name&) = default;
};

/// Hand this to a team's dispatcher.
struct to_dispatcher {
  tenant_id tenant;
  team_id team;
  caf::message what;
};

/// Hand this to all agents of the tenant who are present.
struct to_agents {
  tenant_id tenant;
  caf::message what;
};

/// A conversation or a person has nothing to do: let it `leave`, unless something is on its way.
struct conversation_idle {
  conversation_name who;
};
struct person_idle {
  person_name who;
};

/// A conversation has ended while something was being recorded: whether it was, its members have
/// not been told. It is woken in a while, to `speak_up`.
struct unsettled {
  conversation_name who;
};
/// To itself: wake those.
struct settle_due {};

/// From a conversation, a person or a dispatcher that an exception has just ended, as its last
/// word: a fresh one is made, and first of all hears again what this one did not come to. Not if it
/// falls again and again: then the next one comes after a pause, to what came meanwhile.
template <class Name>
struct fell {
  Name who;
  caf::actor_id which = 0;
  std::string thrown;
  std::vector<caf::message> again;
};
using conversation_fell = fell<conversation_name>;
using person_fell = fell<person_name>;
using dispatcher_fell = fell<dispatcher_name>;

/// To itself: the pause of some who fell is over.
struct back_due {};

/// From the storage supervisor: the recorder began anew; every conversation must be woken again.
struct storage_began {};

/// How many of each there are now.
struct count_actors {};
struct actors_counted {
  std::uint64_t conversations = 0;
  std::uint64_t persons = 0;
};

using registry_actor = caf::typed_actor<
    caf::reacts_to<to_conversation>, caf::reacts_to<to_person>, caf::reacts_to<to_dispatcher>,
    caf::reacts_to<to_agents>, caf::reacts_to<conversation_idle>, caf::reacts_to<person_idle>,
    caf::reacts_to<unsettled>, caf::reacts_to<settle_due>, caf::reacts_to<conversation_fell>,
    caf::reacts_to<person_fell>, caf::reacts_to<dispatcher_fell>, caf::reacts_to<back_due>,
    caf::reacts_to<storage_began>, caf::replies_to<count_actors>::with<actors_counted>>;

// ---- Directory keeper: the only one who changes the directory.

struct change_directory {
  directory_change what;
};
struct directory_changed {
  fault_code refusal = fault_code::none;
  /// As it was stored, with its ids.
  directory_change what;
};

using directory_keeper_actor =
    caf::typed_actor<caf::replies_to<change_directory>::with<directory_changed>>;

// ---- Doorkeeper: carries what comes from outside to the actors.

/// Have this changed, and call back, whatever the outcome.
struct change_order {
  directory_change what;
  std::function<void(fault_or<directory_change>)> done;
};

using doorkeeper_actor = caf::typed_actor<caf::reacts_to<change_order>>;

}  // namespace frontdesk
