#include "wire/frontdesk.pb.h"
#include "wire/stored.hpp"
#include "wire/stored_parts.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace frontdesk::stored {

namespace {

void put(v1::named_person& to, const named_person& from) {
  if (from.person != person_id{}) {
    stored::put(*to.mutable_person(), from.person);
  }
  to.set_name(from.name);
}

void put(v1::device& to, device_id from) {
  to.set_high(from.high);
  to.set_low(from.low);
}

/// Without the check, which belongs to the whole.
person_id person_of(const v1::person& from) {
  return {enumerator<person_kind>(static_cast<std::uint32_t>(from.kind())), from.value()};
}

named_person named_person_of(v1::named_person& from) {
  return {person_of(from.person()), std::move(*from.mutable_name())};
}

device_id device_of(const v1::device& from) {
  return {from.high(), from.low()};
}

bool is_sound(const file_ref& f) {
  return f.id && is_text(f.name, limits::file_name_bytes_max) &&
         is_text(f.type, limits::file_type_bytes_max) && f.bytes <= position_max;
}

bool have_sound_changes(const event& e) {
  return stored::is_sound(e.reply_to) && stored::is_sound(e.target) &&
         (!e.file || is_sound(*e.file)) && e.edits.size() <= limits::edits_max &&
         std::ranges::all_of(e.edits, [](sequence seq) { return stored::is_sound(seq); });
}

void put(v1::file& to, const file_ref& from) {
  to.set_high(from.id.high);
  to.set_low(from.id.low);
  to.set_name(from.name);
  to.set_type(from.type);
  to.set_bytes(from.bytes);
  to.set_width(from.width);
  to.set_height(from.height);
  to.set_thumbnail(from.has_thumbnail);
}

file_ref file_of(v1::file& from) {
  return {.id = {from.high(), from.low()},
          .name = std::move(*from.mutable_name()),
          .type = std::move(*from.mutable_type()),
          .bytes = from.bytes(),
          .width = from.width(),
          .height = from.height(),
          .has_thumbnail = from.thumbnail()};
}

bool is_sound(const event& e) {
  return is_between(e.where, track::visible, track::internal) && stored::is_sound(e.seq) &&
         stored::is_sound(e.author) &&
         is_between(e.kind, event_kind::message, event_kind::deleted) &&
         is_text(e.text, limits::text_bytes_max) && stored::is_sound(e.to) &&
         stored::is_sound(e.by) &&
         is_between(e.reason, return_reason::none, return_reason::agent_gone) &&
         stored::is_sound(e.follows) && stored::is_sound(e.n) && have_sound_changes(e);
}

bool is_sound(const head& h) {
  return is_between(h.status, conversation_status::queued, conversation_status::closed) &&
         stored::is_sound(h.visitor) && stored::is_sound(h.assignee) &&
         stored::is_sound(h.visible) && stored::is_sound(h.internal) &&
         stored::is_sound(h.last.seq) && stored::is_sound(h.last.author) &&
         is_text(h.last.text, limits::preview_bytes_max);
}

bool is_sound(const cursor& c) {
  return stored::is_sound(c.received) && stored::is_sound(c.read);
}

}  // namespace

void put(v1::person& to, person_id from) {
  assert(is_sound(from));
  to.set_kind(static_cast<v1::person_kind>(from.kind));
  to.set_value(from.value);
}

std::optional<person_id> take(const v1::person& from) {
  const person_id person = person_of(from);
  return is_sound(person) ? std::optional{person} : std::nullopt;
}

void put(v1::event& to, const event& from) {
  assert(is_sound(from));
  to.set_conversation(from.conversation.value);
  to.set_track(static_cast<v1::track>(from.where));
  to.set_seq(from.seq.value);
  to.set_time(from.time.value);
  put(*to.mutable_author(), from.author);
  to.set_kind(static_cast<v1::event_kind>(from.kind));
  to.set_text(from.text);
  if (from.to != named_person{}) {
    put(*to.mutable_to(), from.to);
  }
  if (from.by != named_person{}) {
    put(*to.mutable_by(), from.by);
  }
  to.set_reason(static_cast<v1::return_reason>(from.reason));
  to.set_follows(from.follows.value);
  if (from.device) {
    put(*to.mutable_device(), from.device);
  }
  to.set_n(from.n.value);
  to.set_reply_to(from.reply_to.value);
  if (from.file) {
    put(*to.mutable_file(), *from.file);
  }
  to.set_target(from.target.value);
  to.set_deleted(from.is_deleted);
  for (const sequence seq : from.edits) {
    to.add_edits(seq.value);
  }
}

