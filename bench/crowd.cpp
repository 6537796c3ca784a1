#include "bench/scenarios.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace frontdesk::bench {

namespace {

using namespace std::chrono_literals;

constexpr milliseconds patience = 120s;
/// Of those in a storm, one in so many has something new to fetch.
constexpr std::size_t told_each = 10;
/// Second devices at once.
constexpr std::size_t second_devices_max = 50;

/// Visitors without an agent: they hold their lines, or lose them all at once and come back.
class crowd final : public witness {
 public:
  crowd(const wishes& wished, identities& people, caller who)
      : at_(wished, people, std::move(who)) {}

  result run_idle() {
    at_.is_silent = true;
    const usage before = usage_of(at_.wished.node_process);
    come(false);
    const usage after = usage_of(at_.wished.node_process);
    if (before.resident_bytes > 0) {
      at_.figures.push_back(
          {"node_resident_kib_each", (after.resident_bytes - before.resident_bytes) / 1024 /
                                         static_cast<double>(visitors_.size())});
    }
    at_.enter("holding");
    at_.start_counting();
    while (!at_.is_over())
      at_.turn();
    at_.stop_counting();
    at_.spans.push_back({"arrival", spans_us_});
    return at_.finish("idle", fmt::format("{} visitors who say nothing", visitors_.size()));
  }

  result run_storm() {
    come(true);
    spans_us_.clear();
    at_.start_counting();
    // Its end is when all are back, so often; the time only bounds it.
    for (unsigned round = 0; round < at_.wished.rounds && !at_.is_over(); ++round)
      storm();
    at_.stop_counting();
    if (rounds_count_ < at_.wished.rounds) {
      at_.cut_short =
          fmt::format("{} of {} rounds: {}", rounds_count_, at_.wished.rounds, at_.why_over());
    }
    at_.spans.push_back({"back", spans_us_});
    return at_.finish("storm", fmt::format("{} visitors lose their lines at once, {} times; one in "
                                           "{} has news",
                                           visitors_.size(), rounds_count_, told_each));
  }

  void on_ready(device& who) override {
    member* const one = member_of(who);
    if (one == nullptr) return;
    if (is_talking_ && !one->conversation) {
      one->conversation = who.next();
      at_.claim(one->conversation);
      who.say(one->conversation, "where is my parcel?", clock::now());
    }
    look(*one);
  }

  void on_event(device& who, const heard_event&) override {
    if (member* const one = member_of(who)) look(*one);
  }

 private:
  struct member {
    device* visitor = nullptr;
    moment due{};
    conversation_id conversation;
    device* second = nullptr;
    bool is_there = false;
  };

  member* member_of(device& who) {
    const auto found = members_.find(&who);
    return found == members_.end() ? nullptr : found->second;
  }

  /// There: known, and with all that it follows.
  void look(member& one) {
    if (one.is_there || !one.visitor->has_everything()) return;
    if (is_talking_ && one.visitor->talks().at(one.conversation).position == sequence{}) return;
    one.is_there = true;
    ++there_count_;
    spans_us_.record(microseconds_between(one.due, clock::now()));
  }

  void come(bool is_talking) {
    is_talking_ = is_talking;
    at_.enter("arriving");
    for (unsigned i = 0; i < at_.wished.clients; ++i) {
      member& one = visitors_.emplace_back();
      one.visitor = &at_.add_visitor(*this);
      members_[one.visitor] = &one;
    }
    const moment begin = clock::now();
    for (std::size_t i = 0; i < visitors_.size(); ++i) {
      const auto after =
          std::chrono::duration<double>(static_cast<double>(i) / at_.wished.arrivals);
      member& one = visitors_[i];
      one.due = begin + std::chrono::duration_cast<microseconds>(after);
      at_.turning.at(one.due, [&one] { one.visitor->come(); });
    }
    at_.expect(fmt::format("{} visitors connected", visitors_.size()),
               [this] { return there_count_ == visitors_.size(); });
  }

  void storm() {
    at_.enter("storm");
    there_count_ = 0;
    for (member& each : visitors_) {
      each.is_there = false;
      each.visitor->stay_away();
    }
    speak_to_some();
    const moment begin = clock::now();
    for (member& each : visitors_) {
      each.due = begin;
      each.visitor->come();
    }
    const bool are_back =
        at_.turn_until([this] { return there_count_ == visitors_.size(); }, patience);
    if (!are_back) {
      at_.complaints.push_back(
          fmt::format("{} visitors did not come back", visitors_.size() - there_count_));
    }
    at_.figures.push_back({fmt::format("all_back_ms_{}", ++rounds_count_),
                           seconds_between(begin, clock::now()) * 1000});
  }

  /// The same visitors say something on another device.
  void speak_to_some() {
    for (std::size_t i = 0; i < visitors_.size(); i += told_each) {
      member& one = visitors_[i];
      if (one.second == nullptr) one.second = &at_.add_device(one.visitor->token(), speaker_);
      speaker_.conversations[one.second] = one.conversation;
      one.second->come();
      at_.turn_until([this] { return speaker_.open_count() < second_devices_max; }, patience);
    }
    if (!at_.turn_until([this] { return speaker_.open_count() == 0; }, patience)) {
      at_.complaints.emplace_back("second devices could not speak");
    }
  }

  /// Second devices: each says one thing, and goes.
  struct speaker final : witness {
    void on_ready(device& who) override {
      who.say(conversations.at(&who), "are you there?", clock::now());
    }
    void on_event(device& who, const heard_event& what) override {
      if (what.n == post_number{} || what.author != who.person() || who.has_posts_waiting()) return;
      if (conversations.erase(&who) > 0) leaving.push_back(&who);
    }
    std::size_t open_count() {
      for (device* const each : leaving)
        each->stay_away();
      leaving.clear();
      return conversations.size();
    }

    std::unordered_map<device*, conversation_id> conversations;
    std::vector<device*> leaving;
  };

  stage at_;
  speaker speaker_;
  std::deque<member> visitors_;
  std::unordered_map<const device*, member*> members_;
  std::size_t there_count_ = 0;
  unsigned rounds_count_ = 0;
  bool is_talking_ = false;
  latencies spans_us_;
};

}  // namespace

result run_idle(const wishes& wished, identities& people, caller who) {
  return crowd(wished, people, std::move(who)).run_idle();
}

result run_storm(const wishes& wished, identities& people, caller who) {
  return crowd(wished, people, std::move(who)).run_storm();
}

}  // namespace frontdesk::bench
