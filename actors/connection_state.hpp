#pragma once

#include "actors/pinned_actor.hpp"
#include "actors/switchboard.hpp"
#include "actors/transport.hpp"
#include "model/feed.hpp"
#include "model/limits.hpp"
#include "model/rate.hpp"
#include "model/receive_window.hpp"
#include "model/tier_board.hpp"
#include "model/trace_board.hpp"
#include "wire/encoding.hpp"
#include "wire/frame.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace frontdesk {

/// Private to connection*.cpp: the state of one connection's actor, split over five files by what
/// they do: `connection_frames.cpp` does what the client wishes, `connection_posts.cpp` keeps posts
/// in order that wait for their files, `connection_feeds.cpp` brings events from store and desk in
/// order, `connection_traces.cpp` tells operators of them, `connection_state.cpp` begins, keeps
/// time and ends.
///
///     fresh ──hello──→ greeting ──attached──→ open ──close, bye, silence──→ closed
///
/// Bounds: posts under way, feeds, reads under way, requests that wait, and bytes that wait for the
/// socket; each has its limit in model/limits.hpp and its answer here.
class connection_state final : public pinned_actor<connection_actor::base> {
 public:
  connection_state(caf::actor_config&, switchboard&, connection_id, std::shared_ptr<transport>);

  const char* name() const override { return "connection"; }

 protected:
  behavior_type make_behavior() override;
  void on_down(caf::down_msg&) override;
  void on_exit_wish(caf::exit_msg&) override;
  void on_thrown(const std::string& thrown) override;
  std::string trace_at_work() override;
  void describe(failure&) override;
  void on_stopped() override;

 private:
  enum class phase : std::uint8_t { fresh, greeting, open, closed };

  /// Which track of which conversation a feed follows.
  using feed_key = std::pair<conversation_id, track>;

  using known_entries = std::unordered_map<conversation_id, roster_entry>;

  /// What is told to operators of a post when it has an answer.
  struct struck_post {
    /// Null: it is not traced.
    span_ptr trace;
    /// When its frame came; none of most, of which it is not measured.
    std::optional<moment> came_at;
  };
  struct post_under_way {
    conversation_id conversation;
    post_number n;
    moment deadline;
    /// Of its tenant's; it is given back with this.
    posts_in_flight::place place;
    struck_post told;
  };
  /// A post that is traced, and that is being taken or answered just now.
  struct post_at_work {
    span_ptr trace;
    conversation_id conversation;
    post_number n;
  };
  /// A message that is traced, and that this connection is behind with.
  struct delivery_under_way {
    conversation_id conversation;
    track where;
    sequence seq;
    span_ptr trace;
  };
  /// A post that waits for what its file is, or behind one that does.
  struct held_post {
    say said;
    file_id file;
  };
  /// A wish of the client that another actor answers.
  struct request_under_way {
    frame::request_id id = 0;
    moment deadline;
  };

  // connection_state.cpp: beginning, time, end.
  void greet(const identity& who, device_id device);
  void attach_to_person();
  void on_attached(attached&);
  void send_welcome();
  void send_roster(const std::vector<roster_entry>&, const known_entries& gone);
  void on_own_status(const own_status&);
  void on_tier_moved();
  void on_next_opening(const next_opening&);
  void on_pulse();
  void expire_posts();
  void expire_all();
  void expire_requests();
  void pulse_within(std::chrono::milliseconds);
  void ping();
  void look_around();
  void close_with(close_code, std::optional<std::uint32_t> retry_after_ms = std::nullopt);
  void on_attach_due();
  void on_all_said();
  void end_errand_if_done();
  void on_device_reported(const device_reported&);
  void on_transport_closed(const parting&);
  std::uint32_t own_slot_ms();
  void end();

