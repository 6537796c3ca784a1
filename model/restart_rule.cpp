#include "model/restart_rule.hpp"

#include "model/back_off.hpp"

#include <cassert>

namespace frontdesk {

using std::chrono::milliseconds;

restart_rule::restart_rule(restart_strategy strategy, const restart_limits& limits)
    : strategy_(strategy), limits_(limits) {
  // A failure can follow a restart at once, so the pauses are the least time that failures take.
  milliseconds pauses{0};
  for (std::size_t restart = 1; restart <= limits.restarts_max; ++restart) {
    pauses += pause_before(restart);
  }
  assert(pauses < limits.window && "limits that no failure can exhaust");
}

bool restart_rule::wants_restart(restart_kind kind, bool ended_well) noexcept {
  switch (kind) {
    case restart_kind::permanent:
      return true;
    case restart_kind::transient:
      return !ended_well;
    case restart_kind::temporary:
      break;
  }
  return false;
}

child_range restart_rule::taken_down_by(std::size_t failed,
                                        std::size_t children_count) const noexcept {
  switch (strategy_) {
    case restart_strategy::one_for_one:
      break;
    case restart_strategy::one_for_all:
      return {0, children_count};
    case restart_strategy::rest_for_one:
      return {failed, children_count};
  }
  return {failed, failed + 1};
}

std::optional<milliseconds> restart_rule::pause_after_failure(time_point now) {
  while (!failures_.empty() && failures_.front() + limits_.window < now)
    failures_.pop_front();
  // Not counted: the supervisor ends, and with it this rule.
  if (failures_.size() >= limits_.restarts_max) return std::nullopt;
  failures_.push_back(now);
  return pause_before(failures_.size());
}

milliseconds restart_rule::pause_before(std::size_t restart) const noexcept {
  return doubled_pause(limits_.pause_min, restart, limits_.pause_max);
}

}  // namespace frontdesk
