#include "actors/dispatcher.hpp"

#include "actors/pinned_actor.hpp"
#include "model/assignment.hpp"
#include "model/limits.hpp"
#include "model/planted_bug.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace frontdesk {

namespace {

/// Offers that may be under way at once: an agent's desk is told of each.
constexpr std::size_t offers_max = 256;
/// Without an answer for this long, an offer's step is wished again; each is idempotent.
constexpr std::chrono::milliseconds offer_patience = limits::answer_max * 2;
/// How soon the store is asked again that could not be read, or could not record.
constexpr std::chrono::milliseconds ask_again = std::chrono::seconds{1};

/// A slot that is being reserved, or an assignment that is being recorded.
struct offer_state {
  named_person agent;
  named_person by{the_system, {}};
  /// Who wished it, if it was not the desk.
  std::optional<asker> from;
  bool is_reserved = false;
  moment asked_at;
};

class dispatcher_state final : public pinned_actor<dispatcher_actor::base> {
 public:
  dispatcher_state(caf::actor_config& config, switchboard& board, tenant_id whose, team_id team)
      : pinned_actor(config),
        board_(board),
        registry_(board.registry()),
        tenant_(whose),
        team_(team),
        tier_(board.tiers().of(whose)) {}

  const char* name() const override { return "dispatcher"; }

 protected:
  behavior_type make_behavior() override {
    load();
    remind(board_.settings().desk_tick, dispatcher_tick{});
    return {
        [this](const conversation_moved& fact) { on_conversation_moved(fact); },
        [this](const agent_changed& fact) { on_agent_changed(fact); },
        [this](const reserved& fact) { on_reserved(fact); },
        [this](const assign_answered& fact) { on_assign_answered(fact); },
        [this](transfer& wish) { on_transfer(std::move(wish)); },
        [this](const list_agents& wish) { on_list_agents(wish); },
        [this](dispatcher_tick) { on_tick(); },
    };
  }

  void describe(failure& found) override { found.tenant = tenant_; }

  /// All that it knows is read again.
  void on_thrown(const std::string& thrown) override {
    const dispatcher_name self{tenant_, team_};
    board_.quarantine().has_ended(name(), suspect_of(self, what_was_handled()), thrown, now());
    dispatcher_fell word{self, id(), thrown, {}};
    for (caf::message& each : what_waits()) {
      if (!each.match_elements<dispatcher_tick>()) word.again.push_back(std::move(each));
    }
    tell(registry_, std::move(word));
  }
  void on_stopped() override {
    board_.queues().strike(tenant_, team_);
    registry_ = registry_actor{};
  }

 private:
  // ---- Beginning: who waits, who has what.

  void load() {
    ask(board_.historian(), limits::answer_max, read_open{tenant_})
        .then([this](const open_read& answer) { on_open_read(answer); },
              [this](const caf::error&) {
                on_open_read({fault_code::storage_failed, {}});
              });
  }

  void on_open_read(const open_read& answer) {
    if (answer.refusal != fault_code::none) {
      is_unread_ = true;
      unread_since_ = now();
      return;
    }
    is_unread_ = false;
    std::unordered_set<person_id> agents;
    for (const head& each : answer.heads) {
      if (each.team != team_) continue;
      const auto known = open_.find(each.conversation);
      const bool is_older = known != open_.end() && known->second->visible >= each.visible;
      if (is_older || ended_.contains(each.conversation)) continue;
      stand(std::make_shared<const head>(each));
      if (each.assignee.person) agents.insert(each.assignee.person);
    }
    ended_.clear();
    is_loaded_ = true;
    // An agent who has conversations and does not come back must be missed by her own actor.
    for (const person_id who : agents) {
      to_person wish{{tenant_, who}, true, who.value, caf::make_message(announce{})};
      tell(registry_, std::move(wish));
    }
    tell(registry_, to_agents{tenant_, caf::make_message(announce{})});
    assign_waiting();
  }

  // ---- Facts.

  void on_conversation_moved(const conversation_moved& fact) {
    stand(fact.at);
    assign_waiting();
  }

  /// The conversation stands like this now.
  void stand(const head_ptr& at) {
    const conversation_id id = at->conversation;
    if (at->is_closed()) {
      open_.erase(id);
      assignment_.dequeue(id);
      changed_.erase(id);
      closed_[id] = at;
      places_.erase(id);
      if (!is_loaded_) ended_.insert(id);
      return;
    }
    if (!open_.contains(id) && open_.size() >= limits::open_conversations_max) return;
    open_[id] = at;
    changed_.insert(id);
    closed_.erase(id);
    if (at->status == conversation_status::queued) {
      assignment_.enqueue(id, {at->since, at->returned, at->is_vip()});
    } else {
      assignment_.dequeue(id);
      places_.erase(id);
    }
  }

