#include "model/load_shedding.hpp"

#include "model/limits.hpp"

#include <algorithm>
#include <numeric>

namespace frontdesk {

namespace {

/// The weight of the newest quarter of a second in a mean over about a second.
constexpr double newest = 0.25;

double part_of(std::chrono::microseconds time, std::chrono::milliseconds all) {
  return std::chrono::duration<double>(time) / std::chrono::duration<double>(all);
}

}  // namespace

void load_shedding::measure(const node_look& seen) {
  cpu_ += newest * (seen.host.cpu - cpu_);
  sample_.set(load_input::cpu, cpu_ / limits::cpu_part);
  sample_.set(load_input::memory, seen.host.memory / limits::memory_part);
  sample_.set(load_input::actor_queue, part_of(seen.actor_queue, limits::actor_queue_max));
  sample_.set(load_input::event_loop, part_of(seen.event_loop, limits::event_loop_max));
  sample_.set(load_input::commit, part_of(seen.commit, limits::commit_max));
  sample_.set(load_input::outbound, seen.outbound);
  sample_.set(load_input::store, seen.is_store_sound ? 0 : 1);
}

std::vector<tier_change> load_shedding::look(moment now, const node_look& seen) {
  measure(seen);
  guard(now, seen);
  std::vector<tier_change> changes;
  const unsigned before = node_.tier();
  if (node_.look(now, sample_.figure())) {
    changes.push_back({{}, before, node_.tier(), sample_.figure(), sample_.tightest(), false});
  }
  look_at_tenants(now, seen, changes);
  return changes;
}

/// Not a tier: there is no time for three samples, and it ends with its cause.
void load_shedding::guard(moment now, const node_look& seen) {
  const bool stalls = !seen.is_store_sound || seen.commit >= limits::guard_stall;
  if (!stalls) {
    stalled_since_.reset();
  } else if (!stalled_since_) {
    stalled_since_ = now;
  }
  const bool is_stuck = seen.commit >= limits::guard_stall ||
                        (stalled_since_ && now - *stalled_since_ >= limits::guard_stall);
  is_guarded_ = is_stuck || seen.host.memory >= limits::guard_memory;
}

/// A tenant is a cause only beside others: alone it may use the whole node.
void load_shedding::look_at_tenants(moment now, const node_look& seen,
                                    std::vector<tier_change>& changes) {
  double all = 0;
  std::size_t active_count = 0;
  for (const tenant_look& each : seen.tenants) {
    watched& known = tenants_[each.whose];
    const auto fresh = static_cast<double>(each.work - known.work);
    known.work = each.work;
    known.recent += newest * (fresh - known.recent);
    all += known.recent;
    active_count += known.recent >= 1 ? 1 : 0;
  }
  for (const tenant_look& each : seen.tenants) {
    watched& known = tenants_[each.whose];
    const bool is_cause = active_count > 1 && known.recent > all * limits::tenant_share_max;
    const double figure = std::max(is_cause ? sample_.figure() : 0.0, each.outbound);
    const unsigned before = known.rule.tier();
    if (!known.rule.look(now, figure)) continue;
    const load_input why = is_cause ? sample_.tightest() : load_input::outbound;
    changes.push_back({each.whose, before, known.rule.tier(), figure, why, false});
  }
}

tier_change load_shedding::pin(unsigned tier, moment until) {
  const unsigned before = node_.tier();
  node_.pin(tier, until);
  return {{}, before, tier, sample_.figure(), sample_.tightest(), true};
}

unsigned load_shedding::tier_of(tenant_id whose) const {
  const auto known = tenants_.find(whose);
  return known != tenants_.end() ? known->second.rule.tier() : 0;
}

}  // namespace frontdesk
