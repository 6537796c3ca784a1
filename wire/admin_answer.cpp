#include "wire/admin_fields.hpp"
#include "wire/admin_json.hpp"
#include "wire/json_writer.hpp"

#include <algorithm>
#include <utility>

namespace frontdesk::admin_json {

namespace {

void write(json_writer& out, const tenant& t) {
  out.text("kind", "tenant");
  out.number("id", t.id.value);
  out.text("name", t.name);
  out.time("created_at", t.created_at);
}

void write(json_writer& out, const inbox& i) {
  out.text("kind", "inbox");
  out.number("tenant", i.tenant.value);
  out.number("id", i.id.value);
  out.number("team", i.team.value);
  out.text("name", i.name);
  out.text("widget_key", i.widget_key);
  out.text("accent", i.accent);
  out.text("greeting", i.greeting);
  out.text("locale", i.locale);
  out.text("origins", joined(i.origins));
  out.number("reopen_window_s", i.reopen_window_s);
  out.flag("typing_preview", i.typing_preview);
  out.flag("vip", i.priority == conversation_priority::vip);
}

void write(json_writer& out, const agent& a) {
  out.text("kind", "agent");
  out.number("tenant", a.tenant.value);
  out.number("id", a.id.value);
  out.number("team", a.team.value);
  out.text("email", a.email);
  out.text("name", a.name);
  out.text("role", name_of(a.role));
  out.number("capacity", a.capacity);
  out.flag("active", a.active);
}

void write(json_writer& out, const quarantined& q) {
  out.text("kind", "quarantined");
  out.number("id", q.id.value);
  out.number("tenant", q.tenant.value);
  out.time("time", q.time);
  out.text("actor", q.actor);
  out.text("message", q.message);
  out.text("thrown", q.thrown);
  if (q.conversation) {
    out.id("conversation", q.conversation);
  }
  if (q.person) {
    out.id("person", q.person);
  }
  if (q.device) {
    out.id("device", q.device);
    out.number("n", q.n.value);
    out.text("track", name_of(q.where));
  }
  if (!q.text.empty()) {
    out.text("text", q.text);
  }
}

void write(json_writer& out, const audit_entry& e) {
  out.text("kind", "audit");
  out.number("number", e.number.value);
  out.time("time", e.time);
  out.text("origin", name_of(e.who.origin));
  out.number("uid", e.who.uid);
  out.text("user", e.who.user);
  out.text("action", e.action);
  out.text("target", e.target);
  out.open("parameters");
  for (const auto& [name, value] : e.parameters) {
    out.text(name, value);
  }
  out.close();
  out.text("outcome", e.outcome);
  if (e.times > 1) {
    out.number("times", e.times);
    out.time("last", e.last);
  }
}

audit_origin origin_from_text(std::string_view text) {
  using enum audit_origin;
  for (const audit_origin origin : {admin_socket, command_line, signal, node}) {
    if (name_of(origin) == text) {
      return origin;
    }
  }
  return none;
}

audit_entry read_audit_entry(fields& from) {
  audit_entry e;
  e.number = audit_number{from.number("number")};
  e.time = timestamp{static_cast<std::int64_t>(from.number("time"))};
  e.who.origin = origin_from_text(from.text("origin"));
  e.who.uid = static_cast<std::uint32_t>(from.number("uid"));
  e.who.user = from.text("user");
  e.action = from.text("action");
  e.target = from.text("target");
  e.parameters = from.texts("parameters");
  e.outcome = from.text("outcome");
  e.times = std::max<std::uint64_t>(1, from.optional_number("times"));
  e.last = timestamp{static_cast<std::int64_t>(from.optional_number("last"))};
  return e;
}

quarantined read_quarantined(fields& from) {
  quarantined q;
  q.id = quarantine_id{from.number("id")};
  q.tenant = tenant_id{static_cast<std::uint32_t>(from.number("tenant"))};
  q.time = timestamp{static_cast<std::int64_t>(from.number("time"))};
  q.actor = from.text("actor");
  q.message = from.text("message");
  q.thrown = from.text("thrown");
  q.conversation =
      conversation_from_text(from.optional_text("conversation")).value_or(conversation_id{});
  q.person = person_from_text(from.optional_text("person")).value_or(person_id{});
  q.device = device_from_text(from.optional_text("device")).value_or(device_id{});
  q.n = post_number{from.optional_number("n")};
  q.where =
      from.optional_text("track") == name_of(track::internal) ? track::internal : track::visible;
  q.text = from.optional_text("text");
  return q;
}

std::uint32_t small(std::uint64_t number) {
  return static_cast<std::uint32_t>(number);
}

entry read_entry(std::string_view kind, fields& from) {
  if (kind == "quarantined") {
    return read_quarantined(from);
  }
  if (kind == "audit") {
    return read_audit_entry(from);
  }
  if (kind == "tenant") {
    return tenant{.id = tenant_id{small(from.number("id"))},
                  .name = from.text("name"),
                  .created_at = timestamp{static_cast<std::int64_t>(from.number("created_at"))}};
  }
  if (kind == "inbox") {
    return inbox{.tenant = tenant_id{small(from.number("tenant"))},
                 .id = inbox_id{small(from.number("id"))},
                 .team = team_id{small(from.number("team"))},
                 .name = from.text("name"),
                 .widget_key = from.text("widget_key"),
                 .accent = from.text("accent"),
                 .greeting = from.text("greeting"),
                 .locale = from.text("locale"),
                 .origins = from.words("origins"),
                 .reopen_window_s = small(from.number("reopen_window_s")),
                 .typing_preview = from.flag("typing_preview"),
                 .priority = from.optional_flag("vip", false) ? conversation_priority::vip
                                                              : conversation_priority::normal};
  }
  agent who;
  who.tenant = tenant_id{small(from.number("tenant"))};
  who.id = person_id{person_kind::agent, from.number("id")};
  who.team = team_id{small(from.number("team"))};
  who.email = from.text("email");
  who.name = from.text("name");
  who.role = role_from_text(from.text("role")).value_or(agent_role::agent);
  who.capacity = small(from.number("capacity"));
  who.active = from.flag("active");
  return who;
}

const json_value* object_in(const json_value* of, std::string_view name, json_kind kind) {
  const json_value* const found = of == nullptr ? nullptr : of->find(name);
  return found != nullptr && found->kind == kind ? found : nullptr;
}

}  // namespace

std::string to_json(const entry& one) {
  json_writer out(256);
  out.open();
  std::visit([&](const auto& known) { write(out, known); }, one);
  out.close();
  return out.take();
}

std::string to_json(const answer& said) {
  if (!said.document.empty()) {
    return "{\"ok\":" + said.document + "}";
  }
  json_writer out(256 * (said.entries.size() + 1) + said.token.size());
  out.open();
  out.open("ok");
  out.open_list("entries");
  for (const entry& each : said.entries) {
    out.open();
    std::visit([&](const auto& known) { write(out, known); }, each);
    out.close();
  }
  out.close_list();
  out.number("next", said.next);
  out.text("token", said.token);
  out.close();
  out.close();
  return out.take();
}

std::string to_json(const fault& why) {
  json_writer out(160);
  out.open();
  out.open("fault");
  out.text("code", why.name());
  out.text("message", why.sentence());
  out.close();
  out.close();
  return out.take();
}

std::variant<answer, refused> read_answer(std::string_view line) {
  const refused unreadable{"not_json", "What the node answered cannot be read."};
  // By our own program, and longer than what strangers may say.
  const json_document document(line, std::max(limits::json_values_max, line.size()));
  if (document.fault() != fault_code::none) {
    return unreadable;
  }
  if (const auto* why = object_in(document.root(), "fault", json_kind::object)) {
    fields from(*why);
    refused told{from.text("code"), from.text("message")};
    return from.is_wrong() ? unreadable : told;
  }
  const auto* ok = object_in(document.root(), "ok", json_kind::object);
  const auto* entries = object_in(ok, "entries", json_kind::array);
  if (entries == nullptr) {
    return unreadable;
  }
  fields from(*ok);
  answer said{{}, from.number("next"), from.text("token")};
  bool is_wrong = from.is_wrong();
  for (const json_value& each : *entries) {
    if (each.kind != json_kind::object) {
      return unreadable;
    }
    fields parts(each);
    said.entries.push_back(read_entry(parts.text("kind"), parts));
    is_wrong = is_wrong || parts.is_wrong();
  }
  if (is_wrong) {
    return unreadable;
  }
  return said;
}

std::optional<agent_role> role_from_text(std::string_view text) {
  using enum agent_role;
  for (const agent_role role : {agent, supervisor, admin, owner}) {
    if (name_of(role) == text) {
      return role;
    }
  }
  return std::nullopt;
}

}  // namespace frontdesk::admin_json
