#pragma once

#include "actors/interfaces.hpp"
#include "actors/scheduler.hpp"
#include "actors/switchboard.hpp"

#include <functional>

namespace frontdesk {

/// How the registry makes the actors that it finds by name; tests make others.
struct registry_makers {
  std::function<conversation_actor(placement, const conversation_name&)> conversation;
  std::function<person_actor(placement, const person_name&)> person;
  std::function<dispatcher_actor(tenant_id, team_id)> dispatcher;
};

/// Starts the registry: it knows every conversation and person in memory by name, wakes them when
/// something comes, and lets them go when they are idle, so that no message falls between.
///
/// A conversation or person that ends by a failure is forgotten; the next message makes a fresh
/// one, which knows what is recorded. A dispatcher that ends is made anew at once, because its
/// queue waits for nobody's message.
///
/// It is also the supervisor of them all, and the wall between tenants:
///
/// | who          | rule                 | intensity, and what follows                            |
/// | ------------ | -------------------- | ------------------------------------------------------ |
/// | a resident   | back at once         | `falls_free_resident` in `falls_window`: pause, doubling
/// | | a tenant     | its residents' rules | `falls_free_tenant` in the window: all that fall pause
/// | | a message    | read again           | the second end: quarantine (`model/suspects.hpp`) |
///
/// So nothing that a tenant's actors do ends the registry or another tenant's; what waits for those
/// who are away is bounded for each tenant.
registry_actor spawn_registry(caf::actor_system&, placement, switchboard&, registry_makers);

}  // namespace frontdesk
