#include "bench/pairs.hpp"
#include "bench/scenarios.hpp"
#include "model/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace frontdesk::bench {

namespace {

using namespace std::chrono_literals;

/// Parts of what the node can take, up and back.
constexpr std::array<double, 9> parts{0.5, 0.7, 0.85, 0.95, 1.1, 0.95, 0.85, 0.7, 0.5};
constexpr std::size_t tiers_count = 4;
constexpr unsigned vip_each = 10;
constexpr milliseconds sample_each = 250ms;
/// Where it is found out what one message costs: little load, but enough to be cached everywhere.
constexpr double trial_part = 0.2;
constexpr milliseconds trial_span = 3s;
/// From post to screen, more is a failure.
constexpr microseconds late = 300ms;
/// From the highest tier down it is one step in ten seconds at the quickest.
constexpr milliseconds calm_patience = 120s;

struct tier_row {
  double seconds = 0;
  std::uint64_t admitted = 0;
  std::uint64_t refused = 0;
  std::uint64_t delayed = 0;
  double processor_us = 0;
  double resident_bytes_max = 0;
  std::uint64_t bytes_down = 0;
  latencies vip_us;
  latencies normal_us;
};

/// Load that goes up beyond what the node can take, and back, and how its tiers took it.
class tiers {
 public:
  tiers(const wishes& wished, identities& people, caller who)
      : at_(wished, people, std::move(who)),
        pairs_(at_, {wished.clients, wished.agents, false, vip_each}) {}

  result run() {
    pairs_.open();
    const double whole = wholes_rate();
    at_.enter("waiting for tier 0");
    if (!calms_down()) at_.complaints.emplace_back("the node was not in tier 0 at the beginning");
    at_.enter("load 50 %");
    at_.start_counting();
    at_.into.on_delivery = [this](conversation_id where, moment due, moment seen) {
      take(where, due, seen);
    };
    look();
    pairs_.speak(pause_for(whole * parts.front()));
    const auto step = std::chrono::duration_cast<microseconds>(at_.wished.seconds) / parts.size();
    while (!at_.is_over()) {
      watch_tier();
      const auto past = std::chrono::duration_cast<microseconds>(clock::now() - at_.began());
      const auto now =
          std::min<std::size_t>(static_cast<std::size_t>(past / step), parts.size() - 1);
      at_.enter(fmt::format("load {:.0f} %", parts.at(now) * 100));
      pairs_.change(pause_for(whole * parts.at(now)));
      at_.turn();
      if (clock::now() - looked_at_ >= sample_each) look();
    }
    at_.stop_counting();
    pairs_.hush();
    look();
    recover();
    result found = at_.finish(
        "tiers", fmt::format("{} pairs, one in {} vip, {:.0f} messages/s are taken as 100 %",
                             at_.wished.clients, vip_each, whole));
    // Only now has all that was said been seen.
    std::vector<figure> figures = tiers_figures();
    found.figures.insert(found.figures.begin(), figures.begin(), figures.end());
    found.table = table();
    return found;
  }

 private:
  microseconds pause_for(double rate) const {
    const double seconds = 2.0 * at_.wished.clients / std::max(rate, 1.0);
    return std::max(pairs::pause_min, microseconds{static_cast<microseconds::rep>(seconds * 1e6)});
  }

  /// What the node can take: as asked for, or found out by what a message costs it.
  double wholes_rate() {
    double whole = at_.wished.rate;
    if (whole <= 0) whole = tried_rate();
    const double most = pairs::rate_max(at_.wished.clients);
    if (whole * parts.at(parts.size() / 2) > most) {
      at_.complaints.push_back(fmt::format(
          "{} pairs say {:.0f} messages/s at most, which is less than all that the node "
          "can take ({:.0f}): ask for --pairs {:.0f}",
          at_.wished.clients, most, whole, 1.1 * whole / pairs::rate_max(1)));
    }
    return whole;
  }

