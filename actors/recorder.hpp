#pragma once

#include "actors/scheduler.hpp"
#include "actors/switchboard.hpp"

namespace frontdesk {

/// Starts the recorder: the only actor that writes. It gathers the appends of all conversations
/// into one commit; while one runs, the next batch gathers, so there is no timer. Blocks in the
/// log, hence lives on a storage worker.
recorder_actor spawn_recorder(caf::actor_system&, placement, switchboard&);

}  // namespace frontdesk
