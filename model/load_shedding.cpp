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
  // Whoever is spared is so before the node's tier rises.
  look_at_tenants(now, seen, changes);
  look_at_node(now, changes);
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

void load_shedding::take_over(moment now, tenant_id whose, unsigned tier, bool is_spared) {
  if (tier > 0) tenants_[whose].rule.take_over(tier, now, std::nullopt);
  if (is_spared) tenants_[whose].is_spared = true;
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
/// the others is, together they count.
bool load_shedding::is_cause(const watched& who, double all) const {
  const bool do_others_work = all - who.recent >= 1;
  return do_others_work && who.recent > all * limits::tenant_share_max;
}

/// When the flood has ended, whoever is left makes all of the work; that is no reason to shed it,
/// nor is a moment in which the others stand still. Like tiers, it does not come and go.
void load_shedding::spare(moment now, watched& who, double all, bool has_flood) const {
  const bool is_beside = has_flood && who.recent < all * limits::tenant_small;
  const bool has_grown = who.recent >= all * limits::tenant_small * 2 &&
                         sample_.figure() >= tier_rule::calm_below(limits::tenant_spared_tier + 1);
  if (!has_grown) {
    who.grown_since.reset();
  } else if (!who.grown_since) {
    who.grown_since = now;
  }
  const bool has_ended = !is_beside && node_.tier() <= limits::tenant_spared_tier;
  const bool is_too_large = who.grown_since && now - *who.grown_since >= limits::tier_dwell;
  const bool shall_be = who.is_spared ? !has_ended && !is_too_large : is_beside;
  const bool may_change =
      !who.spared_changed_at || now - *who.spared_changed_at >= limits::tier_dwell;
  if (shall_be == who.is_spared || !may_change) return;
  who.is_spared = shall_be;
  who.spared_changed_at = now;
}

/// What holds for its clients.
unsigned load_shedding::tier_for(const watched& who) const {
  const unsigned most = who.is_spared ? limits::tenant_spared_tier : tier_max;
  return std::max(who.rule.tier(), std::min(most, node_.tier()));
}

/// While the node is pinned, nobody is held to another tier.
void load_shedding::look_at_tenants(moment now, const node_look& seen,
                                    std::vector<tier_change>& changes) {
  const double all = note_work(seen);
  if (node_.is_pinned()) return;
  // Also while nobody else does anything: so whoever comes then is spared already.
  const bool has_flood = std::ranges::any_of(seen.tenants, [&](const tenant_look& each) {
    return tenants_.at(each.whose).recent > all * limits::tenant_share_max;
  });
  for (const tenant_look& each : seen.tenants) {
    watched& known = tenants_.at(each.whose);
    const bool is_to_blame = is_cause(known, all);
    const double figure = std::max(is_to_blame ? sample_.figure() : 0.0, each.outbound);
    const load_input why = is_to_blame ? sample_.tightest() : load_input::outbound;
    const unsigned own = known.rule.tier();
    if (known.rule.look(now, figure)) {
      changes.push_back({each.whose, own, known.rule.tier(), figure, why, false});
    }
    const unsigned before = tier_for(known);
    spare(now, known, all, has_flood);
    if (before != tier_for(known)) {
      changes.push_back(
          {each.whose, before, tier_for(known), sample_.figure(), sample_.tightest(), false});
    }
  }
}

std::vector<tier_change> load_shedding::pin(unsigned tier, moment until) {
  const unsigned before = node_.tier();
  node_.pin(tier, until);
  std::vector<tier_change> changes{change_of_node(before)};
  for (auto& [whose, known] : tenants_) {
    known.is_spared = false;
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

bool load_shedding::is_spared(tenant_id whose) const {
  const auto known = tenants_.find(whose);
  return known != tenants_.end() && known->second.is_spared;
}

}  // namespace frontdesk