  double tried_rate() {
    if (at_.wished.node_process == 0) {
      throw cannot_measure(
          "The node's processor time is not seen from here. Say by --rate what it can take.");
    }
    at_.enter("trial");
    const moment begin = clock::now();
    at_.into.from = begin;
    at_.into.until = begin + trial_span;
    const usage before = usage_of(at_.wished.node_process);
    pairs_.speak(pause_for(trial_part * pairs::rate_max(at_.wished.clients)));
    while (!at_.is_over())
      at_.turn();
    const double used_us = usage_of(at_.wished.node_process).processor_us - before.processor_us;
    const auto messages = static_cast<double>(at_.into.acks_us.count());
    at_.expect("answers to the trial", [this] {
      return std::ranges::none_of(at_.devices,
                                  [](const device& d) { return d.has_posts_waiting(); });
    });
    at_.into.acks_us.clear();
    at_.into.deliveries_us.clear();
    at_.into.lateness_us.clear();
    if (messages < 1 || used_us <= 0) {
      throw cannot_measure("The trial was too short to say what a message costs.");
    }
    const double processors = at_.wished.node_processors > 0 ? at_.wished.node_processors
                                                             : std::thread::hardware_concurrency();
    return processors * 1e6 * messages / used_us;
  }

  bool calms_down() {
    return at_.turn_until([this] { return at_.is_interrupted() || at_.into.tier == 0; },
                          calm_patience);
  }

  /// Nobody speaks any more, and nobody helps.
  void recover() {
    at_.enter("recovering");
    const moment begin = clock::now();
    const bool is_well = at_.turn_until(
        [this] {
          watch_tier();
          return at_.is_interrupted() || at_.into.tier == 0;
        },
        calm_patience);
    if (is_well) {
      recovered_s_ = seconds_between(begin, clock::now());
    } else {
      at_.complaints.emplace_back("the node did not come back to tier 0 by itself");
    }
  }

  void watch_tier() {
    if (at_.into.tier == entered_.back().tier) return;
    entered_.push_back({clock::now(), at_.into.tier});
  }

  /// What was said in a low tier and seen in a high one, or the other way round, lived in the high.
  std::size_t highest_between(moment due, moment seen) const {
    unsigned highest = 0;
    for (auto it = entered_.rbegin(); it != entered_.rend(); ++it) {
      if (it->at > seen) continue;
      highest = std::max(highest, it->tier);
      if (it->at <= due) break;
    }
    return std::min<std::size_t>(highest, tiers_count - 1);
  }

  tier_row& row() { return rows_.at(std::min<std::size_t>(at_.into.tier, tiers_count - 1)); }

  /// What has happened since the last look counts for the tier of that look.
  void look() {
    const moment now = clock::now();
    const usage used = usage_of(at_.wished.node_process);
    const std::uint64_t acked = at_.into.acks_count;
    const std::uint64_t refused = at_.into.refused_posts_count;
    if (looked_at_ != moment{}) {
      looked_row_->seconds += seconds_between(looked_at_, now);
      looked_row_->admitted += acked - acked_;
      looked_row_->refused += refused - refused_;
      looked_row_->processor_us += used.processor_us - used_.processor_us;
      looked_row_->bytes_down += at_.all.bytes_down - bytes_down_;
      looked_row_->resident_bytes_max =
          std::max(looked_row_->resident_bytes_max, used.resident_bytes);
    }
    looked_at_ = now;
    looked_row_ = &row();
    used_ = used;
    acked_ = acked;
    refused_ = refused;
    bytes_down_ = at_.all.bytes_down;
  }

  void take(conversation_id where, moment due, moment seen) {
    tier_row& to = rows_.at(highest_between(due, seen));
    if (seen - due > late) ++to.delayed;
    (pairs_.is_vip(where) ? to.vip_us : to.normal_us).record(microseconds_between(due, seen));
  }

