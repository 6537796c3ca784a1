#include "actors/registry.hpp"

#include "actors/failure_watch.hpp"
#include "actors/pinned_actor.hpp"
#include "actors/residents.hpp"
#include "model/back_off.hpp"
#include "model/doubts.hpp"
#include "model/falls_by_name.hpp"
#include "model/limits.hpp"
#include "model/planted_bug.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

template <>
struct std::hash<frontdesk::dispatcher_name> {
  std::size_t operator()(const frontdesk::dispatcher_name& name) const noexcept {
    const std::uint64_t both = std::uint64_t{name.tenant.value} << 32U | name.team.value;
    return frontdesk::mixed(both);
  }
};

namespace frontdesk {

namespace {

/// How long a conversation that ended in doubt is left alone, and how long the others then wait.
constexpr std::chrono::milliseconds settle_pause = std::chrono::seconds{1};

constexpr back_off_limits falls_of(std::size_t free) {
  return {free, limits::falls_window, limits::fall_pause_min, limits::fall_pause_max};
}

using any_name = std::variant<conversation_name, person_name, dispatcher_name>;

/// What counts for all residents of one tenant together.
struct tenant_part {
  back_off falls{falls_of(limits::falls_free_tenant)};
  bool is_paused = false;
  falls_by_name<any_name> falls_of_each{falls_of(limits::falls_free_resident),
                                        limits::fallen_tenant_max};
  std::size_t parked_count = 0;
  std::size_t parked_bytes = 0;
  std::set<person_id> agents;
};

/// What a message keeps in memory while it waits, as far as its sender decides how much.
std::size_t bytes_of(const caf::message& what) {
  std::size_t bytes = limits::parked_bytes_least;
  if (what.match_elements<say>()) {
    bytes += what.get_as<say>(0).what.text.size();
  } else if (what.match_elements<report_typing>()) {
    bytes += what.get_as<report_typing>(0).text.size();
  } else if (what.match_elements<typing_seen>()) {
    bytes += what.get_as<typing_seen>(0).text.size();
  } else if (what.match_elements<conversation_moved>()) {
    const told_events& events = what.get_as<conversation_moved>(0).events;
    for (std::size_t i = 0; events && i < events->size(); ++i)
      bytes += (*events)[i].what.text.size();
  }
  return bytes;
}

class registry_state final : public pinned_actor<registry_actor::base> {
 public:
  registry_state(caf::actor_config& config, switchboard& board, registry_makers makers)
      : pinned_actor(config), board_(board), makers_(std::move(makers)) {}

  const char* name() const override { return "registry"; }

 protected:
  behavior_type make_behavior() override {
    return {
        [this](to_conversation& m) { on_to_conversation(m); },
        [this](to_person& m) { on_to_person(m); },
        [this](to_dispatcher& m) { on_to_dispatcher(m); },
        [this](const to_agents& m) { on_to_agents(m); },
        [this](const conversation_idle& m) { let_go(conversations_, m.who); },
        [this](const person_idle& m) { let_go(persons_, m.who); },
        [this](const unsettled& m) { on_unsettled(m); },
        [this](settle_due) { on_settle_due(); },
        [this](conversation_fell& m) { on_fell(conversations_, m); },
        [this](person_fell& m) { on_fell(persons_, m); },
        [this](dispatcher_fell& m) { on_fell(dispatchers_, m); },
        [this](back_due) { on_back_due(); },
        [this](storage_began) { on_storage_began(); },
        [this](count_actors) {
          return actors_counted{conversations_.count(), persons_.count()};
        },
    };
  }

  void on_down(caf::down_msg& down) override {
    const caf::actor_id id = down.source.id();
    if (id == commits_by_) {
      end_all(conversations_);
    } else if (const auto talk = conversations_.ended(id)) {
      on_ended(conversations_, *talk);
    } else if (const auto who = persons_.ended(id)) {
      on_ended(persons_, *who);
    } else if (const auto team = dispatchers_.ended(id)) {
      on_ended(dispatchers_, *team);
    }
    if (is_stopping_) quit_if_alone();
  }

  /// Everybody brings to an end what has begun; the registry is the last to leave. Conversations
  /// wait for their commits, and for none of a recorder that has ended: that is told at once.
  void on_exit_wish(caf::exit_msg& wish) override {
    is_stopping_ = true;
    reason_ = std::move(wish.reason);
    if (const auto recorder = board_.recorder()) {
      commits_by_ = recorder.id();
      monitor(recorder);
    }
    ask_to_leave(conversations_, [this](const auto& actor) { tell(actor, leave{}); });
    ask_to_leave(persons_, [this](const auto& actor) { tell(actor, leave{}); });
    ask_to_leave(dispatchers_,
                 [this](const auto& actor) { send_exit(actor, caf::exit_reason::user_shutdown); });
    quit_if_alone();
  }

