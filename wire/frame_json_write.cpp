#include "model/limits.hpp"
#include "wire/frame_json.hpp"
#include "wire/json_writer.hpp"

#include <cassert>

namespace frontdesk {

namespace {

// Guesses of what a thing takes, so that writing it allocates once.
constexpr std::size_t small_frame_bytes = 192;
constexpr std::size_t event_bytes = 256;
constexpr std::size_t summary_bytes = 768;
constexpr std::size_t agent_bytes = 160;
constexpr std::size_t ping_head_bytes = 40;
constexpr std::size_t origin_bytes = 80;
constexpr std::size_t lean_bytes = 64;

json_writer begin_frame(std::string_view t, std::size_t bytes_expected = small_frame_bytes) {
  json_writer out{bytes_expected};
  out.open();
  out.text("t", t);
  return out;
}

std::string end_frame(json_writer& out) {
  out.close();
  return out.take();
}

/// The public track goes without saying.
void write_track(json_writer& out, track where) {
  if (where != track::visible) {
    out.text("track", name_of(where));
  }
}

void write_names(json_writer& out, const named_person& person) {
  out.id("person", person.person);
  out.text("name", person.name);
}

void write_person(json_writer& out, std::string_view key, const named_person& person) {
  out.open(key);
  write_names(out, person);
  out.close();
}

void write_file(json_writer& out, const file_ref& file) {
  out.open("file");
  out.id("id", file.id);
  out.text("name", file.name);
  out.text("type", file.type);
  out.number("bytes", file.bytes);
  if (file.width > 0 && file.height > 0) {
    out.number("width", file.width);
    out.number("height", file.height);
  }
  out.flag("thumbnail", file.has_thumbnail);
  out.close();
}

void write_message(json_writer& out, const event& e) {
  out.text("text", e.text);
  if (e.reply_to) {
    out.number("reply_to", e.reply_to.value);
  }
  if (e.file) {
    write_file(out, *e.file);
  }
  if (e.is_deleted) {
    out.flag("deleted", true);
  }
}

/// Further fields, by kind.
void write_what_happened(json_writer& out, const event& e) {
  switch (e.kind) {
    case event_kind::message:
      write_message(out, e);
      break;
    case event_kind::edited:
      out.number("target", e.target.value);
      write_message(out, e);
      break;
    case event_kind::deleted:
      out.number("target", e.target.value);
      break;
    case event_kind::assigned:
      write_person(out, "to", e.to);
      break;
    case event_kind::transferred:
      write_person(out, "to", e.to);
      write_person(out, "by", e.by);
      break;
    case event_kind::returned:
      out.text("reason", name_of(e.reason));
      break;
    case event_kind::closed:
      write_person(out, "by", e.by);
      break;
    case event_kind::opened:
    case event_kind::queued:
    case event_kind::reopened:
      break;
  }
}

void write_event(json_writer& out, const event& e) {
  out.id("conversation", e.conversation);
  write_track(out, e.where);
  out.number("seq", e.seq.value);
  out.time("time", e.time);
  out.id("author", e.author);
  out.text("kind", name_of(e.kind));
  write_what_happened(out, e);
  if (e.where == track::internal) {
    out.number("follows", e.follows.value);
  }
}

void write_origin(json_writer& out, device_id device, post_number n) {
  out.id("device", device);
  out.number("n", n.value);
}

void write_last(json_writer& out, const last_message& last) {
  out.open("last");
  if (last.seq) {
    out.number("seq", last.seq.value);
  }
  out.id("author", last.author);
  out.text("text", cut_text(last.text, limits::preview_bytes_max));
  out.time("time", last.time);
  out.close();
}

void write_cursors(json_writer& out, const frame::summary& summary) {
  out.number("received", summary.own.received.value);
  out.number("read", summary.own.read.value);
  out.number("peer_received", summary.peer.received.value);
  out.number("peer_read", summary.peer.read.value);
}

void write_summary(json_writer& out, const frame::summary& summary) {
  const head& at = summary.at;
  out.open();
  out.id("conversation", at.conversation);
  out.number("number", at.number);
  out.text("status", name_of(at.status));
  out.number("head", at.visible.value);
  if (summary.for_agent) {
    out.number("internal_head", at.internal.value);
  }
  out.number("inbox", at.inbox.value);
  write_person(out, "visitor", at.visitor);
  if (at.assignee.person) {
    write_person(out, "assignee", at.assignee);
  }
  out.time("opened_at", at.opened_at);
  out.time("since", at.since);
  if (at.waiting_since) {
    out.time("waiting_since", at.waiting_since);
  }
  if (at.last.author) {
    write_last(out, at.last);
  }
  write_cursors(out, summary);
  out.flag("visitor_online", summary.visitor_online);
  if (summary.place > 0) {
    out.number("place", summary.place);
  }
  if (summary.for_agent && at.is_vip()) {
    out.flag("vip", true);
  }
  out.close();
}

void write_summaries(json_writer& out, const std::vector<frame::summary>& items) {
  out.open_list("items");
  for (const frame::summary& summary : items) {
    write_summary(out, summary);
  }
  out.close_list();
}

void write_ids(json_writer& out, std::string_view key, const std::vector<conversation_id>& ids) {
  out.open_list(key);
  for (const conversation_id id : ids) {
    out.id(id);
  }
  out.close_list();
}

void write_counts(json_writer& out, const frame::counts& counts) {
  out.open("counts");
  out.number("mine", counts.mine);
  out.number("queue", counts.queue);
  out.number("all", counts.all);
  out.close();
}

void write_routing(json_writer& out, const frame::me& own) {
  out.text("status", name_of(own.status));
  out.number("capacity", own.capacity);
  out.number("load", own.load);
}

void write_limits(json_writer& out, const frame::welcome& welcome) {
  out.open("limits");
  out.number("frame_bytes", limits::frame_bytes_max);
  out.number("text_bytes", limits::text_bytes_max);
  out.number("posts_unacked", limits::posts_unacked_max);
  out.number("subs", limits::subs_max);
  if (welcome.file_bytes_max > 0) {
    out.number("file_bytes", welcome.file_bytes_max);
  }
  out.close();
}

void write_look(json_writer& out, const frame::inbox_look& look) {
  out.open("inbox");
  out.text("name", look.name);
  out.text("accent", look.accent);
  out.text("greeting", look.greeting);
  out.text("locale", look.locale);
  out.flag("typing_preview", look.typing_preview);
  out.close();
}

}  // namespace

std::string to_json(const frame::welcome& welcome) {
  json_writer out = begin_frame("welcome", 1024);
  write_names(out, welcome.person);
  out.text("history", welcome.history);
  out.time("time", welcome.time);
  out.id("connection", welcome.connection);
  if (!welcome.seat.empty()) {
    out.text("seat", welcome.seat);
  }
  out.number("ping_ms", static_cast<std::uint64_t>(limits::ping_interval.count()));
  write_limits(out, welcome);
  out.number("tier", welcome.tier);
  if (welcome.inbox) {
    write_look(out, *welcome.inbox);
  }
  if (welcome.role) {
    out.text("role", name_of(*welcome.role));
  }
  if (welcome.own) {
    out.open("me");
    write_routing(out, *welcome.own);
    out.close();
  }
  return end_frame(out);
}

std::string to_json(const frame::roster& roster) {
  json_writer out = begin_frame("roster", small_frame_bytes + roster.items.size() * summary_bytes);
  write_summaries(out, roster.items);
  if (!roster.removed.empty()) {
    write_ids(out, "removed", roster.removed);
  }
  out.flag("more", roster.more);
  if (roster.next) {
    out.id("next", *roster.next);
  }
  return end_frame(out);
}

std::string to_json(const frame::ack& ack) {
  json_writer out = begin_frame("ack");
  out.id("conversation", ack.conversation);
  out.number("n", ack.n.value);
  out.number("seq", ack.seq.value);
  out.time("time", ack.time);
  write_track(out, ack.where);
  return end_frame(out);
}

std::string to_json(const frame::page& page) {
  std::size_t bytes = small_frame_bytes;
  for (const event& e : page.events) {
    bytes += event_bytes + origin_bytes + e.text.size();
  }
  json_writer out = begin_frame("page", bytes);
  out.number("id", page.id);
  out.id("conversation", page.conversation);
  write_track(out, page.where);
  out.open_list("events");
  for (const event& e : page.events) {
    out.open();
    write_event(out, e);
    if (e.author == page.reader && e.device) {
      write_origin(out, e.device, e.n);
    }
    out.close();
  }
  out.close_list();
  out.number("head", page.head.value);
  out.flag("more", page.more);
  return end_frame(out);
}

std::string to_json(const frame::cursor_moved& cursor) {
  json_writer out = begin_frame("cursor");
  out.id("conversation", cursor.conversation);
  out.id("person", cursor.person);
  out.number("received", cursor.at.received.value);
  out.number("read", cursor.at.read.value);
  return end_frame(out);
}

std::string to_json(const frame::typing_seen& typing) {
  json_writer out = begin_frame("typing");
  out.id("conversation", typing.conversation);
  out.id("person", typing.person);
  out.flag("on", typing.on);
  if (!typing.text.empty()) {
    out.text("text", typing.text);
  }
  return end_frame(out);
}

std::string to_json(const frame::presence& presence) {
  json_writer out = begin_frame("presence");
  out.id("conversation", presence.conversation);
  out.id("person", presence.person);
  out.flag("online", presence.online);
  return end_frame(out);
}

std::string to_json(const frame::place& place) {
  json_writer out = begin_frame("place");
  out.id("conversation", place.conversation);
  out.number("place", place.place);
  return end_frame(out);
}

std::string to_json(const frame::me& own) {
  json_writer out = begin_frame("me");
  write_routing(out, own);
  return end_frame(out);
}

std::string to_json(const frame::desk& desk) {
  json_writer out = begin_frame("desk", small_frame_bytes + desk.items.size() * summary_bytes);
  write_summaries(out, desk.items);
  write_ids(out, "removed", desk.removed);
  write_counts(out, desk.totals);
  return end_frame(out);
}

std::string to_json(const frame::listed& listed) {
  json_writer out = begin_frame("listed", small_frame_bytes + listed.items.size() * summary_bytes);
  out.number("id", listed.id);
  out.text("view", name_of(listed.view));
  write_summaries(out, listed.items);
  if (!listed.after.empty()) {
    out.text("after", listed.after);
  }
  write_counts(out, listed.totals);
  return end_frame(out);
}

std::string to_json(const frame::agents_seen& seen) {
  json_writer out = begin_frame("agents", small_frame_bytes + seen.agents.size() * agent_bytes);
  out.number("id", seen.id);
  out.open_list("agents");
  for (const frame::agent_seen& agent : seen.agents) {
    out.open();
    write_names(out, agent.person);
    write_routing(out, agent.own);
    out.flag("online", agent.online);
    out.close();
  }
  out.close_list();
  return end_frame(out);
}

std::string to_json(const frame::finished& finished) {
  json_writer out = begin_frame("done");
  out.number("id", finished.id);
  return end_frame(out);
}

std::string to_json(const frame::gap& gap) {
  json_writer out = begin_frame("gap");
  out.id("conversation", gap.conversation);
  write_track(out, gap.where);
  return end_frame(out);
}

std::string to_json(const frame::ping& ping) {
  json_writer out = begin_frame("ping", small_frame_bytes + ping.heads.size() * ping_head_bytes);
  out.open("heads");
  for (const auto& [conversation, seq] : ping.heads) {
    out.number(to_text(conversation), seq.value);
  }
  out.close();
  return end_frame(out);
}

std::string to_json(const frame::lean& lean) {
  std::size_t bytes = small_frame_bytes;
  for (const frame::lean::said& each : lean.messages)
    bytes += lean_bytes + each.text.size();
  json_writer out = begin_frame("lean", bytes);
  out.id("conversation", lean.conversation);
  out.number("after", lean.after.value);
  const timestamp first = lean.messages.front().time;
  out.time("time", first);
  out.open_list("said");
  for (const frame::lean::said& each : lean.messages) {
    out.open();
    out.id("author", each.author);
    if (each.time > first) {
      out.number("ms", static_cast<std::uint64_t>(each.time.value - first.value));
    }
    out.text("text", each.text);
    out.close();
  }
  out.close_list();
  return end_frame(out);
}

std::string to_json(const frame::mode& mode) {
  json_writer out = begin_frame("mode");
  out.number("tier", mode.tier);
  return end_frame(out);
}

std::string to_json(const frame::bye& bye) {
  json_writer out = begin_frame("bye");
  out.number("code", static_cast<std::uint64_t>(bye.code));
  out.text("reason", reason_of(bye.code));
  if (bye.retry_after_ms) {
    out.number("retry_after_ms", *bye.retry_after_ms);
  }
  return end_frame(out);
}

std::string to_json(const frame::refused& refused) {
  json_writer out = begin_frame("fault", 2 * small_frame_bytes);
  out.text("code", refused.why.name());
  out.text("message", refused.why.sentence());
  out.flag("retry", refused.why.is_temporary());
  if (refused.why.retry_after_ms > 0) {
    out.number("retry_after_ms", refused.why.retry_after_ms);
  }
  if (refused.id) {
    out.number("id", *refused.id);
  }
  if (refused.conversation) {
    out.id("conversation", *refused.conversation);
  }
  if (refused.n) {
    out.number("n", refused.n->value);
  }
  if (refused.why.expects) {
    out.number("expects", refused.why.expects->value);
  }
  return end_frame(out);
}

std::string to_json(const event& e) {
  json_writer out = begin_frame("event", event_bytes + e.text.size());
  write_event(out, e);
  return end_frame(out);
}

std::string with_origin(std::string_view event_frame, device_id device, post_number n) {
  assert(event_frame.ends_with('}'));
  json_writer out{event_frame.substr(0, event_frame.size() - 1), origin_bytes};
  write_origin(out, device, n);
  return end_frame(out);
}

}  // namespace frontdesk