  std::vector<figure> tiers_figures() const {
    std::vector<figure> found;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const tier_row& of = rows_.at(i);
      if (of.seconds <= 0) continue;
      const auto add = [&](std::string_view name, double value) {
        found.push_back({fmt::format("tier{}_{}", i, name), value});
      };
      add("seconds", of.seconds);
      add("admitted", static_cast<double>(of.admitted));
      add("refused", static_cast<double>(of.refused));
      add("delayed", static_cast<double>(of.delayed));
      add("vip_p99_ms", p99_ms(of.vip_us));
      add("normal_p99_ms", p99_ms(of.normal_us));
      add("core_percent", of.processor_us / of.seconds / 1e4);
      add("us_each", each(of, of.processor_us));
      add("bytes_down_each", each(of, static_cast<double>(of.bytes_down)));
      add("resident_mib", of.resident_bytes_max / 1024 / 1024);
    }
    add_of_all_tiers(found);
    return found;
  }

  /// What is asked of the tiers together; left out where it was not seen.
  void add_of_all_tiers(std::vector<figure>& found) const {
    const auto add = [&](std::string_view name, double value) {
      found.push_back({std::string{name}, value});
    };
    const tier_row& calm = rows_.front();
    const tier_row& delaying = rows_.at(2);
    if (calm.vip_us.count() > 0 && delaying.vip_us.count() > 0) {
      add("vip_p99_tier2_to_tier0", p99_ms(delaying.vip_us) / p99_ms(calm.vip_us));
    }
    if (calm.resident_bytes_max > 0) {
      double most = 0;
      for (const tier_row& of : rows_)
        most = std::max(most, of.resident_bytes_max);
      const double growth = most - calm.resident_bytes_max;
      add("memory_growth_mib", growth / 1024 / 1024);
      // Of what the node may use before it takes its memory for full.
      const double bound =
          limits::memory_part * static_cast<double>(at_.wished.node_memory_limit_bytes);
      if (bound > 0) add("memory_growth_percent", 100 * growth / bound);
    }
    add("tier_changes", static_cast<double>(entered_.size() - 1));
    double closest_s = std::numeric_limits<double>::max();
    for (std::size_t i = 2; i < entered_.size(); ++i)
      closest_s = std::min(closest_s, seconds_between(entered_[i - 1].at, entered_[i].at));
    if (entered_.size() > 2) add("tier_changes_closest_s", closest_s);
    if (recovered_s_) add("recovered_s", *recovered_s_);
  }

  static double p99_ms(const latencies& of) {
    return static_cast<double>(of.value_at(0.99)) / 1000;
  }
  static double each(const tier_row& of, double all) {
    return of.admitted == 0 ? 0 : all / static_cast<double>(of.admitted);
  }

  std::string table() const {
    std::string text =
        fmt::format("{:<6}{:>9}{:>10}{:>10}{:>10}{:>12}{:>15}{:>8}{:>9}{:>11}{:>8}\n", "tier",
                    "seconds", "admitted", "refused", "delayed", "vip p99 ms", "normal p99 ms",
                    "cpu %", "us each", "bytes each", "MiB");
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const tier_row& of = rows_.at(i);
      if (of.seconds <= 0) continue;
      text += fmt::format("{:<6}{:>9.1f}{:>10}{:>10}{:>10}", i, of.seconds, of.admitted, of.refused,
                          of.delayed);
      text += fmt::format("{:>12.2f}{:>15.2f}{:>8.0f}", p99_ms(of.vip_us), p99_ms(of.normal_us),
                          of.processor_us / of.seconds / 1e4);
      text += fmt::format("{:>9.1f}{:>11.0f}{:>8.0f}\n", each(of, of.processor_us),
                          each(of, static_cast<double>(of.bytes_down)),
                          of.resident_bytes_max / 1024 / 1024);
    }
    return text;
  }

  stage at_;
  pairs pairs_;
  std::array<tier_row, tiers_count> rows_;
  moment looked_at_{};
  tier_row* looked_row_ = nullptr;
  usage used_;
  std::uint64_t acked_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t bytes_down_ = 0;
  struct entry {
    moment at;
    unsigned tier;
  };
  /// Each tier that the node said it was in, and since when.
  std::vector<entry> entered_{{moment::min(), 0}};
  std::optional<double> recovered_s_;
};

}  // namespace

result run_tiers(const wishes& wished, identities& people, caller who) {
  return tiers(wished, people, std::move(who)).run();
}

}  // namespace frontdesk::bench
