#include "wire/frontdesk.pb.h"
#include "wire/stored.hpp"
#include "wire/stored_parts.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace frontdesk::stored {

namespace {

/// Whatever a person typed came through a request's body.
bool is_typed(const std::string& text) {
  return is_text(text, limits::body_bytes_max);
}

bool is_sound(const tenant& t) {
  return is_name(t.name);
}

bool is_sound(const inbox& i) {
  return is_name(i.name) && is_name(i.widget_key) && is_name(i.accent) && is_typed(i.greeting) &&
         is_name(i.locale) && i.origins.size() <= limits::origins_max &&
         std::ranges::all_of(i.origins, is_typed);
}

bool is_sound(const agent& a) {
  return stored::is_sound(a.id) && is_text(a.email, limits::email_bytes_max) && is_name(a.name) &&
         is_between(a.role, agent_role::agent, agent_role::owner) && is_typed(a.password_hash);
}

bool is_sound(const index_row& row) {
  return is_between(row.kind, index_kind::member, index_kind::closed) &&
         stored::is_sound(row.person);
}

}  // namespace

void put(v1::index_row& to, const index_row& from) {
  assert(is_sound(from));
  to.set_kind(static_cast<v1::index_kind>(from.kind));
  to.set_tenant(from.tenant.value);
  if (from.person != person_id{}) {
    put(*to.mutable_person(), from.person);
  }
  to.set_team(from.team.value);
  to.set_order(from.order);
  to.set_conversation(from.conversation.value);
  to.set_removed(from.removed);
}

std::optional<index_row> take(v1::index_row& from) {
  const auto person = take(from.person());
  if (!person) {
    return std::nullopt;
  }
  index_row row;
  row.kind = enumerator<index_kind>(static_cast<std::uint32_t>(from.kind()));
  row.tenant = tenant_id{from.tenant()};
  row.person = *person;
  row.team = team_id{from.team()};
  row.order = from.order();
  row.conversation = conversation_id{from.conversation()};
  row.removed = from.removed();
  return is_sound(row) ? std::optional{row} : std::nullopt;
}

void put(v1::tenant& to, const tenant& from) {
  assert(is_sound(from));
  to.set_id(from.id.value);
  to.set_name(from.name);
  to.set_created_at(from.created_at.value);
}

std::optional<tenant> take(v1::tenant& from) {
  tenant t;
  t.id = tenant_id{from.id()};
  t.name = std::move(*from.mutable_name());
  t.created_at = timestamp{from.created_at()};
  return is_sound(t) ? std::optional{std::move(t)} : std::nullopt;
}

void put(v1::inbox& to, const inbox& from) {
  assert(is_sound(from));
  to.set_tenant(from.tenant.value);
  to.set_id(from.id.value);
  to.set_team(from.team.value);
  to.set_name(from.name);
  to.set_widget_key(from.widget_key);
  to.set_accent(from.accent);
  to.set_greeting(from.greeting);
  to.set_locale(from.locale);
  for (const std::string& origin : from.origins) {
    to.add_origins(origin);
  }
  to.set_reopen_window_s(from.reopen_window_s);
  to.set_typing_preview(from.typing_preview);
  to.set_vip(from.priority == conversation_priority::vip);
}

std::optional<inbox> take(v1::inbox& from) {
  inbox i;
  i.tenant = tenant_id{from.tenant()};
  i.id = inbox_id{from.id()};
  i.team = team_id{from.team()};
  i.name = std::move(*from.mutable_name());
  i.widget_key = std::move(*from.mutable_widget_key());
  i.accent = std::move(*from.mutable_accent());
  i.greeting = std::move(*from.mutable_greeting());
  i.locale = std::move(*from.mutable_locale());
  i.origins.assign(from.origins().begin(), from.origins().end());
  i.reopen_window_s = from.reopen_window_s();
  i.typing_preview = from.typing_preview();
  i.priority = from.vip() ? conversation_priority::vip : conversation_priority::normal;
  return is_sound(i) ? std::optional{std::move(i)} : std::nullopt;
}

void put(v1::agent& to, const agent& from) {
  assert(is_sound(from));
  to.set_tenant(from.tenant.value);
  put(*to.mutable_id(), from.id);
  to.set_team(from.team.value);
  to.set_email(from.email);
  to.set_name(from.name);
  to.set_role(static_cast<v1::agent_role>(from.role));
  to.set_password_hash(from.password_hash);
  to.set_capacity(from.capacity);
  to.set_active(from.active);
  to.set_token_generation(from.token_generation);
}

std::optional<agent> take(v1::agent& from) {
  const auto id = take(from.id());
  if (!id) {
    return std::nullopt;
  }
  agent a;
  a.tenant = tenant_id{from.tenant()};
  a.id = *id;
  a.team = team_id{from.team()};
  a.email = std::move(*from.mutable_email());
  a.name = std::move(*from.mutable_name());
  a.role = enumerator<agent_role>(static_cast<std::uint32_t>(from.role()));
  a.password_hash = std::move(*from.mutable_password_hash());
  a.capacity = from.capacity();
  a.active = from.active();
  a.token_generation = from.token_generation();
  return is_sound(a) ? std::optional{std::move(a)} : std::nullopt;
}

}  // namespace frontdesk::stored
