#include "actors/connection_state.hpp"

#include "model/planted_bug.hpp"
#include "model/reconnect_slots.hpp"

#include <algorithm>

namespace frontdesk {

namespace {

/// How long a connection outlives its token, so that a refresh that is under way still finds it.
constexpr std::int64_t token_grace_ms = 25'000;
/// How long a device waits before it asks for a person that has just failed.
constexpr std::chrono::milliseconds attach_pause{50};
/// Longer than a person needs to load its roster.
constexpr std::chrono::milliseconds attach_patience = limits::answer_max;
/// The codes after which a client comes again by itself (docs/wire.md §6).
bool asks_back(close_code code) {
  return static_cast<unsigned>(code) / 100 == 40;
}

/// Pulses come ten percent early or late; this far apart they do not crowd.
constexpr std::chrono::milliseconds pulse_min{250};

}  // namespace

connection_state::connection_state(caf::actor_config& config, switchboard& board, connection_id id,
                                   std::shared_ptr<transport> wire)
    : pinned_actor(config),
      board_(board),
      registry_(board.registry()),
      wire_(std::move(wire)),
      id_(id),
      kind_(wire_->kind()),
      spoken_(wire_->spoken()),
      came_by_(name_of(wire_->came_by())) {}

connection_state::behavior_type connection_state::make_behavior() {
  heard_at_ = pinged_at_ = now();
  counted_ = board_.traffic().at(near());
  board_.connected().note(id_, connection_actor{this}, wire_->came_by());
  pulse_within(limits::hello_max);
  return {
      [this](attached& fact) { on_attached(fact); },
      [this](const conversation_moved& fact) { on_conversation_moved(fact); },
      [this](const post_answered& fact) { on_post_answered(fact); },
      [this](const request_answered& fact) { on_request_answered(fact); },
      [this](const agents_listed& fact) { on_agents_listed(fact); },
      [this](const cursor_seen& fact) { on_cursor_seen(fact); },
      [this](const typing_seen& fact) { on_typing_seen(fact); },
      [this](const presence_seen& fact) { on_presence_seen(fact); },
      [this](const place_seen& fact) { on_place_seen(fact); },
      [this](const desk_moved_ptr& fact) { on_desk_moved(fact); },
      [this](const next_opening& fact) { on_next_opening(fact); },
      [this](const own_status& fact) { on_own_status(fact); },
      [this](const device_reported& fact) { on_device_reported(fact); },
      [this](tier_moved) { on_tier_moved(); },
      [this](const dismiss& wish) { close_with(wish.code, wish.retry_after_ms); },
      [this](const frame_received& fact) { on_frame_received(fact); },
      [this](transport_drained) { pump(); },
      [this](transport_all_said) { on_all_said(); },
      [this](const transport_closed& fact) { on_transport_closed(fact.how); },
      [this](pulse_due) { on_pulse(); },
      [this](attach_due) { on_attach_due(); },
  };
}

// ---- Beginning.

void connection_state::greet(const identity& who, device_id device) {
  who_ = who;
  device_ = device;
  if (is_agent()) posts_rate_ = rate{limits::posts_per_second_agent, limits::posts_burst_agent};
  phase_ = phase::greeting;
  board_.connected().note_tenant(id_, who_.who.tenant);
  account_ = board_.outbound().of(who_.who.tenant);
  tier_ = board_.tiers().of(who_.who.tenant);
  wire_->charge_to({board_.outbound().shared_from_this(), account_, id_});
  wire_->pause();
  if (is_watched()) note_greeting();
  attach_to_person();
  pulse_within(limits::answer_max + limits::answer_max);
}

/// A person that ends before it has read the wish answers nothing, and nobody says so: therefore it
/// is wished again until it is answered.
void connection_state::attach_to_person() {
  is_attached_ = false;
  remind(attach_patience, attach_due{});
  to_own_person(attach_device{connection_actor{this}, id_, device_, who_, kind_}, true);
}

/// Also after the person was made anew: then the roster is told again, as deltas.
void connection_state::on_attached(attached& fact) {
  if (phase_ == phase::closed) return;
  monitor(caf::actor_cast<caf::actor_addr>(current_sender()));
  is_attached_ = true;
  const bool is_first = phase_ == phase::greeting;
  own_ = fact.own;
  totals_ = fact.totals;
  next_ = fact.next;
  if (is_first) {
    phase_ = phase::open;
    if (!is_errand()) send_welcome();
  }
  auto before = std::exchange(known_, {});
  acked_.clear();
  for (const roster_entry& each : fact.roster) {
    known_[each.at->conversation] = each;
    before.erase(each.at->conversation);
  }
  if (!is_errand()) send_roster(fact.roster, before);
  if (is_first) {
    wire_->resume();
    pulse_within(board_.settings().ping_interval);
  } else {
    // The person of before may have taken answers with it: whatever waits is wished again.
    expire_all();
    if (phase_ == phase::closed) return;
  }
  for (auto& [key, each] : feeds_)
    each.look();
  pump();
}

void connection_state::send_welcome() {
  frame::welcome hello;
  hello.person = self();
  hello.history = board_.history();
  hello.time = board_.wall_now();
  hello.connection = id_;
  if (board_.foundation().files != nullptr) hello.file_bytes_max = board_.settings().file_bytes_max;
  hello.tier = told_tier_ = tier_->tier();
  hello.seat = board_.foundation().proof.seat(hello.time);
  if (is_agent()) {
    hello.role = who_.role;
    hello.own = own_;
  } else if (const inbox* at = board_.directory_now()->find(who_.who.tenant, who_.inbox)) {
    hello.inbox =
        frame::inbox_look{at->name, at->accent, at->greeting, at->locale, at->typing_preview};
  }
  send(hello);
}

void connection_state::send_roster(const std::vector<roster_entry>& all,
                                   const known_entries& gone) {
  frame::roster part;
  for (const auto& [id, entry] : gone)
    part.removed.push_back(id);
  for (const roster_entry& each : all) {
    if (part.items.size() == limits::summaries_per_frame_max) {
      part.more = true;
      send(part);
      part = {};
    }
    part.items.push_back(summary_of(each));
  }
  part.next = next_now();
  send(part);
}

void connection_state::on_own_status(const own_status& fact) {
  // A poll ends with the first news, and every poll that begins makes its agent be told this.
  const bool is_news = kind_ == carries::both_ways || fact.own != own_;
  own_ = fact.own;
  totals_.mine = own_.load;
  if (phase_ == phase::open && is_news && !is_errand()) send(own_);
}

void connection_state::on_tier_moved() {
  if (phase_ != phase::open || is_errand() || tier_->tier() == told_tier_) return;
  told_tier_ = tier_->tier();
  send(frame::mode{told_tier_});
}

void connection_state::on_next_opening(const next_opening& fact) {
  next_ = fact;
  frame::roster delta;
  delta.next = next_now();
  if (phase_ == phase::open) send(delta);
}

// ---- Time.

void connection_state::pulse_within(std::chrono::milliseconds delay) {
  const moment due = now() + delay;
  if (pulse_at_ > now() && pulse_at_ <= due) return;
  pulse_at_ = due;
  if (wire_) wire_->pulse_after(delay);
}

void connection_state::on_pulse() {
  pulse_at_ = {};
  if (phase_ == phase::closed) return;
  if (phase_ != phase::open) {
    return close_with(phase_ == phase::fresh ? close_code::no_hello : close_code::internal);
  }
  if (board_.wall_now().value > who_.expires_at.value + token_grace_ms) {
    return close_with(close_code::token_expired);
  }
  const auto interval = board_.settings().ping_interval;
  const auto patience = interval + (limits::silence_max - limits::ping_interval);
  if (now() - heard_at_ > patience) return close_with(close_code::no_pong);
  if (is_stalled() && now() - stalled_at_ >= limits::receive_stall_max) {
    return close_with(close_code::slow);
  }
  expire_posts();
  expire_requests();
  if (phase_ == phase::closed) return;
  pump();
  if (now() - pinged_at_ >= interval - interval / 5) ping();
  auto due = std::min(pinged_at_ + interval, heard_at_ + patience);
  if (!posts_.empty()) due = std::min(due, posts_.front().deadline);
  if (!requests_.empty()) due = std::min(due, requests_.front().deadline);
  if (is_stalled()) due = std::min(due, stalled_at_ + limits::receive_stall_max);
  const auto next = std::chrono::duration_cast<std::chrono::milliseconds>(due - now());
  pulse_within(std::max(next, pulse_min));
}

void connection_state::ping() {
  pinged_at_ = now();
  frame::ping sign;
  for (const auto& [key, each] : feeds_) {
    if (key.second != track::visible || !each.is_caught_up()) continue;
    sign.heads.emplace_back(key.first, each.pushed());
    if (sign.heads.size() == limits::subs_per_frame_max) break;
  }
  send(sign);
  look_around();
}

/// Nobody tells this device of conversations that are not its person's, but the desk's ticks, of
/// which one may be lost with its dispatcher. So now and then it looks for itself.
void connection_state::look_around() {
  for (auto& [key, each] : feeds_) {
    if (!known_.contains(key.first)) each.look();
  }
  pump();
}

void connection_state::expire_all() {
  for (post_under_way& each : posts_)
    each.deadline = now();
  expire_posts();
}

/// Posts whose answer did not come in time: it is not known whether they were recorded, and the
/// client finds out by posting them again.
void connection_state::expire_posts() {
  const moment at = now();
  std::erase_if(posts_, [&](const post_under_way& each) {
    if (each.deadline > at) return false;
    refuse(fault{fault_code::busy}, std::nullopt, each.conversation, each.n);
    end_post(each.told.trace, each.conversation, each.n, entry_of(fault_code::busy).name);
    return true;
  });
  end_errand_if_done();
  if (phase_ == phase::closed) return;
  if (is_paused_ && posts_.size() < limits::posts_unacked_max) {
    is_paused_ = false;
    wire_->resume();
  }
}

/// The same for other wishes: whoever should have answered has gone.
void connection_state::expire_requests() {
  if (is_planted(planted_bug::forgets_requests)) return;
  while (!requests_.empty() && requests_.front().deadline <= now()) {
    const frame::request_id id = requests_.front().id;
    requests_.pop_front();
    refuse(fault{fault_code::busy}, id);
  }
  end_errand_if_done();
}

asker connection_state::asks(frame::request_id id) {
  requests_.push_back({id, now() + limits::post_answer_max});
  pulse_within(limits::post_answer_max / 4);
  return {who_.who.person, id_, id};
}

void connection_state::answered(frame::request_id id) {
  const auto at = std::ranges::find(requests_, id, &request_under_way::id);
  if (at != requests_.end()) requests_.erase(at);
}

// ---- Ending.

void connection_state::close_with(close_code code, std::optional<std::uint32_t> retry_after_ms) {
  if (phase_ == phase::closed) return;
  frame::bye last;
  last.code = code;
  last.retry_after_ms = retry_after_ms;
  if (counted_ != nullptr) counted_->closed(code);
  // Where one is sent away, others may be as well: each is given a slot of its own.
  if (!retry_after_ms && asks_back(code)) last.retry_after_ms = own_slot_ms();
  send(last);
  if (is_watched()) note_end(code);
  const auto wire = std::move(wire_);
  wire->close(code);
  end();
}

/// The number of a connection is drawn by a hash, so that neighbours lie apart.
std::uint32_t connection_state::own_slot_ms() {
  const reconnect_slots slots(board_.connected().count(), board_.settings().hellos_per_second);
  return static_cast<std::uint32_t>(slots.drawn(mixed(id_.value)).count());
}

void connection_state::on_all_said() {
  is_all_said_ = true;
  end_errand_if_done();
}

void connection_state::end_errand_if_done() {
  const bool is_done = is_all_said_ && phase_ == phase::open && posts_.empty() &&
                       requests_.empty() && reads_count_ == 0 && reads_waiting_.empty();
  if (!is_done) return;
  if (is_watched()) note_end(name_of(parting::ways::answered));
  std::exchange(wire_, nullptr)->close(close_code::drain);
  end();
}

void connection_state::on_device_reported(const device_reported& fact) {
  if (phase_ != phase::open) return;
  heard_at_ = now();
  if (fact.conversation) on_received(fact.conversation, fact.seq);
}

void connection_state::on_transport_closed(const parting& how) {
  if (phase_ == phase::closed) return;
  if (is_watched()) note_end(name_of(how.way), how.code);
  // These two the transport sent away itself.
  if (counted_ != nullptr && how.way == parting::ways::stalled) counted_->closed(close_code::slow);
  if (counted_ != nullptr && how.way == parting::ways::breach) {
    counted_->closed(close_code::bad_request);
  }
  wire_.reset();
  end();
}

void connection_state::end() {
  const bool was_attached = phase_ == phase::greeting || phase_ == phase::open;
  phase_ = phase::closed;
  if (was_attached) to_own_person(device_gone{id_});
  quit();
}

/// The person has ended by a failure, or in the very moment in which this device came: a fresh one
/// is made by asking for it. Not at once, because what made it fail may still be so.
void connection_state::on_down(caf::down_msg&) {
  is_attached_ = false;
  remind(attach_pause, attach_due{});
}

void connection_state::on_attach_due() {
  const bool is_wanted = phase_ == phase::open || phase_ == phase::greeting;
  if (is_wanted && !is_attached_) attach_to_person();
}

void connection_state::on_exit_wish(caf::exit_msg&) {
  close_with(close_code::drain);
}

/// The device comes again by itself, and says again what was not answered.
void connection_state::on_thrown(const std::string& thrown) {
  const caf::message culprit = what_was_handled();
  auto known_as = quarantine_gate::verdict::innocent;
  if (culprit.match_elements<frame_received>()) {
    const std::string& bytes = culprit.get_as<frame_received>(0).bytes;
    known_as = board_.quarantine().has_ended(
        name(), suspect_of(sender(), who_.who.tenant, spoken_, bytes), thrown, now());
  }
  note_own_fall(known_as);
}

void connection_state::describe(failure& found) {
  found.is_of(who_.who);
  found.device = device_;
}

void connection_state::on_stopped() {
  end_traces();
  if (wire_ && counted_ != nullptr) counted_->closed(close_code::internal);
  if (wire_ && is_watched()) note_end(close_code::internal);
  if (wire_) wire_->close(close_code::internal);
  wire_.reset();
  registry_ = registry_actor{};
  reads_waiting_.clear();
  held_posts_.clear();
  posts_.clear();
  board_.connected().strike(id_);
}

}  // namespace frontdesk
