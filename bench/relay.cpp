#include "bench/scenarios.hpp"
#include "bench/schedule.hpp"
#include "bench/staff.hpp"
#include "model/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace frontdesk::bench {

namespace {

/// A little slower than the node allows a visitor.
constexpr microseconds pause_min{210'000};
/// Those of four visitors at this pause are what the node allows an agent's connection.
constexpr unsigned visitors_per_device = 4;
/// New visitors a second while the stage is set: this part is not measured.
constexpr double arrivals_per_s = 500;

class relay final : public witness {
 public:
  relay(const wishes& wished, identities& people, caller who)
      : at_(wished, people, std::move(who)), agents_(at_, *this), pause_(pause_of(wished)) {}

  result run() {
    set_stage();
    at_.enter("measuring");
    at_.start_counting();
    speak();
    while (!at_.is_over())
      at_.turn();
    at_.stop_counting();
    is_answering_ = false;
    const wishes& wished = at_.wished;
    return at_.finish(
        "relay", fmt::format("{} pairs, {} agents, {} loop, {} bytes each, a visitor's message "
                             "every {:.0f} ms, {}",
                             wished.clients, agents_.count(),
                             wished.loop == loop_kind::open ? "open" : "closed", wished.text_bytes,
                             static_cast<double>(pause_.count()) / 1000,
                             subprotocols[index_of(wished.spoken)]));
  }

  void on_ready(device& who) override {
    const auto found = pairs_by_device_.find(&who);
    if (found == pairs_by_device_.end()) return;
    pair& one = *found->second;
    if (one.conversation) return;
    one.conversation = who.next();
    at_.claim(one.conversation);
    pairs_by_conversation_[one.conversation] = &one;
    who.say(one.conversation, text_of(one), clock::now());
  }

  void on_event(device& who, const heard_event& what) override {
    const auto found = pairs_by_conversation_.find(what.conversation);
    if (found == pairs_by_conversation_.end()) return;
    pair& one = *found->second;
    if (&who == one.visitor) {
      on_event_at_visitor(one, what);
    } else if (what.author.is_visitor() && what.kind == event_kind::message) {
      if (!std::exchange(one.is_joined, true)) ++joined_count_;
      if (is_answering_ && !at_.is_over()) who.say(what.conversation, text_of(one), clock::now());
    }
  }

 private:
  struct pair {
    device* visitor;
    std::size_t number;
    conversation_id conversation;
    std::uint64_t turn = 0;
    std::uint64_t texts_count = 0;
    moment spoke_at{};
    bool is_joined = false;
  };

  static microseconds pause_of(const wishes& wished) {
    if (wished.rate <= 0) return pause_min;
    // Half of the messages are answers.
    const double seconds = 2.0 * wished.clients / wished.rate;
    const microseconds pause{static_cast<microseconds::rep>(seconds * 1e6)};
    if (pause >= pause_min) return pause;
    throw cannot_measure(fmt::format(
        "{} messages a second take {:.0f} pairs at least: the node allows a visitor {} "
        "posts a second.",
        wished.rate, std::ceil(wished.rate * static_cast<double>(pause_min.count()) / 2e6),
        limits::posts_per_second_visitor));
  }

  std::string text_of(pair& one) const {
    return fmt::format("{:x<{}}", fmt::format("{} of {} ", ++one.texts_count, one.number),
                       at_.wished.text_bytes);
  }

  void set_stage() {
    at_.enter("opening conversations");
    const unsigned pairs = at_.wished.clients;
    const unsigned agents = at_.wished.agents > 0
                                ? at_.wished.agents
                                : (pairs + visitors_per_device - 1) / visitors_per_device;
    agents_.come({agents, pairs, visitors_per_device});
    for (unsigned i = 0; i < pairs; ++i) {
      pair& one = pairs_.emplace_back(pair{&at_.add_visitor(*this), i, {}});
      pairs_by_device_[one.visitor] = &one;
    }
    const moment begin = clock::now();
    for (pair& one : pairs_) {
      const auto after = std::chrono::duration<double>(one.number / arrivals_per_s);
      at_.turning.at(begin + std::chrono::duration_cast<microseconds>(after),
                     [&one] { one.visitor->come(); });
    }
    at_.expect(fmt::format("an agent in each of {} conversations", pairs),
               [this] { return joined_count_ == pairs_.size(); });
    is_answering_ = true;
  }

  /// From now on each speaks by the clock, or each begins.
  void speak() {
    const schedule when(at_.began(), pause_, pairs_.size());
    if (at_.wished.loop == loop_kind::closed) {
      at_.into.expected_interval_us = static_cast<std::uint64_t>(pause_.count());
    }
    for (pair& one : pairs_)
      speak_at(one, when.due(one.number, 0));
  }

  void speak_at(pair& one, moment due) {
    at_.turning.at(due, [this, &one, due] {
      if (at_.is_over()) return;
      one.spoke_at = due;
      ++one.turn;
      one.visitor->say(one.conversation, text_of(one), due);
      if (at_.wished.loop == loop_kind::closed) return;
      speak_at(one, schedule(at_.began(), pause_, pairs_.size()).due(one.number, one.turn));
    });
  }

  void on_event_at_visitor(pair& one, const heard_event& what) {
    if (what.kind == event_kind::assigned || what.kind == event_kind::transferred) {
      agents_.follow(what.conversation, what.to);
    }
    const bool is_answer = what.kind == event_kind::message && what.author.is_agent();
    if (!is_answer || at_.wished.loop == loop_kind::open || !is_answering_) return;
    speak_at(one, std::max(one.spoke_at + pause_, clock::now()));
  }

  stage at_;
  staff agents_;
  const microseconds pause_;
  std::deque<pair> pairs_;
  std::unordered_map<const device*, pair*> pairs_by_device_;
  std::unordered_map<conversation_id, pair*> pairs_by_conversation_;
  std::size_t joined_count_ = 0;
  bool is_answering_ = false;
};

}  // namespace

result run_relay(const wishes& wished, identities& people, caller who) {
  return relay(wished, people, std::move(who)).run();
}

}  // namespace frontdesk::bench