  // connection_frames.cpp: what the client wishes.
  void on_frame_received(const frame_received&);
  void on_unreadable(const frame::unreadable&);
  frame_sender sender() const;
  quarantine_gate::verdict verdict_of(const frame_received&) const;
  void refuse_confined(const frame_received&, quarantine_gate::verdict);
  template <class Frame>
  void do_watched(Frame&, std::size_t bytes);
  void do_frame(frame::hello&);
  void do_frame(frame::refresh&);
  void do_frame(frame::sub&);
  void do_frame(frame::unsub&);
  void do_frame(frame::post&);
  void do_frame(frame::history&);
  void do_frame(frame::received&);
  void do_frame(frame::read&);
  void do_frame(frame::typing&);
  void do_frame(frame::status&);
  void do_frame(frame::watch&);
  void do_frame(frame::list&);
  void do_frame(frame::agents&);
  void do_frame(frame::transfer&);
  void do_frame(frame::give_back&);
  void do_frame(frame::close&);
  void do_frame(frame::pong&);
  std::optional<fault> why_not(const frame::post&);
  void take_post(frame::post&, fault_code refusal);
  post post_of(frame::post&) const;
  bool shows_typing() const;
  bool may_see(conversation_id) const;
  fault under_load() const;
  bool agents_only(frame::request_id);
  bool takes_request(std::optional<frame::request_id>);
  void on_post_answered(const post_answered&);
  void tell_answer(const post_answered&);
  void note_received(conversation_id, sequence);
  void on_request_answered(const request_answered&);
  void on_agents_listed(const agents_listed&);
  void list_mine(const frame::list&);
  void on_list_read(const frame::list&, const list_read&);
  void on_events_read(const frame::history&, events_read&);

  // connection_posts.cpp: posts in order, also those with files.
  std::optional<fault> awaits(const frame::post&, const span_ptr& trace);
  void hand_on(say, file_id);
  void pass_on(say);
  void ask_for_files();
  void ask_for_file(const post&, file_id);
  void on_file_taken(const file_taken&);
  void refuse_post(const say&, fault_code);
  bool is_under_way(const frame::post&) const;
  struck_post strike_post(conversation_id, post_number);
  void refuse_held(const say& first, fault_code);

  // connection_feeds.cpp: events in order, and what stands in lists.
  void follow(const frame::subscription&);
  void follow_track(const feed_key&, sequence after, std::optional<sequence> known);
  void on_conversation_moved(const conversation_moved&);
  bool push_events(const conversation_moved&);
  void know_heads(const head&);
  void push(const told_event&);
  void note_delivered(const conversation_moved&);
  bool goes_lean(const event&) const;
  void push_lean(const event&);
  void note_pushed(const event&, std::size_t bytes);
  void send_lean();
  void on_received(conversation_id, sequence);
  bool is_stalled() const;
  void tell_of(conversation_id);
  void tell_waiting();
  std::optional<conversation_id> next_now() const;
  void on_desk_moved(const desk_moved_ptr&);
  void list_moved(const desk_moved&, frame::desk& news) const;
  void on_cursor_seen(const cursor_seen&);
  void on_typing_seen(const typing_seen&);
  void on_presence_seen(const presence_seen&);
  void on_place_seen(const place_seen&);
  void pump();
  void read_page(const feed_key&, feed&);
  void on_page(const feed_key&, sequence after, events_read&);
  void run_read(std::function<void()> begin, frame::request_id);
  void read_ended();
  frame::summary summary_of(const roster_entry&) const;

  // connection_traces.cpp: what operators are told of posts, pushes and frames.
  span_ptr trace_of(const frame::post&);
  void end_post(const span_ptr&, conversation_id, post_number, std::string_view result,
                sequence seq = {});
  void end_answered(const span_ptr&, const post_answered&);
  void await_delivery(const told_event&, const feed&);
  void note_delivery(const told_event&);
  void end_delivery(const span_ptr&, conversation_id, sequence, std::string_view result);
  void end_traces();
  bool is_watched() const { return board_.traces().is_watched(); }
  void note(const connection_note&);
  connection_note signed_by_self(connection_note) const;
  void note_greeting();
  void note_frame(connection_note::kinds, std::string_view word, conversation_id,
                  std::size_t bytes);
  void note_refusal(const fault&, conversation_id);
  void note_end(std::string_view why, std::uint32_t code = 0);
  void note_end(close_code code) { note_end(reason_of(code), static_cast<std::uint32_t>(code)); }
  void note_own_fall(quarantine_gate::verdict);

