#pragma once

#include "model/ids.hpp"

namespace frontdesk {

/// Which date is it? An operator or a time server may set the answer back; it is shown to people
/// and stored beside what they wrote, and nothing is ordered by it. Handed in, so that a simulation
/// has its own. Thread-safe.
class wall_clock {
 public:
  wall_clock() = default;
  wall_clock(const wall_clock&) = delete;
  wall_clock& operator=(const wall_clock&) = delete;
  virtual ~wall_clock() = default;

  virtual timestamp now() const = 0;
};

}  // namespace frontdesk
