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
/// Until all that was said is recorded, and again until all have taken it: the bounds of a run end
/// what is said, not what has to follow from it.
constexpr milliseconds patience = 120s;

/// Visitors go; what is said to them meanwhile is kept; all come back at once and take it.
class offline final : public witness {
 public:
  offline(const wishes& wished, identities& people, caller who)
      : at_(wished, people, std::move(who)), agents_(at_, *this) {}

  result run() {
    set_stage();
    at_.start_counting();
    at_.enter("speaking to those away");
    for (guest& each : guests_)
      each.visitor->stay_away();
    speak();
    at_.enter("coming back");
    come_back();
    at_.stop_counting();
    const std::uint64_t wanted = std::uint64_t{at_.wished.clients} * at_.wished.messages;
    if (said_count_ < wanted) {
      at_.cut_short = fmt::format("{} of {} messages: {}", said_count_, wanted, why_cut_);
    }
    return at_.finish("offline", fmt::format("{} visitors away, {} messages kept for them",
                                             at_.wished.clients, said_count_));
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

  /// What one device of an agent says.
  struct desk {
    std::vector<conversation_id> conversations;
    std::uint64_t said_count = 0;
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
    for (const guest& each : guests_) {
      desk& of = desks_[agents_.who_follows(each.conversation)];
      of.conversations.push_back(each.conversation);
    }
    speaking_count_ = desks_.size();
    for (auto& [agent, of] : desks_)
      say_next(*agent, of);
    while (speaking_count_ > 0)
      at_.turn();
    why_cut_ = at_.why_over();
    const auto is_waiting = [](const device& each) { return each.has_posts_waiting(); };
    const bool are_recorded = at_.turn_until(
        [&] { return at_.is_deserted() || std::ranges::none_of(at_.devices, is_waiting); },
        patience);
    if (!are_recorded || std::ranges::any_of(at_.devices, is_waiting)) {
      at_.complaints.emplace_back("not all that was said could be recorded");
    }
  }

  /// To one after the other of those that an agent's device has, until each has heard all or a
  /// bound is reached.
  void say_next(device& agent, desk& of) {
    const moment due = at_.began() + pause * of.said_count;
    at_.turning.at(due, [this, &agent, &of, due] {
      const std::size_t round = of.said_count / of.conversations.size();
      if (round >= at_.wished.messages || !at_.may_speak(due) || at_.is_deserted()) {
        --speaking_count_;
        return;
      }
      const conversation_id to = of.conversations[of.said_count++ % of.conversations.size()];
      agent.say(to, fmt::format("While you were away, {}", round + 1), due);
      ++said_count_;
      say_next(agent, of);
    });
  }

  void come_back() {
    is_returning_ = true;
    returned_at_ = clock::now();
    for (guest& each : guests_)
      each.visitor->come();
    at_.turn_until([this] { return at_.is_deserted() || back_count_ == guests_.size(); }, patience);
    if (back_count_ < guests_.size()) {
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
  std::unordered_map<device*, desk> desks_;
  std::size_t speaking_count_ = 0;
  std::uint64_t said_count_ = 0;
  std::string why_cut_;
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
