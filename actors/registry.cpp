#include "actors/registry.hpp"

#include "actors/pinned_actor.hpp"
#include "model/limits.hpp"
#include "model/planted_bug.hpp"

#include <chrono>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace frontdesk {

namespace {

/// How long a conversation that ended in doubt is left alone.
constexpr std::chrono::milliseconds settle_pause = std::chrono::seconds{1};

/// An actor that is reached by name, and what waits until it has left.
template <class Handle>
struct resident {
  Handle actor;
  bool is_leaving = false;
  std::vector<caf::message> parked;
  std::size_t near = 0;
};

class registry_state final : public pinned_actor<registry_actor::base> {
 public:
  registry_state(caf::actor_config& config, registry_makers makers)
      : pinned_actor(config), makers_(std::move(makers)) {}

  const char* name() const override { return "registry"; }

 protected:
  behavior_type make_behavior() override {
    return {
        [this](const to_conversation& m) { on_to_conversation(m); },
        [this](to_person& m) { on_to_person(m); },
        [this](to_dispatcher& m) { on_to_dispatcher(m); },
        [this](const to_agents& m) { on_to_agents(m); },
        [this](const conversation_idle& m) { let_go(conversations_, m.who); },
        [this](const person_idle& m) { let_go(persons_, m.who); },
        [this](const unsettled& m) { on_unsettled(m); },
        [this](settle_due) { on_settle_due(); },
        [this](storage_began) { on_storage_began(); },
        [this](count_actors) {
          return actors_counted{conversations_.size(), persons_.size()};
        },
    };
  }

  void on_down(caf::down_msg& down) override {
    const caf::actor_id id = down.source.id();
    if (const auto at = conversation_names_.find(id); at != conversation_names_.end()) {
      const conversation_name name = at->second;
      conversation_names_.erase(at);
      forget(conversations_, name);
    } else if (const auto who = person_names_.find(id); who != person_names_.end()) {
      const person_name name = who->second;
      person_names_.erase(who);
      forget(persons_, name);
    } else if (const auto team = dispatcher_names_.find(id); team != dispatcher_names_.end()) {
      const auto key = team->second;
      dispatcher_names_.erase(team);
      dispatchers_.erase(key);
      if (!is_stopping_) dispatcher_of(key.first, key.second);
    }
    if (is_stopping_) quit_if_alone();
  }

  /// Everybody brings to an end what has begun; the registry is the last to leave.
  void on_exit_wish(caf::exit_msg& wish) override {
    is_stopping_ = true;
    reason_ = std::move(wish.reason);
    for (auto& [name, each] : conversations_)
      tell(each.actor, leave{});
    for (auto& [name, each] : persons_)
      tell(each.actor, leave{});
    for (auto& [team, each] : dispatchers_)
      send_exit(each, caf::exit_reason::user_shutdown);
    quit_if_alone();
  }

  void on_stopped() override {
    conversations_.clear();
    persons_.clear();
    dispatchers_.clear();
    makers_ = {};
  }

 private:
  void quit_if_alone() {
    if (conversations_.empty() && persons_.empty() && dispatchers_.empty()) quit(reason_);
  }

  template <class Handle>
  void forward(const Handle& actor, const caf::message& what) {
    caf::actor_cast<caf::abstract_actor*>(actor)->enqueue(nullptr, caf::make_message_id(), what,
                                                          context());
  }

  /// Hands it on, or keeps it for the one that comes after the one that leaves.
  template <class Handle>
  void hand_over(resident<Handle>& to, const caf::message& what) {
    if (!to.is_leaving) {
      forward(to.actor, what);
    } else if (to.parked.size() < limits::parked_max) {
      to.parked.push_back(what);
    } else {
      ++dropped_count_;
    }
  }

  resident<conversation_actor>& conversation_of(const conversation_name& name, std::size_t near) {
    auto [at, fresh] = conversations_.try_emplace(name);
    if (fresh) {
      at->second.near = near;
      at->second.actor = makers_.conversation({worker_kind::io, near}, name);
      monitor(at->second.actor);
      conversation_names_[at->second.actor.id()] = name;
    }
    return at->second;
  }

