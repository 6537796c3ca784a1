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

/// Visitors come, wait in the queue, are assigned, talk through dialogues, are closed and go.
result run_desk(const wishes&, identities&, caller);

/// Visitors go away; what is said meanwhile is kept; all come back at once and take it.
result run_offline(const wishes&, identities&, caller);

/// All visitors lose their lines at once and come back at once, some to news.
result run_storm(const wishes&, identities&, caller);

/// Visitors who are connected and say nothing.
result run_idle(const wishes&, identities&, caller);

/// Load up through all that the node can take, beyond, and back: how each tier took it. Needs the
/// node's processor time, or `rate` as what it can take.
result run_tiers(const wishes&, identities&, caller);

}  // namespace frontdesk::bench
