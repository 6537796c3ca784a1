#pragma once

#include "model/chat.hpp"
#include "model/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
  /// A message of the same track has another text now.
  edited = 9,
  /// A message of the same track was deleted; neither it nor its edits have a text any more.
  deleted = 10,
};

/// Why a conversation came back to its queue.
enum class return_reason : std::uint8_t {
  none = 0,
  /// An agent gave it back.
  returned = 1,
  /// Its agent was away for longer than the grace period.
  agent_gone = 2,
};

/// Any durable line of a conversation. Appended once; `seq` is dense in its track. What was said
/// stays as it was, and what became of it is a later event, but for a deletion: it takes the words
/// out of the message and of its edits. Fields that a kind does not use are empty.
struct event {
  conversation_id conversation;
  track where = track::visible;
  sequence seq;
  timestamp time;
  person_id author;
  event_kind kind = event_kind::message;
  /// `message`: what was said; `edited`: what it says now.
  std::string text;
  /// `message`: the one of its track that it answers, if any.
  sequence reply_to;
  /// `message`: what was sent along.
  std::optional<file_ref> file;
  /// `edited`, `deleted`: which message.
  sequence target;
  /// `message`, `edited`: its words are gone; a `deleted` event follows in the track.
  bool is_deleted = false;
  /// `message`: the `edited` events that name it, oldest first, at most `limits::edits_max`. Kept
  /// so that a deletion finds them; not told.
  std::vector<sequence> edits;
  /// `assigned`, `transferred`: who has it now.
  named_person to;
  /// `transferred`, `closed`, `returned`: who did it (`the_system` included).
  named_person by;
  return_reason reason = return_reason::none;
  /// Internal track: the visible seq after which it belongs.
  sequence follows;
  /// `message`, `edited`, `deleted`: the post that it came from.
  device_id device;
  post_number n;

  bool is_at(track t, sequence s) const { return where == t && seq == s; }
  friend bool operator==(const event&, const event&) = default;
};

/// A message with its edits: all that its deletion has to blank.
struct message_versions {
  event message;
  std::vector<event> edits;

  friend bool operator==(const message_versions&, const message_versions&) = default;
};

std::string_view name_of(event_kind);
std::string_view name_of(return_reason);

}  // namespace frontdesk
