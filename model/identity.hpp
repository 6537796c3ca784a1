#pragma once

#include "model/directory.hpp"
#include "model/fault.hpp"
#include "model/ids.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace frontdesk {

/// Who a token proves somebody to be, as it stands in the directory now.
struct identity {
  person_name who;
  std::string name;
  /// Visitors: the inbox whose widget key they came with.
  inbox_id inbox;
  /// Visitors: of the conversations that they open.
  conversation_priority priority = conversation_priority::normal;
  /// Agents.
  agent_role role = agent_role::agent;
  /// An agent's own, or the one that the visitor's inbox belongs to.
  team_id team;
  /// From then on the token is worth nothing.
  timestamp expires_at;

  bool is_agent() const { return who.person.is_agent(); }
};

/// Proves who somebody is. Thread-safe, does not block. Faults: `bad_token`, `token_expired`,
/// `forbidden` (no longer active).
class authenticator {
 public:
  authenticator() = default;
  authenticator(const authenticator&) = delete;
  authenticator& operator=(const authenticator&) = delete;
  virtual ~authenticator() = default;

  virtual fault_or<identity> identify(std::string_view token, const directory&,
                                      timestamp now) const = 0;

  /// A mark of having been let in, for whoever was just welcomed: the door knows it again and lets
  /// its holder in before those who have none. It opens nothing. Empty: this one gives none.
  virtual std::string seat(timestamp) const { return {}; }
};

}  // namespace frontdesk
