#include "model/back_off.hpp"

#include <algorithm>

namespace frontdesk {

namespace {

/// As many doublings as any pause can need.
constexpr std::size_t doublings_max = 16;

}  // namespace

std::chrono::milliseconds back_off::pause_after_fall(time_point now) {
  while (!falls_.empty() && falls_.front() + limits_.window < now)
    falls_.pop_front();
  falls_.push_back(now);
  if (falls_.size() > limits_.falls_free + doublings_max) falls_.pop_front();
  if (falls_.size() <= limits_.falls_free) return std::chrono::milliseconds{0};
  const std::size_t doublings = falls_.size() - limits_.falls_free - 1;
  return std::min(limits_.pause_min * (1L << doublings), limits_.pause_max);
}

bool back_off::is_forgotten(time_point now) const {
  return falls_.empty() || falls_.back() + limits_.window < now;
}

}  // namespace frontdesk
