#include "bench/device.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace frontdesk::bench {

namespace {

using namespace std::chrono_literals;

constexpr milliseconds backoff_min = 500ms;
constexpr milliseconds backoff_max = 20s;
constexpr milliseconds ack_patience = 10s;
constexpr milliseconds retry_otherwise = 1s;
constexpr milliseconds tick_pause = 1s;
constexpr std::uint64_t report_events = 32;
/// Below what the node allows.
constexpr milliseconds subs_pause = 60ms;

/// A fault after which the post may have been recorded all the same (docs/wire.md §5).
bool is_doubtful(std::string_view code) {
  return code == "conflict" || code == "busy" || code == "internal" || code == "storage_failed";
}

/// A fault that becomes the recorded answer of its number.
bool takes_number(std::string_view code) {
  constexpr std::array<std::string_view, 6> all{"empty_text",     "text_too_long",
                                                "text_not_clean", "unknown_message",
                                                "unknown_file",   "conversation_closed"};
  return std::ranges::find(all, code) != all.end();
}

}  // namespace

device::device(measures& into, surroundings& all, identity who, witness& told)
    : line(all, who.number),
      into_(into),
      identity_(std::move(who)),
      told_(&told),
      backoff_(backoff_min),
      chance_(static_cast<std::uint32_t>(identity_.id.low)) {}

// ---- The line.

void device::come() {
  wants_away_ = false;
  is_coming_ = false;
  connect();
}

void device::stay_away() {
  wants_away_ = true;
  drop();
  forget_link();
}

void device::come_at(moment when) {
  if (std::exchange(is_coming_, true)) return;
  all().turning.at(when, [this] {
    if (std::exchange(is_coming_, false) && !wants_away_) come();
  });
}

void device::forget_link() {
  is_ready_ = false;
  under_way_count_ = 0;
  for (auto& [id, at] : talks_) {
    at.is_followed = false;
    at.sent_count = 0;
  }
}

std::string device::offers() const {
  return seat_.empty() ? std::string() : ", frontdesk.seat." + seat_;
}

void device::on_open() {
  heard_at_ = clock::now();
  line::say(said(all().spoken, hello_wish{identity_.token, identity_.id}));
  // People who came together do not look at their clocks together.
  if (!std::exchange(ticks_, true)) {
    std::uniform_int_distribution<milliseconds::rep> phase(0, tick_pause.count());
    all().turning.at(clock::now() + milliseconds{phase(chance_)}, [this] { tick(); });
  }
}

void device::on_lost() {
  forget_link();
  ++into_.lost_links_count;
  // Full jitter, unless the node has said when to come.
  std::uniform_int_distribution<milliseconds::rep> jitter(0, backoff_.count());
  const milliseconds slot = std::exchange(slot_, 0ms);
  come_at(clock::now() + (slot > 0ms ? slot : milliseconds{jitter(chance_)}));
  backoff_ = std::min(backoff_ * 2, backoff_max);
  told_->on_away(*this);
}

void device::on_refused(milliseconds wait) {
  forget_link();
  ++into_.refused_links_count;
  come_at(clock::now() + wait);
}

void device::tick() {
  all().turning.at(clock::now() + tick_pause, [this] { tick(); });
  if (!is_ready_) return;
  const moment now = clock::now();
  if (now - heard_at_ > limits::silence_max) {
    drop();
    return on_lost();
  }
  for (auto& [id, at] : talks_) {
    report(id, at);
    if (at.sent_count > 0 && now - at.posts.front().sent_at > ack_patience) {
      retry(id, at, 0, 0ms);
    }
  }
}

// ---- What it does.

talk& device::talk_of(conversation_id id) {
  const auto [it, is_fresh] = talks_.try_emplace(id);
  if (is_fresh) it->second.checked = into_.seen.conversation(to_text(id));
  return it->second;
}

void device::say(conversation_id id, std::string text, moment due) {
  talk& at = talk_of(id);
  at.posts.push_back({at.next_n, std::move(text), due});
  at.next_n = frontdesk::next(at.next_n);
  ++posts_waiting_count_;
  ++into_.posts_count;
  push(id, at);
}

void device::push(conversation_id id, talk& at) {
  while (is_ready_ && !is_slowed_ && !at.waits_to_retry &&
         at.sent_count < std::min(at.posts.size(), at.window) &&
         under_way_count_ < limits::posts_unacked_max) {
    talk::pending& post = at.posts[at.sent_count++];
    ++under_way_count_;
    post.sent_at = clock::now();
    into_.seen.add(checker::post_sent{checked_post(at, post), instant_of(post.sent_at)});
    line::say(said(all().spoken, post_wish{id, post.n, post.text}));
  }
}

void device::push_all() {
  if (posts_waiting_count_ == under_way_count_) return;
  for (auto& [id, at] : talks_)
    push(id, at);
}

void device::follow(conversation_id id) {
  talk& at = talk_of(id);
  if (is_ready_ && !at.is_followed) subscribe(id, at);
}