  resident<person_actor>& person_of(const person_name& name, std::size_t near) {
    auto [at, fresh] = persons_.try_emplace(name);
    if (fresh) {
      at->second.near = near;
      at->second.actor = makers_.person({worker_kind::io, near}, name);
      monitor(at->second.actor);
      person_names_[at->second.actor.id()] = name;
    }
    return at->second;
  }

  dispatcher_actor& dispatcher_of(tenant_id whose, team_id team) {
    auto [at, fresh] = dispatchers_.try_emplace({whose, team});
    if (fresh) {
      at->second = makers_.dispatcher(whose, team);
      monitor(at->second);
      dispatcher_names_[at->second.id()] = {whose, team};
    }
    return at->second;
  }

  void on_to_conversation(const to_conversation& m) {
    if (is_stopping_ && !conversations_.contains(m.to)) return;
    hand_over(conversation_of(m.to, m.near), m.what);
  }

  void on_to_person(to_person& m) {
    if ((m.wake && !is_stopping_) || persons_.contains(m.to))
      hand_over(person_of(m.to, m.near), m.what);
  }

  void on_to_dispatcher(to_dispatcher& m) {
    if (!is_stopping_) forward(dispatcher_of(m.tenant, m.team), m.what);
  }

  void on_to_agents(const to_agents& m) {
    for (auto& [name, each] : persons_) {
      if (name.tenant == m.tenant && name.person.is_agent()) hand_over(each, m.what);
    }
  }

  template <class Residents, class Name>
  void let_go(Residents& residents, const Name& name) {
    const auto at = residents.find(name);
    if (at == residents.end() || at->second.is_leaving) return;
    at->second.is_leaving = true;
    tell(at->second.actor, leave{});
  }

  /// It has ended. If something came for it meanwhile, another one begins with that.
  void forget(std::unordered_map<conversation_name, resident<conversation_actor>>& residents,
              const conversation_name& name) {
    const auto at = residents.find(name);
    auto parked = std::move(at->second.parked);
    const std::size_t near = at->second.near;
    residents.erase(at);
    if (is_stopping_) return;
    for (const caf::message& each : parked)
      hand_over(conversation_of(name, near), each);
  }
  void forget(std::unordered_map<person_name, resident<person_actor>>& residents,
              const person_name& name) {
    const auto at = residents.find(name);
    auto parked = std::move(at->second.parked);
    const std::size_t near = at->second.near;
    residents.erase(at);
    if (is_stopping_) return;
    for (const caf::message& each : parked)
      hand_over(person_of(name, near), each);
  }

  /// Not at once: whatever ended it may end the next one as well.
  void on_unsettled(const unsettled& m) {
    if (is_stopping_ || unsettled_.size() >= limits::unsettled_max) return;
    if (is_planted(planted_bug::forgets_unsettled)) return;
    if (unsettled_.empty()) remind(settle_pause, settle_due{});
    unsettled_.insert(m.who);
  }

  void on_settle_due() {
    const caf::message what = caf::make_message(speak_up{});
    for (const conversation_name& name : std::exchange(unsettled_, {}))
      on_to_conversation({name, name.conversation.value, what});
  }

  /// No life of before is worth anything: all conversations are killed, and woken by what comes.
  void on_storage_began() {
    for (auto& [name, each] : conversations_) {
      each.is_leaving = true;
      send_exit(each.actor, caf::exit_reason::kill);
    }
  }

  registry_makers makers_;
  std::unordered_map<conversation_name, resident<conversation_actor>> conversations_;
  std::unordered_map<caf::actor_id, conversation_name> conversation_names_;
  std::unordered_map<person_name, resident<person_actor>> persons_;
  std::unordered_map<caf::actor_id, person_name> person_names_;
  std::map<std::pair<tenant_id, team_id>, dispatcher_actor> dispatchers_;
  std::unordered_map<caf::actor_id, std::pair<tenant_id, team_id>> dispatcher_names_;
  std::set<conversation_name> unsettled_;
  std::uint64_t dropped_count_ = 0;
  caf::error reason_;
  bool is_stopping_ = false;
};

}  // namespace

registry_actor spawn_registry(caf::actor_system& system, placement where, registry_makers makers) {
  return spawn_on<registry_state>(system, where, std::move(makers));
}

}  // namespace frontdesk
