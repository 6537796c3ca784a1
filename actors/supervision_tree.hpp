#pragma once

#include "actors/switchboard.hpp"

#include <caf/actor.hpp>

namespace frontdesk {

/// Starts all actors of a desk that are there from the beginning, in order, under the node's
/// supervisor, which is returned. Its end is the desk's: asked for, or because a failure could not
/// be mended. The switchboard must have been given history and directory before.
caf::actor start_supervision_tree(caf::actor_system&, switchboard&);

}  // namespace frontdesk
