#include "bench/slo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace frontdesk::bench {

namespace {

struct quantile_word {
  std::string_view word;
  double part;
};
constexpr std::array<quantile_word, 6> quantiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}, {"p9999", 0.9999}, {"max", 1}}};

/// "p99" of "ack.p99".
std::string_view last_word(std::string_view name) {
  return name.substr(name.rfind('.') + 1);
}

bool is_of_times(std::string_view word) {
  return word == "mean" ||
         std::ranges::any_of(quantiles, [&](const auto& each) { return each.word == word; });
}

/// Small letters, digits and underlines, and a word for times behind a point or alone.
bool is_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  const std::size_t dot = std::min(name.find('.'), name.size());
  if (dot == 0 || !std::ranges::all_of(name.substr(0, dot), is_letter)) return false;
  const bool is_quantile = name[0] == 'p' && name.find_first_not_of("0123456789", 1) == name.npos;
  return is_of_times(last_word(name)) || (dot == name.size() && !is_quantile);
}

// All that some scenario measures. What is missing here cannot be asked for.

constexpr auto known_spans = std::to_array<std::string_view>(
    {"delivery", "ack", own_lateness, "arrival", "assignment", "closing", "return", "back"});

constexpr auto known_figures = std::to_array<std::string_view>({
    // stage
    "messages_per_s",
    "asked_per_s",
    "bytes_up_each",
    "bytes_down_each",
    "bench_core_percent",
    "node_core_percent",
    "node_us_each",
    "node_resident_mib",
    "lost_links",
    "refused_links",
    "gaps",
    // desk, offline, idle
    "conversations_opened",
    "conversations_closed",
    "events_drained",
    "events_drained_per_s",
    "all_back_ms",
    "node_resident_kib_each",
    // tiers
    "vip_p99_tier2_to_tier0",
    "memory_growth_mib",
    "memory_growth_percent",
    "tier_changes",
    "tier_changes_closest_s",
    "recovered_s",
});

/// Behind `tier0_` … `tier3_`.
constexpr auto known_of_tiers = std::to_array<std::string_view>(
    {"seconds", "admitted", "refused", "delayed", "vip_p99_ms", "normal_p99_ms", "core_percent",
     "us_each", "bytes_down_each", "resident_mib"});

/// Of a storm's rounds, with the number of the round behind.
constexpr std::string_view of_round = "all_back_ms_";

std::vector<std::string_view> checker_words() {
  std::vector<std::string_view> all;
  for (std::size_t i = 0; i < checker::report{}.counts.size(); ++i)
    all.push_back(checker::to_string(static_cast<checker::finding_kind>(i)));
  return all;
}

bool is_numbered(std::string_view name) {
  if (name.starts_with(of_round)) {
    const std::string_view number = name.substr(of_round.size());
    return !number.empty() && number[0] != '0' &&
           number.find_first_not_of("0123456789") == number.npos;
  }
  return name.size() > 6 && name.starts_with("tier") && name[4] >= '0' && name[4] <= '3' &&
         name[5] == '_' && std::ranges::count(known_of_tiers, name.substr(6)) > 0;
}

bool is_known(std::string_view name) {
  if (const std::size_t dot = name.find('.'); dot != name.npos) {
    return std::ranges::count(known_spans, name.substr(0, dot)) > 0;
  }
  return is_of_times(name) || name == "faults" || is_numbered(name) ||
         std::ranges::count(known_figures, name) > 0 ||
         std::ranges::count(checker_words(), name) > 0;
}

std::string known_names() {
  std::string times = "mean";
  for (const quantile_word& each : quantiles)
    times += fmt::format(", {}", each.word);
  return fmt::format(
      "of times {}, alone or behind a point, as in ack.p99 ({}); counted {}, faults; figures {}, "
      "{}1 …; tier0_ … tier3_ with {}",
      times, fmt::join(known_spans, ", "), fmt::join(checker_words(), ", "),
      fmt::join(known_figures, ", "), of_round, fmt::join(known_of_tiers, ", "));
}

/// In milliseconds, if it has a unit, which only times have.
std::optional<double> number_of(std::string_view text, bool is_time) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || !std::isfinite(value) || value < 0) return std::nullopt;
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  if (unit.empty()) return value;
  if (!is_time) return std::nullopt;
  if (unit == "ms") return value;
  if (unit == "us") return value / 1000;
  if (unit == "s") return value * 1000;
  return std::nullopt;
}

std::optional<slo> slo_of(std::string_view wish) {
  const std::size_t sign = wish.find_first_of("=<>");
  if (sign == std::string_view::npos || sign == 0) return std::nullopt;
  const bool is_plain = wish[sign] == '=';
  if (!is_plain && wish.substr(sign + 1, 1) != "=") return std::nullopt;
  const std::string_view name = wish.substr(0, sign);
  const auto limit =
      number_of(wish.substr(sign + (is_plain ? 1 : 2)), is_of_times(last_word(name)));
  if (!limit || !is_name(name)) return std::nullopt;
  return slo{std::string(wish), std::string(name), wish[sign] == '>', *limit};
}

std::optional<double> value_of(const latencies& us, std::string_view word) {
  if (us.count() == 0) return std::nullopt;
  if (word == "mean") return us.mean() / 1000;
  for (const quantile_word& each : quantiles) {
    if (each.word == word) return static_cast<double>(us.value_at(each.part)) / 1000;
  }
  return std::nullopt;
}

}  // namespace

std::variant<std::vector<slo>, std::string> slos_of(std::string_view text) {
  std::vector<slo> all;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view one = text.substr(0, comma);
    auto read = slo_of(one);
    if (!read) {
      return fmt::format("\"{}\" is no objective. Write NAME=LIMIT, as in p99=20ms or lost=0.",
                         one);
    }
    if (!is_known(read->name)) {
      return fmt::format("No scenario measures \"{}\". There are: {}.", read->name, known_names());
    }
    all.push_back(std::move(*read));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return all;
}

std::optional<double> value_of(const result& of, std::string_view name) {
  for (const figure& each : of.figures) {
    if (each.name == name) return each.value;
  }
  const checker::report judged = of.judged.value_or(checker::report{});
  for (std::size_t i = 0; i < judged.counts.size(); ++i) {
    if (checker::to_string(static_cast<checker::finding_kind>(i)) == name) {
      return of.judged ? std::optional{static_cast<double>(judged.counts.at(i))} : std::nullopt;
    }
  }
  if (name == "faults") {
    double sum = 0;
    for (const auto& [code, count] : of.faults)
      sum += static_cast<double>(count);
    return sum;
  }
  const std::size_t dot = name.find('.');
  for (const named_latencies& each : of.spans) {
    // What the bench itself was late by is no answer to what the node took.
    const bool is_meant = dot == std::string_view::npos ? each.name != own_lateness
                                                        : each.name == name.substr(0, dot);
    if (is_meant) return value_of(each.us, dot == name.npos ? name : name.substr(dot + 1));
  }
  return std::nullopt;
}

void judge(result& of, const std::vector<slo>& all) {
  for (const slo& each : all) {
    const auto value = value_of(of, each.name);
    if (!value) {
      of.complaints.push_back(fmt::format("\"{}\" was not measured here", each.name));
    }
    const bool is_kept = value && (each.is_at_least ? *value >= each.limit : *value <= each.limit);
    of.verdicts.push_back({each.wish, value, is_kept});
  }
}

}  // namespace frontdesk::bench
