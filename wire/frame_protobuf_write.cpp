#include "model/limits.hpp"
#include "wire/frame_protobuf.hpp"
#include "wire/frontdesk.pb.h"

#include <google/protobuf/arena.h>

#include <array>
#include <cassert>
#include <cstddef>
#include <limits>

namespace frontdesk {

namespace {

using google::protobuf::Arena;

/// The bytes of a frame that `fill` has filled. What an ordinary frame takes lies on the stack, so
/// that only its longer texts are allocated.
template <class Fill>
std::string frame_bytes_of(Fill fill) {
  alignas(std::max_align_t) std::array<char, 2560> room;
  Arena arena{room.data(), room.size()};
  auto& frame = *Arena::CreateMessage<v1::server_frame>(&arena);
  fill(frame);
  const std::size_t size = frame.ByteSizeLong();
  assert(size < std::numeric_limits<int>::max());
  std::string bytes(size, '\0');
  frame.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(bytes.data()));
  return bytes;
}

void put(v1::person& to, person_id from) {
  to.set_kind(static_cast<v1::person_kind>(from.kind));
  to.set_value(from.value);
}

void put(v1::named_person& to, const named_person& from) {
  put(*to.mutable_person(), from.person);
  to.set_name(from.name);
}

/// The public track goes without saying.
template <class Message>
void put_track(Message& to, track where) {
  if (where == track::internal) to.set_track(v1::TRACK_INTERNAL);
}

void put(v1::file& to, const file_ref& from) {
  to.set_high(from.id.high);
  to.set_low(from.id.low);
  to.set_name(from.name);
  to.set_type(from.type);
  to.set_bytes(from.bytes);
  if (from.width > 0 && from.height > 0) {
    to.set_width(from.width);
    to.set_height(from.height);
  }
  to.set_thumbnail(from.has_thumbnail);
}

void put_message(v1::event& to, const event& from) {
  to.set_text(from.text);
  to.set_reply_to(from.reply_to.value);
  if (from.file) put(*to.mutable_file(), *from.file);
  to.set_deleted(from.is_deleted);
}

/// Further fields, by kind.
void put_what_happened(v1::event& to, const event& from) {
  switch (from.kind) {
    case event_kind::message:
      put_message(to, from);
      break;
    case event_kind::edited:
      to.set_target(from.target.value);
      put_message(to, from);
      break;
    case event_kind::deleted:
      to.set_target(from.target.value);
      break;
    case event_kind::assigned:
      put(*to.mutable_to(), from.to);
      break;
    case event_kind::transferred:
      put(*to.mutable_to(), from.to);
      put(*to.mutable_by(), from.by);
      break;
    case event_kind::returned:
      to.set_reason(static_cast<v1::return_reason>(from.reason));
      break;
    case event_kind::closed:
      put(*to.mutable_by(), from.by);
      break;
    case event_kind::opened:
    case event_kind::queued:
    case event_kind::reopened:
      break;
  }
}

void put(v1::event& to, const event& from) {
  to.set_conversation(from.conversation.value);
  put_track(to, from.where);
  to.set_seq(from.seq.value);
  to.set_time(from.time.value);
  put(*to.mutable_author(), from.author);
  to.set_kind(static_cast<v1::event_kind>(from.kind));
  put_what_happened(to, from);
  if (from.where == track::internal) to.set_follows(from.follows.value);
}

void put_origin(v1::event& to, const event& from) {
  to.mutable_device()->set_high(from.device.high);
  to.mutable_device()->set_low(from.device.low);
  to.set_n(from.n.value);
}

void put(v1::last_message& to, const last_message& from) {
  to.set_seq(from.seq.value);
  put(*to.mutable_author(), from.author);
  to.set_text(std::string(cut_text(from.text, limits::preview_bytes_max)));
  to.set_time(from.time.value);
}

void put(v1::summary& to, const frame::summary& from) {
  const head& at = from.at;
  to.set_conversation(at.conversation.value);
  to.set_number(at.number);
  to.set_status(static_cast<v1::conversation_status>(at.status));
  to.set_head(at.visible.value);
  if (from.for_agent) to.set_internal_head(at.internal.value);
  to.set_inbox(at.inbox.value);
  put(*to.mutable_visitor(), at.visitor);
  if (at.assignee.person) put(*to.mutable_assignee(), at.assignee);
  to.set_opened_at(at.opened_at.value);
  to.set_since(at.since.value);
  to.set_waiting_since(at.waiting_since.value);
  if (at.last.author) put(*to.mutable_last(), at.last);
  to.set_received(from.own.received.value);
  to.set_read(from.own.read.value);
  to.set_peer_received(from.peer.received.value);
  to.set_peer_read(from.peer.read.value);
  to.set_visitor_online(from.visitor_online);
  to.set_place(from.place);
  to.set_vip(from.for_agent && at.is_vip());
}

template <class Message>
void put_items(Message& to, const std::vector<frame::summary>& items) {
  to.mutable_items()->Reserve(static_cast<int>(items.size()));
  for (const frame::summary& each : items)
    put(*to.add_items(), each);
}

template <class Message>
void put_removed(Message& to, const std::vector<conversation_id>& removed) {
  for (const conversation_id id : removed)
    to.add_removed(id.value);
}

void put(v1::counts& to, const frame::counts& from) {
  to.set_mine(from.mine);
  to.set_queue(from.queue);
  to.set_all(from.all);
}

v1::routing_status on_wire(frame::routing_status status) {
  return static_cast<v1::routing_status>(static_cast<int>(status) + v1::ROUTING_STATUS_OFFLINE);
}

void put(v1::me& to, const frame::me& from) {
  to.set_status(on_wire(from.status));
  to.set_capacity(from.capacity);
  to.set_load(from.load);
}

void put(v1::inbox_look& to, const frame::inbox_look& from) {
  to.set_name(from.name);
  to.set_accent(from.accent);
  to.set_greeting(from.greeting);
  to.set_locale(from.locale);
  to.set_typing_preview(from.typing_preview);
}

void put_limits(v1::client_limits& to, const frame::welcome& welcome) {
  to.set_frame_bytes(limits::frame_bytes_max);
  to.set_text_bytes(limits::text_bytes_max);
  to.set_posts_unacked(limits::posts_unacked_max);
  to.set_subs(limits::subs_max);
  to.set_file_bytes(welcome.file_bytes_max);
}

void put(v1::refused& to, const frame::refused& from) {
  to.set_code(std::string(from.why.name()));
  to.set_message(std::string(from.why.sentence()));
  to.set_retry(from.why.is_temporary());
  to.set_retry_after_ms(from.why.retry_after_ms);
  if (from.id) to.set_id(*from.id);
  if (from.conversation) to.set_conversation(from.conversation->value);
  if (from.n) to.set_n(from.n->value);
  if (from.why.expects) to.set_expects(from.why.expects->value);
}

}  // namespace

