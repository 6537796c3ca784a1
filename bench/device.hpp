#pragma once

#include "bench/line.hpp"
#include "bench/measures.hpp"
#include "bench/speech.hpp"
#include "model/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <unordered_map>

namespace frontdesk::bench {

class device;

/// Who wants to know what happens to a device. All calls come from within its turn of the loop.
class witness {
 public:
  witness() = default;
  witness(const witness&) = delete;
  witness& operator=(const witness&) = delete;
  virtual ~witness() = default;

  /// It is known by its token and has its whole roster.
  virtual void on_ready(device&) {}
  /// Conversations that its person has now.
  virtual void on_items(device&, const std::vector<heard_summary>&) {}
  /// Applied: for the first time, in its order. Also its own, once they are acknowledged.
  virtual void on_event(device&, const heard_event&) {}
  /// A page, a `done`, or a fault that answers a request.
  virtual void on_answer(device&, const heard&) {}
  /// Its line is gone; it comes back by itself.
  virtual void on_away(device&) {}
};

/// One conversation as one device has it.
struct talk {
  struct pending {
    post_number n;
    std::string text;
    moment due;
    moment sent_at{};
  };

  checker::conversation_id checked{};
  sequence position;
  sequence reported;
  post_number next_n{1};
  std::deque<pending> posts;
  /// How many may be under way: few after a refusal, more with each ack.
  std::size_t window = limits::posts_unacked_max;
  /// Of these, so many from the front were sent on this link and are not refused.
  std::size_t sent_count = 0;
  bool is_followed = false;
  /// Also with the next line.
  bool wants_to_follow = true;
  bool waits_to_retry = false;
};

/// One install of a client, by the rules of docs/wire.md: it comes back when its line is lost,
/// follows from its positions, posts in order of n and again what has no answer, reports what it
/// has received. What it says, is answered and shows goes into the history for the checker.
///
/// At most `posts_unacked_max` posts are under way; others wait here, and count from when they were
/// due. So an open loop may run ahead of a slow node without a bound but its own end.
class device final : public line {
 public:
  struct identity {
    std::uint32_t number;
    std::string token;
    device_id id;
  };

  device(measures&, surroundings&, identity, witness&);

  void come();
  /// Drops the line without a word and stays away until `come`.
  void stay_away();

  void say(conversation_id, std::string text, moment due);
  void follow(conversation_id);
  /// Follows it no more; what it has is kept.
  void leave(conversation_id);
  void accept(std::uint32_t capacity);
  void close(conversation_id);
  void ask_for_page(conversation_id, sequence after, std::uint32_t limit);

  /// Who hears of it from now on.
  void tell(witness& whom) { told_ = &whom; }

  bool is_ready() const { return is_ready_; }
  bool is_away() const { return wants_away_; }
  person_id person() const { return person_; }
  const std::string& token() const { return identity_.token; }
  /// The one that a visitor's next first post opens; none while one is open.
  conversation_id next() const { return next_; }
  checker::device_id checked() const { return checked_; }
  const std::unordered_map<conversation_id, talk>& talks() const { return talks_; }
  bool has_posts_waiting() const { return posts_waiting_count_ > 0; }
  /// Nothing waits for an answer, and all that anybody has heard of these conversations is here.
  bool has_everything() const;

 protected:
  void on_open() override;
  void on_said(std::string_view message) override;
  void on_lost() override;
  void on_refused(milliseconds wait) override;
  std::string offers() const override;

 private:
  void hear(const heard&);
  void on_welcome(const heard&);
  void on_roster(const heard&);
  void on_event_heard(const heard_event&);
  void on_ack(const heard&);
  void on_fault(const heard&);
  void on_fault_of_post(const heard&, talk&, std::size_t at);
  void on_ping(const heard&);

  talk& talk_of(conversation_id);
  void push(conversation_id, talk&);
  void push_all();
  void subscribe(conversation_id, talk&);
  void subscribe_to_all();
  void say_subs();
  void report(conversation_id, talk&);
  void apply(talk&, const heard_event&, bool is_own);
  void retry(conversation_id, talk&, std::size_t from, milliseconds wait);
  void slow_down(milliseconds wait);
  void forget_link();
  void come_at(moment when);
  void tick();
  checker::post checked_post(const talk&, const talk::pending&) const;

  measures& into_;
  const identity identity_;
  witness* told_;
  person_id person_;
  checker::device_id checked_{};
  conversation_id next_;
  std::string seat_;
  std::unordered_map<conversation_id, talk> talks_;
  std::size_t posts_waiting_count_ = 0;
  std::size_t under_way_count_ = 0;
  std::uint32_t request_ = 0;
  std::uint32_t capacity_ = 0;
  moment heard_at_{};
  milliseconds backoff_;
  milliseconds slot_{0};
  std::minstd_rand chance_;
  bool is_named_ = false;
  bool is_ready_ = false;
  bool wants_away_ = true;
  /// Wait to be said in one frame.
  std::deque<conversation_id> subs_;
  bool is_subscribing_ = false;
  bool is_slowed_ = false;
  bool is_coming_ = false;
  bool ticks_ = false;
};

}  // namespace frontdesk::bench
