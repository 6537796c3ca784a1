#include "actors/load_shedder.hpp"

#include "actors/pinned_actor.hpp"
#include "actors/telling_rounds.hpp"
#include "model/limits.hpp"
#include "model/load_shedding.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace frontdesk {

namespace {

using std::chrono::microseconds;

microseconds since(moment then, moment now) {
  return std::chrono::duration_cast<microseconds>(now - then);
}

class load_shedder_state final : public pinned_actor<load_shedder_actor::base> {
 public:
  load_shedder_state(caf::actor_config& config, switchboard& board)
      : pinned_actor(config), board_(board) {}

  const char* name() const override { return "load_shedder"; }

 protected:
  behavior_type make_behavior() override {
    const auto& pinned = board_.settings().pinned_tier;
    const bool is_first = board_.tiers().since() == moment{};
    if (!is_first) {
      take_over();
    } else if (pinned) {
      on_pin({pinned, limits::tier_pin_max * 365, nullptr});
    }
    publish();
    remind(limits::load_look, look_due{});
    return {
        [this](const pin_tier& wish) { on_pin(wish); },
        [this](look_due) { on_look_due(); },
    };
  }

 private:
  /// What was decided before the one of before fell goes on to hold. Whom it had told of it is not
  /// known.
  void take_over() {
    tier_board& tiers = board_.tiers();
    desk_.take_over(now(), {tiers.node(), tiers.since(), tiers.pinned_until(), tiers.is_guarded()});
    for (const auto& [whose, state] : tiers.all())
      desk_.take_over(now(), whose, state->own(), state->is_spared());
    rounds_.begin();
  }

  void on_pin(const pin_tier& wish) {
    tell_of(wish.tier ? desk_.pin(*wish.tier, now() + wish.time) : desk_.unpin());
    publish();
    if (wish.reply) (*wish.reply)(frontdesk::done{});
  }

  void on_look_due() {
    remind(limits::load_look, look_due{});
    tell_of(desk_.look(now(), look()));
    publish();
    tell_connections();
  }

  node_look look() {
    node_look seen;
    if (board_.foundation().host) seen.host = board_.foundation().host();
    look_at_workers(seen);
    look_at_registry(seen);
    seen.commit = in_microseconds(board_.commits());
    seen.is_store_sound = board_.foundation().rows.is_healthy();
    const outbound_bounds& bounds = board_.settings().outbound;
    seen.outbound = part_of(board_.outbound().bytes(), bounds.node_bytes);
    for (const auto& [whose, state] : board_.tiers().all()) {
      const auto waiting = board_.outbound().of(whose)->bytes();
      seen.tenants.push_back({whose, state->work(), part_of(waiting, bounds.tenant_bytes)});
    }
    return seen;
  }

  static double part_of(std::size_t bytes, std::size_t bound) {
    return bound == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(bound);
  }

  /// The threads of sockets: of the others, the disk's may block. There are none in virtual time.
  void look_at_workers(node_look& seen) {
    auto* threads = scheduler::of(system());
    if (threads == nullptr) return;
    for (std::size_t i = 0; i < threads->count(worker_kind::io); ++i) {
      worker& each = threads->at(worker_kind::io, i);
      seen.actor_queue = std::max(seen.actor_queue, in_microseconds(each.queue_wait()));
      seen.event_loop = std::max(seen.event_loop, in_microseconds(each.loop_wait()));
    }
  }

  microseconds in_microseconds(wait_meter& of) {
    return std::chrono::duration_cast<microseconds>(of.longest(now()));
  }

  /// All messages that go by name pass it, so it has a queue of its own.
  void look_at_registry(node_look& seen) {
    const microseconds waits = registry_asked_ ? since(*registry_asked_, now()) : microseconds{};
    seen.actor_queue = std::max({seen.actor_queue, waits, std::exchange(registry_waited_, {})});
    if (registry_asked_) return;
    registry_asked_ = now();
    const auto answered = [this] {
      registry_waited_ = since(*registry_asked_, now());
      registry_asked_.reset();
    };
    ask(board_.registry(), limits::answer_max, count_actors{})
        .then([answered](const actors_counted&) { answered(); },
              [answered](const caf::error&) { answered(); });
  }

  void tell_of(const std::vector<tier_change>& changes) {
    for (const tier_change& each : changes) {
      if (board_.foundation().on_tier) board_.foundation().on_tier(each);
      if (each.from != each.to) rounds_.begin(each.whose);
    }
  }

  void publish() {
    tier_board& tiers = board_.tiers();
    if (tiers.node() != desk_.node().tier() || tiers.since() == moment{}) tiers.set_since(now());
    tiers.set_node(desk_.node().tier());
    tiers.set_guarded(desk_.is_guarded());
    tiers.set_sample(desk_.sample());
    tiers.set_pinned_until(desk_.node().pinned_until());
    for (const auto& [whose, state] : tiers.all()) {
      state->set_own(desk_.tier_of(whose), now());
      state->set_spared(desk_.is_spared(whose));
    }
    if (desk_.is_guarded()) board_.outbound().send_heaviest_away();
  }

  void tell_connections() {
    for (const auto& each : rounds_.next(board_.connected(), limits::told_of_tier_per_look))
      tell(each.who, tier_moved{});
  }

  switchboard& board_;
  load_shedding desk_;
  std::optional<moment> registry_asked_;
  microseconds registry_waited_{};
  /// Who has yet to hear of changes.
  telling_rounds rounds_;
};

}  // namespace

load_shedder_actor spawn_load_shedder(caf::actor_system& system, placement where,
                                      switchboard& board) {
  return spawn_on<load_shedder_state>(system, where, board);
}

}  // namespace frontdesk
