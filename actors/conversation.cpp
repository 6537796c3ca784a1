#include "actors/conversation_state.hpp"
#include "actors/fall_note.hpp"
#include "model/limits.hpp"
#include "model/planted_bug.hpp"

#include <utility>

namespace frontdesk {

namespace {

say say_of(const post& what) {
  say wish;
  wish.what = what;
  return wish;
}

/// As it was wished.
say say_of(const post_wish& told) {
  say wish = say_of(told.what);
  wish.author_name = told.author_name;
  if (told.inbox) wish.opens = opening{*told.inbox, told.team, told.ordinal, told.priority};
  wish.reopen_window_s = told.reopen_window_s;
  return wish;
}

}  // namespace

conversation_state::behavior_type conversation_state::make_behavior() {
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
      [this](held_due) { on_held_due(); },
      [this](ticks_due) { on_ticks_due(); },
  };
}

void conversation_state::on_stopped() {
  const bool has_yet_to_tell = has_thrown_ || (transcript_ && transcript_->has_draft()) ||
                               !held_events_.empty() || has_untold();
  const bool is_in_doubt = transcript_ ? has_yet_to_tell : !before_waking_.empty();
  if (is_in_doubt) tell(registry_, unsettled{name_});
  recorder_ = recorder_actor{};
}

// ---- Waking.

void conversation_state::on_woken(woken& answer) {
  if (answer.refusal != fault_code::none) return give_up(answer.refusal);
  life_ = answer.life;
  answer.at.tenant = name_.tenant;
  answer.at.conversation = name_.conversation;
  for (const reader_cursor& each : answer.cursors)
    marks_.learn(each);
  transcript_.emplace(std::move(answer.at));
  publish_head();
  if (head_->exists()) tell_person(head_->visitor.person, tell_presence{name_.conversation});
  while (!before_waking_.empty()) {
    auto wish = std::move(before_waking_.front());
    before_waking_.pop_front();
    std::visit([this](auto& known) { work_on(std::move(known)); }, wish);
  }
  if (is_leaving_) on_leave();
}

void conversation_state::give_up(fault_code why) {
  for (auto& wish : before_waking_) {
    std::visit([this, why](const auto& known) { refuse_wish(known, why); }, wish);
  }
  for (auto& [device, said] : held_back_) {
    for (const say& each : said)
      refuse(each.what, fault{why});
  }
  for (const auto& [tag, said] : posts_)
    refuse(said, fault{why});
  end_waiters(why);
  quit(caf::make_error(caf::sec::runtime_error, "not recorded"));
}

void conversation_state::end_waiters(fault_code why) {
  for (const auto& [what, waiter] : std::exchange(behind_posts_, {}))
    waiters_.emplace(++tags_, waiter);
  while (!waiters_.empty())
    conclude(waiters_.begin()->first, why);
}

void conversation_state::refuse_wish(const assign& wish, fault_code why) {
  answer_dispatcher({wish.team, wish.to.person}, why);
}

void conversation_state::refuse_wish(const give_back& wish, fault_code why) {
  if (wish.from) tell_person(wish.from->person, request_answered{*wish.from, fault{why}});
}

void conversation_state::refuse_wish(const close_conversation& wish, fault_code why) {
  tell_person(wish.from.person, request_answered{wish.from, fault{why}});
}

// ---- Wishes.

void conversation_state::on_say(say wish) {
  if (wish.what.trace) begin_trace(wish.what);
  if (!transcript_ && before_waking_.size() >= limits::posts_waiting_max) {
    return refuse(wish.what, fault{fault_code::busy});
  }
  if (!waits_for_waking(wish)) work_on(std::move(wish));
}

