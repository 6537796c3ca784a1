#pragma once

#include "actors/scheduler.hpp"
#include "actors/switchboard.hpp"

namespace frontdesk {

/// Starts the dispatcher of one team: it knows who waits and how its agents stand, and assigns the
/// moment both are there. Made anew after a failure, it reads from the store who waits and who has
/// what, and asks the agents how they stand.
dispatcher_actor spawn_dispatcher(caf::actor_system&, placement, switchboard&, tenant_id, team_id);

}  // namespace frontdesk
