#include "actors/conversation_state.hpp"
#include "model/limits.hpp"
#include "model/phase.hpp"
#include "model/planted_bug.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace frontdesk {

namespace {

std::string_view result_of(fault_code why) {
  return why == fault_code::none ? "ok" : entry_of(why).name;
}

bool is_note(const told_event& each) {
  return each.what.where == track::internal;
}

/// What a visitor's actors never hear they cannot pass on.
conversation_moved without_notes(conversation_moved fact) {
  if (std::ranges::any_of(*fact.events, is_note)) {
    std::vector<event> others;
    std::vector<traced_event> traced;
    for (const told_event& each : *fact.events) {
      if (is_note(each)) continue;
      if (each.trace) traced.push_back({each.what.where, each.what.seq, each.trace});
      others.push_back(each.what);
    }
    fact.events = told_events_of(std::move(others), traced);
  }
  return fact;
}

}  // namespace

// ---- What was recorded.

/// Under load, a message is told a little later, together with those that follow it; all else that
/// happens is told at once, and takes with it what was held back.
void conversation_state::spread(person_id was_with, std::vector<event> recorded) {
  const bool is_held = tier_->sheds(shed_point::delayed_push) && may_wait(was_with, recorded);
  const bool was_empty = held_events_.empty();
  if (was_empty) measure_telling();
  held_events_.insert(held_events_.end(), std::make_move_iterator(recorded.begin()),
                      std::make_move_iterator(recorded.end()));
  if (!is_held || held_events_.size() >= limits::delayed_events_max) {
    return spread_now(was_with, std::exchange(held_events_, {}));
  }
  for (std::size_t i = 0; i < recorded.size(); ++i)
    tier_->count(shed_point::delayed_push);
  if (!was_empty) return;
  // All begin to hold back when the tier rises. If they ended together, too, what the second had
  // gathered would come as one wave.
  remind(time_to_phase(now(), name_.conversation.value, limits::delayed_push_max), held_due{});
}

/// Of some, how long it takes until they are told.
void conversation_state::measure_telling() {
  auto* counted = board_.traffic().at(home() != nullptr ? home()->place().index : 0);
  if (counted != nullptr && counted->event.comes()) recorded_at_ = now();
}

bool conversation_state::may_wait(person_id was_with, const std::vector<event>& recorded) const {
  return was_with == head_->assignee.person && head_->priority == conversation_priority::normal &&
         std::ranges::all_of(recorded, [](const event& each) { return bool{each.device}; });
}

void conversation_state::on_held_due() {
  if (held_events_.empty()) return;
  spread_now(head_->assignee.person, std::exchange(held_events_, {}));
}

void conversation_state::spread_now(person_id was_with, std::vector<event> recorded) {
  for (const event& each : recorded)
    taste(each.text, "poison on the way out");
  conversation_moved fact = moved(told_events_of(std::move(recorded), std::exchange(traced_, {})));
  fact.was_with = was_with == head_->assignee.person ? person_id{} : was_with;
  fact.recorded_at = std::exchange(recorded_at_, std::nullopt);
  const caf::message what = caf::make_message(fact);
  // That there are notes she does not learn either.
  const bool is_all_notes = std::ranges::all_of(*fact.events, is_note);
  if (!is_all_notes) tell_person(head_->visitor.person, without_notes(fact));
  if (head_->assignee.person) tell_person_message(head_->assignee.person, what);
  if (fact.was_with) tell_person_message(fact.was_with, what);
  tell(registry_, to_dispatcher{name_.tenant, head_->team, what});
}

conversation_moved conversation_state::moved(told_events events) const {
  conversation_moved fact;
  fact.at = head_;
  if (!events) fact.cursors = marks_.all();
  fact.events = std::move(events);
  fact.visitor_online = is_visitor_online_;
  return fact;
}

// ---- Answers.

post conversation_state::brief(const post& what) {
  post known;
  known.conversation = what.conversation;
  known.author = what.author;
  known.device = what.device;
  known.n = what.n;
  known.where = what.where;
  known.trace = what.trace;
  return known;
}

void conversation_state::answer_post(const post& what, const post_answer& answer) {
  tell_person(what.author, post_answered{name_.conversation, what.device, answer, std::nullopt});
  if (what.trace) end_trace(what, result_of(answer.refusal), answer.seq);
}

void conversation_state::refuse(const post& what, const fault& why) {
  post_answer which;
  which.n = what.n;
  which.where = what.where;
  tell_person(what.author, post_answered{name_.conversation, what.device, which, why});
  if (what.trace) end_trace(what, result_of(why.code), {});
}

/// Of one that is heard again after a fall, the span of before goes on.
void conversation_state::begin_trace(post& what) {
  if (what.trace->kind == span_kind::conversation) return;
  what.trace = board_.traces().begin(span_kind::conversation, *what.trace, now());
}

