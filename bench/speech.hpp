#pragma once

#include "model/chat.hpp"
#include "model/event.hpp"
#include "model/ids.hpp"
#include "wire/encoding.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a client says and hears, in both encodings, made from docs/wire.md. Only frames and fields
/// that somebody here needs; all else is skipped, as the page asks of clients.
namespace frontdesk::bench {

// ---- What a client says.

struct hello_wish {
  std::string token;
  device_id device;
};
/// Follows conversations from behind these positions, both tracks if an agent does.
struct sub_wish {
  std::vector<std::pair<conversation_id, sequence>> after;
};
struct unsub_wish {
  conversation_id conversation;
};
struct post_wish {
  conversation_id conversation;
  post_number n;
  std::string text;
};
struct received_wish {
  conversation_id conversation;
  sequence seq;
};
struct history_wish {
  std::uint32_t id;
  conversation_id conversation;
  sequence after;
  std::uint32_t limit;
};
/// Accepts conversations, so many at once.
struct accept_wish {
  std::uint32_t id;
  std::uint32_t capacity;
};
struct close_wish {
  std::uint32_t id;
  conversation_id conversation;
};
struct pong_wish {};

std::string said(encoding, const hello_wish&);
std::string said(encoding, const sub_wish&);
std::string said(encoding, const unsub_wish&);
std::string said(encoding, const post_wish&);
std::string said(encoding, const received_wish&);
std::string said(encoding, const history_wish&);
std::string said(encoding, const accept_wish&);
std::string said(encoding, const close_wish&);
std::string said(encoding, const pong_wish&);

// ---- What a client hears.

enum class heard_kind : std::uint8_t {
  other,
  welcome,
  roster,
  /// One, or several in a lean frame: they are applied alike.
  event,
  ack,
  page,
  fault,
  done,
  ping,
  gap,
  mode,
  bye,
};

struct heard_event {
  conversation_id conversation;
  bool is_internal = false;
  sequence seq;
  person_id author;
  event_kind kind = event_kind::message;
  std::string text;
  /// Of an assignment or a transfer.
  person_id to;
  /// On the author's own devices only.
  device_id device;
  post_number n;
};

struct heard_summary {
  conversation_id conversation;
  conversation_status status = conversation_status::queued;
  sequence head;
  person_id assignee;
};

/// One frame of a node; fields that its kind does not have are empty.
struct heard {
  heard_kind kind = heard_kind::other;
  std::optional<std::uint32_t> id;
  conversation_id conversation;
  bool is_internal = false;
  post_number n;
  sequence seq;
  bool more = false;
  /// A fault: whether it may help to try again.
  bool retry = false;
  std::uint32_t retry_after_ms = 0;
  std::optional<std::uint64_t> expects;
  std::string code;
  person_id person;
  std::string seat;
  /// The conversation that a visitor's next first post opens.
  conversation_id next;
  unsigned tier = 0;
  /// An event, those of a lean frame, or those of a page.
  std::vector<heard_event> events;
  std::vector<heard_summary> items;
  std::vector<conversation_id> removed;
  /// Of a ping.
  std::vector<std::pair<conversation_id, sequence>> heads;
};

/// Throws std::exception for bytes that are no frame of a node.
heard heard_in(encoding, std::string_view bytes);

}  // namespace frontdesk::bench
