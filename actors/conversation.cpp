#include "actors/conversation.hpp"

#include "actors/pinned_actor.hpp"
#include "model/limits.hpp"
#include "model/planted_bug.hpp"
#include "model/read_marks.hpp"
#include "model/transcript.hpp"
#include "wire/frame_json.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace frontdesk {

namespace {

/// Who waits for the outcome of a wish.
struct nobody_waits {};
struct dispatcher_waits {
  team_id team;
  person_id agent;
};
using waits_for = std::variant<nobody_waits, asker, dispatcher_waits>;

class conversation_state final : public pinned_actor<conversation_actor::base> {
 public:
  conversation_state(caf::actor_config& config, switchboard& board, const conversation_name& name)
      : pinned_actor(config),
        board_(board),
        registry_(board.registry()),
        recorder_(board.recorder()),
        name_(name) {}

  const char* name() const override { return "conversation"; }

 protected:
  behavior_type make_behavior() override {
    ask(recorder_, limits::answer_max, wake{name_})
        .then([this](woken& answer) { on_woken(answer); },
              [this](const caf::error&) { give_up(fault_code::storage_failed); });
    remind(board_.settings().passivate_after, idle_due{});
    return {
        [this](say& wish) { on_say(std::move(wish)); },
        [this](const report_cursor& fact) { on_report_cursor(fact); },
        [this](const report_typing& fact) { on_report_typing(fact); },
        [this](const report_presence& fact) { on_report_presence(fact); },
        [this](assign& wish) { on_wish(std::move(wish)); },
        [this](give_back& wish) { on_wish(std::move(wish)); },
        [this](close_conversation& wish) { on_wish(std::move(wish)); },
        [this](const tell_me& wish) { on_wish(wish); },
        [this](const speak_up& wish) { on_wish(wish); },
        [this](leave) { on_leave(); },
        [this](const appended& fact) { on_appended(fact); },
        [this](idle_due) { on_idle_due(); },
        [this](cursors_due) { flush_cursors(); },
    };
  }

  /// What is under way nobody will be told of by this life.
  void on_stopped() override {
    const bool is_in_doubt = transcript_ ? transcript_->has_draft() : !before_waking_.empty();
    if (is_in_doubt) tell(registry_, unsettled{name_});
    recorder_ = recorder_actor{};
  }

 private:
  // ---- Waking.

  void on_woken(woken& answer) {
    if (answer.refusal != fault_code::none) return give_up(answer.refusal);
    life_ = answer.life;
    answer.at.tenant = name_.tenant;
    answer.at.conversation = name_.conversation;
    for (const reader_cursor& each : answer.cursors)
      marks_.learn(each);
    transcript_.emplace(std::move(answer.at));
    publish_head();
    if (head_->exists()) tell_person(head_->visitor.person, tell_presence{name_.conversation});
    for (auto& wish : std::exchange(before_waking_, {})) {
      std::visit([this](auto& known) { take(std::move(known)); }, wish);
    }
    if (is_leaving_) on_leave();
  }

  /// Nothing that waits here was recorded, as far as anybody knows: it may be wished again.
  void give_up(fault_code why) {
    for (auto& wish : before_waking_) {
      std::visit([this, why](const auto& known) { refuse_wish(known, why); }, wish);
    }
    for (auto& [device, said] : asked_windows_) {
      for (const say& each : said)
        refuse(each.what, fault{why});
    }
    for (const auto& [tag, said] : posts_)
      refuse(said, fault{why});
    for (const auto& [what, waiter] : behind_windows_)
      waiters_.emplace(++tags_, waiter);
    while (!waiters_.empty())
      conclude(waiters_.begin()->first, why);
    quit(caf::make_error(caf::sec::runtime_error, "not recorded"));
  }

  void refuse_wish(const say& wish, fault_code why) { refuse(wish.what, fault{why}); }
  void refuse_wish(const assign& wish, fault_code why) {
    answer_dispatcher({wish.team, wish.to.person}, why);
  }
  void refuse_wish(const give_back& wish, fault_code why) {
    if (wish.from) tell_person(wish.from->person, request_answered{*wish.from, fault{why}});
  }
  void refuse_wish(const close_conversation& wish, fault_code why) {
    tell_person(wish.from.person, request_answered{wish.from, fault{why}});
  }
  void refuse_wish(const tell_me&, fault_code) {}
  void refuse_wish(const speak_up&, fault_code) {}

  // ---- Wishes. Before waking they wait, bounded like those that wait for a commit.

  template <class Wish>
  bool waits_for_waking(Wish& wish) {
    is_active_ = true;
    if (transcript_) return false;
    before_waking_.emplace_back(std::move(wish));
    return true;
  }

