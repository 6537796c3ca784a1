#include "bench/pairs.hpp"

#include "bench/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace frontdesk::bench {

namespace {

/// Those of four visitors at the shortest pause are what the node allows an agent's connection.
constexpr unsigned visitors_per_device = 4;
/// New visitors a second while the stage is set: this part is not measured.
constexpr double arrivals_per_s = 500;

}  // namespace

double pairs::rate_max(unsigned count) {
  return 2.0 * count * 1e6 / static_cast<double>(pause_min.count());
}

pairs::pairs(stage& at, plan how) : at_(at), plan_(how), agents_(at, *this) {}

void pairs::open() {
  at_.enter("opening conversations");
  const unsigned agents = (plan_.count + visitors_per_device - 1) / visitors_per_device;
  agents_.come({plan_.agents > 0 ? plan_.agents : agents, plan_.count, visitors_per_device});
  const moment begin = clock::now();
  for (unsigned i = 0; i < plan_.count; ++i) {
    pair& one = all_.emplace_back();
    one.number = i;
    one.is_vip = plan_.vip_each > 0 && i % plan_.vip_each == 0;
    one.visitor = one.is_vip ? &at_.add_vip(*this) : &at_.add_visitor(*this);
    by_device_[one.visitor] = &one;
    const auto after = std::chrono::duration<double>(i / arrivals_per_s);
    at_.turning.at(begin + std::chrono::duration_cast<microseconds>(after),
                   [&one] { one.visitor->come(); });
  }
  at_.expect(fmt::format("an agent in each of {} conversations", plan_.count),
             [this] { return joined_count_ == all_.size(); });
  is_answering_ = true;
}

void pairs::speak(microseconds pause) {
  pause_ = pause;
  ++speeches_count_;
  const schedule when(at_.began(), pause, all_.size());
  for (pair& one : all_)
    speak_at(one, when.due(one.number, 0));
}

void pairs::change(microseconds pause) {
  if (pause == pause_) return;
  const pace_change pace{clock::now(), std::exchange(pause_, pause), pause};
  ++speeches_count_;
  for (pair& one : all_)
    speak_at(one, pace.moved(one.due));
}

void pairs::speak_at(pair& one, moment due) {
  one.due = due;
  at_.turning.at(due, [this, &one, due, speech = speeches_count_] {
    // What was due in time is said, however late its turn comes: it is what the clock asked for.
    if (!at_.may_speak(due) || speech != speeches_count_) return;
    one.spoke_at = due;
    at_.into.spoke(due, clock::now());
    one.visitor->say(one.conversation, text_of(one), due);
    // From when it was due, not from now: a late turn moves no later one.
    if (!plan_.is_closed) speak_at(one, due + pause_);
  });
}

bool pairs::is_vip(conversation_id id) const {
  const auto found = by_conversation_.find(id);
  return found != by_conversation_.end() && found->second->is_vip;
}

std::string pairs::text_of(pair& one) const {
  return fmt::format("{:x<{}}", fmt::format("{} of {} ", ++one.texts_count, one.number),
                     at_.wished.text_bytes);
}

void pairs::on_ready(device& who) {
  const auto found = by_device_.find(&who);
  if (found == by_device_.end() || found->second->conversation) return;
  pair& one = *found->second;
  one.conversation = who.next();
  at_.claim(one.conversation);
  by_conversation_[one.conversation] = &one;
  who.say(one.conversation, text_of(one), clock::now());
}

void pairs::on_event(device& who, const heard_event& what) {
  const auto found = by_conversation_.find(what.conversation);
  if (found == by_conversation_.end()) return;
  pair& one = *found->second;
  if (&who == one.visitor) return on_event_at_visitor(one, what);
  if (!what.author.is_visitor() || what.kind != event_kind::message) return;
  if (!std::exchange(one.is_joined, true)) ++joined_count_;
  if (is_answering_ && !at_.is_over()) who.say(what.conversation, text_of(one), clock::now());
}

void pairs::on_event_at_visitor(pair& one, const heard_event& what) {
  if (what.kind == event_kind::assigned || what.kind == event_kind::transferred) {
    agents_.follow(what.conversation, what.to);
  }
  const bool is_answer = what.kind == event_kind::message && what.author.is_agent();
  if (!is_answer || !plan_.is_closed || !is_answering_) return;
  speak_at(one, std::max(one.spoke_at + pause_, clock::now()));
}

}  // namespace frontdesk::bench
