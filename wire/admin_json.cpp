#include "wire/admin_json.hpp"

#include "wire/admin_fields.hpp"
#include "wire/json_writer.hpp"
#include "wire/trace_request.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace frontdesk::admin_json {

namespace {

constexpr std::array list_names{"tenant.list", "inbox.list", "agent.list", "quarantine.list"};

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

void write(json_writer& out, const make_checkpoint& wish) {
  out.text("do", "checkpoint");
  out.text("folder", wish.folder);
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

void write(json_writer& out, const read_audit& wish) {
  out.text("do", "audit.list");
  out.time("since", wish.what.since);
  out.text("action", wish.what.action);
  out.number("from", wish.what.from.value);
  out.flag("backwards", wish.what.is_backwards);
  out.number("limit", wish.what.limit);
}

read_audit read_audit_query(fields& from) {
  audit_query what;
  what.since = timestamp{static_cast<std::int64_t>(from.optional_number("since"))};
  what.action = from.optional_text("action");
  what.from = audit_number{from.optional_number("from")};
  what.is_backwards = from.optional_flag("backwards", false);
  what.limit = from.optional_number("limit");
  return {std::move(what)};
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
  if (what == "audit.list") {
    return read_audit_query(from);
  }
  return make_checkpoint{from.optional_text("folder")};
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
  if (auto wish = read_trace_request(what, *document.root())) {
    return *std::move(wish);
  }
  static constexpr std::array<std::string_view, 12> known{
      "tenant.create",   "inbox.create",    "agent.create", "agent.password",
      "token.visitor",   "token.agent",     "checkpoint",   "stats",
      "quarantine.show", "quarantine.drop", "tier.pin",     "audit.list"};
  if (std::find(known.begin(), known.end(), what) == known.end()) {
    return fault_code::unknown_frame;
  }
  request wish = read_known(what, from);
  return from.is_wrong() ? fault_or<request>{fault_code::bad_frame} : std::move(wish);
}

}  // namespace frontdesk::admin_json
