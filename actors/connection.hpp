#pragma once

#include "actors/scheduler.hpp"
#include "actors/switchboard.hpp"
#include "actors/transport.hpp"

#include <memory>

namespace frontdesk {

/// Starts the actor of one connection, and returns the port through which its transport speaks to
/// it. The actor lives on the I/O worker `where`, which must be the transport's own; it keeps the
/// transport until either side closes.
std::shared_ptr<connection_port> spawn_connection(caf::actor_system&, placement where, switchboard&,
                                                  connection_id, std::shared_ptr<transport>);

}  // namespace frontdesk
