#include "wire/admin_json.hpp"

#include "wire/json_document.hpp"
#include "wire/json_writer.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

namespace frontdesk::admin_json {

namespace {

constexpr std::array list_names{"tenant.list", "inbox.list", "agent.list", "quarantine.list"};

/// The fields of one object; the first that is wrong decides.
class fields {
 public:
  explicit fields(const json_value& object) : object_(object) {}

  std::string text(std::string_view name) {
    const json_value* const value = object_.find(name);
    if (value == nullptr || value->kind != json_kind::string) {
      is_wrong_ = true;
      return {};
    }
    return std::string(value->text);
  }

  std::string optional_text(std::string_view name) {
    return object_.find(name) == nullptr ? std::string{} : text(name);
  }

  std::uint64_t number(std::string_view name) {
    const json_value* const value = object_.find(name);
    if (value == nullptr || value->kind != json_kind::integer || value->number < 0) {
      is_wrong_ = true;
      return 0;
    }
    return static_cast<std::uint64_t>(value->number);
  }

  std::uint64_t optional_number(std::string_view name) {
    return object_.find(name) == nullptr ? 0 : number(name);
  }

  std::optional<std::uint64_t> number_if_any(std::string_view name) {
    if (object_.find(name) == nullptr) return std::nullopt;
    return number(name);
  }

  bool flag(std::string_view name) {
    const json_value* const value = object_.find(name);
    is_wrong_ = is_wrong_ || value == nullptr || value->kind != json_kind::boolean;
    return value != nullptr && value->number != 0;
  }

  bool optional_flag(std::string_view name, bool otherwise) {
    return object_.find(name) == nullptr ? otherwise : flag(name);
  }

  std::vector<std::string> words(std::string_view name) {
    std::vector<std::string> found;
    std::istringstream in(optional_text(name));
    for (std::string word; in >> word;) {
      found.push_back(std::move(word));
    }
    return found;
  }

  bool is_wrong() const { return is_wrong_; }

 private:
  const json_value& object_;
  bool is_wrong_ = false;
};

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) {
    all += all.empty() ? word : ' ' + word;
  }
  return all;
}

void write(json_writer& out, const create_tenant& wish) {
  out.text("do", "tenant.create");
  out.text("name", wish.name);
}

void write(json_writer& out, const create_inbox& wish) {
  out.text("do", "inbox.create");
  out.text("tenant", wish.tenant);
  out.text("name", wish.name);
  out.text("widget_key", wish.widget_key);
  out.text("accent", wish.accent);
  out.text("greeting", wish.greeting);
  out.text("locale", wish.locale);
  out.text("origins", joined(wish.origins));
  out.flag("typing_preview", wish.typing_preview);
  out.flag("vip", wish.vip);
}

void write(json_writer& out, const create_agent& wish) {
  out.text("do", "agent.create");
  out.text("tenant", wish.tenant);
  out.text("email", wish.email);
  out.text("name", wish.name);
  out.text("role", wish.role);
  out.text("password", wish.password);
}

void write(json_writer& out, const set_password& wish) {
  out.text("do", "agent.password");
  out.text("tenant", wish.tenant);
  out.text("email", wish.email);
  out.text("password", wish.password);
}

void write(json_writer& out, const list& wish) {
  out.text("do", list_names.at(static_cast<std::size_t>(wish.what)));
  out.text("tenant", wish.tenant);
  out.number("after", wish.after);
}

void write(json_writer& out, const visitor_token& wish) {
  out.text("do", "token.visitor");
  out.text("widget_key", wish.widget_key);
  out.flag("vip", wish.vip);
}

void write(json_writer& out, const agent_token& wish) {
  out.text("do", "token.agent");
  out.text("tenant", wish.tenant);
  out.text("email", wish.email);
}

void write(json_writer& out, const make_checkpoint&) {
  out.text("do", "checkpoint");
}

void write(json_writer& out, const read_stats&) {
  out.text("do", "stats");
}

void write(json_writer& out, const show_quarantined& wish) {
  out.text("do", "quarantine.show");
  out.number("id", wish.id);
  out.flag("text", wish.with_text);
}

void write(json_writer& out, const drop_quarantined& wish) {
  out.text("do", "quarantine.drop");
  out.number("id", wish.id);
}

void write(json_writer& out, const pin_tier& wish) {
  out.text("do", "tier.pin");
  if (wish.tier) {
    out.number("tier", *wish.tier);
  }
  out.number("ms", wish.ms);
}

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

