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
/// A conversation or person that ends by a failure is made anew at once if anything waits for it,
/// and else by the next message; the fresh one knows what is recorded. A dispatcher is made anew in
/// any case, because its queue waits for nobody's message.
///
/// It is also the supervisor of them all, and the wall between tenants:
///
/// - A resident is back at once. Beyond `falls_free_resident` falls in `falls_window` it pauses,
///   each time twice as long, also if it was gone in between.
/// - A tenant's residents all pause when they fall, beyond `falls_free_tenant` falls in the window.
/// - What the one that fell did not come to is heard again, in its order; a post or wish that ended
///   its conversation as well. What has ended two is in quarantine (`model/suspects.hpp`).
///
/// So nothing that a tenant's actors do ends the registry or another tenant's; what waits for those
/// who are away is bounded for each tenant.
registry_actor spawn_registry(caf::actor_system&, placement, switchboard&, registry_makers);

}  // namespace frontdesk