  /// Who is still there was not waited for: nobody else would end them.
  void on_stopped() override {
    end_all(conversations_);
    end_all(persons_);
    end_all(dispatchers_);
    conversations_.clear();
    persons_.clear();
    dispatchers_.clear();
    makers_ = {};
  }

 private:
  template <class Residents, class Ask>
  void ask_to_leave(Residents& all, Ask ask) {
    std::erase_if(all.all(), [](const auto& each) { return !each.second.actor; });
    for (auto& [name, each] : all.all())
      ask(each.actor);
  }

  void quit_if_alone() {
    if (conversations_.is_empty() && persons_.is_empty() && dispatchers_.is_empty()) quit(reason_);
  }

  // ---- Lives.

  void make(const conversation_name& name, std::size_t near) {
    begin(conversations_, name, makers_.conversation({worker_kind::io, near}, name));
  }
  void make(const person_name& name, std::size_t near) {
    begin(persons_, name, makers_.person({worker_kind::io, near}, name));
    if (name.person.is_agent()) tenants_[name.tenant].agents.insert(name.person);
  }
  void make(const dispatcher_name& name, std::size_t) {
    begin(dispatchers_, name, makers_.dispatcher(name.tenant, name.team));
  }

  template <class Residents, class Name, class Handle>
  void begin(Residents& all, const Name& name, const Handle& actor) {
    monitor(actor);
    all.begins(name, actor);
  }

  template <class Residents, class Name>
  typename Residents::one& resident_of(Residents& all, const Name& name, std::size_t near) {
    const auto found = all.at(name);
    if (found.second) {
      found.first.near = near;
      make(name, near);
    }
    return found.first;
  }

  /// If something came for it meanwhile, another one begins with that.
  template <class Residents, class Name>
  void on_ended(Residents& all, const Name& name) {
    const auto pause = all.find(name)->pause;
    if (is_stopping_) {
      forget(all, name);
    } else if (pause.count() > 0) {
      away_.emplace(now() + pause, name);
      come_back_later();
    } else {
      begin_again(all, name);
    }
  }

  template <class Residents, class Name>
  void begin_again(Residents& all, const Name& name) {
    auto& who = *all.find(name);
    if (who.parked.empty() && !is_always_there(name)) return forget(all, name);
    auto parked = unpark(name, who);
    make(name, who.near);
    for (caf::message& each : parked)
      hand_over(name, who, std::move(each));
  }

  template <class Residents, class Name>
  void forget(Residents& all, const Name& name) {
    all.erase(name);
    if constexpr (std::is_same_v<Name, person_name>) {
      tenants_[name.tenant].agents.erase(name.person);
    }
  }

  /// A dispatcher's queue waits for nobody's message.
  template <class Name>
  static bool is_always_there(const Name&) {
    return std::is_same_v<Name, dispatcher_name>;
  }

  // ---- Handing on.

  template <class Handle>
  void forward(const Handle& actor, const caf::message& what) {
    caf::actor_cast<caf::abstract_actor*>(actor)->enqueue(nullptr, caf::make_message_id(), what,
                                                          context());
  }

  /// Its last words, or the news of its end, are still on their way.
  template <class Handle>
  static bool has_ended(const Handle& actor) {
    const auto* who = caf::actor_cast<caf::abstract_actor*>(actor);
    return who->getf(caf::abstract_actor::is_shutting_down_flag) ||
           who->getf(caf::abstract_actor::is_terminated_flag);
  }

  /// Hands it on, or keeps it for the one that comes after the one that leaves.
  template <class Name, class Handle>
  void hand_over(const Name& name, resident<Handle>& to, caf::message what) {
    if (!board_.quarantine().is_empty() && !passes(name, what)) return;
    if (to.takes_messages() && !has_ended(to.actor)) return forward(to.actor, what);
    if (!has_room(name.tenant, to.parked.size(), bytes_of(what))) return turn_away(name, what);
    tenant_part& whose = tenants_[name.tenant];
    ++whose.parked_count;
    whose.parked_bytes += bytes_of(what);
    parked_bytes_ += bytes_of(what);
    to.parked.push_back(std::move(what));
  }

