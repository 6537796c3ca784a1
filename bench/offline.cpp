#include "bench/scenarios.hpp"
#include "bench/schedule.hpp"
#include "bench/staff.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace frontdesk::bench {

namespace {

using namespace std::chrono_literals;

/// Between two messages of one agent's device: below what the node allows.
constexpr milliseconds pause = 60ms;
constexpr unsigned visitors_per_device = 10;
constexpr double arrivals_per_s = 500;
constexpr milliseconds patience = 120s;

/// Visitors go; what is said to them meanwhile is kept; all come back at once and take it.
class offline final : public witness {
 public:
  offline(const wishes& wished, identities& people, caller who)
      : at_(wished, people, std::move(who)), agents_(at_, *this) {}

  result run() {
    set_stage();
    at_.start_counting_without_end();
    at_.enter("speaking to those away");
    for (guest& each : guests_)
      each.visitor->stay_away();
    speak();
    at_.enter("coming back");
    come_back();
    at_.stop_counting();
    return at_.finish("offline", fmt::format("{} visitors away, {} messages kept for each",
                                             at_.wished.clients, at_.wished.messages));
  }

  void on_ready(device& who) override {
    const auto found = guests_by_device_.find(&who);
    if (found == guests_by_device_.end()) return;
    guest& one = *found->second;
    if (one.conversation) return look(one);
    one.conversation = who.next();
    at_.claim(one.conversation);
    guests_by_conversation_[one.conversation] = &one;
    who.say(one.conversation, "Please write to me, I have to go.", clock::now());
  }

  void on_event(device& who, const heard_event& what) override {
    const auto found = guests_by_conversation_.find(what.conversation);
    if (found == guests_by_conversation_.end()) return;
    guest& one = *found->second;
    if (&who != one.visitor) {
      if (!std::exchange(one.is_joined, true)) ++joined_count_;
    } else if (what.kind == event_kind::assigned) {
      agents_.follow(what.conversation, what.to);
    } else if (is_returning_) {
      ++drained_count_;
      look(one);
    }
  }

 private:
  struct guest {
    device* visitor;
    conversation_id conversation;
    bool is_joined = false;
    bool is_back = false;
  };

  void set_stage() {
    at_.enter("opening conversations");
    const unsigned count = at_.wished.clients;
    agents_.come(
        {(count + visitors_per_device - 1) / visitors_per_device, count, visitors_per_device, 0});
    for (unsigned i = 0; i < count; ++i) {
      guest& one = guests_.emplace_back(guest{&at_.add_visitor(*this), {}});
      guests_by_device_[one.visitor] = &one;
      const auto after = std::chrono::duration<double>(i / arrivals_per_s);
      at_.turning.at(clock::now() + std::chrono::duration_cast<microseconds>(after),
                     [&one] { one.visitor->come(); });
    }
    at_.expect(fmt::format("an agent in each of {} conversations", count),
               [this] { return joined_count_ == guests_.size(); });
  }

  void speak() {
    std::unordered_map<device*, std::uint64_t> said_count;
    for (unsigned round = 0; round < at_.wished.messages; ++round) {
      for (guest& one : guests_) {
        device* const agent = agents_.who_follows(one.conversation);
        const moment due = at_.began() + pause * said_count[agent]++;
        at_.turning.at(due, [agent, &one, due, round] {
          agent->say(one.conversation, fmt::format("While you were away, {}", round + 1), due);
        });
        ++wanted_count_;
      }
    }
    const std::uint64_t before = at_.into.posts_count;
    const bool is_said = at_.turn_until(
        [&] {
          return at_.is_interrupted() || (at_.into.posts_count - before >= wanted_count_ &&
                                          std::ranges::none_of(at_.devices, [](const device& d) {
                                            return d.has_posts_waiting();
                                          }));
        },
        pause * (wanted_count_ + 1) + patience);
    if (!is_said) at_.complaints.emplace_back("not all that was said could be recorded");
  }

  void come_back() {
    is_returning_ = true;
    returned_at_ = clock::now();
    for (guest& each : guests_)
      each.visitor->come();
    const bool are_back =
        at_.turn_until([this] { return back_count_ == guests_.size(); }, patience);
    if (!are_back) {
      at_.complaints.push_back(
          fmt::format("{} visitors did not get all", guests_.size() - back_count_));
    }
    const double spent_s = seconds_between(returned_at_, clock::now());
    at_.figures.push_back({"events_drained", static_cast<double>(drained_count_)});
    at_.figures.push_back({"events_drained_per_s", static_cast<double>(drained_count_) / spent_s});
    at_.figures.push_back({"all_back_ms", spent_s * 1000});
    at_.spans.push_back({"return", returns_us_});
    // The time away is no time of delivery.
    at_.into.deliveries_us.clear();
  }

  void look(guest& one) {
    if (!is_returning_ || one.is_back || !one.visitor->has_everything()) return;
    one.is_back = true;
    ++back_count_;
    returns_us_.record(microseconds_between(returned_at_, clock::now()));
  }

  stage at_;
  staff agents_;
  std::deque<guest> guests_;
  std::unordered_map<const device*, guest*> guests_by_device_;
  std::unordered_map<conversation_id, guest*> guests_by_conversation_;
  std::size_t joined_count_ = 0;
  std::size_t back_count_ = 0;
  std::uint64_t wanted_count_ = 0;
  std::uint64_t drained_count_ = 0;
  bool is_returning_ = false;
  moment returned_at_{};
  latencies returns_us_;
};

}  // namespace

result run_offline(const wishes& wished, identities& people, caller who) {
  return offline(wished, people, std::move(who)).run();
}

}  // namespace frontdesk::bench