std::string to_protobuf(const frame::welcome& welcome) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    v1::welcome& to = *frame.mutable_welcome();
    put(*to.mutable_person(), welcome.person);
    to.set_history(welcome.history);
    to.set_time(welcome.time.value);
    to.set_connection(welcome.connection.value);
    to.set_ping_ms(static_cast<std::uint32_t>(limits::ping_interval.count()));
    put_limits(*to.mutable_limits(), welcome);
    to.set_tier(welcome.tier);
    if (welcome.inbox) put(*to.mutable_inbox(), *welcome.inbox);
    if (welcome.role) to.set_role(static_cast<v1::agent_role>(*welcome.role));
    if (welcome.own) put(*to.mutable_me(), *welcome.own);
    to.set_seat(welcome.seat);
  });
}

std::string to_protobuf(const frame::roster& roster) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    v1::roster& to = *frame.mutable_roster();
    put_items(to, roster.items);
    put_removed(to, roster.removed);
    to.set_more(roster.more);
    if (roster.next) to.set_next(roster.next->value);
  });
}

std::string to_protobuf(const frame::ack& ack) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    v1::ack& to = *frame.mutable_ack();
    to.set_conversation(ack.conversation.value);
    to.set_n(ack.n.value);
    to.set_seq(ack.seq.value);
    to.set_time(ack.time.value);
    put_track(to, ack.where);
  });
}

std::string to_protobuf(const frame::page& page) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    v1::page& to = *frame.mutable_page();
    to.set_id(page.id);
    to.set_conversation(page.conversation.value);
    put_track(to, page.where);
    for (const event& each : page.events) {
      v1::event& said = *to.add_events();
      put(said, each);
      if (each.author == page.reader && each.device) put_origin(said, each);
    }
    to.set_head(page.head.value);
    to.set_more(page.more);
  });
}

std::string to_protobuf(const frame::cursor_moved& cursor) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    v1::cursor_moved& to = *frame.mutable_cursor();
    to.set_conversation(cursor.conversation.value);
    put(*to.mutable_person(), cursor.person);
    to.set_received(cursor.at.received.value);
    to.set_read(cursor.at.read.value);
  });
}

