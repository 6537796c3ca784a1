#pragma once

#include "bench/result.hpp"
#include "bench/stage.hpp"

#include <span>
#include <string_view>

namespace frontdesk::bench {

/// Each runs from the first connection to the checker's word. All throw cannot_measure when the
/// node does not get so far that anything could be said.

/// Pairs of a visitor and an agent: the visitor speaks by the clock (or, in a closed loop, after
/// each answer), the agent answers at once.
result run_relay(const wishes&, identities&, caller);

}  // namespace frontdesk::bench
