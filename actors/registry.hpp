#pragma once

#include "actors/interfaces.hpp"
#include "actors/scheduler.hpp"

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
registry_actor spawn_registry(caf::actor_system&, placement, registry_makers);

}  // namespace frontdesk
