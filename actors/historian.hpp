#pragma once

#include "actors/scheduler.hpp"
#include "actors/switchboard.hpp"

namespace frontdesk {

/// Starts a historian: reads pages, rosters and lists, away from the writing path. Blocks on the
/// disk, hence lives on a storage worker.
historian_actor spawn_historian(caf::actor_system&, placement, switchboard&);

}  // namespace frontdesk
