#include "actors/person.hpp"

#include "actors/fall_note.hpp"
#include "actors/person_parts.hpp"
#include "actors/pinned_actor.hpp"
#include "model/limits.hpp"
#include "model/planted_bug.hpp"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace frontdesk {

namespace {

class person_state final : public pinned_actor<person_actor::base> {
 public:
  person_state(caf::actor_config& config, switchboard& board, const person_name& name)
      : pinned_actor(config), board_(board), registry_(board.registry()), name_(name) {
    if (name.person.is_agent()) agent_ = std::make_unique<agent_part>();
  }

  const char* name() const override { return is_agent() ? "agent" : "visitor"; }

 protected:
  behavior_type make_behavior() override {
    recall_agent();
    load();
    return {
        [this](attach_device& wish) { on_attach_device(std::move(wish)); },
        [this](const device_gone& fact) { on_device_gone(fact); },
        [this](const device_reported& fact) { on_device_reported(fact); },
        [this](const conversation_moved& fact) { on_conversation_moved(fact); },
        [this](const post_answered& fact) { on_post_answered(fact); },
        [this](const request_answered& fact) { to_connection(fact.to.connection, fact); },
        [this](const agents_listed& fact) { to_connection(fact.to.connection, fact); },
        [this](const cursor_seen& fact) { on_cursor_seen(fact); },
        [this](const typing_seen& fact) { to_all(fact); },
        [this](const presence_seen& fact) { on_presence_seen(fact); },
        [this](const place_seen& fact) { on_place_seen(fact); },
        [this](const desk_moved_ptr& fact) { on_desk_moved(fact); },
        [this](const set_status& wish) { on_set_status(wish); },
        [this](const reserve& wish) { on_reserve(wish); },
        [this](const release& wish) { on_release(wish); },
        [this](const tell_presence& wish) { on_tell_presence(wish); },
        [this](announce) { on_announce(); },
        [this](leave) { quit(); },
        [this](person_tick) { on_tick(); },
        [this](doubt_due) { on_doubt_due(); },
    };
  }

  void describe(failure& found) override { found.is_of(name_); }
  /// What changed is in the store, and is read again; wishes are heard again.
  void on_thrown(const std::string& thrown) override {
    const auto suspected = suspect_of(name_, what_was_handled());
    const auto known_as = board_.quarantine().has_ended(name(), suspected, thrown, now());
    note_fall(board_.traces(),
              {.at = now(), .tenant = name_.tenant, .person = name_.person, .name = name()},
              known_as);
    person_fell word{name_, id(), thrown, {}};
    for (caf::message& each : what_waits()) {
      const bool is_of_this_life = each.match_elements<leave>() ||
                                   each.match_elements<person_tick>() ||
                                   each.match_elements<doubt_due>();
      if (!is_of_this_life) word.again.push_back(std::move(each));
    }
    tell(registry_, std::move(word));
  }
  void on_stopped() override {
    devices_.clear();
    errands_.clear();
  }

 private:
  bool is_agent() const { return agent_ != nullptr; }

  // ---- Loading: what concerns this person. Facts that come meanwhile wait, and are newer.

  void recall_agent() {
    if (!is_agent()) return;
    const directory_ptr known = board_.directory_now();
    if (const agent* self = known->find(name_)) {
      agent_->taken.set_capacity(self->capacity);
      self_ = {self->id, self->name};
      team_ = self->team;
    }
  }

  void load() {
    ask(board_.historian(), limits::answer_max, read_roster{name_})
        .then([this](const roster_read& answer) { on_roster(answer); },
              [this](const caf::error&) {
                on_roster({fault_code::storage_failed, {}});
              });
  }

  void on_roster(const roster_read& answer) {
    if (answer.refusal != fault_code::none) {
      for (const auto* all : {&devices_, &errands_}) {
        for (const device_state& each : *all)
          tell(each.connection, dismiss{});
      }
      return quit(caf::make_error(caf::sec::runtime_error, "the roster cannot be read"));
    }
    for (const conversation_row& row : answer.rows) {
      roster_entry entry;
      entry.at = std::make_shared<const head>(row.at);
      entry.own = row.own;
      entry.peer = row.peer;
      roster_[row.at.conversation] = std::move(entry);
      if (is_agent()) agent_->taken.conversation_is(row.at.conversation, true);
    }
    is_loaded_ = true;
    for (const conversation_moved& fact : std::exchange(while_loading_, {})) {
      on_conversation_moved(fact);
    }
    for (auto* all : {&devices_, &errands_}) {
      for (device_state& each : *all)
        welcome(each);
    }
    ask_who_is_there();
    report();
    tick_later();
  }