  // Sending.
  template <class Frame>
  void send(const Frame& what);
  void send_bytes(frame_bytes);
  template <class Frame>
  void send_if_room(const Frame& what) {
    if (has_room()) send(what);
  }
  void refuse(const fault&, std::optional<frame::request_id> id = std::nullopt,
              std::optional<conversation_id> = std::nullopt,
              std::optional<post_number> = std::nullopt);
  bool has_room() const;
  bool is_crowded_out() const;
  bool keeps_up() const { return has_room() && !window_.is_full(); }
  bool is_agent() const { return who_.is_agent(); }
  named_person self() const { return {who_.who.person, who_.name}; }
  bool is_errand() const { return kind_ == carries::errand; }
  /// The answer is awaited from now on.
  asker asks(frame::request_id id);
  void answered(frame::request_id id);
  std::size_t near() const { return home() != nullptr ? home()->place().index : 0; }
  template <class Wish>
  void to_conversation_named(conversation_id id, Wish wish) {
    tell(registry_,
         to_conversation{{who_.who.tenant, id}, near(), caf::make_message(std::move(wish))});
  }
  template <class Wish>
  void to_own_person(Wish wish, bool wakes = false) {
    tell(registry_, to_person{who_.who, wakes, near(), caf::make_message(std::move(wish))});
  }
  template <class Wish>
  void to_own_dispatcher(Wish wish) {
    tell(registry_, to_dispatcher{who_.who.tenant, who_.team, caf::make_message(std::move(wish))});
  }

  switchboard& board_;
  registry_actor registry_;
  std::shared_ptr<transport> wire_;
  /// Its tenant's, from the greeting on.
  std::shared_ptr<outbound_account> account_;
  std::shared_ptr<tenant_tier> tier_;
  /// Null: nothing is counted.
  traffic_tally* counted_ = nullptr;
  const connection_id id_;
  const carries kind_;
  const encoding spoken_;
  const char* const came_by_;
  identity who_;
  device_id device_;
  phase phase_ = phase::fresh;
  /// In which phase the latest frame came.
  phase frame_phase_ = phase::fresh;
  unsigned strikes_count_ = 0;
  /// As the client knows it.
  unsigned told_tier_ = 0;
  bool knows_lean_ = false;
  /// What goes with the next lean frame: before this turn ends, or anything else is sent.
  frame::lean lean_;
  std::size_t lean_bytes_ = 0;
  bool is_watching_ = false;
  bool is_paused_ = false;
  bool is_attached_ = false;
  bool is_all_said_ = false;
  moment heard_at_;
  moment pinged_at_;
  moment pulse_at_;
  moment typed_at_;
  rate posts_rate_{limits::posts_per_second_visitor, limits::posts_burst_visitor};
  rate requests_rate_{limits::requests_per_second, limits::requests_burst};
  next_opening next_;
  frame::me own_;
  frame::counts totals_;
  std::vector<post_under_way> posts_;
  post_at_work at_work_;
  /// Bounded by `limits::deliveries_traced_max`.
  std::vector<delivery_under_way> awaited_;
  /// Bounded by `limits::posts_unacked_max`.
  std::deque<held_post> held_posts_;
  /// Whose answer comes from another actor. Bounded by the rate of requests and by the time that
  /// each is awaited.
  std::deque<request_under_way> requests_;
  std::map<feed_key, feed> feeds_;
  receive_window window_;
  /// When the window became full, or the device last went on since.
  moment stalled_at_;
  known_entries known_;
  /// Where posts were recorded of which the roster does not know: their author may follow at once.
  std::unordered_set<conversation_id> acked_;
  /// Conversations of which the client has yet to hear, because it did not keep up.
  std::vector<conversation_id> untold_;
  std::size_t reads_count_ = 0;
  std::vector<std::function<void()>> reads_waiting_;
};

}  // namespace frontdesk
