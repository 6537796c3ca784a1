#pragma once

#include "actors/connection_roll.hpp"

#include <cstddef>
#include <map>
#include <vector>

namespace frontdesk {

/// The problem: what all connections have to hear of, or all of a tenant, cannot be told to a
/// hundred thousand at once. So it is told to some of them now and then; and if it changes again
/// before the last was told, whoever begins at the front each time never comes to the back.
///
/// The answer: a round goes on from where it is, and ends where it was when it last changed.
///
///     1 ─── 2 ─── 3 ─── 4 ─── 5 ─── 6        begun: 1 2 3, changed: 4 5 6 1 2 3, over
///
/// Whoever is told looks for itself what is so now. A value; its owner hands in the roll.
/// **Bound.** One round for each tenant, and one for all.
class telling_rounds {
 public:
  /// Something has changed for all, or for one tenant: they hear of it from now on.
  void begin(tenant_id whose = {});

  /// Those who are told now, at most so many. Rounds take turns.
  std::vector<connection_roll::called> next(const connection_roll&, std::size_t most);

  bool are_over() const { return rounds_.empty(); }

 private:
  using place = connection_roll::place;
  using called = connection_roll::called;

  struct round {
    /// The last who was told, and the one with whom it ends, after it came to the end of the roll.
    place at;
    place until;
    bool has_turned = false;
  };

  /// True: it is over.
  static bool go_on(round&, tenant_id, const connection_roll&, std::size_t most,
                    std::vector<called>& told);

  /// Of all connections: by tenant 0.
  std::map<tenant_id, round> rounds_;
  tenant_id last_;
};

}  // namespace frontdesk