std::optional<event> take(v1::event& from) {
  event e;
  e.conversation = conversation_id{from.conversation()};
  e.where = enumerator<track>(static_cast<std::uint32_t>(from.track()));
  e.seq = sequence{from.seq()};
  e.time = timestamp{from.time()};
  e.author = person_of(from.author());
  e.kind = enumerator<event_kind>(static_cast<std::uint32_t>(from.kind()));
  e.text = std::move(*from.mutable_text());
  if (from.has_to()) {
    e.to = named_person_of(*from.mutable_to());
  }
  if (from.has_by()) {
    e.by = named_person_of(*from.mutable_by());
  }
  e.reason = enumerator<return_reason>(static_cast<std::uint32_t>(from.reason()));
  e.follows = sequence{from.follows()};
  e.device = device_of(from.device());
  e.n = post_number{from.n()};
  e.reply_to = sequence{from.reply_to()};
  if (from.has_file()) {
    e.file = file_of(*from.mutable_file());
  }
  e.target = sequence{from.target()};
  e.is_deleted = from.deleted();
  for (const std::uint64_t seq : from.edits()) {
    e.edits.emplace_back(seq);
  }
  return is_sound(e) ? std::optional{std::move(e)} : std::nullopt;
}

void put(v1::head& to, const head& from) {
  assert(is_sound(from));
  to.set_tenant(from.tenant.value);
  to.set_conversation(from.conversation.value);
  to.set_inbox(from.inbox.value);
  to.set_team(from.team.value);
  to.set_number(from.number);
  to.set_ordinal(from.ordinal);
  to.set_status(static_cast<v1::conversation_status>(from.status));
  put(*to.mutable_visitor(), from.visitor);
  if (from.assignee != named_person{}) {
    put(*to.mutable_assignee(), from.assignee);
  }
  to.set_visible(from.visible.value);
  to.set_internal(from.internal.value);
  to.set_opened_at(from.opened_at.value);
  to.set_since(from.since.value);
  to.set_waiting_since(from.waiting_since.value);
  to.set_returned(from.returned);
  to.set_vip(from.is_vip());
  if (from.last != last_message{}) {
    put(*to.mutable_last()->mutable_author(), from.last.author);
    to.mutable_last()->set_text(from.last.text);
    to.mutable_last()->set_time(from.last.time.value);
    to.mutable_last()->set_seq(from.last.seq.value);
  }
}

std::optional<head> take(v1::head& from) {
  head h;
  h.tenant = tenant_id{from.tenant()};
  h.conversation = conversation_id{from.conversation()};
  h.inbox = inbox_id{from.inbox()};
  h.team = team_id{from.team()};
  h.number = from.number();
  h.ordinal = from.ordinal();
  h.status = enumerator<conversation_status>(static_cast<std::uint32_t>(from.status()));
  h.visitor = named_person_of(*from.mutable_visitor());
  h.assignee = named_person_of(*from.mutable_assignee());
  h.visible = sequence{from.visible()};
  h.internal = sequence{from.internal()};
  h.opened_at = timestamp{from.opened_at()};
  h.since = timestamp{from.since()};
  h.waiting_since = timestamp{from.waiting_since()};
  h.returned = from.returned();
  h.priority = from.vip() ? conversation_priority::vip : conversation_priority::normal;
  h.last.author = person_of(from.last().author());
  h.last.text = std::move(*from.mutable_last()->mutable_text());
  h.last.time = timestamp{from.last().time()};
  h.last.seq = sequence{from.last().seq()};
  return is_sound(h) ? std::optional{std::move(h)} : std::nullopt;
}

void put(v1::cursor& to, const cursor& from) {
  assert(is_sound(from));
  to.set_received(from.received.value);
  to.set_read(from.read.value);
}

std::optional<cursor> take(v1::cursor& from) {
  const cursor c{sequence{from.received()}, sequence{from.read()}};
  return is_sound(c) ? std::optional{c} : std::nullopt;
}

}  // namespace frontdesk::stored
