#include "model/tier_rule.hpp"

#include <algorithm>
#include <cassert>

namespace frontdesk {

unsigned tier_rule::tier_for(double load) const {
  const auto is_reached = [&](double begin) { return load >= begin - earlier_; };
  return static_cast<unsigned>(std::ranges::count_if(begins, is_reached));
}

bool tier_rule::go_to(moment now, unsigned tier) {
  if (tier == tier_) return false;
  tier_ = tier;
  changed_at_ = now;
  calm_since_.reset();
  return true;
}

void tier_rule::pin(unsigned tier, moment until) {
  assert(tier <= tier_max);
  pinned_until_ = until;
  tier_ = tier;
  calm_since_.reset();
}

void tier_rule::take_over(unsigned tier, moment since, std::optional<moment> pinned_until) {
  assert(tier <= tier_max);
  tier_ = tier;
  changed_at_ = since;
  pinned_until_ = pinned_until;
}

bool tier_rule::look(moment now, double load) {
  std::ranges::rotate(recent_, recent_.end() - 1);
  recent_.front() = load;
  if (pinned_until_ && now < *pinned_until_) return false;
  pinned_until_.reset();

  const bool is_calm = tier_ > 0 && load < calm_below(tier_) - earlier_;
  if (!is_calm) {
    calm_since_.reset();
  } else if (!calm_since_) {
    calm_since_ = now;
  }
  if (changed_at_ && now - *changed_at_ < limits::tier_dwell) return false;
  const unsigned agreed = tier_for(*std::ranges::min_element(recent_));
  if (agreed > tier_) return go_to(now, agreed);
  if (calm_since_ && now - *calm_since_ >= limits::tier_calm) return go_to(now, tier_ - 1);
  return false;
}

}  // namespace frontdesk
