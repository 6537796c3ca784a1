#pragma once

#include "node/admin/administration.hpp"
#include "node/exit_code.hpp"

#include <string>
#include <vector>

/// The problem: a desk without a tenant, an inbox and an agent shows nothing to whoever tries it,
/// and a demo with known passwords is an open door as soon as somebody forgets that it is one.
///
/// The answer: what is missing is made, with passwords that are drawn at that moment, shown once
/// and kept nowhere.
namespace frontdesk {

struct demo_desk {
  struct person {
    std::string email;
    /// Empty: the agent was there before.
    std::string password;
  };
  std::vector<person> agents;
  /// Nothing was made, because the node has tenants of its own.
  bool is_refused = false;
};

/// Makes tenant "demo" with an inbox "Demo shop" (widget key "demo") and two agents, as far as they
/// are missing; nothing if there is another tenant.
or_trouble<demo_desk> make_demo(administration&, timestamp now);

/// What the operator is shown.
std::string demo_page(const demo_desk&, const std::string& address);

}  // namespace frontdesk
