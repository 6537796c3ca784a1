#include "model/load_shedding.hpp"

#include "model/limits.hpp"

#include <algorithm>
#include <utility>

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
  look_at_node(now, changes);
  look_at_tenants(now, seen, changes);
  return changes;
}

void load_shedding::look_at_node(moment now, std::vector<tier_change>& changes) {
  const unsigned before = node_.tier();
  const bool was_pinned = node_.is_pinned();
  const bool has_moved = node_.look(now, sample_.figure());
  if (has_moved || was_pinned != node_.is_pinned()) changes.push_back(change_of_node(before));
}

tier_change load_shedding::change_of_node(unsigned from) const {
  return {{}, from, node_.tier(), sample_.figure(), sample_.tightest(), node_.is_pinned()};
}

void load_shedding::take_over(moment now, const tier_standing& stood) {
  node_.take_over(stood.tier, stood.since, stood.pinned_until);
  is_guarded_ = stood.is_guarded;
  // If it still stalls, it has stalled for long enough.
  if (is_guarded_) stalled_since_ = now - limits::guard_stall;
}

void load_shedding::take_over(moment now, tenant_id whose, unsigned tier) {
  if (tier > 0) tenants_[whose].rule.take_over(tier, now, std::nullopt);
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

/// What all tenants did lately. Whoever is seen for the first time has done nothing yet.
double load_shedding::note_work(const node_look& seen) {
  double all = 0;
  for (const tenant_look& each : seen.tenants) {
    watched& known = tenants_[each.whose];
    const auto fresh = static_cast<double>(each.work - known.work.value_or(each.work));
    known.work = each.work;
    known.recent += newest * (fresh - known.recent);
    all += known.recent;
  }
  return all;
}

/// A tenant is a cause only beside others: alone it may use the whole node. However small each of
/// the others is, together they count. While the node is pinned, nobody is held to another tier.
void load_shedding::look_at_tenants(moment now, const node_look& seen,
                                    std::vector<tier_change>& changes) {
  const double all = note_work(seen);
  if (node_.is_pinned()) return;
  for (const tenant_look& each : seen.tenants) {
    watched& known = tenants_.at(each.whose);
    const bool do_others_work = all - known.recent >= 1;
    const bool is_cause = do_others_work && known.recent > all * limits::tenant_share_max;
    const double figure = std::max(is_cause ? sample_.figure() : 0.0, each.outbound);
    const unsigned before = known.rule.tier();
    if (!known.rule.look(now, figure)) continue;
    const load_input why = is_cause ? sample_.tightest() : load_input::outbound;
    changes.push_back({each.whose, before, known.rule.tier(), figure, why, false});
  }
}

std::vector<tier_change> load_shedding::pin(unsigned tier, moment until) {
  const unsigned before = node_.tier();
  node_.pin(tier, until);
  std::vector<tier_change> changes{change_of_node(before)};
  for (auto& [whose, known] : tenants_) {
    const unsigned held = std::exchange(known.rule, watched{}.rule).tier();
    if (held > 0) {
      changes.push_back({whose, held, 0, sample_.figure(), sample_.tightest(), true});
    }
  }
  return changes;
}

std::vector<tier_change> load_shedding::unpin() {
  if (!node_.is_pinned()) return {};
  node_.unpin();
  return {change_of_node(node_.tier())};
}

unsigned load_shedding::tier_of(tenant_id whose) const {
  const auto known = tenants_.find(whose);
  return known != tenants_.end() ? known->second.rule.tier() : 0;
}

}  // namespace frontdesk
