#include "bench/stage.hpp"

#include "bench/auditor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace frontdesk::bench {

namespace {

constexpr milliseconds news_each{1000};
constexpr milliseconds drain_patience{60'000};
constexpr milliseconds close_patience{10'000};
/// A node to which nobody gets through for so long is gone: nothing more comes of waiting.
constexpr milliseconds desertion{10'000};

class goodbye final : public witness {
 public:
  void on_answer(device&, const heard&) override { ++answers_count; }

  std::size_t answers_count = 0;
};

/// Hears what nobody asks for any more.
witness nobody;

}  // namespace

stage::stage(const wishes& wished, identities& people, caller who)
    : wished(wished),
      people(people),
      all{turning, wished.to, wished.spoken},
      caller_(std::move(who)),
      told_at_(clock::now()),
      chance_(std::random_device{}()) {
  into.posts_max = wished.posts_max;
}

device& stage::add_device(std::string token, witness& told) {
  device_id id{chance_(), chance_()};
  return devices.emplace_back(into, all, device::identity{++devices_count_, std::move(token), id},
                              told);
}

device& stage::add_visitor(witness& told) {
  return add_device(people.visitor_token(devices_count_ + 1), told);
}

device& stage::add_vip(witness& told) {
  return add_device(people.vip_token(devices_count_ + 1), told);
}

void stage::turn() {
  turning.turn();
  if (clock::now() - told_at_ >= news_each) tell();
}

void stage::tell() {
  const moment now = clock::now();
  progress news;
  news.phase = phase_;
  news.seconds = into.from == moment::max() ? 0 : seconds_between(into.from, now);
  news.posts = into.posts_count;
  news.posts_per_s =
      static_cast<double>(into.posts_count - told_posts_) / seconds_between(told_at_, now);
  news.p99_ms = static_cast<double>(into.deliveries_us.value_at(0.99)) / 1000;
  news.tier = into.tier;
  told_posts_ = into.posts_count;
  told_at_ = now;
  if (caller_.tell) caller_.tell(news);
}

stage::state stage::state_now() const {
  return {usage_of(wished.node_process),
          own_usage(),
          into.posts_count,
          into.acks_count,
          all.bytes_up,
          all.bytes_down};
}

void stage::start_counting() {
  before_ = state_now();
  into.from = clock::now();
  into.until = into.from + wished.seconds;
}

void stage::stop_counting() {
  ended_ = clock::now();
  into.until = std::min(into.until, ended_);
  after_ = state_now();
}

void stage::drain() {
  enter("draining");
  const auto is_done = [](const device& each) {
    return each.is_away() || (each.is_ready() && each.has_everything());
  };
  turn_until([&] { return is_deserted() || std::ranges::all_of(devices, is_done); },
             drain_patience);
  const auto left = std::ranges::count_if(devices, [&](const device& d) { return !is_done(d); });
  if (left > 0) {
    complaints.push_back(fmt::format("{} devices did not have everything in the end", left));
  }
  for (const device& each : devices) {
    if (!each.is_ready()) continue;
    for (const auto& [id, at] : each.talks()) {
      if (!at.is_followed) continue;
      into.seen.add(checker::reader_caught_up{
          each.checked(), at.checked, checker::track_kind::public_, instant_of(clock::now())});
    }
  }
}

std::string stage::why_over() {
  if (into.is_full()) {
    return fmt::format("{} messages were said (--count), the first ones of conversations included",
                       into.posts_count);
  }
  if (is_interrupted()) return "it was interrupted";
  if (is_deserted()) return "nobody got through to the node any more";
  return fmt::format("{} s were over (--seconds)", wished.seconds.count());
}

bool stage::is_deserted() {
  const moment now = clock::now();
  const bool is_anybody_there =
      std::ranges::any_of(devices, [](const device& each) { return each.is_ready(); });
  if (is_anybody_there || deserted_since_ == moment{}) deserted_since_ = now;
  return now - deserted_since_ >= desertion;
}

bool stage::read_logs() {
  enter("reading the store");
  auditor reads(*this);
  const bool are_whole = reads.read();
  for (device& each : devices)
    each.tell(nobody);
  return are_whole;
}

result stage::finish(const std::string& scenario, const std::string& setting) {
  drain();
  const double spent_s = seconds_between(into.from, ended_);
  const bool is_proof = read_logs();
  enter("judging");
  result found;
  found.scenario = scenario;
  found.setting = setting;
  found.seconds = spent_s;
  found.spans = std::move(spans);
  found.figures = std::move(figures);
  if (into.deliveries_us.count() > 0) found.spans.push_back({"delivery", into.deliveries_us});
  if (into.acks_us.count() > 0) found.spans.push_back({"ack", into.acks_us});
  if (into.lateness_us.count() > 0) {
    found.spans.push_back({std::string{own_lateness}, into.lateness_us});
  }
  for (named_latencies& each : more_spans)
    found.spans.push_back(std::move(each));
  add_figures(found, spent_s);
  if (into.given_up_count > 0) {
    complaints.push_back(fmt::format("{} messages were given up", into.given_up_count));
  }
  if (!is_silent && after_.posts == before_.posts) {
    complaints.push_back(fmt::format("nothing was done: {}", why_over()));
  }
  found.faults = into.faults;
  found.cut_short = std::move(cut_short);
  found.complaints = std::move(complaints);
  if (is_proof) found.judged = checker::check(into.seen);
  close_conversations();
  return found;
}

/// By what came within the time, not by what was asked for in it: a node that falls behind must not
/// look like one that keeps up.
void stage::add_figures(result& found, double spent_s) const {
  const auto add = [&](std::string_view name, double value) {
    found.figures.push_back({std::string{name}, value});
  };
  const auto messages = static_cast<double>(after_.acks - before_.acks);
  if (messages > 0) {
    add("messages_per_s", messages / spent_s);
    add("asked_per_s", static_cast<double>(after_.posts - before_.posts) / spent_s);
    add("bytes_up_each", static_cast<double>(after_.bytes_up - before_.bytes_up) / messages);
    add("bytes_down_each", static_cast<double>(after_.bytes_down - before_.bytes_down) / messages);
  }
  const double own_us = after_.own.processor_us - before_.own.processor_us;
  add("bench_core_percent", own_us / spent_s / 1e4);
  if (after_.node.processor_us > 0) {
    const double used_us = after_.node.processor_us - before_.node.processor_us;
    add("node_core_percent", used_us / spent_s / 1e4);
    if (messages > 0) add("node_us_each", used_us / messages);
    add("node_resident_mib", after_.node.resident_bytes / 1024 / 1024);
  }
  add("lost_links", static_cast<double>(into.lost_links_count));
  add("refused_links", static_cast<double>(into.refused_links_count));
  add("gaps", static_cast<double>(into.gaps_count));
}

/// Leaves no queue behind. What comes of it is nobody's business any more.
void stage::close_conversations() {
  enter("closing conversations");
  goodbye last;
  std::size_t asked_count = 0;
  for (device& each : devices) {
    each.tell(last);
    if (!each.is_ready() || !each.person().is_visitor()) continue;
    for (const auto& [id, at] : each.talks()) {
      each.close(id);
      ++asked_count;
    }
  }
  turn_until([&] { return last.answers_count >= asked_count; }, close_patience);
  for (device& each : devices) {
    each.stay_away();
    each.tell(nobody);
  }
}

}  // namespace frontdesk::bench
