#pragma once

#include "actors/interfaces.hpp"

#include <chrono>
#include <functional>

namespace frontdesk::simulation {

/// What a slow historian asks of the simulation around it.
struct read_surroundings {
  /// How long the next answer is on its way.
  std::function<std::chrono::milliseconds()> delay;
  /// Does it later, while this very process runs.
  std::function<void(std::chrono::milliseconds, std::function<void()>)> later;
};

/// Stands before the real historian and holds its answers back, as a disk does: what a page does
/// not have may have been recorded when it arrives.
historian_actor spawn_slow_historian(caf::actor_system&, historian_actor real, read_surroundings);

}  // namespace frontdesk::simulation