void conversation_state::take(say& wish) {
  taste(wish.what.text, "poison in a conversation");
  if (held_back_.contains({wish.what.author, wish.what.device})) {
    hold_back(std::move(wish));
    return;
  }
  post_wish told;
  told.what = wish.what;
  told.author_name = wish.author_name;
  told.reopen_window_s = wish.reopen_window_s;
  if (wish.opens) {
    told.inbox = wish.opens->inbox;
    told.team = wish.opens->team;
    told.ordinal = wish.opens->ordinal;
    told.priority = wish.opens->priority;
  }
  if (wish.what.author.is_visitor()) is_visitor_online_ = true;
  const std::uint64_t tag = ++tags_;
  const judgement verdict = transcript_->judge(told, tag);
  switch (verdict.verdict) {
    case post_verdict::waits:
      if (!wish.what.refused) taste(wish.what.text, "poison in a post");
      posts_.emplace(tag, brief(wish.what));
      if (wish.what.trace) ++traced_count_;
      return append_next();
    case post_verdict::unknown_device:
      return find_answers(std::move(wish));
    case post_verdict::unknown_target:
      return find_target(std::move(wish));
    case post_verdict::repeated:
      return answer_post(wish.what, verdict.answer);
    case post_verdict::pending:
      return;
    case post_verdict::refused:
      return refuse(wish.what, verdict.refusal);
  }
}

void conversation_state::take(assign& wish) {
  const dispatcher_waits waiter{wish.team, wish.to.person};
  add(assign_wish{wish.to, wish.by}, waiter);
}

void conversation_state::take(give_back& wish) {
  waits_for from;
  if (wish.from) from = *wish.from;
  add(return_wish{wish.by, wish.reason, wish.only_from}, from);
}

void conversation_state::take(tell_me& wish) {
  if (transcript_->at().exists()) tell_person(wish.who, moved({}));
}

void conversation_state::take(speak_up&) {
  if (!transcript_->at().exists()) return;
  const caf::message what = caf::make_message(moved({}));
  tell_members(what);
  tell(registry_, to_dispatcher{name_.tenant, head_->team, what});
}

void conversation_state::add(frontdesk::wish what, const waits_for& waiter) {
  const std::uint64_t tag = ++tags_;
  if (!held_back_.empty() && behind_posts_.size() < limits::posts_waiting_max) {
    behind_posts_.emplace_back(std::move(what), waiter);
    return;
  }
  waiters_.emplace(tag, waiter);
  if (!held_back_.empty()) return conclude(tag, fault_code::busy);
  if (!transcript_->add(std::move(what), tag)) return conclude(tag, fault_code::busy);
  append_next();
}

// ---- Posts that cannot be judged yet.

bool conversation_state::hold_back(say wish) {
  auto& waiting = held_back_[{wish.what.author, wish.what.device}];
  if (waiting.size() >= limits::posts_unacked_max) {
    refuse(wish.what, fault{fault_code::busy});
    return false;
  }
  waiting.push_back(std::move(wish));
  return waiting.size() == 1;
}

void conversation_state::find_answers(say wish) {
  const device_key device{wish.what.author, wish.what.device};
  if (!hold_back(std::move(wish))) return;
  ask(recorder_, limits::answer_max, find_window{name_, device.first, device.second})
      .then([this, device](window_found& found) { on_window_found(device, found); },
            [this](const caf::error&) { give_up(fault_code::storage_failed); });
}

void conversation_state::on_window_found(const device_key& device, window_found& found) {
  if (found.refusal != fault_code::none) return give_up(found.refusal);
  found.window.author = device.first;
  found.window.device = device.second;
  transcript_->learn(std::move(found.window));
  go_on_with(device);
}

/// What is recorded can be read: targets beyond the recorded head are refused unread.
void conversation_state::find_target(say wish) {
  const device_key device{wish.what.author, wish.what.device};
  const read_versions read{name_, wish.what.where, wish.what.target()};
  if (!hold_back(std::move(wish))) return;
  ask(board_.historian(), limits::answer_max, read)
      .then([this, device](versions_read& found) { on_versions_read(device, found); },
            [this](const caf::error&) { give_up(fault_code::storage_failed); });
}

