#include "actors/telling_rounds.hpp"

#include <utility>

namespace frontdesk {

void telling_rounds::begin(tenant_id whose) {
  // Whoever is told for all is told for its tenant, too.
  if (!whose) std::erase_if(rounds_, [](const auto& each) { return bool{each.first}; });
  const place start{whose, {}};
  round& which = rounds_.try_emplace(whose, round{start, start}).first->second;
  which.until = which.at;
  which.has_turned = false;
}

std::vector<connection_roll::called> telling_rounds::next(const connection_roll& roll,
                                                          std::size_t most) {
  std::vector<called> told;
  for (std::size_t turns = rounds_.size(); turns > 0 && told.size() < most; --turns) {
    auto which = rounds_.upper_bound(last_);
    if (which == rounds_.end()) which = rounds_.begin();
    last_ = which->first;
    if (go_on(which->second, which->first, roll, most, told)) rounds_.erase(which);
  }
  return told;
}

bool telling_rounds::go_on(round& which, tenant_id whose, const connection_roll& roll,
                           std::size_t most, std::vector<called>& told) {
  const place start{whose, {}};
  while (told.size() < most) {
    const std::size_t wanted = most - told.size();
    auto found = roll.behind(which.at, whose, wanted);
    for (called& each : found) {
      if (which.has_turned && each.at > which.until) return true;
      which.at = each.at;
      told.push_back(std::move(each));
    }
    if (found.size() == wanted) return false;
    if (which.has_turned || which.until == start) return true;
    which.has_turned = true;
    which.at = start;
  }
  return false;
}

}  // namespace frontdesk