  void on_agent_changed(const agent_changed& fact) {
    agents_[fact.who.person] = fact;
    agent_load load;
    load.agent = fact.who.person;
    load.present = fact.online;
    load.accepting = fact.own.status == frame::routing_status::accepting;
    load.capacity = fact.own.capacity;
    load.load = fact.own.load;
    assignment_.agent_is(load);
    if (!is_planted(planted_bug::sleeps_beside_queue)) assign_waiting();
  }

  // ---- Assigning: reserve a slot, have it recorded, and be done.

  void assign_waiting() {
    if (!is_loaded_ || offers_.size() >= offers_max) return;
    for (const reservation& each : assignment_.next(offers_max - offers_.size())) {
      // What a person wishes at this moment goes first; its end is told by `conversation_moved`.
      if (offers_.contains(each.conversation)) {
        assignment_.settled(each.conversation);
        continue;
      }
      offer_state offer;
      offer.agent = agents_[each.agent].who;
      begin(each.conversation, std::move(offer));
    }
  }

  void begin(conversation_id id, offer_state offer) {
    offer.asked_at = now();
    ask_for_slot(id, offer);
    offers_[id] = std::move(offer);
  }

  void ask_for_slot(conversation_id id, const offer_state& offer) {
    reserve wish{id, offer.from.has_value()};
    tell(registry_, to_person{{tenant_, offer.agent.person},
                              true,
                              offer.agent.person.value,
                              caf::make_message(wish)});
  }

  void ask_to_record(conversation_id id, const offer_state& offer) {
    assign wish{team_, offer.agent, offer.by};
    tell(registry_, to_conversation{{tenant_, id}, id.value, caf::make_message(std::move(wish))});
  }

  void on_reserved(const reserved& fact) {
    const auto at = offers_.find(fact.conversation);
    const bool is_known = at != offers_.end() && at->second.agent.person == fact.agent;
    if (!is_known) {
      if (fact.held) free_slot(fact.conversation, fact.agent);
      return;
    }
    if (!fact.held) return end_offer(fact.conversation, fault_code::agent_unavailable, true);
    if (at->second.is_reserved) return;
    at->second.is_reserved = true;
    at->second.asked_at = now();
    ask_to_record(fact.conversation, at->second);
  }

  void on_assign_answered(const assign_answered& fact) {
    const auto at = offers_.find(fact.conversation);
    if (at == offers_.end() || at->second.agent.person != fact.agent) return;
    const bool is_temporary =
        fact.refusal != fault_code::none && fault{fact.refusal}.is_temporary();
    if (is_temporary && !at->second.from) {
      // The slot stays reserved; whatever is wrong with the store is not mended by asking at once.
      at->second.asked_at = now() - offer_patience + ask_again;
      return;
    }
    if (fact.refusal != fault_code::none) free_slot(fact.conversation, fact.agent);
    learn_better(fact);
    end_offer(fact.conversation, fact.refusal, false);
  }

  /// It may stand otherwise than was thought, also if it has the agent already: whoever should have
  /// told has failed. Unless that is known now, the same would be wished again at once, for ever.
  void learn_better(const assign_answered& fact) {
    if (fact.at && fact.at->exists()) return stand(fact.at);
    open_.erase(fact.conversation);
    assignment_.dequeue(fact.conversation);
  }

  void end_offer(conversation_id id, fault_code refusal, bool was_declined) {
    const auto at = offers_.find(id);
    if (at->second.from) {
      request_answered answer{*at->second.from, std::nullopt};
      if (refusal != fault_code::none) answer.refusal = fault{refusal};
      tell(registry_, to_person{{tenant_, answer.to.person}, false, 0, caf::make_message(answer)});
    } else if (was_declined) {
      assignment_.declined(id);
    } else {
      assignment_.settled(id);
    }
    offers_.erase(at);
    assign_waiting();
  }

  void free_slot(conversation_id id, person_id agent) {
    tell(registry_, to_person{{tenant_, agent}, false, 0, caf::make_message(release{id})});
  }

