#include "actors/fall_note.hpp"

namespace frontdesk {

void note_fall(trace_board& board, connection_note fell, quarantine_gate::verdict known_as) {
  if (!board.is_watched()) return;
  fell.kind = connection_note::kinds::failed;
  board.note(fell);
  fell.kind = connection_note::kinds::quarantined;
  if (known_as == quarantine_gate::verdict::confined) board.note(fell);
}

}  // namespace frontdesk