request read_known(std::string_view what, fields& from) {
  if (what == "tenant.create") {
    return create_tenant{from.text("name")};
  }
  if (what == "inbox.create") {
    return create_inbox{.tenant = from.optional_text("tenant"),
                        .name = from.text("name"),
                        .widget_key = from.text("widget_key"),
                        .accent = from.optional_text("accent"),
                        .greeting = from.optional_text("greeting"),
                        .locale = from.optional_text("locale"),
                        .origins = from.words("origins"),
                        .typing_preview = from.optional_flag("typing_preview", true),
                        .vip = from.optional_flag("vip", false)};
  }
  if (what == "agent.create") {
    return create_agent{.tenant = from.optional_text("tenant"),
                        .email = from.text("email"),
                        .name = from.text("name"),
                        .role = from.optional_text("role"),
                        .password = from.text("password")};
  }
  if (what == "agent.password") {
    return set_password{.tenant = from.optional_text("tenant"),
                        .email = from.text("email"),
                        .password = from.text("password")};
  }
  if (what == "token.visitor") {
    return visitor_token{from.text("widget_key"), from.optional_flag("vip", false)};
  }
  if (what == "token.agent") {
    return agent_token{from.optional_text("tenant"), from.text("email")};
  }
  if (what == "stats") {
    return read_stats{};
  }
  if (what == "quarantine.show") {
    return show_quarantined{from.number("id"), from.optional_flag("text", false)};
  }
  if (what == "quarantine.drop") {
    return drop_quarantined{from.number("id")};
  }
  if (what == "tier.pin") {
    return pin_tier{from.number_if_any("tier"), from.optional_number("ms")};
  }
  return make_checkpoint{};
}

std::uint32_t small(std::uint64_t number) {
  return static_cast<std::uint32_t>(number);
}

entry read_entry(std::string_view kind, fields& from) {
  if (kind == "quarantined") {
    return read_quarantined(from);
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

std::string to_json(const request& wish) {
  json_writer out(512);
  out.open();
  std::visit([&](const auto& known) { write(out, known); }, wish);
  out.close();
  return out.take();
}

fault_or<request> read_request(std::string_view line) {
  const json_document document(line);
  if (document.fault() != fault_code::none) {
    return document.fault();
  }
  fields from(*document.root());
  const std::string what = from.text("do");
  if (from.is_wrong()) {
    return fault_code::bad_frame;
  }
  for (std::size_t i = 0; i < list_names.size(); ++i) {
    if (what == list_names[i]) {
      list wish{static_cast<listed_kind>(i), from.optional_text("tenant"),
                from.optional_number("after")};
      return from.is_wrong() ? fault_or<request>{fault_code::bad_frame} : request{std::move(wish)};
    }
  }
  static constexpr std::array<std::string_view, 11> known{
      "tenant.create",   "inbox.create",    "agent.create", "agent.password",
      "token.visitor",   "token.agent",     "checkpoint",   "stats",
      "quarantine.show", "quarantine.drop", "tier.pin"};
  if (std::find(known.begin(), known.end(), what) == known.end()) {
    return fault_code::unknown_frame;
  }
  request wish = read_known(what, from);
  return from.is_wrong() ? fault_or<request>{fault_code::bad_frame} : std::move(wish);
}

std::string to_json(const entry& one) {
  json_writer out(256);
  out.open();
  std::visit([&](const auto& known) { write(out, known); }, one);
  out.close();
  return out.take();
}

std::string to_json(const event_record& one) {
  const event& what = one.what;
  json_writer out(256 + what.text.size());
  out.open();
  out.number("tenant", one.tenant.value);
  out.id("conversation", what.conversation);
  out.text("track", name_of(what.where));
  out.number("seq", what.seq.value);
  out.time("time", what.time);
  out.text("kind", name_of(what.kind));
  out.id("author", what.author);
  if (what.kind == event_kind::message || what.kind == event_kind::edited) {
    out.text("text", what.text);
  }
  if (what.target.value != 0) {
    out.number("target", what.target.value);
  }
  if (what.is_deleted) {
    out.flag("deleted", true);
  }
  if (what.to.person) {
    out.id("to", what.to.person);
  }
  if (what.by.person) {
    out.id("by", what.by.person);
  }
  if (what.reason != return_reason::none) {
    out.text("reason", name_of(what.reason));
  }
  if (what.follows.value != 0) {
    out.number("follows", what.follows.value);
  }
  if (what.device) {
    out.id("device", what.device);
    out.number("n", what.n.value);
  }
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
  const json_document document(line);
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