std::string to_protobuf(const frame::typing_seen& typing) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    v1::typing_seen& to = *frame.mutable_typing();
    to.set_conversation(typing.conversation.value);
    put(*to.mutable_person(), typing.person);
    to.set_on(typing.on);
    to.set_text(typing.text);
  });
}

std::string to_protobuf(const frame::presence& presence) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    v1::presence& to = *frame.mutable_presence();
    to.set_conversation(presence.conversation.value);
    put(*to.mutable_person(), presence.person);
    to.set_online(presence.online);
  });
}

std::string to_protobuf(const frame::place& place) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    v1::place_seen& to = *frame.mutable_place();
    to.set_conversation(place.conversation.value);
    to.set_place(place.place);
  });
}

std::string to_protobuf(const frame::me& own) {
  return frame_bytes_of([&](v1::server_frame& frame) { put(*frame.mutable_me(), own); });
}

std::string to_protobuf(const frame::desk& desk) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    v1::desk& to = *frame.mutable_desk();
    put_items(to, desk.items);
    put_removed(to, desk.removed);
    put(*to.mutable_counts(), desk.totals);
  });
}

std::string to_protobuf(const frame::listed& listed) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    v1::listed& to = *frame.mutable_listed();
    to.set_id(listed.id);
    to.set_view(static_cast<v1::list_view>(static_cast<int>(listed.view) + v1::LIST_VIEW_MINE));
    put_items(to, listed.items);
    to.set_after(listed.after);
    put(*to.mutable_counts(), listed.totals);
  });
}

std::string to_protobuf(const frame::agents_seen& seen) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    v1::agents_seen& to = *frame.mutable_agents();
    to.set_id(seen.id);
    for (const frame::agent_seen& each : seen.agents) {
      v1::agent_seen& agent = *to.add_agents();
      put(*agent.mutable_person(), each.person);
      put(*agent.mutable_me(), each.own);
      agent.set_online(each.online);
    }
  });
}

std::string to_protobuf(const frame::finished& finished) {
  return frame_bytes_of(
      [&](v1::server_frame& frame) { frame.mutable_done()->set_id(finished.id); });
}

std::string to_protobuf(const frame::gap& gap) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    v1::gap& to = *frame.mutable_gap();
    to.set_conversation(gap.conversation.value);
    put_track(to, gap.where);
  });
}

std::string to_protobuf(const frame::ping& ping) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    v1::ping& to = *frame.mutable_ping();
    for (const auto& [conversation, seq] : ping.heads) {
      v1::pushed_head& head = *to.add_heads();
      head.set_conversation(conversation.value);
      head.set_seq(seq.value);
    }
  });
}

std::string to_protobuf(const frame::lean& lean) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    v1::lean& to = *frame.mutable_lean();
    to.set_conversation(lean.conversation.value);
    to.set_after(lean.after.value);
    const timestamp first = lean.messages.front().time;
    to.set_time(first.value);
    for (const frame::lean::said& each : lean.messages) {
      v1::said& one = *to.add_said();
      put(*one.mutable_author(), each.author);
      if (each.time > first) one.set_ms(static_cast<std::uint32_t>(each.time.value - first.value));
      one.set_text(each.text);
    }
  });
}

std::string to_protobuf(const frame::mode& mode) {
  return frame_bytes_of(
      [&](v1::server_frame& frame) { frame.mutable_mode()->set_tier(mode.tier); });
}

std::string to_protobuf(const frame::bye& bye) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    v1::bye& to = *frame.mutable_bye();
    to.set_code(static_cast<std::uint32_t>(bye.code));
    to.set_reason(std::string(reason_of(bye.code)));
    if (bye.retry_after_ms) to.set_retry_after_ms(*bye.retry_after_ms);
  });
}

std::string to_protobuf(const frame::refused& refused) {
  return frame_bytes_of([&](v1::server_frame& frame) { put(*frame.mutable_fault(), refused); });
}

std::string to_protobuf(const event& what) {
  return frame_bytes_of([&](v1::server_frame& frame) { put(*frame.mutable_event(), what); });
}

std::string to_protobuf_with_origin(const event& what) {
  return frame_bytes_of([&](v1::server_frame& frame) {
    put(*frame.mutable_event(), what);
    put_origin(*frame.mutable_event(), what);
  });
}

}  // namespace frontdesk
