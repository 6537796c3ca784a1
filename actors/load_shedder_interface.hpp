#pragma once

#include "actors/desk_time.hpp"
#include "actors/local_message.hpp"

#include <caf/typed_actor.hpp>

#include <chrono>
#include <optional>

namespace frontdesk {

// ---- Load shedder: looks at the node, and says in which tier it and its tenants are.

/// Stay in this tier for this time, whatever the load; in none: go by the load again. No answer.
struct pin_tier {
  std::optional<unsigned> tier;
  std::chrono::milliseconds time{};
};

/// To itself: look again.
struct look_due {};

using load_shedder_actor = caf::typed_actor<caf::reacts_to<pin_tier>, caf::reacts_to<look_due>>;

}  // namespace frontdesk