void device::leave(conversation_id id) {
  talk& at = talk_of(id);
  at.wants_to_follow = false;
  if (!std::exchange(at.is_followed, false) || !is_ready_) return;
  std::erase(subs_, id);
  line::say(said(all().spoken, unsub_wish{id}));
}

void device::subscribe(conversation_id id, talk& at) {
  at.is_followed = at.wants_to_follow = true;
  at.reported = at.position;
  subs_.push_back(id);
  if (!is_subscribing_) say_subs();
}

/// One frame for as many as there are, since the node counts them. What was lost with a line is
/// asked for again with the next.
void device::say_subs() {
  is_subscribing_ = is_ready_ && !subs_.empty();
  if (!is_ready_) subs_.clear();
  if (!is_subscribing_) return;
  sub_wish wish;
  while (!subs_.empty() && wish.after.size() < limits::subs_per_frame_max) {
    wish.after.emplace_back(subs_.front(), talks_.at(subs_.front()).position);
    subs_.pop_front();
  }
  line::say(said(all().spoken, wish));
  all().turning.at(clock::now() + subs_pause, [this] { say_subs(); });
}

/// One frame was not taken, and it is not known which.
void device::subscribe_to_all() {
  subs_.clear();
  for (const auto& [id, at] : talks_) {
    if (at.is_followed) subs_.push_back(id);
  }
  if (!is_subscribing_) say_subs();
}

void device::accept(std::uint32_t capacity) {
  capacity_ = capacity;
  line::say(said(all().spoken, accept_wish{++request_, capacity}));
}

void device::close(conversation_id id) {
  line::say(said(all().spoken, close_wish{++request_, id}));
}

void device::ask_for_page(conversation_id id, sequence after, std::uint32_t limit) {
  line::say(said(all().spoken, history_wish{++request_, id, after, limit}));
}

void device::report(conversation_id id, talk& at) {
  if (!at.is_followed || at.position <= at.reported) return;
  at.reported = at.position;
  line::say(said(all().spoken, received_wish{id, at.position}));
}

void device::retry(conversation_id id, talk& at, std::size_t from, milliseconds wait) {
  if (from < at.sent_count) {
    under_way_count_ -= at.sent_count - from;
    at.sent_count = from;
  }
  at.window = 1;
  if (std::exchange(at.waits_to_retry, true)) return;
  all().turning.at(clock::now() + wait, [this, id, &at] {
    at.waits_to_retry = false;
    push(id, at);
  });
}

/// The node counts the posts of a connection, whatever they are said in: all of them wait.
void device::slow_down(milliseconds wait) {
  if (std::exchange(is_slowed_, true)) return;
  all().turning.at(clock::now() + wait, [this] {
    is_slowed_ = false;
    push_all();
  });
}

bool device::has_everything() const {
  return posts_waiting_count_ == 0 && std::ranges::all_of(talks_, [this](const auto& each) {
           return !each.second.is_followed ||
                  each.second.position >= into_.deliveries.head(each.first);
         });
}

checker::post device::checked_post(const talk& at, const talk::pending& post) const {
  return {at.checked,
          {checked_, {post.n.value}},
          checker::track_kind::public_,
          checker::hash_of(post.text)};
}

// ---- What it hears.

void device::on_said(std::string_view message) {
  heard_at_ = clock::now();
  hear(heard_in(all().spoken, message));
}

void device::hear(const heard& what) {
  switch (what.kind) {
    case heard_kind::event:
      for (const heard_event& each : what.events)
        on_event_heard(each);
      return;
    case heard_kind::ack:
      return on_ack(what);
    case heard_kind::fault:
      return on_fault(what);
    case heard_kind::welcome:
      return on_welcome(what);
    case heard_kind::roster:
      return on_roster(what);
    case heard_kind::ping:
      return on_ping(what);
    case heard_kind::page:
    case heard_kind::done:
      return told_->on_answer(*this, what);
    case heard_kind::gap:
      ++into_.gaps_count;
      return;
    case heard_kind::mode:
      into_.tier = what.tier;
      return;
    case heard_kind::bye:
      slot_ = milliseconds{what.retry_after_ms};
      ++into_.faults["bye " + what.code];
      return;
    case heard_kind::other:
      return;
  }
}

void device::on_welcome(const heard& what) {
  person_ = what.person;
  seat_ = what.seat;
  into_.tier = what.tier;
  if (std::exchange(is_named_, true)) return;
  checked_ = into_.seen.device(to_text(person_), to_text(identity_.id));
}

void device::on_roster(const heard& what) {
  if (!what.more) next_ = what.next;
  for (const heard_summary& each : what.items)
    into_.deliveries.heard_of(each.conversation, each.head);
  const bool is_fresh = !what.more && !std::exchange(is_ready_, true);
  if (is_fresh) {
    backoff_ = backoff_min;
    for (auto& [id, at] : talks_) {
      if (at.wants_to_follow) subscribe(id, at);
    }
    if (capacity_ > 0) accept(capacity_);
    push_all();
    told_->on_ready(*this);
  }
  if (!what.items.empty()) told_->on_items(*this, what.items);
}

