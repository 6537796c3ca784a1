#include "model/suspects.hpp"

#include "model/limits.hpp"

#include <algorithm>

namespace frontdesk {

suspects::verdict suspects::verdict_of(const record& known) {
  if (known.ends < 2) return verdict::innocent;
  return known.ends == 2 ? verdict::confined : verdict::deadly;
}

suspects::verdict suspects::of(const message_identity& what) const {
  const auto at = known_.find(what);
  return at == known_.end() ? verdict::innocent : verdict_of(at->second);
}

suspects::verdict suspects::has_ended_one(const message_identity& what, time_point now) {
  forget_old(now);
  record& known = known_[what];
  ++known.ends;
  known.last = now;
  const verdict found = verdict_of(known);
  if (known_.size() > limits::suspects_max) {
    const auto by_age = [](const auto& a, const auto& b) { return a.second.last < b.second.last; };
    known_.erase(std::ranges::min_element(known_, by_age));
  }
  return found;
}

void suspects::forget_old(time_point now) {
  std::erase_if(known_,
                [now](const auto& each) { return each.second.last + limits::suspicion_max < now; });
}

}  // namespace frontdesk
