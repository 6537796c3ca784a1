#pragma once

#include "actors/desk_time.hpp"
#include "actors/local_message.hpp"
#include "actors/transport.hpp"
#include "model/chat.hpp"
#include "model/event.hpp"
#include "model/fault.hpp"
#include "model/ids.hpp"
#include "model/trace.hpp"
#include "wire/encoding.hpp"
#include "wire/frame.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

/// What is told downward, from conversations and dispatchers to persons and their devices. Facts
/// only: each may be lost with the actor that carries it, and whoever missed one finds the truth in
/// the store. What is large is shared, never copied.
namespace frontdesk {

using head_ptr = std::shared_ptr<const head>;

/// An event with its bytes, made once for all who receive it, in each encoding that one of them
/// speaks: by the first who asks. Those who ask live on several workers.
class told_event {
 public:
  const frame_bytes& in(encoding) const;

  /// Not changed any more once the first has asked.
  event what;
  /// Of a message that is traced: its conversation's span, begun when the message might be told;
  /// so long each delivery lasts. Else null.
  span_ptr trace;

 private:
  struct written {
    std::once_flag once;
    frame_bytes bytes;
  };
  mutable std::array<written, encodings_count> written_;
};
using told_events = std::shared_ptr<const std::vector<told_event>>;

/// Which event is traced, as `told_event` has it.
struct traced_event {
  track where = track::visible;
  sequence seq;
  span_ptr trace;
};

told_events told_events_of(std::vector<event> recorded,
                           const std::vector<traced_event>& traced = {});

/// Who waits for the answer of a request: a person's connection and its number for it.
struct asker {
  person_id person;
  connection_id connection;
  frame::request_id request = 0;
};

/// Where a first post opens a conversation.
struct opening {
  inbox_id inbox;
  team_id team;
  std::uint32_t ordinal = 0;
  conversation_priority priority = conversation_priority::normal;
};

/// Something of a conversation was recorded, or it only stands like this (no events). Goes from the
/// conversation to its members' persons and its dispatcher, and from a person to its connections.
struct conversation_moved {
  head_ptr at;
  told_events events;
  std::vector<reader_cursor> cursors;
  bool visitor_online = false;
  /// The agent who had it before, if it is not the one who has it now.
  person_id was_with;
  /// When the first of the events was known to be recorded; none of most, of which it is not
  /// measured.
  std::optional<moment> recorded_at;
};

/// What became of a post, told to its author's device.
struct post_answered {
  conversation_id conversation;
  device_id device;
  post_answer answer;
  /// A temporary refusal, or one that consumed nothing; `none`: `answer` holds.
  std::optional<fault> refusal;
};

/// What became of a request, told to the connection that made it.
struct request_answered {
  asker to;
  std::optional<fault> refusal;
};

/// Who of a team's agents is known to its dispatcher, and how they stand.
struct agents_listed {
  asker to;
  std::vector<frame::agent_seen> agents;
};

struct cursor_seen {
  conversation_id conversation;
  person_id who;
  cursor at;
};
struct typing_seen {
  conversation_id conversation;
  person_id who;
  bool on = false;
  /// Of a visitor, for agents: what is typed and not sent.
  std::string text;
};
struct presence_seen {
  conversation_id conversation;
  person_id who;
  bool online = false;
};
struct place_seen {
  conversation_id conversation;
  std::uint32_t place = 0;
};

/// What changed at a team's desk since the last tick; coalesced, the latest head of each: closed
/// ones are told of once more.
struct desk_moved {
  /// By conversation, so that whoever follows few finds them among many.
  std::vector<head_ptr> heads;
  std::uint64_t queue_count = 0;
  std::uint64_t all_count = 0;
};
using desk_moved_ptr = std::shared_ptr<const desk_moved>;

/// One conversation of a person's roster. Heads are shared by all devices.
struct roster_entry {
  head_ptr at;
  cursor own;
  cursor peer;
  bool visitor_online = false;
  std::uint32_t place = 0;
};

/// The visitor's next opening: none while a conversation is open.
struct next_opening {
  std::optional<opening> next;
  conversation_id id;
};

}  // namespace frontdesk
