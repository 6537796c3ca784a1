#pragma once

#include "actors/scheduler.hpp"
#include "actors/switchboard.hpp"

namespace frontdesk {

/// Starts the directory's keeper: one change at a time is checked, recorded, and published to the
/// switchboard as a new snapshot. At most `limits::requests_waiting_max` changes wait; further ones
/// are `busy`.
directory_keeper_actor spawn_directory_keeper(caf::actor_system&, placement, switchboard&);

}  // namespace frontdesk
