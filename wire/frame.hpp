#pragma once

#include "model/chat.hpp"
#include "model/directory.hpp"
#include "model/event.hpp"
#include "model/fault.hpp"
#include "model/ids.hpp"
#include "model/trace.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// The frames of `frontdesk.v1` as values, one struct per frame, named as docs/wire.md names them.
/// Codecs (`frame_json`) turn them into bytes and back; nothing else knows an encoding.
namespace frontdesk::frame {

/// A request's number, chosen by the client and echoed in the answer.
using request_id = std::uint32_t;

// ---- Client to server.

struct hello {
  std::string token;
  device_id device;
  std::string client;
  /// It understands `lean`.
  bool lean = false;

  friend bool operator==(const hello&, const hello&) = default;
};

struct refresh {
  request_id id = 0;
  std::string token;

  friend bool operator==(const refresh&, const refresh&) = default;
};

/// One conversation to follow, from behind these positions.
struct subscription {
  conversation_id conversation;
  sequence after;
  sequence internal_after;

  friend bool operator==(const subscription&, const subscription&) = default;
};

struct sub {
  std::vector<subscription> subs;

  friend bool operator==(const sub&, const sub&) = default;
};

struct unsub {
  std::vector<conversation_id> conversations;

  friend bool operator==(const unsub&, const unsub&) = default;
};

/// `text` may be of any length that fits a frame, empty or unclean: its refusal is recorded. At
/// most one of `edits` and `deletes` is given, and neither together with `reply_to` or `file`.
struct post {
  conversation_id conversation;
  post_number n;
  track where = track::visible;
  std::string text;
  sequence reply_to;
  sequence edits;
  sequence deletes;
  file_id file;
  /// Of its `traceparent`; none if it has none that is well-formed.
  trace_context trace = {};

  friend bool operator==(const post&, const post&) = default;
};

/// Exactly one of `before` and `after` is given.
struct history {
  request_id id = 0;
  conversation_id conversation;
  track where = track::visible;
  std::optional<sequence> before;
  std::optional<sequence> after;
  std::uint32_t limit = 0;

  friend bool operator==(const history&, const history&) = default;
};

struct received {
  conversation_id conversation;
  sequence seq;

  friend bool operator==(const received&, const received&) = default;
};

struct read {
  conversation_id conversation;
  sequence seq;

  friend bool operator==(const read&, const read&) = default;
};

struct typing {
  conversation_id conversation;
  bool on = false;
  /// Visitors: what is typed and not sent.
  std::string text;

  friend bool operator==(const typing&, const typing&) = default;
};

enum class routing_status : std::uint8_t { offline = 0, away = 1, busy = 2, accepting = 3 };

struct status {
  request_id id = 0;
  routing_status to = routing_status::offline;
  std::optional<std::uint32_t> capacity;

  friend bool operator==(const status&, const status&) = default;
};

struct watch {
  request_id id = 0;
  bool on = false;

  friend bool operator==(const watch&, const watch&) = default;
};

enum class list_view : std::uint8_t { mine = 0, queue = 1, all = 2, closed = 3 };

struct list {
  request_id id = 0;
  list_view view = list_view::mine;
  /// As `listed.after` gave it; empty: from the beginning.
  std::string after;
  std::uint32_t limit = 0;

  friend bool operator==(const list&, const list&) = default;
};

struct agents {
  request_id id = 0;

  friend bool operator==(const agents&, const agents&) = default;
};

struct transfer {
  request_id id = 0;
  conversation_id conversation;
  person_id to;

  friend bool operator==(const transfer&, const transfer&) = default;
};

struct give_back {
  request_id id = 0;
  conversation_id conversation;

  friend bool operator==(const give_back&, const give_back&) = default;
};

struct close {
  request_id id = 0;
  conversation_id conversation;

  friend bool operator==(const close&, const close&) = default;
};

struct pong {
  friend bool operator==(const pong&, const pong&) = default;
};

using from_client = std::variant<hello, refresh, sub, unsub, post, history, received, read, typing,
                                 status, watch, list, agents, transfer, give_back, close, pong>;

/// A frame that could not be read: which fault, and of which request if that much could be read.
struct unreadable {
  fault_code code = fault_code::bad_frame;
  std::optional<request_id> id;
  std::optional<conversation_id> conversation;
  std::optional<post_number> n;

