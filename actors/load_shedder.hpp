#pragma once

#include "actors/scheduler.hpp"
#include "actors/switchboard.hpp"

namespace frontdesk {

/// Starts the load shedder: it looks at the node every `limits::load_look`, decides by
/// `load_shedding`, writes the tiers on the board, and lets all connections know of a change, a
/// part of them with each look. Lives on a control worker, so that it breathes when I/O is full.
/// What it decided outlives it on the board, where the next one finds it.
load_shedder_actor spawn_load_shedder(caf::actor_system&, placement, switchboard&);

}  // namespace frontdesk