  bool has_room(tenant_id tenant, std::size_t parked_count, std::size_t bytes) {
    const tenant_part& whose = tenants_[tenant];
    return parked_count < limits::parked_max && whose.parked_count < limits::parked_tenant_max &&
           whose.parked_bytes + bytes <= limits::parked_bytes_tenant_max &&
           parked_bytes_ + bytes <= limits::parked_bytes_max;
  }

  /// What waited for it does not wait any more.
  template <class Name, class Handle>
  std::vector<caf::message> unpark(const Name& name, resident<Handle>& who) {
    tenant_part& whose = tenants_[name.tenant];
    for (const caf::message& each : who.parked) {
      --whose.parked_count;
      whose.parked_bytes -= bytes_of(each);
      parked_bytes_ -= bytes_of(each);
    }
    return std::exchange(who.parked, {});
  }

  /// A post in quarantine goes on as its refusal, which becomes its number's answer. Nothing of
  /// what it said goes along: whatever there is in it to fall over is not read again.
  template <class Name>
  bool passes(const Name& name, caf::message& what) {
    using verdict = quarantine_gate::verdict;
    const auto known_as = identity_of(name, what);
    if (!known_as) return true;
    const verdict found = board_.quarantine().of(*known_as, now());
    if (found == verdict::innocent) return true;
    if (found == verdict::deadly || !what.match_elements<say>()) return false;
    const say& wish = what.get_as<say>(0);
    say refused;
    refused.what = without_content(wish.what);
    refused.what.refused = fault_code::quarantined;
    refused.opens = wish.opens;
    what = caf::make_message(std::move(refused));
    return true;
  }

  template <class Name>
  void turn_away(const Name& name, const caf::message& what) {
    if (!what.match_elements<say>()) return;
    const post& said = what.get_as<say>(0).what;
    post_answer which;
    which.n = said.n;
    which.where = said.where;
    const post_answered answer{said.conversation, said.device, which, fault{fault_code::busy}};
    to_person wish{{name.tenant, said.author}, false, 0, caf::make_message(answer)};
    on_to_person(wish);
  }

  void on_to_conversation(to_conversation& m) {
    if (is_stopping_ && !conversations_.contains(m.to)) return;
    hand_over(m.to, resident_of(conversations_, m.to, m.near), std::move(m.what));
  }

  void on_to_person(to_person& m) {
    if ((!m.wake || is_stopping_) && !persons_.contains(m.to)) return;
    hand_over(m.to, resident_of(persons_, m.to, m.near), std::move(m.what));
  }

  void on_to_dispatcher(to_dispatcher& m) {
    if (is_stopping_) return;
    const dispatcher_name name{m.tenant, m.team};
    hand_over(name, resident_of(dispatchers_, name, 0), std::move(m.what));
  }

  void on_to_agents(const to_agents& m) {
    const auto at = tenants_.find(m.tenant);
    if (at == tenants_.end()) return;
    for (const person_id who : at->second.agents) {
      const person_name name{m.tenant, who};
      if (auto* each = persons_.find(name)) hand_over(name, *each, m.what);
    }
  }

  template <class Residents, class Name>
  void let_go(Residents& all, const Name& name) {
    auto* who = all.find(name);
    if (who == nullptr || !who->takes_messages()) return;
    who->is_leaving = true;
    tell(who->actor, leave{});
  }

  // ---- Falling.

  /// The one that fell is still on its way down: what comes is kept for the next.
  template <class Residents, class Name>
  void on_fell(Residents& all, fell<Name>& m) {
    auto* who = all.find(m.who);
    if (is_stopping_ || who == nullptr || !who->actor || who->actor.id() != m.which) return;
    who->is_leaving = true;
    const auto own_pause = tenants_[m.who.tenant].falls_of_each.pause_after_fall(m.who, now());
    who->pause = std::max(own_pause, pause_of_tenant(m));
    const bool hears_again = who->pause.count() == 0;
    auto later = unpark(m.who, *who);
    for (caf::message& each : m.again) {
      hears_again ? hand_over(m.who, *who, std::move(each)) : turn_away(m.who, each);
    }
    for (caf::message& each : later)
      hand_over(m.who, *who, std::move(each));
  }