void device::on_event_heard(const heard_event& what) {
  if (what.is_internal) return;
  talk& at = talk_of(what.conversation);
  const bool is_own = what.device == identity_.id;
  if (what.seq.value > at.position.value + 1) return subscribe(what.conversation, at);
  if (what.seq <= at.position) {
    into_.seen.add(checker::event_delivered{
        checked_,
        {at.checked, checker::track_kind::public_, {what.seq.value}, std::nullopt, hash_of(what)},
        instant_of(heard_at_)});
    return;
  }
  if (what.kind == event_kind::message && what.author != person_) {
    into_.delivered(what.conversation, what.seq, heard_at_);
  } else {
    into_.deliveries.heard_of(what.conversation, what.seq);
  }
  apply(at, what, is_own);
  if (at.position.value >= at.reported.value + report_events) report(what.conversation, at);
}

void device::apply(talk& at, const heard_event& what, bool is_own) {
  at.position = what.seq;
  checker::event shown{
      at.checked, checker::track_kind::public_, {what.seq.value}, std::nullopt, hash_of(what)};
  if (is_own) shown.author = checker::authorship{checked_, {what.n.value}};
  into_.seen.add(checker::event_shown{checked_, shown, instant_of(heard_at_)});
  told_->on_event(*this, what);
}

void device::on_ack(const heard& what) {
  talk& at = talk_of(what.conversation);
  const auto found =
      std::ranges::find_if(at.posts, [&](const talk::pending& each) { return each.n == what.n; });
  // A repeat's answer may come twice.
  if (found == at.posts.end()) return;
  const talk::pending post = std::move(*found);
  const bool was_sent = static_cast<std::size_t>(found - at.posts.begin()) < at.sent_count;
  at.posts.erase(found);
  at.window = std::min(at.window * 2, limits::posts_unacked_max);
  --posts_waiting_count_;
  if (was_sent) {
    --at.sent_count;
    --under_way_count_;
  }
  into_.seen.add(
      checker::post_acked{checked_post(at, post), {what.seq.value}, instant_of(heard_at_)});
  into_.acked(what.conversation, what.seq, person_.kind, post.due, heard_at_);
  if (!at.is_followed) {
    subscribe(what.conversation, at);
  } else if (what.seq.value == at.position.value + 1) {
    heard_event own;
    own.conversation = what.conversation;
    own.seq = what.seq;
    own.author = person_;
    own.text = post.text;
    own.device = identity_.id;
    own.n = what.n;
    apply(at, own, true);
  }
  push_all();
}

void device::on_fault(const heard& what) {
  ++into_.faults[what.code];
  if (what.id) return told_->on_answer(*this, what);
  // It names nothing: a `sub` was not taken.
  if (what.code == "rate_limited" && what.n == post_number{}) {
    return subscribe_to_all();
  }
  const auto found = talks_.find(what.conversation);
  if (what.n == post_number{} || found == talks_.end()) return;
  talk& at = found->second;
  const auto post =
      std::ranges::find_if(at.posts, [&](const talk::pending& each) { return each.n == what.n; });
  if (post == at.posts.end()) return;
  on_fault_of_post(what, at, static_cast<std::size_t>(post - at.posts.begin()));
}

void device::on_fault_of_post(const heard& what, talk& at, std::size_t place) {
  ++into_.refused_posts_count;
  const bool is_final = takes_number(what.code);
  if (!is_doubtful(what.code)) {
    const auto kind = is_final ? checker::refusal_kind::final : checker::refusal_kind::temporary;
    into_.seen.add(
        checker::post_refused{checked_post(at, at.posts[place]), kind, instant_of(heard_at_)});
  }
  if (what.retry || what.code == "out_of_order") {
    // One before it was not taken: all from there on are posted again.
    const std::uint64_t first = what.expects.value_or(what.n.value);
    const std::size_t before = what.n.value - std::min(first, what.n.value);
    const milliseconds wait{what.retry_after_ms};
    if (what.code == "rate_limited") slow_down(wait);
    return retry(what.conversation, at, place - std::min(place, before),
                 wait > 0ms ? wait : retry_otherwise);
  }
  const std::size_t given_up = is_final ? 1 : at.posts.size() - place;
  const auto begin = at.posts.begin() + static_cast<std::ptrdiff_t>(place);
  if (place < at.sent_count) {
    const std::size_t were_sent = std::min(given_up, at.sent_count - place);
    at.sent_count -= were_sent;
    under_way_count_ -= were_sent;
  }
  if (!is_final) at.next_n = begin->n;
  at.posts.erase(begin, begin + static_cast<std::ptrdiff_t>(given_up));
  posts_waiting_count_ -= given_up;
  into_.given_up_count += given_up;
  push_all();
}

void device::on_ping(const heard& what) {
  line::say(said(all().spoken, pong_wish{}));
  for (const auto& [id, head] : what.heads)
    into_.deliveries.heard_of(id, head);
}

}  // namespace frontdesk::bench
