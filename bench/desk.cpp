#include "bench/scenarios.hpp"
#include "bench/staff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace frontdesk::bench {

namespace {

using namespace std::chrono_literals;

/// What an agent says a second over one connection, below what the node allows (20).
constexpr double agent_posts_per_s = 15;
constexpr milliseconds pace_min = 500ms;
/// One who asks to be connected has one device, however many conversations.
constexpr unsigned each_device = 1000;

/// What is said when no corpus is given.
std::vector<dialogue> own_dialogues() {
  return {{{{false, "Hello, where is my parcel? The order is 4711."},
            {true, "Hi! Let me look it up for you."},
            {true, "It left our warehouse this morning."},
            {false, "Great. 谢谢！"},
            {true, "You are welcome. Anything else?"},
            {false, "No, thank you."}}}};
}

/// As many conversations at once as are wished. Each visitor comes, opens one, waits in the queue,
/// talks through a dialogue, sees it closed, goes, and comes again with the next.
class desk final : public witness {
 public:
  desk(const wishes& wished, identities& people, caller who)
      : at_(wished, people, std::move(who)),
        agents_(at_, *this),
        dialogues_(wished.dialogues.empty() ? own_dialogues() : wished.dialogues),
        agents_count_(wished.agents > 0 ? wished.agents : (wished.clients + 13) / 14),
        pace_(pace_of(wished)) {}

  result run() {
    at_.enter("agents sit down");
    agents_.come({agents_count_, at_.wished.clients, each_device, at_.wished.capacity});
    for (unsigned i = 0; i < at_.wished.clients; ++i) {
      guest& one = guests_.emplace_back();
      one.visitor = &at_.add_visitor(*this);
      guests_by_device_[one.visitor] = &one;
    }
    at_.enter("conversations");
    at_.start_counting();
    let_guests_in();
    while (!at_.is_over())
      at_.turn();
    at_.stop_counting();
    tell();
    return at_.finish(
        "desk", fmt::format("{} conversations at once, {} agents, {} dialogues, {:.1f} s between "
                            "hearing and saying",
                            at_.wished.clients, agents_.count(), dialogues_.size(),
                            std::chrono::duration<double>(pace_).count()));
  }

  void on_ready(device& who) override {
    const auto found = guests_by_device_.find(&who);
    if (found == guests_by_device_.end()) return;
    guest& one = *found->second;
    // After a lost line it only goes on.
    if (one.conversation) return;
    count(arrivals_us_, one.came_at);
    one.conversation = who.next();
    at_.claim(one.conversation);
    guests_by_conversation_[one.conversation] = &one;
    ++opened_count_;
    one.asked_at = clock::now();
    say_next(one, one.asked_at);
  }

  void on_event(device& who, const heard_event& what) override {
    const auto found = guests_by_conversation_.find(what.conversation);
    if (found == guests_by_conversation_.end()) return;
    guest& one = *found->second;
    const bool is_visitors = &who == one.visitor;
    if (what.kind == event_kind::message) {
      // What one side says counts when the other has seen it.
      if (what.author.is_visitor() != is_visitors) on_seen(one);
    } else if (is_visitors && what.kind == event_kind::assigned) {
      count(waits_us_, one.asked_at);
      agents_.follow(what.conversation, what.to);
    } else if (is_visitors && what.kind == event_kind::closed) {
      on_closed(one);
    } else if (what.kind == event_kind::closed) {
      // An agent has had more in an hour than a connection may follow.
      who.leave(what.conversation);
    }
  }

 private:
  struct guest {
    device* visitor = nullptr;
    conversation_id conversation;
    const dialogue* says = nullptr;
    std::size_t turn = 0;
    std::size_t seen = 0;
    moment came_at{};
    moment asked_at{};
    moment ended_at{};
  };

  milliseconds pace_of(const wishes& wished) const {
    if (wished.pace > 0ms) return wished.pace;
    // An agent says every other turn.
    const double seconds = wished.clients / (2.0 * agents_count_ * agent_posts_per_s);
    return std::max(pace_min, milliseconds{static_cast<milliseconds::rep>(seconds * 1000)});
  }

  void count(latencies& to, moment since) const {
    if (at_.into.counts(since)) to.record(microseconds_between(since, clock::now()));
  }

  /// Spread over the turns of both sides at least, or all want their agent's first answers at once.
  void let_guests_in() {
    const double turns_s = 2 * std::chrono::duration<double>(pace_).count();
    const double each_s =
        std::max(1 / at_.wished.arrivals, turns_s / static_cast<double>(guests_.size()));
    for (std::size_t i = 0; i < guests_.size(); ++i) {
      const std::chrono::duration<double> after(static_cast<double>(i) * each_s);
      let_in(guests_[i], at_.began() + std::chrono::duration_cast<microseconds>(after));
    }
  }

  void let_in(guest& one, moment due) {
    at_.turning.at(due, [this, &one, due] {
      if (at_.is_over()) return;
      one.came_at = due;
      one.conversation = {};
      one.says = &dialogues_[next_dialogue_++ % dialogues_.size()];
      one.turn = one.seen = 0;
      one.visitor->come();
    });
  }

  void say_next(guest& one, moment due) {
    if (at_.is_over()) return;
    const turn& now = one.says->turns[one.turn++];
    device* const speaker = now.is_agents ? agents_.who_follows(one.conversation) : one.visitor;
    if (speaker != nullptr) speaker->say(one.conversation, now.text, due);
  }

  void on_seen(guest& one) {
    if (++one.seen != one.turn) return;
    const moment due = clock::now() + pace_;
    at_.turning.at(due, [this, &one, due] {
      if (one.turn < one.says->turns.size()) return say_next(one, due);
      device* const agent = agents_.who_follows(one.conversation);
      if (at_.is_over() || agent == nullptr) return;
      one.ended_at = due;
      agent->close(one.conversation);
    });
  }

  void on_closed(guest& one) {
    count(closings_us_, one.ended_at);
    ++closed_count_;
    // Not from within what its own line says.
    at_.turning.at(clock::now(), [&one] { one.visitor->stay_away(); });
    let_in(one, clock::now() + pace_);
  }

  void tell() {
    at_.figures.push_back({"conversations_opened", static_cast<double>(opened_count_)});
    at_.figures.push_back({"conversations_closed", static_cast<double>(closed_count_)});
    at_.more_spans.push_back({"arrival", arrivals_us_});
    at_.more_spans.push_back({"assignment", waits_us_});
    at_.more_spans.push_back({"closing", closings_us_});
  }

  stage at_;
  staff agents_;
  const std::vector<dialogue> dialogues_;
  const unsigned agents_count_;
  const milliseconds pace_;
  std::deque<guest> guests_;
  std::unordered_map<const device*, guest*> guests_by_device_;
  std::unordered_map<conversation_id, guest*> guests_by_conversation_;
  std::size_t next_dialogue_ = 0;
  std::uint64_t opened_count_ = 0;
  std::uint64_t closed_count_ = 0;
  latencies arrivals_us_;
  latencies waits_us_;
  latencies closings_us_;
};

}  // namespace

result run_desk(const wishes& wished, identities& people, caller who) {
  return desk(wished, people, std::move(who)).run();
}

}  // namespace frontdesk::bench
