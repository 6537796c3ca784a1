#include "actors/connection_state.hpp"
#include "model/planted_bug.hpp"
#include "wire/frame_codec.hpp"
#include "wire/frame_words.hpp"

#include <algorithm>

namespace frontdesk {

/// Half of the bound is for events and lists; the rest is left to answers, which are bounded by
/// what the client may ask at once.
bool connection_state::has_room() const {
  if (!wire_ || wire_->outbound_bytes() >= limits::outbound_bytes_max / 2) return false;
  return !account_ || !account_->is_crowded() || wire_->outbound_bytes() < limits::laggard_bytes;
}

/// It has little enough waiting for itself, but the desk has too much.
bool connection_state::is_crowded_out() const {
  return wire_ && !has_room() && wire_->outbound_bytes() < limits::outbound_bytes_max / 2;
}

void connection_state::send_bytes(frame_bytes bytes) {
  if (!lean_.messages.empty()) send_lean();
  if (wire_) wire_->send(std::move(bytes));
}

// ---- Following.

void connection_state::follow(const frame::subscription& wish) {
  if (!may_see(wish.conversation)) {
    return refuse(fault{fault_code::unknown_conversation}, std::nullopt, wish.conversation);
  }
  const feed_key visible{wish.conversation, track::visible};
  window_.forget(wish.conversation);
  if (!feeds_.contains(visible) && feeds_.size() >= limits::subs_max * 2) {
    return refuse(fault{fault_code::busy}, std::nullopt, wish.conversation);
  }
  const auto at = known_.find(wish.conversation);
  const head* known = at != known_.end() ? at->second.at.get() : nullptr;
  const auto last = [known](track t) {
    return known != nullptr ? std::optional{known->last_of(t)} : std::nullopt;
  };
  follow_track(visible, wish.after, last(track::visible));
  if (is_agent()) {
    follow_track({wish.conversation, track::internal}, wish.internal_after, last(track::internal));
  }
}

void connection_state::follow_track(const feed_key& key, sequence after,
                                    std::optional<sequence> known) {
  feed& fresh = feeds_[key] = feed{after};
  if (known && after <= *known) {
    fresh.know(*known);
  } else {
    fresh.look();
  }
}

// ---- Live.

void connection_state::on_conversation_moved(const conversation_moved& fact) {
  if (phase_ == phase::closed) return;
  const conversation_id id = fact.at->conversation;
  const bool is_mine = is_agent()
                           ? fact.at->assignee.person == who_.who.person && !fact.at->is_closed()
                           : fact.at->visitor.person == who_.who.person;
  const auto before = known_.find(id);
  const bool is_news = before == known_.end() || before->second.at->status != fact.at->status ||
                       before->second.at->assignee != fact.at->assignee;
  acked_.erase(id);
  if (is_mine) {
    roster_entry& entry = known_[id];
    entry.at = fact.at;
    entry.visitor_online = fact.visitor_online;
    for (const reader_cursor& each : fact.cursors) {
      (each.reader == who_.who.person ? entry.own : entry.peer) = each.at;
    }
  } else if (before != known_.end()) {
    known_.erase(before);
  }
  if (phase_ != phase::open) return;
  const bool is_told = fact.events && push_events(fact);
  const bool is_hidden = is_planted(planted_bug::hides_new_conversations);
  if ((is_news || !is_told) && !is_hidden) tell_of(id);
  know_heads(*fact.at);
  pump();
}

/// What was recorded may have been told to nobody: the head shows it.
void connection_state::know_heads(const head& at) {
  for (const track where : {track::visible, track::internal}) {
    const auto followed = feeds_.find({at.conversation, where});
    if (followed != feeds_.end()) followed->second.know(at.last_of(where));
  }
}

/// Pushes what is next; false: the client does not follow this conversation.
bool connection_state::push_events(const conversation_moved& fact) {
  bool is_followed = false;
  for (const told_event& each : *fact.events) {
    const auto at = feeds_.find({each.what.conversation, each.what.where});
    if (at == feeds_.end()) continue;
    is_followed = true;
    const bool kept_up = keeps_up();
    if (at->second.offer(each.what.seq, kept_up)) {
      push(each);
      // The first of them is the one of which it is known.
      if (fact.recorded_at && &each == &fact.events->front()) note_delivered(fact);
      continue;
    }
    if (each.trace) await_delivery(each, at->second);
    if (!kept_up && at->second.pushed().value + 1 == each.what.seq.value) {
      send(frame::gap{each.what.conversation, each.what.where});
    }
  }
  if (!lean_.messages.empty()) send_lean();
  return is_followed;
}

void connection_state::push(const told_event& what) {
  if (goes_lean(what.what)) {
    push_lean(what.what);
    // The frame leaves before this turn ends.
    return note_delivery(what);
  }
  frame_bytes bytes = what.in(spoken_);
  if (what.what.author == who_.who.person && what.what.device) {
    bytes = std::make_shared<const std::string>(write_own_event(spoken_, what.what, *bytes));
  }
  note_pushed(what.what, bytes->size());
  if (is_watched()) {
    note_frame(connection_note::kinds::frame_out, frame::word_for<event>, what.what.conversation,
               bytes->size());
  }
  send_bytes(std::move(bytes));
  note_delivery(what);
}

/// One's own words are no news to oneself.
void connection_state::note_delivered(const conversation_moved& fact) {
  const bool is_own = fact.events->front().what.author == who_.who.person;
  if (counted_ == nullptr || is_own) return;
  traffic_tally::note(counted_->delivery, now() - *fact.recorded_at);
}

void connection_state::note_pushed(const event& what, std::size_t bytes) {
  if (what.where != track::visible) return;
  window_.pushed(what.conversation, what.seq, bytes);
  if (window_.is_full() && !is_stalled()) {
    stalled_at_ = now();
    pulse_within(limits::receive_stall_max);
  }
}

/// One's own come with their origin, so that other devices know them.
bool connection_state::goes_lean(const event& what) const {
  return knows_lean_ && what.author != who_.who.person && frame::lean::can_say(what) &&
         tier_->sheds(shed_point::lean_event);
}

void connection_state::push_lean(const event& what) {
  const bool goes_on = lean_.conversation == what.conversation &&
                       lean_.after.value + lean_.messages.size() + 1 == what.seq.value;
  const bool is_full = lean_.messages.size() == limits::lean_events_max ||
                       lean_bytes_ + what.text.size() > limits::lean_bytes_max;
  if (!lean_.messages.empty() && (!goes_on || is_full || !lean_.can_tell(what.time))) send_lean();
  if (lean_.messages.empty()) {
    lean_.conversation = what.conversation;
    lean_.after = sequence{what.seq.value - 1};
  }
  lean_.messages.push_back({what.author, what.time, what.text});
  lean_bytes_ += what.text.size();
  note_pushed(what, what.text.size());
  tier_->count(shed_point::lean_event);
}

void connection_state::send_lean() {
  auto bytes = std::make_shared<const std::string>(write_frame(spoken_, lean_));
  if (is_watched()) {
    note_frame(connection_note::kinds::frame_out, frame::word_for<frame::lean>, lean_.conversation,
               bytes->size());
  }
  if (wire_) wire_->send(std::move(bytes));
  lean_.messages.clear();
  lean_bytes_ = 0;
}

bool connection_state::is_stalled() const {
  return stalled_at_ != moment{};
}

void connection_state::on_received(conversation_id id, sequence seq) {
  if (!window_.received(id, seq)) return;
  if (is_stalled()) stalled_at_ = window_.is_full() ? now() : moment{};
  pump();
}

/// How a conversation of the roster stands now, or that it is in it no more.
void connection_state::tell_of(conversation_id id) {
  if (!has_room()) {
    if (std::ranges::find(untold_, id) == untold_.end()) untold_.push_back(id);
    return;
  }
  frame::roster delta;
  const auto at = known_.find(id);
  if (at != known_.end()) {
    delta.items.push_back(summary_of(at->second));
  } else {
    delta.removed.push_back(id);
  }
  delta.next = next_now();
  send(delta);
}

/// Where a visitor's next first post belongs; nowhere while a conversation is open, also when the
/// person has yet to say so.
std::optional<conversation_id> connection_state::next_now() const {
  const auto is_open = [](const auto& each) { return !each.second.at->is_closed(); };
  if (is_agent() || !next_.next || std::ranges::any_of(known_, is_open)) return std::nullopt;
  return next_.id;
}

void connection_state::tell_waiting() {
  for (const conversation_id id : std::exchange(untold_, {}))
    tell_of(id);
}

/// Conversations that are not this agent's: whoever looks at one follows it through the store, a
/// tick later than its members.
void connection_state::on_desk_moved(const desk_moved_ptr& fact) {
  totals_.queue = fact->queue_count;
  totals_.all = fact->all_count;
  if (phase_ != phase::open) return;
  for (auto& [key, feed] : feeds_) {
    const auto at = std::ranges::lower_bound(
        fact->heads, key.first, {}, [](const head_ptr& each) { return each->conversation; });
    if (at == fact->heads.end() || (*at)->conversation != key.first) continue;
    feed.know((*at)->last_of(key.second));
  }
  frame::desk news;
  if (is_watching_) list_moved(*fact, news);
  news.totals = totals_;
  send_if_room(news);
  pump();
}

void connection_state::list_moved(const desk_moved& fact, frame::desk& news) const {
  for (const head_ptr& each : fact.heads) {
    if (each->is_closed()) {
      news.removed.push_back(each->conversation);
      continue;
    }
    roster_entry entry;
    const auto own = known_.find(each->conversation);
    if (own != known_.end()) entry = own->second;
    entry.at = each;
    news.items.push_back(summary_of(entry));
  }
}

void connection_state::on_cursor_seen(const cursor_seen& fact) {
  const auto at = known_.find(fact.conversation);
  if (at != known_.end()) {
    (fact.who == who_.who.person ? at->second.own : at->second.peer) = fact.at;
  }
  if (phase_ == phase::open) {
    send_if_room(frame::cursor_moved{fact.conversation, fact.who, fact.at});
  }
}

void connection_state::on_typing_seen(const typing_seen& fact) {
  if (phase_ != phase::open) return;
  send_if_room(frame::typing_seen{fact.conversation, fact.who, fact.on, fact.text});
}

void connection_state::on_presence_seen(const presence_seen& fact) {
  const auto at = known_.find(fact.conversation);
  if (at != known_.end()) at->second.visitor_online = fact.online;
  if (phase_ != phase::open) return;
  send_if_room(frame::presence{fact.conversation, fact.who, fact.online});
}

void connection_state::on_place_seen(const place_seen& fact) {
  const auto at = known_.find(fact.conversation);
  if (at != known_.end()) at->second.place = fact.place;
  if (phase_ == phase::open) send_if_room(frame::place{fact.conversation, fact.place});
}

// ---- From the store.

/// Begins what reads it may: pages for feeds that lag, then the client's own requests.
void connection_state::pump() {
  if (phase_ != phase::open) return;
  // Nobody says when the others have less waiting.
  if (is_crowded_out()) return pulse_within(limits::crowded_look);
  if (!has_room()) return;
  if (!untold_.empty()) tell_waiting();
  for (auto& [key, each] : feeds_) {
    if (reads_count_ >= limits::reads_in_flight_max || !keeps_up()) break;
    if (each.wants_page()) read_page(key, each);
  }
  while (reads_count_ < limits::reads_in_flight_max && !reads_waiting_.empty()) {
    auto begin = std::move(reads_waiting_.front());
    reads_waiting_.erase(reads_waiting_.begin());
    ++reads_count_;
    begin();
  }
}

void connection_state::read_page(const feed_key& key, feed& lagging) {
  lagging.page_begins();
  ++reads_count_;
  read_events wish;
  wish.where = {who_.who.tenant, key.first};
  wish.range.where = key.second;
  wish.range.after = lagging.pushed();
  wish.range.limit = std::min(limits::page_events_max, window_.room());
  if (!is_agent()) wish.visitor = who_.who.person;
  ask(board_.historian(), limits::answer_max, wish)
      .then([this, key, after = lagging.pushed()](events_read& page) { on_page(key, after, page); },
            [this, key, after = lagging.pushed()](const caf::error&) {
              events_read failed;
              failed.refusal = fault_code::storage_failed;
              on_page(key, after, failed);
            });
}

/// A page that was read for an older subscription says nothing about the one that took its place.
void connection_state::on_page(const feed_key& key, sequence after, events_read& page) {
  --reads_count_;
  const auto at = feeds_.find(key);
  if (phase_ != phase::open) return;
  const bool is_awaited =
      at != feeds_.end() && at->second.is_reading() && at->second.pushed() == after;
  if (!is_awaited) return pump();
  if (page.refusal != fault_code::none) {
    const bool is_temporary = fault{page.refusal}.is_temporary();
    refuse(fault{page.refusal}, std::nullopt, key.first);
    // A device that cannot be served now comes again; one that may not see it has no feed.
    if (is_temporary) return close_with(close_code::internal);
    feeds_.erase(at);
    return pump();
  }
  if (at->second.pushed() > page.head_of(key.second)) {
    refuse(fault{fault_code::bad_value}, std::nullopt, key.first);
    feeds_.erase(at);
    return pump();
  }
  for (event& each : page.events) {
    if (!at->second.page_event(each.seq)) continue;
    if (is_planted(planted_bug::skips_end_of_page) && &each == &page.events.back()) continue;
    told_event told;
    told.what = std::move(each);
    push(told);
  }
  if (!lean_.messages.empty()) send_lean();
  at->second.page_ends(page.head_of(key.second));
  pump();
}

void connection_state::run_read(std::function<void()> begin, frame::request_id id) {
  if (reads_waiting_.size() >= limits::requests_waiting_max) {
    return refuse(fault{fault_code::busy}, id);
  }
  reads_waiting_.push_back(std::move(begin));
  pump();
}

void connection_state::read_ended() {
  --reads_count_;
  pump();
  end_errand_if_done();
}

frame::summary connection_state::summary_of(const roster_entry& entry) const {
  frame::summary summary;
  summary.at = *entry.at;
  summary.own = entry.own;
  summary.peer = entry.peer;
  summary.visitor_online = entry.visitor_online;
  summary.place = entry.place;
  summary.for_agent = is_agent();
  return summary;
}

}  // namespace frontdesk
