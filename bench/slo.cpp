#include "bench/slo.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

namespace frontdesk::bench {

namespace {

struct quantile_word {
  std::string_view word;
  double part;
};
constexpr std::array<quantile_word, 6> quantiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}, {"p9999", 0.9999}, {"max", 1}}};

/// In milliseconds, if it has a unit.
std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || value < 0) return std::nullopt;
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  if (unit.empty() || unit == "ms") return value;
  if (unit == "us") return value / 1000;
  if (unit == "s") return value * 1000;
  return std::nullopt;
}

std::optional<slo> slo_of(std::string_view wish) {
  const std::size_t sign = wish.find_first_of("=<>");
  if (sign == std::string_view::npos || sign == 0) return std::nullopt;
  const bool is_plain = wish[sign] == '=';
  if (!is_plain && wish.substr(sign + 1, 1) != "=") return std::nullopt;
  const auto limit = number_of(wish.substr(sign + (is_plain ? 1 : 2)));
  if (!limit) return std::nullopt;
  return slo{std::string(wish), std::string(wish.substr(0, sign)), wish[sign] == '>', *limit};
}

std::optional<double> value_of(const latencies& us, std::string_view word) {
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
    all.push_back(std::move(*read));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return all;
}

std::optional<double> value_of(const result& of, std::string_view name) {
  for (const figure& each : of.figures) {
    if (each.name == name) return each.value;
  }
  for (std::size_t i = 0; i < of.judged.counts.size(); ++i) {
    if (checker::to_string(static_cast<checker::finding_kind>(i)) == name) {
      return static_cast<double>(of.judged.counts.at(i));
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
    const bool is_meant = dot == std::string_view::npos || each.name == name.substr(0, dot);
    if (is_meant) return value_of(each.us, dot == name.npos ? name : name.substr(dot + 1));
  }
  return std::nullopt;
}

void judge(result& of, const std::vector<slo>& all) {
  for (const slo& each : all) {
    const auto value = value_of(of, each.name);
    if (!value) {
      of.complaints.push_back(fmt::format("nothing here is called \"{}\"", each.name));
    }
    const double found = value.value_or(0);
    const bool is_kept = value && (each.is_at_least ? found >= each.limit : found <= each.limit);
    of.verdicts.push_back({each.wish, found, is_kept});
  }
}

}  // namespace frontdesk::bench
