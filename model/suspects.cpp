#include "model/suspects.hpp"

#include "model/limits.hpp"

#include <algorithm>

namespace frontdesk {

suspects::verdict suspects::verdict_of(const record& known) {
  if (known.ends < 2) return verdict::innocent;
  return known.ends == 2 ? verdict::confined : verdict::deadly;
}

suspects::verdict suspects::of(const message_identity& what, time_point now) {
  forget_old(now);
  const auto at = known_.find(what);
  return at == known_.end() ? verdict::innocent : verdict_of(at->second);
}

suspects::verdict suspects::has_ended_one(const message_identity& what, time_point now) {
  forget_old(now);
  record& known = known_[what];
  ++known.ends;
  known.last = now;
  if (known.ends == 2) ++confined_count_;
  const verdict found = verdict_of(known);
  if (known_.size() > limits::suspects_max) {
    const auto by_age = [](const auto& a, const auto& b) { return a.second.last < b.second.last; };
    const auto oldest = std::ranges::min_element(known_, by_age);
    if (oldest->second.ends >= 2) --confined_count_;
    known_.erase(oldest);
  }
  return found;
}

void suspects::forget_old(time_point now) {
  if (now < forget_at_) return;
  time_point oldest = now;
  confined_count_ = 0;
  std::erase_if(known_, [&](const auto& each) {
    const record& known = each.second;
    if (known.last + limits::suspicion_max < now) return true;
    oldest = std::min(oldest, known.last);
    if (known.ends >= 2) ++confined_count_;
    return false;
  });
  forget_at_ = oldest + limits::suspicion_max + std::chrono::milliseconds{1};
}

}  // namespace frontdesk
