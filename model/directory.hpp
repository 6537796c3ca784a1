#pragma once

#include "model/chat.hpp"
#include "model/fault.hpp"
#include "model/ids.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace frontdesk {

/// Who and what a desk has that is not a conversation: small, read by every hello, changed by hand.

/// The owner of data.
struct tenant {
  tenant_id id;
  /// What people type at login; unique on the node: `[a-z0-9-]{1,63}`.
  std::string name;
  timestamp created_at;

  friend bool operator==(const tenant&, const tenant&) = default;
};

/// An entry point with its settings.
struct inbox {
  tenant_id tenant;
  inbox_id id;
  team_id team;
  std::string name;
  /// Public, unique on the node; names the inbox in a web page: `[A-Za-z0-9_-]{1,64}`.
  std::string widget_key;
  /// `#rrggbb`
  std::string accent;
  std::string greeting;
  /// `en`, `zh`, or empty: the browser's.
  std::string locale;
  /// Allowed origins, e.g. `https://shop.example`; empty: any.
  std::vector<std::string> origins;
  /// For how long after its end a visitor's post opens a conversation again.
  std::uint32_t reopen_window_s = 24 * 3600;
  /// Agents see what visitors type before they send it.
  bool typing_preview = true;
  /// Of the conversations that open here.
  conversation_priority priority = conversation_priority::normal;

  friend bool operator==(const inbox&, const inbox&) = default;
};

enum class agent_role : std::uint8_t { agent = 1, supervisor = 2, admin = 3, owner = 4 };

/// A person who answers.
struct agent {
  tenant_id tenant;
  /// Of kind `agent`; unique within the tenant.
  person_id id;
  team_id team;
  /// Unique within the tenant, lower case.
  std::string email;
  std::string name;
  agent_role role = agent_role::agent;
  /// argon2id, in libsodium's string form.
  std::string password_hash;
  std::uint32_t capacity = 6;
  bool active = true;
  /// Raised to make all tokens that were given before worthless.
  std::uint32_t token_generation = 0;

  friend bool operator==(const agent&, const agent&) = default;
};

/// A snapshot of the directory: immutable once shared, so that any thread may read it. A change
/// makes a new one.
class directory {
 public:
  void put(tenant);
  void put(inbox);
  void put(agent);

  const tenant* find(tenant_id) const;
  const tenant* tenant_by_name(std::string_view) const;
  /// The only tenant of the node, or none if there are several.
  const tenant* only_tenant() const;
  const inbox* find(tenant_id, inbox_id) const;
  const inbox* inbox_by_widget_key(std::string_view) const;
  const agent* find(person_name) const;
  const agent* agent_by_email(tenant_id, std::string_view lower_case_email) const;

  std::vector<const tenant*> tenants() const;
  std::vector<const inbox*> inboxes(tenant_id) const;
  std::vector<const agent*> agents(tenant_id) const;

  /// @name The next free ids.
  /// @{
  tenant_id next_tenant() const;
  inbox_id next_inbox(tenant_id) const;
  person_id next_agent(tenant_id) const;
  /// @}

 private:
  std::map<std::uint32_t, tenant> tenants_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, inbox> inboxes_;
  std::map<std::pair<std::uint32_t, std::uint64_t>, agent> agents_;
  std::unordered_map<std::string, std::pair<std::uint32_t, std::uint32_t>> inbox_by_key_;
  std::map<std::pair<std::uint32_t, std::string>, std::uint64_t> agent_by_email_;
};

using directory_ptr = std::shared_ptr<const directory>;

/// Why such a record may not be put: a name out of its form, which includes any text that is not
/// UTF-8, or taken; `none` if it may. Ids that are 0 mean "a new one".
fault_code check(const directory&, const tenant&);
fault_code check(const directory&, const inbox&);
fault_code check(const directory&, const agent&);

std::string_view name_of(agent_role);

}  // namespace frontdesk
