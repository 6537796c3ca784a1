#pragma once

#include "model/wall_clock.hpp"

#include <chrono>

namespace frontdesk {

/// Two clocks, for two questions. "How long?" is asked of the actor clock: it never jumps, and a
/// test can move it; every actor reads it as `now()`. "Which date?" is asked of a wall clock, which
/// an operator or a time server may set back; its answer is shown to people and stored beside what
/// they wrote, and nothing is ordered by it.
///
/// A point on the actor clock. In virtual time it starts near zero and moves only when a test moves
/// it; it says nothing about the date.
using moment = std::chrono::steady_clock::time_point;

/// The machine's own.
class system_wall_clock final : public wall_clock {
 public:
  timestamp now() const override;
};

}  // namespace frontdesk
