#pragma once

#include "actors/conversation.hpp"
#include "actors/pinned_actor.hpp"
#include "model/limits.hpp"
#include "model/read_marks.hpp"
#include "model/trace_board.hpp"
#include "model/transcript.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace frontdesk {

/// The conversation's state, for its own files only: what others may know of it is in
/// `conversation.hpp` and `interfaces.hpp`. `conversation.cpp` decides and records,
/// `conversation_telling.cpp` tells.

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
        tier_(board.tiers().of(name.tenant)),
        name_(name) {}

  const char* name() const override { return "conversation"; }

 protected:
  behavior_type make_behavior() override;

  /// What waits is heard by the next life; what an exception has left of this one is not asked to
  /// do more than to say what waits.
  void on_thrown(const std::string& thrown) override;
  std::string trace_at_work() override;
  void describe(failure&) override;
  /// What is under way nobody will be told of by this life.
  void on_stopped() override;

 private:
  using device_key = std::pair<person_id, device_id>;

  // ---- Waking.

  void on_woken(woken& answer);

  /// Nothing that waits here was recorded, as far as anybody knows: it may be wished again.
  void give_up(fault_code why);

  void refuse_wish(const say& wish, fault_code why) { refuse(wish.what, fault{why}); }
  void refuse_wish(const assign& wish, fault_code why);
  void refuse_wish(const give_back& wish, fault_code why);
  void refuse_wish(const close_conversation& wish, fault_code why);
  void refuse_wish(const tell_me&, fault_code) {}
  void refuse_wish(const speak_up&, fault_code) {}

  // ---- Wishes. Before waking they wait: posts up to a bound, and twice as many in all.

  template <class Wish>
  bool waits_for_waking(Wish& wish) {
    is_active_ = true;
    if (transcript_) return false;
    before_waking_.emplace_back(std::move(wish));
    return true;
  }

  void on_say(say wish);
  template <class Wish>
  void on_wish(Wish wish) {
    if (!transcript_ && before_waking_.size() >= limits::posts_waiting_max * 2) {
      return refuse_wish(wish, fault_code::busy);
    }
    if (!waits_for_waking(wish)) work_on(std::move(wish));
  }

  /// Takes a wish, and knows which one it was if that ends this actor.
  template <class Wish>
  void work_on(Wish wish) {
    try {
      take(wish);
    } catch (...) {
      at_work_ = caf::make_message(std::move(wish));
      throw;
    }
  }
  void take(say& wish);
  void take(assign& wish);
  void take(give_back& wish);
  void take(close_conversation& wish) { add(close_wish{wish.by}, wish.from); }
  void take(tell_me& wish);
  void take(speak_up&);

  /// A wish must not overtake a post that came before it and waits for its device's answers.
  void add(frontdesk::wish what, const waits_for& waiter);

  // ---- Posts that cannot be judged yet. Those of the same device behind them wait as well.

  /// Whether nothing of this device was held back before; what is too much is refused.
  bool hold_back(say wish);
  /// The device's answers are not at hand.
  void find_answers(say wish);
  void on_window_found(const device_key& device, window_found& found);
  /// The message that it changes is not at hand.
  void find_target(say wish);
  void on_versions_read(const device_key& device, versions_read& found);
  void go_on_with(const device_key& device);

  // ---- Recording.

  void append_next();
  void send_append();
  std::vector<span_ptr> traces_of_draft() const;
  void on_appended(const appended& fact);

  /// It is recorded: now it may be told. A post's author hears of its own first, so that the answer
  /// can stand for the event; then everybody hears of the events; then whoever wished something
  /// else.
  void settle(std::uint64_t number);
  void answer_posts();
  void spread(person_id was_with, std::vector<event> recorded);
  void spread_now(person_id was_with, std::vector<event> recorded);
  bool may_wait(person_id was_with, const std::vector<event>& recorded) const;
  /// Tells what was held back.
  void on_held_due();

  conversation_moved moved(told_events events) const;

  void publish_head() { head_ = std::make_shared<const head>(transcript_->at()); }

  // ---- Answers.

  /// What an answer needs to know of a post.
  static post brief(const post& what);
  void answer_post(const post& what, const post_answer& answer);
  void refuse(const post& what, const fault& why);
  void conclude(std::uint64_t tag, fault_code refusal);

  void measure_telling();

  /// @name Traces, of posts that have one
  /// @{
  void begin_trace(post&);
  void end_trace(const post&, std::string_view result, sequence);
  void note_traced(const post&, const std::optional<post_answer>&);
  /// @}

  template <class Fact>
  void tell_person(person_id who, Fact fact) {
    tell_person_message(who, caf::make_message(std::move(fact)));
  }
  void tell_person_message(person_id who, caf::message what);
  void tell_members(const caf::message& what);
  /// To the members except one.
  template <class Fact>
  void tell_others(person_id not_to, const Fact& fact) {
    for (const person_id who : {head_->visitor.person, head_->assignee.person}) {
      if (who && who != not_to) tell_person(who, fact);
    }
  }
  void answer_dispatcher(const dispatcher_waits& waiter, fault_code refusal);

  // ---- Ephemeral facts.

  void on_report_cursor(const report_cursor& fact);

  /// Somebody who is not a member, or was one before: how far she was is in the store.
  void find_stored_cursor(const report_cursor& fact);
  void on_report_typing(const report_typing& fact);
  void on_report_presence(const report_presence& fact);

  /// Writes the cursors that moved, the first at once, then at most one write per `cursor_flush`.
  /// Nobody is told of a cursor before it is recorded, so that none ever goes back.
  void flush_cursors();
  /// Tells of ticks that were left out under load, unless it is still there.
  void on_ticks_due();
  bool has_untold() const { return !untold_marks_.empty() || is_presence_untold_; }
  void tell_untold_later();
  void tell_untold();
  void tell_marks(const std::vector<reader_cursor>& moved);
  void on_cursors_kept(const std::vector<reader_cursor>& moved, append_outcome outcome);

  // ---- Coming to an end.

  std::vector<caf::message> unheard();
  caf::message culprit();
  trace_id trace_of_culprit();
  void end_waiters(fault_code why);

  void on_idle_due();
  void on_leave();

  switchboard& board_;
  registry_actor registry_;
  recorder_actor recorder_;
  const std::shared_ptr<tenant_tier> tier_;
  const conversation_name name_;
  incarnation life_;
  std::optional<transcript> transcript_;
  head_ptr head_;
  draft draft_;
  std::deque<std::variant<say, assign, give_back, close_conversation, tell_me, speak_up>>
      before_waking_;
  /// Of a device whose posts were held back and are being taken now.
  std::deque<say> taken_up_;
  /// The wish that has ended this actor.
  caf::message at_work_;
  std::map<device_key, std::deque<say>> held_back_;
  std::vector<std::pair<frontdesk::wish, waits_for>> behind_posts_;
  /// Posts that wait, without their text.
  std::unordered_map<std::uint64_t, post> posts_;
  /// How many of them are traced.
  std::size_t traced_count_ = 0;
  std::unordered_map<std::uint64_t, waits_for> waiters_;
  read_marks marks_;
  /// Recorded, and not told yet; bounded by `limits::delayed_events_max`.
  std::vector<event> held_events_;
  /// Those of them that are traced.
  std::vector<traced_event> traced_;
  /// When the first of them was known to be recorded; none if that is not measured.
  std::optional<moment> recorded_at_;
  /// Recorded, and not told under load; at most as many as `marks_` knows readers.
  std::vector<reader_cursor> untold_marks_;
  bool is_presence_untold_ = false;
  std::uint64_t tags_ = 0;
  bool is_flush_due_ = false;
  bool is_active_ = false;
  bool is_visitor_online_ = false;
  bool is_leaving_ = false;
  /// Somewhere: perhaps on the way from what was recorded to those who were to hear of it.
  bool has_thrown_ = false;
};

}  // namespace frontdesk
