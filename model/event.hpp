#pragma once

#include "model/chat.hpp"
#include "model/ids.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace frontdesk {

/// What can happen in a conversation. Stored numbers: they never change.
enum class event_kind : std::uint8_t {
  message = 1,
  opened = 2,
  queued = 3,
  assigned = 4,
  transferred = 5,
  returned = 6,
  closed = 7,
  reopened = 8,
};

/// Why a conversation came back to its queue.
enum class return_reason : std::uint8_t {
  none = 0,
  /// An agent gave it back.
  returned = 1,
  /// Its agent was away for longer than the grace period.
  agent_gone = 2,
};

/// Any durable line of a conversation. Appended once, never changed; `seq` is dense in its track.
/// Fields that a kind does not use are empty.
struct event {
  conversation_id conversation;
  track where = track::visible;
  sequence seq;
  timestamp time;
  person_id author;
  event_kind kind = event_kind::message;
  /// `message`: what was said.
  std::string text;
  /// `assigned`, `transferred`: who has it now.
  named_person to;
  /// `transferred`, `closed`, `returned`: who did it (`the_system` included).
  named_person by;
  return_reason reason = return_reason::none;
  /// Internal track: the visible seq after which it belongs.
  sequence follows;
  /// `message`: the post that it came from.
  device_id device;
  post_number n;

  friend bool operator==(const event&, const event&) = default;
};

std::string_view name_of(event_kind);
std::string_view name_of(return_reason);

}  // namespace frontdesk