void conversation_state::end_trace(const post& what, std::string_view result, sequence seq) {
  span done{*what.trace, now()};
  done.tenant = name_.tenant;
  done.conversation = name_.conversation;
  done.person = what.author;
  done.device = what.device;
  done.n = what.n;
  done.seq = seq;
  done.result = result;
  board_.traces().end(done);
}

/// From here on it might be told, also if it is held back.
void conversation_state::note_traced(const post& what, const std::optional<post_answer>& answer) {
  --traced_count_;
  if (!answer || !answer->seq) return;
  open_span told = *what.trace;
  told.began = now();
  traced_.push_back({answer->where, answer->seq, std::make_shared<const open_span>(told)});
}

void conversation_state::conclude(std::uint64_t tag, fault_code refusal) {
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

void conversation_state::tell_person_message(person_id who, caf::message what) {
  to_person wish;
  wish.to = {name_.tenant, who};
  wish.what = std::move(what);
  tell(registry_, std::move(wish));
}

void conversation_state::tell_members(const caf::message& what) {
  if (head_->visitor.person) tell_person_message(head_->visitor.person, what);
  if (head_->assignee.person) tell_person_message(head_->assignee.person, what);
}

void conversation_state::answer_dispatcher(const dispatcher_waits& waiter, fault_code refusal) {
  const assign_answered fact{name_.conversation, waiter.agent, refusal, head_};
  tell(registry_, to_dispatcher{name_.tenant, waiter.team, caf::make_message(fact)});
}

// ---- Ephemeral facts.

void conversation_state::on_report_cursor(const report_cursor& fact) {
  is_active_ = true;
  if (!transcript_ || !head_->exists()) return;
  if (fact.who.is_visitor() && fact.who != head_->visitor.person) return;
  if (!marks_.knows(fact.who)) return find_stored_cursor(fact);
  const bool has_moved = marks_.report(fact.who, fact.at, head_->visible);
  if (has_moved && !is_flush_due_) flush_cursors();
}

void conversation_state::find_stored_cursor(const report_cursor& fact) {
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

void conversation_state::on_report_typing(const report_typing& fact) {
  is_active_ = true;
  if (transcript_ && head_->exists()) {
    tell_others(fact.who, typing_seen{name_.conversation, fact.who, fact.on, fact.text});
  }
}

void conversation_state::on_report_presence(const report_presence& fact) {
  if (!transcript_ || !head_->exists() || fact.who != head_->visitor.person) return;
  is_visitor_online_ = fact.online;
  if (tier_->shed(shed_point::presence)) {
    if (!has_untold()) tell_untold_later();
    is_presence_untold_ = true;
    return;
  }
  tell_others(fact.who, presence_seen{name_.conversation, fact.who, fact.online});
}

void conversation_state::flush_cursors() {
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
  if (is_planted(planted_bug::tells_marks_early)) on_cursors_kept(moved, append_outcome::committed);
  ask(recorder_, limits::answer_max, keep{name_.tenant, name_.conversation, std::move(records)})
      .then([this, moved = std::move(moved)](
                const kept& answer) { on_cursors_kept(moved, answer.outcome); },
            [](const caf::error&) {});
}

void conversation_state::on_cursors_kept(const std::vector<reader_cursor>& moved,
                                         append_outcome outcome) {
  if (outcome != append_outcome::committed) return;
  const bool is_shed = tier_->shed(shed_point::ticks);
  if (is_shed && !has_untold()) tell_untold_later();
  for (const reader_cursor& each : moved) {
    std::erase_if(untold_marks_,
                  [&](const reader_cursor& old) { return old.reader == each.reader; });
    if (is_shed) untold_marks_.push_back(each);
  }
  if (!is_shed) tell_marks(moved);
}

/// Not all conversations look again at the same moment.
void conversation_state::tell_untold_later() {
  const auto spread = mixed(name_.conversation.value) % limits::ticks_look.count();
  remind(limits::ticks_look + std::chrono::milliseconds{spread}, ticks_due{});
}

void conversation_state::on_ticks_due() {
  tier_->sheds(shed_point::ticks) ? tell_untold_later() : tell_untold();
}

void conversation_state::tell_untold() {
  tell_marks(std::exchange(untold_marks_, {}));
  if (!std::exchange(is_presence_untold_, false)) return;
  const person_id visitor = head_->visitor.person;
  tell_others(visitor, presence_seen{name_.conversation, visitor, is_visitor_online_});
}

void conversation_state::tell_marks(const std::vector<reader_cursor>& moved) {
  for (const reader_cursor& each : moved) {
    const cursor_seen seen{name_.conversation, each.reader, each.at};
    tell_others(each.reader, seen);
    tell_person(each.reader, seen);
  }
}

}  // namespace frontdesk
