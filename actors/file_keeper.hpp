#pragma once

#include "actors/scheduler.hpp"
#include "actors/switchboard.hpp"

namespace frontdesk {

/// Starts the file keeper: takes uploads, hands out files, and forgets those that no message has.
/// Blocks on the disk, for as long as it takes to look at a whole file, hence lives on a worker of
/// its own kind. The foundation must have a file store.
file_keeper_actor spawn_file_keeper(caf::actor_system&, placement, switchboard&);

}  // namespace frontdesk
