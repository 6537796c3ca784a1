#include "actors/connection_state.hpp"
#include "model/planted_bug.hpp"
#include "wire/frame_codec.hpp"
#include "wire/frame_words.hpp"

#include <algorithm>
#include <variant>

namespace frontdesk {

namespace {

/// A participant's typing is passed on at most this often, and what is typed this often.
constexpr std::chrono::milliseconds typing_pause{2500};
constexpr std::chrono::milliseconds preview_pause{900};

/// What can be said of a post without its conversation.
fault_code refusal_of(const frame::post& wish) {
  const bool may_be_silent = wish.deletes || (wish.file && wish.text.empty());
  return may_be_silent ? fault_code::none : text_fault(wish.text);
}

}  // namespace

template <class Frame>
void connection_state::send(const Frame& what) {
  auto bytes = std::make_shared<const std::string>(write_frame(spoken_, what));
  if (is_watched()) {
    note_frame(connection_note::kinds::frame_out, frame::word_for<Frame>,
               frame::conversation_of(what), bytes->size());
  }
  send_bytes(std::move(bytes));
}

template void connection_state::send(const frame::welcome&);
template void connection_state::send(const frame::roster&);
template void connection_state::send(const frame::me&);
template void connection_state::send(const frame::ping&);
template void connection_state::send(const frame::bye&);
template void connection_state::send(const frame::gap&);
template void connection_state::send(const frame::desk&);
template void connection_state::send(const frame::cursor_moved&);
template void connection_state::send(const frame::typing_seen&);
template void connection_state::send(const frame::presence&);
template void connection_state::send(const frame::mode&);
template void connection_state::send(const frame::place&);

void connection_state::refuse(const fault& why, std::optional<frame::request_id> id,
                              std::optional<conversation_id> conversation,
                              std::optional<post_number> n) {
  if (is_watched()) note_refusal(why, conversation.value_or(conversation_id{}));
  if (counted_ != nullptr) counted_->refused(why.code);
  send(frame::refused{why, id, conversation, n});
}

// ---- Every frame.

void connection_state::on_frame_received(const frame_received& fact) {
  if (phase_ == phase::closed) return;
  heard_at_ = now();
  if (tier_) tier_->worked();
  frame_phase_ = phase_;
  const auto known_as = verdict_of(fact);
  if (known_as != quarantine_gate::verdict::innocent) return refuse_confined(fact, known_as);
  auto frame = read_frame(spoken_, fact.bytes);
  if (const auto* wrong = std::get_if<frame::unreadable>(&frame)) return on_unreadable(*wrong);
  auto& wish = std::get<frame::from_client>(frame);
  const bool is_hello = std::holds_alternative<frame::hello>(wish);
  if (is_hello != (phase_ == phase::fresh)) {
    return close_with(is_hello ? close_code::bad_request : close_code::no_hello);
  }
  std::visit([this, bytes = fact.bytes.size()](auto& known) { do_watched(known, bytes); }, wish);
  at_work_ = {};
}

template <class Frame>
void connection_state::do_watched(Frame& what, std::size_t bytes) {
  // Who says hello is not known before.
  if (is_watched() && phase_ != phase::fresh) {
    note_frame(connection_note::kinds::frame_in, frame::word_for<Frame>,
               frame::conversation_of(what), bytes);
  }
  do_frame(what);
}

/// Who sent the latest frame, as was known when it came: a hello is known again by nothing else
/// than its bytes, however far it got.
frame_sender connection_state::sender() const {
  return frame_phase_ == phase::fresh ? frame_sender{} : frame_sender{who_.who, device_};
}

quarantine_gate::verdict connection_state::verdict_of(const frame_received& fact) const {
  quarantine_gate& gate = board_.quarantine();
  if (gate.is_empty()) return quarantine_gate::verdict::innocent;
  return gate.of(identity_of(sender(), fact.bytes), now());
}

/// A post is refused by its conversation, so that its number has an answer. Nothing else is asked
/// of the frame than to be read, and nothing if it ends a connection even so.
void connection_state::refuse_confined(const frame_received& fact,
                                       quarantine_gate::verdict known_as) {
  if (phase_ != phase::open) return close_with(close_code::internal);
  if (known_as == quarantine_gate::verdict::confined) {
    auto frame = read_frame(spoken_, fact.bytes);
    auto* wish = std::get_if<frame::from_client>(&frame);
    auto* said = wish == nullptr ? nullptr : std::get_if<frame::post>(wish);
    if (said != nullptr) {
      take_post(*said, fault_code::quarantined);
      at_work_ = {};
      return;
    }
  }
  refuse(fault{fault_code::quarantined});
}

void connection_state::on_unreadable(const frame::unreadable& wrong) {
  if (phase_ == phase::fresh) return close_with(close_code::no_hello);
  refuse(fault{wrong.code}, wrong.id, wrong.conversation, wrong.n);
  if (++strikes_count_ >= limits::strikes_max) close_with(close_code::too_many_faults);
}

fault connection_state::under_load() const {
  const auto drawn = mixed(id_.value ^ heard_at_.time_since_epoch().count());
  return fault{fault_code::busy, retry_under_load(drawn)};
}

bool connection_state::agents_only(frame::request_id id) {
  if (!is_agent()) refuse(fault{fault_code::forbidden}, id);
  return is_agent();
}

bool connection_state::takes_request(std::optional<frame::request_id> id) {
  if (requests_rate_.take(now())) return true;
  const auto wait = static_cast<std::uint32_t>(requests_rate_.wait(now()).count());
  refuse(fault{fault_code::rate_limited, wait}, id);
  return false;
}

/// Agents may see every conversation of their tenant; whether there is one, the store says.
bool connection_state::may_see(conversation_id id) const {
  return is_agent() || known_.contains(id) || acked_.contains(id);
}

// ---- Who one is.

void connection_state::do_frame(frame::hello& wish) {
  const auto who =
      board_.foundation().proof.identify(wish.token, *board_.directory_now(), board_.wall_now());
  knows_lean_ = wish.lean;
  if (who) return greet(*who, wish.device);
  const bool is_old = who.error().code == fault_code::token_expired;
  refuse(who.error());
  close_with(is_old ? close_code::token_expired : close_code::bad_token);
}

void connection_state::do_frame(frame::refresh& wish) {
  const auto who =
      board_.foundation().proof.identify(wish.token, *board_.directory_now(), board_.wall_now());
  if (!who) return refuse(who.error(), wish.id);
  if (who->who != who_.who) return refuse(fault{fault_code::forbidden}, wish.id);
  who_ = *who;
  send(frame::finished{wish.id});
}

void connection_state::do_frame(frame::pong&) {}

// ---- Reading.

void connection_state::do_frame(frame::sub& wish) {
  if (is_errand()) return refuse(fault{fault_code::forbidden});
  if (!takes_request(std::nullopt)) return;
  for (const frame::subscription& each : wish.subs)
    follow(each);
  pump();
}

void connection_state::do_frame(frame::unsub& wish) {
  if (is_errand()) return refuse(fault{fault_code::forbidden});
  for (const conversation_id id : wish.conversations) {
    feeds_.erase({id, track::visible});
    feeds_.erase({id, track::internal});
    on_received(id, sequence{~0ULL});
  }
}

void connection_state::do_frame(frame::history& wish) {
  if (!takes_request(wish.id)) return;
  if (!is_agent() && wish.where == track::internal) {
    return refuse(fault{fault_code::forbidden}, wish.id);
  }
  if (!may_see(wish.conversation)) {
    return refuse(fault{fault_code::unknown_conversation}, wish.id, wish.conversation);
  }
  read_events read;
  read.where = {who_.who.tenant, wish.conversation};
  read.range.where = wish.where;
  read.range.after = wish.after.value_or(sequence{});
  read.range.before = wish.before.value_or(sequence{});
  read.range.limit = wish.limit;
  if (tier_->sheds(shed_point::history) && wish.limit > limits::lean_page_events) {
    tier_->count(shed_point::history);
    read.range.limit = limits::lean_page_events;
  }
  if (!is_agent()) read.visitor = who_.who.person;
  auto begin = [this, wish, read] {
    ask(board_.historian(), limits::answer_max, read)
        .then([this, wish](events_read& page) { on_events_read(wish, page); },
              [this, wish](const caf::error&) {
                events_read failed;
                failed.refusal = fault_code::storage_failed;
                on_events_read(wish, failed);
              });
  };
  run_read(std::move(begin), wish.id);
}

void connection_state::on_events_read(const frame::history& wish, events_read& page) {
  if (phase_ != phase::open) return;
  if (page.refusal != fault_code::none) {
    refuse(fault{page.refusal}, wish.id, wish.conversation);
    return read_ended();
  }
  frame::page answer;
  answer.id = wish.id;
  answer.reader = who_.who.person;
  answer.conversation = wish.conversation;
  answer.where = wish.where;
  answer.head = page.head_of(wish.where);
  answer.events = std::move(page.events);
  if (!answer.events.empty()) {
    answer.more =
        wish.before ? answer.events.front().seq.value > 1 : answer.events.back().seq < answer.head;
  }
  send(answer);
  read_ended();
}

// ---- Posting.

post connection_state::post_of(frame::post& wish) const {
  post said;
  said.conversation = wish.conversation;
  said.author = who_.who.person;
  said.device = device_;
  said.n = wish.n;
  if (!is_planted(planted_bug::publishes_notes)) said.where = wish.where;
  said.reply_to = wish.reply_to;
  said.edits = wish.edits;
  said.deletes = wish.deletes;
  said.may_moderate = is_agent() && who_.role >= agent_role::supervisor;
  if (!wish.deletes) said.text = std::move(wish.text);
  return said;
}

void connection_state::do_frame(frame::post& wish) {
  take_post(wish, refusal_of(wish));
}

/// With a refusal it goes on all the same, to become its number's answer.
void connection_state::take_post(frame::post& wish, fault_code refusal) {
  at_work_ = {trace_of(wish), wish.conversation, wish.n};
  const span_ptr& trace = at_work_.trace;
  if (refusal != fault_code::quarantined) taste(wish.text, "poison in a connection");
  auto why = why_not(wish);
  if (!why) why = awaits(wish, trace);
  if (why) {
    refuse(*why, std::nullopt, wish.conversation, wish.n);
    return end_post(trace, wish.conversation, wish.n, why->name());
  }
  if (posts_.size() >= limits::posts_unacked_max && !is_paused_) {
    is_paused_ = true;
    wire_->pause();
  }
  pulse_within(limits::post_answer_max / 4);
  say said;
  said.what = post_of(wish);
  said.what.trace = trace;
  if (refusal != fault_code::none) said.what.refused = refusal;
  // What was confined is known by its words.
  if (said.what.refused && refusal != fault_code::quarantined) said.what.text.clear();
  said.author_name = who_.name;
  if (next_.id == wish.conversation && next_.next) {
    said.opens = next_.next;
    said.opens->priority = who_.priority;
  }
  if (const inbox* at = board_.directory_now()->find(who_.who.tenant, who_.inbox)) {
    said.reopen_window_s = at->reopen_window_s;
  }
  hand_on(std::move(said), wish.file);
}

/// A post that was recorded is acknowledged; if it is the very next event of what the device
/// follows, the ack stands for the event, which then is not sent to this device.
void connection_state::on_post_answered(const post_answered& fact) {
  if (phase_ != phase::open) return;
  const struck_post struck = strike_post(fact.conversation, fact.answer.n);
  at_work_ = {struck.trace, fact.conversation, fact.answer.n};
  if (is_paused_ && posts_.size() < limits::posts_unacked_max) {
    is_paused_ = false;
    wire_->resume();
  }
  tell_answer(fact);
  if (struck.came_at && !fact.refusal && fact.answer.refusal == fault_code::none) {
    traffic_tally::note(counted_->ack, now() - *struck.came_at);
  }
  if (struck.trace) end_answered(struck.trace, fact);
  at_work_ = {};
  end_errand_if_done();
}

void connection_state::tell_answer(const post_answered& fact) {
  if (fact.refusal) {
    return refuse(*fact.refusal, std::nullopt, fact.conversation, fact.answer.n);
  }
  if (fact.answer.refusal != fault_code::none) {
    return refuse(fault{fact.answer.refusal}, std::nullopt, fact.conversation, fact.answer.n);
  }
  if (!known_.contains(fact.conversation) && acked_.size() < limits::posts_unacked_max) {
    acked_.insert(fact.conversation);
  }
  const auto at = feeds_.find({fact.conversation, fact.answer.where});
  if (at != feeds_.end()) at->second.offer(fact.answer.seq, keeps_up());
  send(frame::ack{fact.conversation, fact.answer.n, fact.answer.where, fact.answer.seq,
                  fact.answer.time});
}

// ---- Cursors and typing.

/// An errand speaks for the connection on which its device is served.
void connection_state::note_received(conversation_id id, sequence seq) {
  if (is_errand()) return to_own_person(device_reported{device_, id, seq});
  on_received(id, seq);
}

/// What another device has received before is no news to the desk.
void connection_state::do_frame(frame::received& wish) {
  if (!may_see(wish.conversation)) return;
  note_received(wish.conversation, wish.seq);
  const auto at = known_.find(wish.conversation);
  if (at != known_.end() && wish.seq <= at->second.own.received) return;
  to_conversation_named(wish.conversation, report_cursor{who_.who.person, {wish.seq, {}}});
}

void connection_state::do_frame(frame::read& wish) {
  if (!may_see(wish.conversation)) return;
  note_received(wish.conversation, wish.seq);
  to_conversation_named(wish.conversation, report_cursor{who_.who.person, {wish.seq, wish.seq}});
}

void connection_state::do_frame(frame::typing& wish) {
  if (!may_see(wish.conversation) || tier_->shed(shed_point::typing)) return;
  report_typing fact{who_.who.person, wish.on, {}};
  if (shows_typing() && wish.on) fact.text = std::move(wish.text);
  const auto pause = fact.text.empty() ? typing_pause : preview_pause;
  if (wish.on && typed_at_ != moment{} && now() - typed_at_ < pause) return;
  typed_at_ = wish.on ? now() : moment{};
  to_conversation_named(wish.conversation, std::move(fact));
}

/// Of a visitor: agents may see what is typed before it is sent.
bool connection_state::shows_typing() const {
  if (is_agent()) return false;
  const directory_ptr known = board_.directory_now();
  const inbox* at = known->find(who_.who.tenant, who_.inbox);
  return at != nullptr && at->typing_preview;
}

// ---- Agents' wishes.

void connection_state::do_frame(frame::status& wish) {
  if (!agents_only(wish.id) || !takes_request(wish.id)) return;
  to_own_person(set_status{asks(wish.id), wish.to, wish.capacity});
}

void connection_state::do_frame(frame::watch& wish) {
  if (!agents_only(wish.id)) return;
  if (is_errand()) return refuse(fault{fault_code::forbidden}, wish.id);
  is_watching_ = wish.on;
  send(frame::finished{wish.id});
}

void connection_state::do_frame(frame::list& wish) {
  if (!agents_only(wish.id) || !takes_request(wish.id)) return;
  if (wish.view == frame::list_view::mine) return list_mine(wish);
  if (wish.view != frame::list_view::queue && tier_->shed(shed_point::lists)) {
    return refuse(under_load(), wish.id);
  }
  read_list read;
  read.tenant = who_.who.tenant;
  read.query.view = wish.view == frame::list_view::queue ? index_kind::queue
                    : wish.view == frame::list_view::all ? index_kind::open
                                                         : index_kind::closed;
  read.query.team = who_.team;
  read.query.asker = who_.who.person;
  read.query.after = wish.after;
  read.query.limit = wish.limit;
  auto begin = [this, wish, read] {
    ask(board_.historian(), limits::answer_max, read)
        .then([this, wish](const list_read& answer) { on_list_read(wish, answer); },
              [this, wish](const caf::error&) {
                on_list_read(wish, {fault_code::storage_failed, {}});
              });
  };
  run_read(std::move(begin), wish.id);
}

void connection_state::list_mine(const frame::list& wish) {
  frame::listed answer;
  answer.id = wish.id;
  answer.view = wish.view;
  answer.totals = totals_;
  for (const auto& [id, entry] : known_)
    answer.items.push_back(summary_of(entry));
  send(answer);
}

void connection_state::on_list_read(const frame::list& wish, const list_read& answer) {
  if (phase_ != phase::open) return;
  if (answer.refusal != fault_code::none) {
    refuse(fault{answer.refusal}, wish.id);
    return read_ended();
  }
  frame::listed listed;
  listed.id = wish.id;
  listed.view = wish.view;
  listed.after = answer.page.after;
  listed.totals = totals_;
  for (const conversation_row& row : answer.page.rows) {
    roster_entry entry;
    entry.at = std::make_shared<const head>(row.at);
    entry.own = row.own;
    entry.peer = row.peer;
    listed.items.push_back(summary_of(entry));
  }
  send(listed);
  read_ended();
}

void connection_state::do_frame(frame::agents& wish) {
  if (!agents_only(wish.id) || !takes_request(wish.id)) return;
  to_own_dispatcher(list_agents{asks(wish.id)});
}

/// The dispatcher knows those who were present; the others are in the directory.
void connection_state::on_agents_listed(const agents_listed& fact) {
  if (phase_ != phase::open) return;
  answered(fact.to.request);
  frame::agents_seen answer;
  answer.id = fact.to.request;
  answer.agents = fact.agents;
  const directory_ptr known = board_.directory_now();
  for (const agent* each : known->agents(who_.who.tenant)) {
    const auto is_it = [each](const frame::agent_seen& a) { return a.person.person == each->id; };
    if (each->active && std::ranges::none_of(answer.agents, is_it)) {
      frame::agent_seen absent;
      absent.person = {each->id, each->name};
      absent.own.capacity = each->capacity;
      answer.agents.push_back(std::move(absent));
    }
  }
  send(answer);
  end_errand_if_done();
}

void connection_state::do_frame(frame::transfer& wish) {
  if (!agents_only(wish.id) || !takes_request(wish.id)) return;
  const directory_ptr known = board_.directory_now();
  const agent* to = known->find(person_name{who_.who.tenant, wish.to});
  if (to == nullptr || !to->active) return refuse(fault{fault_code::unknown_agent}, wish.id);
  to_own_dispatcher(transfer{asks(wish.id), self(), wish.conversation, {to->id, to->name}});
}

void connection_state::do_frame(frame::give_back& wish) {
  if (!agents_only(wish.id) || !takes_request(wish.id)) return;
  give_back back;
  back.from = asks(wish.id);
  back.by = self();
  to_conversation_named(wish.conversation, std::move(back));
}

void connection_state::do_frame(frame::close& wish) {
  if (!takes_request(wish.id)) return;
  if (!may_see(wish.conversation)) {
    return refuse(fault{fault_code::unknown_conversation}, wish.id, wish.conversation);
  }
  to_conversation_named(wish.conversation, close_conversation{asks(wish.id), self()});
}

void connection_state::on_request_answered(const request_answered& fact) {
  if (phase_ != phase::open) return;
  answered(fact.to.request);
  if (fact.refusal) {
    refuse(*fact.refusal, fact.to.request);
  } else {
    send(frame::finished{fact.to.request});
  }
  end_errand_if_done();
}

}  // namespace frontdesk