  template <class Name>
  std::chrono::milliseconds pause_of_tenant(const fell<Name>& m) {
    tenant_part& whose = tenants_[m.who.tenant];
    const auto pause = whose.falls.pause_after_fall(now());
    note_fall(m.who.tenant, m.thrown, pause);
    const bool was_paused = std::exchange(whose.is_paused, pause.count() > 0);
    if (whose.is_paused && !was_paused) {
      failures_of(system()).report(
          {name(), id(),
           fmt::format("actors of tenant {} fell {} times within {} s, the last one by: {}. Those "
                       "that fall now pause; no other tenant's do.",
                       m.who.tenant.value, whose.falls.falls_count(),
                       limits::falls_window.count() / 1000, m.thrown)});
    }
    return pause;
  }

  /// A line for each tenant of whose actors one has fallen.
  void note_fall(tenant_id whose, const std::string& why, std::chrono::milliseconds pause) {
    const std::string path = fmt::format("node/registry/tenant {}", whose.value);
    const bool is_pausing = pause.count() > 0;
    auto& book = board_.supervised();
    book.plan_guest(path);
    book.has_failed(path, why, is_pausing ? supervised_state::pausing : supervised_state::running);
  }

  void note_return(tenant_id whose) {
    tenants_[whose].is_paused = false;
    board_.supervised().has_started(fmt::format("node/registry/tenant {}", whose.value));
  }

  /// When the first of them is due.
  void come_back_later() {
    forget_reminder();
    back_ = remind(away_.begin()->first - now(), back_due{});
  }
  void forget_reminder() { pinned_actor::forget(back_); }

  void on_back_due() {
    while (!away_.empty() && away_.begin()->first <= now()) {
      const any_name name = away_.begin()->second;
      away_.erase(away_.begin());
      if (is_stopping_) continue;
      std::visit([this](const auto& who) { note_return(who.tenant); }, name);
      if (const auto* talk = std::get_if<conversation_name>(&name)) {
        begin_again(conversations_, *talk);
      } else if (const auto* who = std::get_if<person_name>(&name)) {
        begin_again(persons_, *who);
      } else {
        begin_again(dispatchers_, std::get<dispatcher_name>(name));
      }
    }
    if (!away_.empty()) come_back_later();
  }

  // ---- Doubt.

  /// Not at once: whatever ended it may end the next one as well.
  void on_unsettled(const unsettled& m) {
    if (is_stopping_ || is_planted(planted_bug::forgets_unsettled)) return;
    if (unsettled_.is_empty()) remind(settle_pause, settle_due{});
    if (!unsettled_.add(m.who)) ++unsettled_lost_count_;
  }

  void on_settle_due() {
    const caf::message what = caf::make_message(speak_up{});
    for (const conversation_name& name : unsettled_.next_round()) {
      to_conversation wish{name, name.conversation.value, what};
      on_to_conversation(wish);
    }
    if (!unsettled_.is_empty()) remind(settle_pause, settle_due{});
    const auto lost_count = std::exchange(unsettled_lost_count_, 0);
    if (lost_count == 0) return;
    failures_of(system()).report(
        {name(), id(),
         fmt::format("{} conversations that ended in doubt are too many to be woken. Each says how "
                     "it stands when something reaches it.",
                     lost_count)});
  }

  /// No life of before is worth anything: all conversations are killed, and woken by what comes.
  void on_storage_began() { end_all(conversations_); }

  template <class Residents>
  void end_all(Residents& all) {
    for (auto& [name, each] : all.all()) {
      each.is_leaving = true;
      if (each.actor) send_exit(each.actor, caf::exit_reason::kill);
    }
  }

  switchboard& board_;
  registry_makers makers_;
  residents<conversation_name, conversation_actor> conversations_;
  residents<person_name, person_actor> persons_;
  residents<dispatcher_name, dispatcher_actor> dispatchers_;
  /// As many as there are tenants.
  std::unordered_map<tenant_id, tenant_part> tenants_;
  /// Those who have fallen and pause, by when they are back; each is a resident.
  std::multimap<moment, any_name> away_;
  std::size_t parked_bytes_ = 0;
  doubts unsettled_{{limits::unsettled_max, limits::unsettled_tenant_max,
                     limits::unsettled_waiting_max, limits::unsettled_waiting_tenant_max}};
  std::size_t unsettled_lost_count_ = 0;
  /// While it stops: the recorder, of whose end it is told.
  caf::actor_id commits_by_ = 0;
  caf::error reason_;
  reminder back_;
  bool is_stopping_ = false;
};

}  // namespace

registry_actor spawn_registry(caf::actor_system& system, placement where, switchboard& board,
                              registry_makers makers) {
  return spawn_on<registry_state>(system, where, board, std::move(makers));
}

}  // namespace frontdesk
