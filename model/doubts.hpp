#pragma once

#include "model/ids.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <vector>

namespace frontdesk {

/// How many conversations in doubt are woken at once, and how many are remembered.
struct doubt_limits {
  std::size_t round_max = 1;
  std::size_t round_tenant_max = 1;
  std::size_t waiting_max = 1;
  std::size_t waiting_tenant_max = 1;
};

/// When a recorder falls, all conversations end with it, many of them with something that was
/// recorded and that nobody was told. Each must be woken to say how it stands, and waking them all
/// at once would be the next storm. So their names wait here, and are worked off in rounds, tenants
/// in turn.
class doubts {
 public:
  explicit doubts(const doubt_limits& limits) : limits_(limits) {}

  /// False: there is no room for it. One that waits already is in.
  bool add(const conversation_name&);
  /// Those whose turn it is; they do not wait any more.
  std::vector<conversation_name> next_round();

  bool is_empty() const { return count_ == 0; }

 private:
  const doubt_limits limits_;
  std::map<tenant_id, std::set<conversation_id>> waiting_;
  std::size_t count_ = 0;
  /// Whose turn was the last one.
  tenant_id last_;
};

}  // namespace frontdesk
