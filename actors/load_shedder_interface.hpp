#pragma once

#include "actors/desk_time.hpp"
#include "actors/local_message.hpp"
#include "model/fault.hpp"

#include <caf/typed_actor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace frontdesk {

// ---- Load shedder: looks at the node, and says in which tier it and its tenants are.

/// Called once, when everybody who asks in which tier the node is gets the answer that was wished.
using pin_reply = std::function<void(fault_or<done>)>;

/// Stay in this tier for this time, whatever the load; in none: go by the load again.
struct pin_tier {
  std::optional<unsigned> tier;
  std::chrono::milliseconds time{};
  /// Null: nobody wants to know.
  std::shared_ptr<pin_reply> reply;
};

/// To itself: look again.
struct look_due {};

using load_shedder_actor = caf::typed_actor<caf::reacts_to<pin_tier>, caf::reacts_to<look_due>>;

}  // namespace frontdesk
