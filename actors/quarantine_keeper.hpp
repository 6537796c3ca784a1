#pragma once

#include "actors/scheduler.hpp"
#include "actors/switchboard.hpp"

namespace frontdesk {

/// Starts the quarantine's keeper: it gives each message that is confined a number, has it
/// recorded, and lets the tenant's oldest go beyond `limits::quarantined_max`. It reads what is
/// there when it begins, so it lives on a storage worker.
quarantine_keeper_actor spawn_quarantine_keeper(caf::actor_system&, placement, switchboard&);

}  // namespace frontdesk