  void on_say(say wish) {
    if (!transcript_ && before_waking_.size() >= limits::posts_waiting_max) {
      return refuse(wish.what, fault{fault_code::busy});
    }
    if (!waits_for_waking(wish)) take(std::move(wish));
  }
  template <class Wish>
  void on_wish(Wish wish) {
    if (!waits_for_waking(wish)) take(std::move(wish));
  }

  void take(say wish) {
    post_wish told;
    told.what = wish.what;
    told.author_name = wish.author_name;
    told.reopen_window_s = wish.reopen_window_s;
    if (wish.opens) {
      told.inbox = wish.opens->inbox;
      told.team = wish.opens->team;
      told.ordinal = wish.opens->ordinal;
    }
    if (wish.what.author.is_visitor()) is_visitor_online_ = true;
    const std::uint64_t tag = ++tags_;
    const judgement verdict = transcript_->judge(told, tag);
    switch (verdict.verdict) {
      case post_verdict::waits:
        posts_.emplace(tag, brief(wish.what));
        return append_next();
      case post_verdict::unknown_device:
        return find_answers(std::move(wish));
      case post_verdict::repeated:
        return answer_post(wish.what, verdict.answer);
      case post_verdict::pending:
        return;
      case post_verdict::refused:
        return refuse(wish.what, verdict.refusal);
    }
  }

  void take(assign wish) {
    const dispatcher_waits waiter{wish.team, wish.to.person};
    add(assign_wish{std::move(wish.to), std::move(wish.by)}, waiter);
  }
  void take(give_back wish) {
    waits_for from;
    if (wish.from) from = *wish.from;
    add(return_wish{std::move(wish.by), wish.reason, wish.only_from}, from);
  }
  void take(close_conversation wish) { add(close_wish{std::move(wish.by)}, wish.from); }
  void take(tell_me wish) {
    if (transcript_->at().exists()) tell_person(wish.who, moved({}));
  }
  void take(speak_up) {
    if (!transcript_->at().exists()) return;
    const caf::message what = caf::make_message(moved({}));
    tell_members(what);
    tell(registry_, to_dispatcher{name_.tenant, head_->team, what});
  }

  /// A wish must not overtake a post that came before it and waits for its device's answers.
  void add(frontdesk::wish what, const waits_for& waiter) {
    if (!asked_windows_.empty() && behind_windows_.size() < limits::posts_waiting_max) {
      behind_windows_.emplace_back(std::move(what), waiter);
      return;
    }
    const std::uint64_t tag = ++tags_;
    waiters_.emplace(tag, waiter);
    if (!transcript_->add(std::move(what), tag)) return conclude(tag, fault_code::busy);
    append_next();
  }

  /// The device's answers are not at hand: its posts wait here until they are.
  void find_answers(say wish) {
    const auto device = std::pair{wish.what.author, wish.what.device};
    auto& waiting = asked_windows_[device];
    if (waiting.size() >= limits::posts_unacked_max) {
      return refuse(wish.what, fault{fault_code::busy});
    }
    waiting.push_back(std::move(wish));
    if (waiting.size() > 1) return;
    ask(recorder_, limits::answer_max, find_window{name_, device.first, device.second})
        .then([this, device](window_found& found) { on_window_found(device, found); },
              [this](const caf::error&) { give_up(fault_code::storage_failed); });
  }

  void on_window_found(const std::pair<person_id, device_id>& device, window_found& found) {
    if (found.refusal != fault_code::none) return give_up(found.refusal);
    found.window.author = device.first;
    found.window.device = device.second;
    transcript_->learn(std::move(found.window));
    auto waiting = std::move(asked_windows_[device]);
    asked_windows_.erase(device);
    for (say& each : waiting)
      take(std::move(each));
    if (asked_windows_.empty()) {
      for (auto& [what, waiter] : std::exchange(behind_windows_, {}))
        add(std::move(what), waiter);
    }
    if (is_leaving_) on_leave();
  }

  // ---- Recording.

  void append_next() {
    while (transcript_->has_waiting() && !transcript_->has_draft()) {
      draft_ = transcript_->begin(board_.wall_now());
      if (!draft_.is_empty()) return send_append();
      settle(0);
    }
  }

  void send_append() {
    append wish;
    wish.what = name_;
    wish.life = life_;
    wish.visible_before = draft_.before.visible;
    wish.internal_before = draft_.before.internal;
    wish.wants_number = draft_.opens;
    // The recorder empties its copy; the windows in ours are taken over when it is recorded.
    wish.records = std::make_shared<batch>(draft_.records);
    wish.bytes = draft_.bytes;
    wish.posts_count = draft_.posts_count;
    wish.reply_to = conversation_actor{this};
    tell(recorder_, std::move(wish));
    if (is_planted(planted_bug::acks_before_recorded)) answer_posts();
    if (is_planted(planted_bug::tells_before_recorded)) spread({}, draft_.events);
  }