void conversation_state::on_versions_read(const device_key& device, versions_read& found) {
  if (found.refusal != fault_code::none) return give_up(found.refusal);
  transcript_->learn(std::move(found.versions));
  go_on_with(device);
}

void conversation_state::go_on_with(const device_key& device) {
  taken_up_ = std::move(held_back_[device]);
  held_back_.erase(device);
  while (!taken_up_.empty()) {
    say next = std::move(taken_up_.front());
    taken_up_.pop_front();
    work_on(std::move(next));
  }
  if (held_back_.empty()) {
    for (auto& [what, waiter] : std::exchange(behind_posts_, {}))
      add(std::move(what), waiter);
  }
  if (is_leaving_) on_leave();
}

// ---- Recording.

void conversation_state::append_next() {
  while (transcript_->has_waiting() && !transcript_->has_draft()) {
    const bool is_careful = board_.quarantine().suspects_appends(now());
    draft_ = transcript_->begin(board_.wall_now(), is_careful ? 1 : limits::append_posts_max);
    if (!draft_.is_empty()) return send_append();
    settle(0);
  }
}

void conversation_state::send_append() {
  append wish;
  wish.what = name_;
  wish.life = life_;
  wish.visible_before = draft_.before.visible;
  wish.internal_before = draft_.before.internal;
  wish.wants_number = draft_.opens;
  // The recorder empties its copy; the windows in ours are taken over when it is recorded.
  wish.records = std::make_shared<batch>(draft_.records);
  if (is_planted(planted_bug::keeps_deleted_words)) {
    std::erase_if(wish.records->records, [](const record& each) {
      const auto* kept = std::get_if<event_record>(&each);
      return kept != nullptr && kept->what.is_deleted;
    });
  }
  wish.bytes = draft_.bytes;
  wish.posts_count = draft_.posts_count;
  wish.traces = traces_of_draft();
  wish.reply_to = conversation_actor{this};
  tell(recorder_, std::move(wish));
  if (is_planted(planted_bug::acks_before_recorded)) answer_posts();
  if (is_planted(planted_bug::tells_before_recorded)) spread({}, draft_.events);
}

std::vector<span_ptr> conversation_state::traces_of_draft() const {
  std::vector<span_ptr> found;
  if (traced_count_ == 0) return found;
  for (const wish_outcome& each : draft_.outcomes) {
    const auto said = posts_.find(each.tag);
    if (said != posts_.end() && said->second.trace) found.push_back(said->second.trace);
  }
  return found;
}

void conversation_state::on_appended(const appended& fact) {
  if (!transcript_ || !transcript_->has_draft()) return;
  if (fact.outcome != append_outcome::committed) {
    return give_up(fact.outcome == append_outcome::full ? fault_code::storage_full
                                                        : fault_code::storage_failed);
  }
  settle(fact.number);
  append_next();
  if (is_leaving_) on_leave();
}

void conversation_state::settle(std::uint64_t number) {
  const person_id was_with = draft_.before.assignee.person;
  transcript_->settle(draft_, number);
  answer_posts();
  if (!draft_.events.empty()) {
    publish_head();
    spread(was_with, std::move(draft_.events));
  }
  if (const auto keeper = board_.file_keeper()) {
    for (const file_id id : draft_.dropped_files)
      tell(keeper, drop_file{name_, id});
  }
  for (const wish_outcome& each : draft_.outcomes) {
    if (waiters_.contains(each.tag)) conclude(each.tag, each.refusal);
  }
  draft_ = {};
}

void conversation_state::answer_posts() {
  for (const wish_outcome& each : draft_.outcomes) {
    const auto said = posts_.extract(each.tag);
    if (!said) continue;
    if (said.mapped().trace) note_traced(said.mapped(), each.answer);
    each.answer ? answer_post(said.mapped(), *each.answer)
                : refuse(said.mapped(), fault{each.refusal});
  }
}

// ---- Coming to an end.

