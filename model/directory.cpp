#include "model/directory.hpp"

#include "model/chat.hpp"
#include "model/limits.hpp"
#include "model/utf8.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace frontdesk {

namespace {

constexpr std::size_t tenant_name_bytes_max = 63;
constexpr std::size_t widget_key_bytes_max = 64;
constexpr std::size_t origin_bytes_max = 255;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_tenant_name(std::string_view name) {
  return !name.empty() && name.size() <= tenant_name_bytes_max &&
         std::ranges::all_of(name, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

// A name that people read: in any script, on one line.
bool is_display_name(std::string_view name) {
  const auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
  };
  return name.size() <= limits::name_bytes_max && is_utf8(name) &&
         std::ranges::none_of(name, is_control) &&
         std::ranges::any_of(name, [](char c) { return c != ' '; });
}

bool is_widget_key(std::string_view key) {
  const auto may_stand = [](char c) {
    return is_lower(c) || is_upper(c) || is_digit(c) || c == '_' || c == '-';
  };
  return !key.empty() && key.size() <= widget_key_bytes_max && std::ranges::all_of(key, may_stand);
}

// `#rrggbb`, or empty for the widget's own.
bool is_accent(std::string_view accent) {
  const auto is_hex = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  return accent.empty() ||
         (accent.size() == 7 && accent[0] == '#' && std::ranges::all_of(accent.substr(1), is_hex));
}

bool is_greeting(std::string_view greeting) {
  return greeting.empty() || (is_utf8(greeting) && text_fault(greeting) == fault_code::none);
}

bool is_locale(std::string_view locale) {
  return locale.empty() || locale == "en" || locale == "zh";
}

// As a browser's `Origin` header says it: scheme and host, a port if it is not the scheme's own,
// and nothing behind.
bool is_origin(std::string_view origin) {
  std::string_view host = origin;
  if (host.starts_with("https://")) {
    host.remove_prefix(8);
  } else if (host.starts_with("http://")) {
    host.remove_prefix(7);
  } else {
    return false;
  }
  const auto may_stand = [](char c) {
    return is_lower(c) || is_digit(c) ||
           std::string_view{"-.:[]_"}.find(c) != std::string_view::npos;
  };
  return !host.empty() && origin.size() <= origin_bytes_max && std::ranges::all_of(host, may_stand);
}

// Enough to find a typing mistake; only a letter that arrives proves an address. Lower case, so
// that an agent is found however the address is typed.
bool is_email(std::string_view email) {
  const std::size_t at = email.find('@');
  if (email.size() > limits::email_bytes_max || at == std::string_view::npos) {
    return false;
  }
  const std::string_view domain = email.substr(at + 1);
  const auto may_stand = [](char c) { return c > ' ' && c < 0x7f && !is_upper(c); };
  const auto in_domain = [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '.'; };
  return at > 0 && std::ranges::all_of(email.substr(0, at), may_stand) && !domain.empty() &&
         domain.front() != '.' && domain.back() != '.' && std::ranges::all_of(domain, in_domain);
}

bool is_role(agent_role role) {
  return role >= agent_role::agent && role <= agent_role::owner;
}

// The values whose key begins with the tenant, in order.
template <class Map>
auto values_of(const Map& map, tenant_id tenant) {
  std::vector<const typename Map::mapped_type*> found;
  for (auto it = map.lower_bound({tenant.value, 0}); it != map.end(); ++it) {
    if (it->first.first != tenant.value) {
      break;
    }
    found.push_back(&it->second);
  }
  return found;
}

// The greatest id of the tenant + 1, from 1.
template <class Map>
auto next_after(const Map& map, tenant_id tenant) {
  using number = typename Map::key_type::second_type;
  const auto end = map.upper_bound({tenant.value, std::numeric_limits<number>::max()});
  if (end == map.begin() || std::prev(end)->first.first != tenant.value) {
    return number{1};
  }
  return static_cast<number>(std::prev(end)->first.second + 1);
}

template <class Map>
const typename Map::mapped_type* find_in(const Map& map, const typename Map::key_type& key) {
  const auto it = map.find(key);
  return it == map.end() ? nullptr : &it->second;
}

}  // namespace

void directory::put(tenant t) {
  assert(t.id);
  tenants_.insert_or_assign(t.id.value, std::move(t));
}

void directory::put(inbox i) {
  assert(i.tenant && i.id);
  const std::pair key{i.tenant.value, i.id.value};
  if (const inbox* before = find(i.tenant, i.id)) {
    inbox_by_key_.erase(before->widget_key);
  }
  inbox_by_key_.insert_or_assign(i.widget_key, key);
  inboxes_.insert_or_assign(key, std::move(i));
}

void directory::put(agent a) {
  assert(a.tenant && a.id.is_agent());
  if (const agent* before = find(person_name{a.tenant, a.id})) {
    agent_by_email_.erase({a.tenant.value, before->email});
  }
  agent_by_email_.insert_or_assign({a.tenant.value, a.email}, a.id.value);
  const std::pair key{a.tenant.value, a.id.value};
  agents_.insert_or_assign(key, std::move(a));
}

const tenant* directory::find(tenant_id id) const {
  return find_in(tenants_, id.value);
}

const tenant* directory::tenant_by_name(std::string_view name) const {
  const auto it =
      std::ranges::find_if(tenants_, [&](const auto& t) { return t.second.name == name; });
  return it == tenants_.end() ? nullptr : &it->second;
}

const tenant* directory::only_tenant() const {
  return tenants_.size() == 1 ? &tenants_.begin()->second : nullptr;
}

const inbox* directory::find(tenant_id tenant, inbox_id id) const {
  return find_in(inboxes_, {tenant.value, id.value});
}

const inbox* directory::inbox_by_widget_key(std::string_view key) const {
  const auto it = inbox_by_key_.find(std::string{key});
  return it == inbox_by_key_.end() ? nullptr : find_in(inboxes_, it->second);
}

const agent* directory::find(person_name name) const {
  return name.person.is_agent() ? find_in(agents_, {name.tenant.value, name.person.value})
                                : nullptr;
}

const agent* directory::agent_by_email(tenant_id tenant, std::string_view email) const {
  const auto it = agent_by_email_.find({tenant.value, std::string{email}});
  return it == agent_by_email_.end() ? nullptr : find_in(agents_, {tenant.value, it->second});
}

std::vector<const tenant*> directory::tenants() const {
  std::vector<const tenant*> found;
  for (const auto& [id, t] : tenants_) {
    found.push_back(&t);
  }
  return found;
}

std::vector<const inbox*> directory::inboxes(tenant_id tenant) const {
  return values_of(inboxes_, tenant);
}

std::vector<const agent*> directory::agents(tenant_id tenant) const {
  return values_of(agents_, tenant);
}

tenant_id directory::next_tenant() const {
  return tenant_id{tenants_.empty() ? 1 : tenants_.rbegin()->first + 1};
}

inbox_id directory::next_inbox(tenant_id tenant) const {
  return inbox_id{next_after(inboxes_, tenant)};
}

person_id directory::next_agent(tenant_id tenant) const {
  return person_id{person_kind::agent, next_after(agents_, tenant)};
}

fault_code check(const directory& known, const tenant& t) {
  if (!is_tenant_name(t.name)) {
    return fault_code::bad_value;
  }
  const tenant* holder = known.tenant_by_name(t.name);
  return holder != nullptr && holder->id != t.id ? fault_code::already_exists : fault_code::none;
}

fault_code check(const directory& known, const inbox& i) {
  if (known.find(i.tenant) == nullptr) {
    return fault_code::not_found;
  }
  const bool well_formed = i.team && is_display_name(i.name) && is_widget_key(i.widget_key) &&
                           is_accent(i.accent) && is_greeting(i.greeting) && is_locale(i.locale) &&
                           i.origins.size() <= limits::origins_max &&
                           std::ranges::all_of(i.origins, is_origin);
  if (!well_formed) {
    return fault_code::bad_value;
  }
  const inbox* holder = known.inbox_by_widget_key(i.widget_key);
  const bool taken = holder != nullptr && (holder->tenant != i.tenant || holder->id != i.id);
  return taken ? fault_code::already_exists : fault_code::none;
}

fault_code check(const directory& known, const agent& a) {
  if (known.find(a.tenant) == nullptr) {
    return fault_code::not_found;
  }
  const bool well_formed = (!a.id || a.id.is_agent()) && a.team && is_email(a.email) &&
                           is_display_name(a.name) && is_role(a.role) && a.capacity >= 1 &&
                           a.capacity <= limits::agent_capacity_max;
  if (!well_formed) {
    return fault_code::bad_value;
  }
  const agent* holder = known.agent_by_email(a.tenant, a.email);
  return holder != nullptr && holder->id != a.id ? fault_code::already_exists : fault_code::none;
}

std::string_view name_of(agent_role role) {
  switch (role) {
    case agent_role::agent:
      return "agent";
    case agent_role::supervisor:
      return "supervisor";
    case agent_role::admin:
      return "admin";
    case agent_role::owner:
      return "owner";
  }
  return "agent";
}

}  // namespace frontdesk