  void on_appended(const appended& fact) {
    if (!transcript_ || !transcript_->has_draft()) return;
    if (fact.outcome != append_outcome::committed) {
      return give_up(fact.outcome == append_outcome::full ? fault_code::storage_full
                                                          : fault_code::storage_failed);
    }
    settle(fact.number);
    append_next();
    if (is_leaving_) on_leave();
  }

  /// It is recorded: now it may be told. A post's author hears of its own first, so that the answer
  /// can stand for the event; then everybody hears of the events; then whoever wished something
  /// else.
  void settle(std::uint64_t number) {
    const person_id was_with = draft_.before.assignee.person;
    transcript_->settle(draft_, number);
    answer_posts();
    if (!draft_.events.empty()) {
      publish_head();
      spread(was_with, std::move(draft_.events));
    }
    for (const wish_outcome& each : draft_.outcomes) {
      if (waiters_.contains(each.tag)) conclude(each.tag, each.refusal);
    }
    draft_ = {};
  }

  void answer_posts() {
    for (const wish_outcome& each : draft_.outcomes) {
      const auto said = posts_.extract(each.tag);
      if (!said) continue;
      each.answer ? answer_post(said.mapped(), *each.answer)
                  : refuse(said.mapped(), fault{each.refusal});
    }
  }

  void spread(person_id was_with, std::vector<event> recorded) {
    auto events = std::make_shared<std::vector<told_event>>();
    for (event& each : recorded) {
      auto bytes = std::make_shared<const std::string>(to_json(each));
      events->push_back({std::move(each), std::move(bytes)});
    }
    conversation_moved fact = moved(std::move(events));
    fact.was_with = was_with == head_->assignee.person ? person_id{} : was_with;
    const caf::message what = caf::make_message(fact);
    tell_members(what);
    if (fact.was_with) tell_person_message(fact.was_with, what);
    tell(registry_, to_dispatcher{name_.tenant, head_->team, what});
  }

  conversation_moved moved(told_events events) const {
    conversation_moved fact;
    fact.at = head_;
    if (!events) fact.cursors = marks_.all();
    fact.events = std::move(events);
    fact.visitor_online = is_visitor_online_;
    return fact;
  }

  void publish_head() { head_ = std::make_shared<const head>(transcript_->at()); }

  // ---- Answers.

  /// What an answer needs to know of a post.
  static post brief(const post& what) {
    post known;
    known.conversation = what.conversation;
    known.author = what.author;
    known.device = what.device;
    known.n = what.n;
    known.where = what.where;
    return known;
  }

  void answer_post(const post& what, const post_answer& answer) {
    tell_person(what.author, post_answered{name_.conversation, what.device, answer, std::nullopt});
  }

  void refuse(const post& what, const fault& why) {
    post_answer which;
    which.n = what.n;
    which.where = what.where;
    tell_person(what.author, post_answered{name_.conversation, what.device, which, why});
  }

  void conclude(std::uint64_t tag, fault_code refusal) {
    const auto waiter = waiters_.find(tag);
    if (const auto* from = std::get_if<asker>(&waiter->second)) {
      std::optional<fault> why;
      if (refusal != fault_code::none) why = fault{refusal};
      tell_person(from->person, request_answered{*from, why});
    } else if (const auto* dispatcher = std::get_if<dispatcher_waits>(&waiter->second)) {
      answer_dispatcher(*dispatcher, refusal);
    }
    waiters_.erase(waiter);
  }

  template <class Fact>
  void tell_person(person_id who, Fact fact) {
    tell_person_message(who, caf::make_message(std::move(fact)));
  }
  void tell_person_message(person_id who, caf::message what) {
    to_person wish;
    wish.to = {name_.tenant, who};
    wish.what = std::move(what);
    tell(registry_, std::move(wish));
  }
  void tell_members(const caf::message& what) {
    if (head_->visitor.person) tell_person_message(head_->visitor.person, what);
    if (head_->assignee.person) tell_person_message(head_->assignee.person, what);
  }
  /// To the members except one.
  template <class Fact>
  void tell_others(person_id not_to, const Fact& fact) {
    for (const person_id who : {head_->visitor.person, head_->assignee.person}) {
      if (who && who != not_to) tell_person(who, fact);
    }
  }
  void answer_dispatcher(const dispatcher_waits& waiter, fault_code refusal) {
    const assign_answered fact{name_.conversation, waiter.agent, refusal, head_};
    tell(registry_, to_dispatcher{name_.tenant, waiter.team, caf::make_message(fact)});
  }