  void on_transfer(transfer wish) {
    const bool is_busy = offers_.contains(wish.conversation) || offers_.size() >= offers_max;
    if (is_busy || !is_loaded_) {
      request_answered answer{wish.from, fault{fault_code::busy}};
      tell(registry_, to_person{{tenant_, wish.from.person}, false, 0, caf::make_message(answer)});
      return;
    }
    offer_state offer;
    offer.agent = std::move(wish.to);
    offer.by = std::move(wish.by);
    offer.from = wish.from;
    begin(wish.conversation, std::move(offer));
  }

  void on_list_agents(const list_agents& wish) {
    agents_listed answer{wish.from, {}};
    for (const auto& [id, each] : agents_) {
      answer.agents.push_back({each.who, each.own, each.online});
    }
    tell(registry_,
         to_person{{tenant_, wish.from.person}, false, 0, caf::make_message(std::move(answer))});
  }

  // ---- Telling, once a tick.

  void on_tick() {
    remind(board_.settings().desk_tick, dispatcher_tick{});
    if (is_unread_ && now() - unread_since_ >= ask_again) {
      is_unread_ = false;
      load();
    }
    if (!puts_off_news()) {
      tell_places();
      tell_desk();
    }
    note_standing();
    wish_again();
  }

  /// Under load all ticks but each eighth. Places change with conversations only.
  bool puts_off_news() {
    const bool is_due = ++ticks_put_off_ >= limits::desk_tick_lean_factor;
    if (is_due || !tier_->sheds(shed_point::desk_news)) {
      ticks_put_off_ = 0;
      return false;
    }
    if (has_news()) tier_->count(shed_point::desk_news);
    return true;
  }
  bool has_news() const { return !changed_.empty() || !closed_.empty(); }

  void note_standing() {
    const auto is_accepting = [](const auto& each) {
      return each.second.online && each.second.own.status == frame::routing_status::accepting;
    };
    const auto accepting = std::ranges::count_if(agents_, is_accepting);
    board_.queues().note(tenant_, team_,
                         {assignment_.queue_count(), assignment_.waits_since(), open_.size(),
                          static_cast<std::size_t>(accepting)});
  }

  void tell_places() {
    std::uint32_t place = 0;
    for (const conversation_id id : assignment_.queue()) {
      ++place;
      std::uint32_t& told = places_[id];
      if (told == place) continue;
      told = place;
      const auto at = open_.find(id);
      if (at == open_.end()) continue;
      tell(registry_, to_person{{tenant_, at->second->visitor.person},
                                false,
                                0,
                                caf::make_message(place_seen{id, place})});
    }
  }

  void tell_desk() {
    if (!has_news()) return;
    auto news = std::make_shared<desk_moved>();
    for (const conversation_id id : std::exchange(changed_, {})) {
      const auto at = open_.find(id);
      if (at != open_.end()) news->heads.push_back(at->second);
    }
    for (auto& [id, at] : std::exchange(closed_, {}))
      news->heads.push_back(std::move(at));
    std::ranges::sort(news->heads, {}, [](const head_ptr& each) { return each->conversation; });
    news->queue_count = assignment_.queue_count();
    news->all_count = open_.size();
    tell(registry_, to_agents{tenant_, caf::make_message(desk_moved_ptr{std::move(news)})});
  }

  void wish_again() {
    for (auto& [id, offer] : offers_) {
      if (now() - offer.asked_at < offer_patience) continue;
      offer.asked_at = now();
      if (offer.is_reserved) {
        ask_to_record(id, offer);
      } else {
        ask_for_slot(id, offer);
      }
    }
  }

  switchboard& board_;
  registry_actor registry_;
  const tenant_id tenant_;
  const team_id team_;
  const std::shared_ptr<tenant_tier> tier_;
  assignment assignment_;
  std::unordered_map<conversation_id, head_ptr> open_;
  std::map<person_id, agent_changed> agents_;
  std::map<conversation_id, offer_state> offers_;
  /// Since the last tick.
  std::unordered_set<conversation_id> changed_;
  std::unordered_map<conversation_id, head_ptr> closed_;
  /// Closed while the open ones were being read.
  std::unordered_set<conversation_id> ended_;
  /// As visitors were told.
  std::unordered_map<conversation_id, std::uint32_t> places_;
  /// Since what there was to tell was told last.
  unsigned ticks_put_off_ = 0;
  moment unread_since_;
  bool is_unread_ = false;
  bool is_loaded_ = false;
};

}  // namespace

dispatcher_actor spawn_dispatcher(caf::actor_system& system, placement where, switchboard& board,
                                  tenant_id whose, team_id team) {
  return spawn_on<dispatcher_state>(system, where, board, whose, team);
}

}  // namespace frontdesk
