#pragma once

#include "actors/scheduler.hpp"
#include "actors/switchboard.hpp"

namespace frontdesk {

/// Starts the actor of somebody who is present: it owns that person's devices and roster, and for
/// an agent the routing status and the slots. Conversations speak to it alone, so that one that
/// crashes loses no listener; it lets every device know.
///
/// A visitor who is gone leaves memory after a while. An agent who is gone for longer than the
/// grace period gives back her conversations first.
person_actor spawn_person(caf::actor_system&, placement, switchboard&, const person_name&);

}  // namespace frontdesk