  /// Presence is in no store: an agent's conversations know it, a visitor's are told.
  void ask_who_is_there() {
    if (!is_agent()) {
      if (!devices_.empty()) presence_changed();
      return;
    }
    for (const auto& [id, entry] : roster_)
      ask_about(id);
  }

  // ---- Devices.

  void on_attach_device(attach_device wish) {
    self_ = {wish.who.who.person, wish.who.name};
    inbox_ = wish.who.inbox;
    team_ = wish.who.team;
    if (wish.kind == carries::errand) return take_errand(std::move(wish));
    std::erase_if(devices_, [&](const device_state& each) {
      if (each.id == wish.id) return true;
      if (each.device != wish.device) return false;
      tell(each.connection, dismiss{close_code::replaced});
      return true;
    });
    const std::size_t most =
        is_agent() ? limits::connections_per_agent_max : limits::connections_per_visitor_max;
    while (devices_.size() >= most) {
      tell(devices_.front().connection, dismiss{close_code::connection_limit});
      devices_.erase(devices_.begin());
    }
    const bool is_first = devices_.empty();
    devices_.push_back({std::move(wish.connection), wish.id, wish.device, wish.kind, false});
    if (!is_loaded_) return;
    welcome(devices_.back());
    if (is_first) presence_changed();
  }

  /// A device that has only this way to speak is there by another.
  void take_errand(attach_device wish) {
    std::erase_if(errands_, [&](const device_state& each) { return each.id == wish.id; });
    if (errands_.size() >= limits::errands_per_person_max) {
      tell(errands_.front().connection, dismiss{close_code::rate_limited});
      errands_.erase(errands_.begin());
    }
    on_device_reported({wish.device, {}, {}});
    errands_.push_back({std::move(wish.connection), wish.id, wish.device, wish.kind, false});
    if (is_loaded_) welcome(errands_.back());
  }

  void on_device_reported(const device_reported& fact) {
    for (const device_state& each : devices_) {
      if (each.device == fact.device) tell(each.connection, fact);
    }
  }

  void welcome(device_state& device) {
    if (device.is_attached) return;
    device.is_attached = true;
    attached answer;
    answer.roster.reserve(roster_.size());
    for (const auto& [id, entry] : roster_)
      answer.roster.push_back(entry);
    answer.next = next_;
    if (!is_agent()) {
      answer.next = next_ = opening_now();
    } else {
      answer.own = own();
      answer.totals = agent_->totals;
      answer.totals.mine = agent_->taken.load();
    }
    tell(device.connection, std::move(answer));
  }

  void on_device_gone(const device_gone& fact) {
    const auto is_it = [&](const device_state& each) { return each.id == fact.id; };
    if (std::erase_if(errands_, is_it) > 0) return tick_later();
    std::erase_if(devices_, is_it);
    if (!devices_.empty()) return;
    gone_since_ = now();
    if (is_agent()) report();
    tick_later();
  }

  void presence_changed() {
    if (is_agent()) {
      if (agent_->is_gone) agent_->is_gone = false;
      return report();
    }
    // Polls come and go, one after the other; nobody has gone before the tick says so.
    const bool is_here = !devices_.empty();
    if (std::exchange(is_told_here_, is_here) == is_here) return;
    for (const auto& [id, entry] : roster_) {
      if (entry.at->is_closed()) continue;
      to_conversation_named(id, report_presence{name_.person, is_here});
    }
  }

  void on_tell_presence(const tell_presence& wish) {
    if (!devices_.empty()) {
      to_conversation_named(wish.conversation, report_presence{name_.person, true});
    }
  }

  void tick_later() {
    if (is_tick_due_ || !devices_.empty()) return;
    is_tick_due_ = true;
    remind(is_agent() ? board_.settings().agent_grace : board_.settings().person_lingers,
           person_tick{});
  }

  /// Nobody has been there since the last tick was asked for, unless somebody came and went.
  void on_tick() {
    is_tick_due_ = false;
    if (!devices_.empty() || !errands_.empty()) return;
    const auto patience =
        is_agent() ? board_.settings().agent_grace : board_.settings().person_lingers;
    if (now() - gone_since_ < patience && gone_since_ != moment{}) return tick_later();
    if (!is_agent()) {
      presence_changed();
      return tell(registry_, person_idle{name_});
    }
    agent_gone();
  }

