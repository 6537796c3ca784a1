#include "actors/stuck_watch.hpp"

#include <algorithm>

namespace frontdesk {

stuck_watch::finding stuck_watch::look(const sight& seen, moment now) {
  const span since =
      looked_at_ ? std::chrono::duration_cast<span>(now - *looked_at_) : span::zero();
  const span passed = std::min(since, 2 * interval_);
  looked_at_ = now;
  const bool is_same = seen.number == before_.number && seen.turns == before_.turns;
  const bool was_silent = before_.is_silent;
  before_ = seen;

  verdict found = verdict::well;
  if (seen.is_handling) {
    found = verdict::stuck_in_message;
  } else if (seen.is_silent && was_silent) {
    found = verdict::stuck_outside;
  }
  if (found == suspected_ && is_same && found != verdict::well) {
    lasted_ += passed;
    if (lasted_ < limit_) return {};
    return {found, lasted_, !std::exchange(is_told_, true), false};
  }
  const finding ended{suspected_, lasted_ + passed, true, true};
  const bool was_told = std::exchange(is_told_, false);
  suspected_ = found;
  lasted_ = span::zero();
  return was_told ? ended : finding{};
}

}  // namespace frontdesk
