#pragma once

#include "actors/scheduler.hpp"
#include "actors/switchboard.hpp"

namespace frontdesk {

/// Starts the actor of one conversation, which knows nothing until the recorder has woken it. It
/// gives every post its place, has it recorded, and only then tells anybody. It ends when the
/// registry says `leave`, or when an append was not committed: a fresh one then reads what is true.
conversation_actor spawn_conversation(caf::actor_system&, placement, switchboard&,
                                      const conversation_name&);

}  // namespace frontdesk