  friend bool operator==(const unreadable&, const unreadable&) = default;
};

// ---- Server to client.

/// One conversation as a list shows it to one person.
struct summary {
  head at;
  /// The receiver's own cursors, and the other side's.
  cursor own;
  cursor peer;
  bool visitor_online = false;
  /// In the queue, from 1; 0: not queued, or not known.
  std::uint32_t place = 0;
  /// Agents see the internal head.
  bool for_agent = false;
};

struct me {
  routing_status status = routing_status::offline;
  std::uint32_t capacity = 0;
  std::uint32_t load = 0;

  friend bool operator==(const me&, const me&) = default;
};

struct inbox_look {
  std::string name;
  std::string accent;
  std::string greeting;
  std::string locale;
  /// What is typed is shown to agents before it is sent.
  bool typing_preview = false;
};

struct welcome {
  named_person person;
  std::string history;
  timestamp time;
  connection_id connection;
  /// To be offered when this client comes again; empty: there is none.
  std::string seat;
  unsigned tier = 0;
  /// The largest file that is taken; 0: none is.
  std::uint64_t file_bytes_max = 0;
  /// Visitors.
  std::optional<inbox_look> inbox;
  /// Agents.
  std::optional<agent_role> role;
  std::optional<me> own;
};

struct roster {
  std::vector<summary> items;
  std::vector<conversation_id> removed;
  bool more = false;
  std::optional<conversation_id> next;
};

struct ack {
  conversation_id conversation;
  post_number n;
  track where = track::visible;
  sequence seq;
  timestamp time;
};

struct page {
  request_id id = 0;
  /// Who asked: one's own events carry device and n.
  person_id reader;
  conversation_id conversation;
  track where = track::visible;
  std::vector<event> events;
  sequence head;
  bool more = false;
};

struct cursor_moved {
  conversation_id conversation;
  person_id person;
  cursor at;
};

struct typing_seen {
  conversation_id conversation;
  person_id person;
  bool on = false;
  /// For agents, of visitors whose inbox allows it.
  std::string text;
};

struct presence {
  conversation_id conversation;
  person_id person;
  bool online = false;
};

struct place {
  conversation_id conversation;
  std::uint32_t place = 0;
};

struct counts {
  std::uint64_t mine = 0;
  std::uint64_t queue = 0;
  std::uint64_t all = 0;
};

struct desk {
  std::vector<summary> items;
  std::vector<conversation_id> removed;
  counts totals;
};

struct listed {
  request_id id = 0;
  list_view view = list_view::mine;
  std::vector<summary> items;
  /// Empty: there is no further page.
  std::string after;
  counts totals;
};

struct agent_seen {
  named_person person;
  me own;
  bool online = false;
};

struct agents_seen {
  request_id id = 0;
  std::vector<agent_seen> agents;
};

struct finished {
  request_id id = 0;
};

struct gap {
  conversation_id conversation;
  track where = track::visible;
};

struct ping {
  std::vector<std::pair<conversation_id, sequence>> heads;
};

struct mode {
  unsigned tier = 0;
};

/// Messages that were said one after another, in as few bytes as can be: for a desk at its limits.
/// Only such as have nothing but an author, a time and a text, of the public track.
struct lean {
  struct said {
    person_id author;
    timestamp time;
    std::string text;
  };
  conversation_id conversation;
  /// The seq before the first.
  sequence after;
  /// Not empty; dense.
  std::vector<said> messages;

  /// Behind a first message: times are told as what has passed since that, in 32 bits.
  bool can_tell(timestamp later) const {
    const std::int64_t passed = later.value - messages.front().time.value;
    return passed >= 0 && passed <= std::numeric_limits<std::uint32_t>::max();
  }
  static bool can_say(const event& what) {
    return what.where == track::visible && what.kind == event_kind::message && !what.reply_to &&
           !what.file && !what.is_deleted;
  }
};

struct bye {
  close_code code = close_code::internal;
  std::optional<std::uint32_t> retry_after_ms;
};

struct refused {
  fault why;
  std::optional<request_id> id;
  std::optional<conversation_id> conversation;
  std::optional<post_number> n;
};

std::string_view name_of(routing_status);
std::string_view name_of(list_view);

}  // namespace frontdesk::frame
