#pragma once

#include "actors/scheduler.hpp"
#include "actors/switchboard.hpp"

namespace frontdesk {

/// Starts the audit's keeper: it has each deed of an operator recorded (storage/audit_trail.hpp).
/// It reads where the audit stands with the first deed, so it lives on a storage worker; an audit
/// that cannot be read is a fault of each deed, and keeps nobody from being served.
audit_keeper_actor spawn_audit_keeper(caf::actor_system&, placement, switchboard&);

}  // namespace frontdesk