  void agent_gone() {
    agent_->is_gone = true;
    agent_->status = frame::routing_status::offline;
    report();
    const auto held = agent_->taken.held();
    for (const conversation_id id : held) {
      give_back wish;
      wish.by = {the_system, {}};
      wish.reason = return_reason::agent_gone;
      wish.only_from = name_.person;
      to_conversation_named(id, std::move(wish));
    }
    for (const conversation_id id : agent_->taken.reserved())
      ask_about(id);
    if (agent_->taken.load() == 0) return tell(registry_, person_idle{name_});
    // Until every conversation is known to be elsewhere, also if one could not be told now.
    gone_since_ = now();
    tick_later();
  }

  // ---- Conversations.

  void on_conversation_moved(const conversation_moved& fact) {
    if (!is_loaded_) {
      while_loading_.push_back(fact);
      return;
    }
    const conversation_id id = fact.at->conversation;
    const bool is_mine = is_agent()
                             ? fact.at->assignee.person == name_.person && !fact.at->is_closed()
                             : fact.at->visitor.person == name_.person;
    if (is_mine) {
      roster_entry& entry = roster_[id];
      entry.at = fact.at;
      entry.visitor_online = fact.visitor_online;
      if (fact.at->status != conversation_status::queued) entry.place = 0;
      for (const reader_cursor& each : fact.cursors)
        note_cursor(entry, each.reader, each.at);
    } else {
      roster_.erase(id);
    }
    to_all(fact);
    if (is_agent()) {
      const bool leaks = is_planted(planted_bug::leaks_slots) && !is_mine;
      if (!leaks && agent_->taken.conversation_is(id, is_mine)) report();
    } else {
      update_opening();
    }
  }

  void note_cursor(roster_entry& entry, person_id who, const cursor& at) {
    if (who == name_.person) {
      entry.own = at;
    } else if (who == entry.at->visitor.person || who == entry.at->assignee.person) {
      entry.peer = at;
    }
  }

  void on_cursor_seen(const cursor_seen& fact) {
    const auto at = roster_.find(fact.conversation);
    if (at != roster_.end()) note_cursor(at->second, fact.who, fact.at);
    to_all(fact);
  }

  void on_presence_seen(const presence_seen& fact) {
    const auto at = roster_.find(fact.conversation);
    if (at != roster_.end()) at->second.visitor_online = fact.online;
    to_all(fact);
  }

  void on_place_seen(const place_seen& fact) {
    const auto at = roster_.find(fact.conversation);
    if (at != roster_.end()) at->second.place = fact.place;
    to_all(fact);
  }

  /// Where a visitor's next first post opens a conversation; nowhere while one is open.
  next_opening opening_now() const {
    std::uint32_t last = 0;
    for (const auto& [id, entry] : roster_) {
      if (!entry.at->is_closed()) return {};
      if (entry.at->inbox == inbox_) last = std::max(last, entry.at->ordinal);
    }
    const conversation_id id = opening_id(name_, inbox_, last + 1);
    return {opening{inbox_, team_, last + 1}, id};
  }

  void update_opening() {
    const next_opening now = opening_now();
    if (now.id == next_.id) return;
    next_ = now;
    to_all(now);
  }

  void on_post_answered(const post_answered& fact) {
    // What goes only downward is told the event. With an ack in its place, the one that the errand
    // is given could overtake the events before it, and the later one stand for nothing.
    for (const auto* all : {&devices_, &errands_}) {
      for (const device_state& each : *all) {
        const bool hears = each.device == fact.device && each.kind != carries::downward;
        if (hears) tell(each.connection, fact);
      }
    }
  }

  // ---- Agents: status and slots.

  frame::me own() const { return {agent_->status, agent_->taken.capacity(), agent_->taken.load()}; }

  /// Tells the dispatcher and the own devices how this agent stands.
  void report() {
    if (!is_agent() || !is_loaded_) return;
    const bool is_online = !devices_.empty();
    tell_dispatcher(agent_changed{self_, own(), is_online});
    to_all(own_status{own()});
  }

  void on_desk_moved(const desk_moved_ptr& fact) {
    if (!is_agent()) return;
    for (const head_ptr& each : fact->heads)
      compare(*each);
    agent_->totals.queue = fact->queue_count;
    agent_->totals.all = fact->all_count;
    to_all(fact);
  }