  // ---- Ephemeral facts.

  void on_report_cursor(const report_cursor& fact) {
    is_active_ = true;
    if (!transcript_ || !head_->exists()) return;
    if (fact.who.is_visitor() && fact.who != head_->visitor.person) return;
    if (!marks_.knows(fact.who)) return find_stored_cursor(fact);
    const bool has_moved = marks_.report(fact.who, fact.at, head_->visible);
    if (has_moved && !is_flush_due_) flush_cursors();
  }

  /// Somebody who is not a member, or was one before: how far she was is in the store.
  void find_stored_cursor(const report_cursor& fact) {
    if (marks_.is_full()) return;
    ask(recorder_, limits::answer_max, find_cursor{name_, fact.who})
        .then(
            [this, fact](const cursor_found& stored) {
              if (stored.refusal != fault_code::none) return;
              marks_.learn({fact.who, stored.at});
              on_report_cursor(fact);
            },
            [](const caf::error&) {});
  }

  void on_report_typing(const report_typing& fact) {
    is_active_ = true;
    if (transcript_ && head_->exists()) {
      tell_others(fact.who, typing_seen{name_.conversation, fact.who, fact.on});
    }
  }

  void on_report_presence(const report_presence& fact) {
    if (!transcript_ || !head_->exists() || fact.who != head_->visitor.person) return;
    is_visitor_online_ = fact.online;
    tell_others(fact.who, presence_seen{name_.conversation, fact.who, fact.online});
  }

  /// Writes the cursors that moved, the first at once, then at most one write per `cursor_flush`.
  /// Nobody is told of a cursor before it is recorded, so that none ever goes back.
  void flush_cursors() {
    is_flush_due_ = false;
    auto records = std::make_shared<batch>();
    auto moved = marks_.take_unwritten();
    for (const reader_cursor& each : moved) {
      records->records.emplace_back(
          cursor_record{name_.tenant, name_.conversation, each.reader, each.at});
    }
    if (moved.empty()) return;
    is_flush_due_ = true;
    remind(board_.settings().cursor_flush, cursors_due{});
    if (is_planted(planted_bug::tells_marks_early))
      on_cursors_kept(moved, append_outcome::committed);
    ask(recorder_, limits::answer_max, keep{name_.tenant, name_.conversation, std::move(records)})
        .then([this, moved = std::move(moved)](
                  const kept& answer) { on_cursors_kept(moved, answer.outcome); },
              [](const caf::error&) {});
  }

  void on_cursors_kept(const std::vector<reader_cursor>& moved, append_outcome outcome) {
    if (outcome != append_outcome::committed) return;
    for (const reader_cursor& each : moved) {
      const cursor_seen seen{name_.conversation, each.reader, each.at};
      tell_others(each.reader, seen);
      tell_person(each.reader, seen);
    }
  }

  // ---- Coming to an end.

  void on_idle_due() {
    remind(board_.settings().passivate_after, idle_due{});
    if (!is_active_ && transcript_) tell(registry_, conversation_idle{name_});
    is_active_ = false;
  }

  void on_leave() {
    is_leaving_ = true;
    const bool works = !transcript_ || transcript_->has_waiting() || transcript_->has_draft() ||
                       !asked_windows_.empty();
    if (works) return;
    flush_cursors();
    tell(recorder_, rest{name_, life_});
    quit();
  }

  switchboard& board_;
  registry_actor registry_;
  recorder_actor recorder_;
  const conversation_name name_;
  incarnation life_;
  std::optional<transcript> transcript_;
  head_ptr head_;
  draft draft_;
  std::vector<std::variant<say, assign, give_back, close_conversation, tell_me, speak_up>>
      before_waking_;
  std::map<std::pair<person_id, device_id>, std::deque<say>> asked_windows_;
  std::vector<std::pair<frontdesk::wish, waits_for>> behind_windows_;
  /// Posts that wait, without their text.
  std::unordered_map<std::uint64_t, post> posts_;
  std::unordered_map<std::uint64_t, waits_for> waiters_;
  read_marks marks_;
  std::uint64_t tags_ = 0;
  bool is_flush_due_ = false;
  bool is_active_ = false;
  bool is_visitor_online_ = false;
  bool is_leaving_ = false;
};

}  // namespace

conversation_actor spawn_conversation(caf::actor_system& system, placement where,
                                      switchboard& board, const conversation_name& name) {
  return spawn_on<conversation_state>(system, where, board, name);
}

}  // namespace frontdesk
