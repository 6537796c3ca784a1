#pragma once

#include "bench/checker/history.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

/// The problem: a checker that finds nothing may be blind. It is trusted only if it stays silent
/// about desks that keep the promise, however unlucky they were, and speaks up about each fault
/// that was planted into such a desk's history. This makes the unlucky honest desks.
namespace frontdesk::checker {

/// A history in parts, so that a fault can be planted into the observations.
struct loose_history {
  /// Knows all names and holds no observations.
  history names;
  std::vector<observation> seen;

  history bound() const;
};

/// A desk with two conversations, a visitor and an agent with two devices each, that keeps the
/// promise while connections break, posts are refused and sent again, devices restart with and
/// without their positions, messages are deleted, and the end comes while posts are under way.
/// All devices catch up at the end. The same seed gives the same history, everywhere.
loose_history random_honest_history(std::uint64_t seed, std::size_t steps_count);

}  // namespace frontdesk::checker
