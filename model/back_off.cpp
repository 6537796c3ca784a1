#include "model/back_off.hpp"

#include <algorithm>

namespace frontdesk {

namespace {

/// As many doublings as any pause can need.
constexpr std::size_t doublings_max = 16;

}  // namespace

std::chrono::milliseconds doubled_pause(std::chrono::milliseconds least, std::size_t nth,
                                        std::chrono::milliseconds most) noexcept {
  auto pause = least;
  // Stops doubling at the maximum, so it cannot overflow.
  for (; nth > 1 && pause < most; --nth)
    pause *= 2;
  return std::min(pause, most);
}

std::chrono::milliseconds back_off::pause_after_fall(time_point now) {
  std::erase_if(falls_, [&](time_point each) { return each + limits_.window < now; });
  falls_.push_back(now);
  if (falls_.size() > limits_.falls_free + doublings_max) falls_.erase(falls_.begin());
  if (falls_.size() <= limits_.falls_free) return std::chrono::milliseconds{0};
  return doubled_pause(limits_.pause_min, falls_.size() - limits_.falls_free, limits_.pause_max);
}

bool back_off::is_forgotten(time_point now) const {
  return falls_.empty() || falls_.back() + limits_.window < now;
}

}  // namespace frontdesk
