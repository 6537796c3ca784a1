#pragma once

#include "actors/quarantine.hpp"
#include "model/trace_board.hpp"

namespace frontdesk {

/// Whoever watches live is told that an actor was ended by an exception, and that whatever ended it
/// is in quarantine, if it is. `fell` says whose actor, and which; its kind is filled in here.
void note_fall(trace_board&, connection_note fell, quarantine_gate::verdict known_as);

}  // namespace frontdesk