void conversation_state::on_thrown(const std::string& thrown) {
  has_thrown_ = true;
  const auto suspected = suspect_of(name_, culprit());
  const auto known_as = board_.quarantine().has_ended(name(), suspected, thrown, now());
  tell(registry_, conversation_fell{name_, id(), thrown, unheard()});
  // Their askers wish it again, or are told.
  end_waiters(fault_code::internal);
  note_fall(board_.traces(),
            {.at = now(),
             .tenant = name_.tenant,
             .person = suspected ? suspected->details.person : person_id{},
             .conversation = name_.conversation,
             .name = name(),
             .trace = trace_of_culprit()},
            known_as);
}

/// What has ended this actor.
caf::message conversation_state::culprit() {
  const post* drafted = transcript_ ? transcript_->at_work() : nullptr;
  if (drafted != nullptr) return caf::make_message(say_of(*drafted));
  return at_work_.empty() ? what_was_handled() : at_work_;
}

trace_id conversation_state::trace_of_culprit() {
  const caf::message by = culprit();
  if (!by.match_elements<say>()) return {};
  const span_ptr& trace = by.get_as<say>(0).what.trace;
  return trace ? trace->at.trace : trace_id{};
}

std::string conversation_state::trace_at_work() {
  try {
    const trace_id trace = trace_of_culprit();
    return trace ? to_text(trace) : std::string{};
  } catch (...) {
    // Without memory the failure itself is told, which is what counts.
    return {};
  }
}

void conversation_state::describe(failure& found) {
  found.is_of(name_);
  const caf::message by = culprit();
  const auto* const kind = by.empty() ? nullptr : by.type(0).second;
  if (kind != nullptr) found.message = message_name(*kind);
  if (!by.match_elements<say>()) return;
  const post& said = by.get_as<say>(0).what;
  found.person = said.author;
  found.device = said.device;
  found.n = said.n;
}

/// In an order in which each device's posts follow each other. What is heard twice is a repeat.
std::vector<caf::message> conversation_state::unheard() {
  std::vector<caf::message> all;
  if (transcript_) {
    for (const post_wish& each : transcript_->waiting_posts())
      all.push_back(caf::make_message(say_of(each)));
  }
  if (!at_work_.empty()) all.push_back(at_work_);
  for (say& each : taken_up_)
    all.push_back(caf::make_message(std::move(each)));
  for (auto& [device, said] : held_back_) {
    for (say& each : said)
      all.push_back(caf::make_message(std::move(each)));
  }
  for (auto& wish : before_waking_) {
    std::visit([&all](auto& known) { all.push_back(caf::make_message(std::move(known))); }, wish);
  }
  // The next life hears of them, or their authors are answered: nothing about them is in doubt.
  before_waking_.clear();
  for (caf::message& each : what_waits()) {
    const bool is_of_this_life =
        each.match_elements<leave>() || each.match_elements<appended>() ||
        each.match_elements<idle_due>() || each.match_elements<cursors_due>() ||
        each.match_elements<held_due>() || each.match_elements<ticks_due>();
    if (!is_of_this_life) all.push_back(std::move(each));
  }
  return all;
}

void conversation_state::on_idle_due() {
  remind(board_.settings().passivate_after, idle_due{});
  if (!is_active_ && transcript_) tell(registry_, conversation_idle{name_});
  is_active_ = false;
}

void conversation_state::on_leave() {
  is_leaving_ = true;
  const bool works =
      !transcript_ || transcript_->has_waiting() || transcript_->has_draft() || !held_back_.empty();
  if (works) return;
  on_held_due();
  tell_untold();
  flush_cursors();
  tell(recorder_, rest{name_, life_});
  quit();
}

conversation_actor spawn_conversation(caf::actor_system& system, placement where,
                                      switchboard& board, const conversation_name& name) {
  return spawn_on<conversation_state>(system, where, board, name);
}

}  // namespace frontdesk