  /// Who had a conversation before is told of its going by the conversation alone, and not if that
  /// failed. Ticks come late, so what they say of another order is asked, not believed.
  void compare(const head& told) {
    const auto at = roster_.find(told.conversation);
    const bool was_mine = at != roster_.end();
    const bool is_mine = told.assignee.person == name_.person && !told.is_closed();
    const bool is_news = !was_mine || told.visible > at->second.at->visible;
    if (is_mine != was_mine && is_news) ask_about(told.conversation);
  }

  void on_set_status(const set_status& wish) {
    request_answered answer{wish.from, std::nullopt};
    if (!is_agent() || !is_loaded_) {
      answer.refusal = fault{is_agent() ? fault_code::not_ready : fault_code::forbidden};
    } else {
      agent_->status = wish.to;
      if (wish.capacity) agent_->taken.set_capacity(*wish.capacity);
    }
    to_connection(wish.from.connection, answer);
    if (!answer.refusal) report();
  }

  void on_reserve(const reserve& wish) {
    if (!is_agent()) return;
    const bool is_willing =
        wish.forced || (agent_->status == frame::routing_status::accepting && !devices_.empty());
    const bool is_held = is_loaded_ && is_willing && agent_->taken.reserve(wish.conversation);
    if (is_held) doubt_later();
    report();
    tell_dispatcher(reserved{wish.conversation, name_.person, is_held});
  }

  void on_release(const release& wish) {
    if (!is_agent()) return;
    agent_->taken.release(wish.conversation);
    report();
  }

  /// Longer than an offer takes that nothing disturbs.
  void doubt_later() {
    if (std::exchange(agent_->is_doubt_due, true)) return;
    remind(limits::answer_max * 2, doubt_due{});
  }

  /// A slot that is still only reserved as it was the last time: whoever reserved it may be gone.
  void on_doubt_due() {
    agent_->is_doubt_due = false;
    const auto reserved = agent_->taken.reserved();
    for (const conversation_id id : reserved)
      if (agent_->reserved_before.contains(id)) ask_about(id);
    agent_->reserved_before = {reserved.begin(), reserved.end()};
    if (!reserved.empty()) doubt_later();
  }

  /// A new dispatcher knows nothing of the reservations that the one before it made.
  void on_announce() {
    if (!is_agent()) return;
    report();
    for (const conversation_id id : agent_->taken.reserved())
      ask_about(id);
  }

  // ---- Telling.

  template <class Fact>
  void to_all(const Fact& fact) {
    for (const device_state& each : devices_) {
      if (each.is_attached) tell(each.connection, fact);
    }
  }

  template <class Fact>
  void to_connection(connection_id id, const Fact& fact) {
    for (const auto* all : {&devices_, &errands_}) {
      for (const device_state& each : *all) {
        if (each.id == id) tell(each.connection, fact);
      }
    }
  }

  template <class Wish>
  void to_conversation_named(conversation_id id, Wish wish) {
    const std::size_t near = home() != nullptr ? home()->place().index : 0;
    tell(registry_, to_conversation{{name_.tenant, id}, near, caf::make_message(std::move(wish))});
  }

  void ask_about(conversation_id id) { to_conversation_named(id, tell_me{name_.person}); }

  template <class Fact>
  void tell_dispatcher(Fact fact) {
    tell(registry_, to_dispatcher{name_.tenant, team_, caf::make_message(std::move(fact))});
  }

  switchboard& board_;
  registry_actor registry_;
  const person_name name_;
  named_person self_;
  inbox_id inbox_;
  team_id team_{1};
  std::vector<device_state> devices_;
  /// Bounded by `limits::errands_per_person_max`; each ends within `limits::errand_max`.
  std::vector<device_state> errands_;
  std::unordered_map<conversation_id, roster_entry> roster_;
  std::vector<conversation_moved> while_loading_;
  next_opening next_;
  std::unique_ptr<agent_part> agent_;
  moment gone_since_;
  bool is_loaded_ = false;
  /// Of a visitor: what her conversations were told.
  bool is_told_here_ = false;
  bool is_tick_due_ = false;
};

}  // namespace

person_actor spawn_person(caf::actor_system& system, placement where, switchboard& board,
                          const person_name& name) {
  return spawn_on<person_state>(system, where, board, name);
}

}  // namespace frontdesk
