#include "bench/result.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <array>

namespace frontdesk::bench {

namespace json = boost::json;

namespace {

constexpr std::array<std::pair<const char*, double>, 6> quantiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}, {"p9999", 0.9999}, {"max", 1}}};

double ms(double us) {
  return us / 1000;
}

std::string text_of(const std::vector<named_latencies>& all) {
  std::string text = fmt::format("{:<14}{:>9}", "ms", "count");
  for (const auto& [name, part] : quantiles)
    text += fmt::format("{:>10}", name);
  text += fmt::format("{:>10}\n", "mean");
  for (const auto& [name, us] : all) {
    text += fmt::format("{:<14}{:>9}", name, us.count());
    for (const auto& [word, part] : quantiles)
      text += fmt::format("{:>10.2f}", ms(static_cast<double>(us.value_at(part))));
    text += fmt::format("{:>10.2f}\n", ms(us.mean()));
  }
  return text;
}

json::object json_of(const latencies& us) {
  json::object one{{"count", us.count()}, {"mean_ms", ms(us.mean())}};
  for (const auto& [word, part] : quantiles)
    one[std::string(word) + "_ms"] = ms(static_cast<double>(us.value_at(part)));
  json::array buckets;
  us.for_each([&](const latencies::bucket& each) {
    buckets.push_back(json::array{ms(static_cast<double>(each.highest)), each.count});
  });
  one["buckets_ms"] = std::move(buckets);
  return one;
}

json::value json_of(const std::optional<checker::report>& found) {
  if (!found) return nullptr;
  const checker::report& judged = *found;
  json::object all{{"posts", judged.seen.posts},     {"acked", judged.seen.acked},
                   {"refused", judged.seen.refused}, {"unknown", judged.seen.unknown},
                   {"stored", judged.seen.stored},   {"shown", judged.seen.shown}};
  for (std::size_t i = 0; i < judged.counts.size(); ++i)
    all[checker::to_string(static_cast<checker::finding_kind>(i))] = judged.counts.at(i);
  json::array sentences;
  for (const checker::finding& each : judged.findings)
    sentences.push_back(json::string(each.sentence));
  all["findings"] = std::move(sentences);
  return all;
}

}  // namespace

bool result::is_clean() const {
  return complaints.empty() && judged && judged->is_clean();
}

std::string as_text(const result& of) {
  std::string text = fmt::format("{}: {}, {:.1f} s\n\n", of.scenario, of.setting, of.seconds);
  if (!of.spans.empty()) text += text_of(of.spans) + "\n";
  if (!of.table.empty()) text += of.table + "\n";
  for (const figure& each : of.figures)
    text += fmt::format("{:<28}{:>12.2f}\n", each.name, each.value);
  for (const auto& [code, count] : of.faults)
    text += fmt::format("{:<28}{:>12}\n", "fault " + code, count);
  text += fmt::format("\n{}\n", !of.judged              ? "not judged"
                                : of.judged->is_clean() ? of.judged->summary()
                                                        : of.judged->text());
  if (!of.cut_short.empty()) text += fmt::format("cut short: {}\n", of.cut_short);
  for (const std::string& each : of.complaints)
    text += fmt::format("incomplete: {}\n", each);
  for (const slo_verdict& each : of.verdicts) {
    text += fmt::format("slo {}: {} ({})\n", each.wish, each.is_kept ? "kept" : "VIOLATED",
                        each.value ? fmt::format("{:.2f}", *each.value) : "not measured");
  }
  return text;
}

std::string as_json(const result& of) {
  json::object spans;
  for (const auto& [name, us] : of.spans)
    spans[name] = json_of(us);
  json::object figures;
  for (const figure& each : of.figures)
    figures[each.name] = each.value;
  json::object faults;
  for (const auto& [code, count] : of.faults)
    faults[code] = count;
  json::array complaints;
  for (const std::string& each : of.complaints)
    complaints.push_back(json::string(each));
  json::array verdicts;
  for (const slo_verdict& each : of.verdicts) {
    const json::value value = each.value ? json::value(*each.value) : json::value(nullptr);
    verdicts.push_back({{"slo", each.wish}, {"value", value}, {"kept", each.is_kept}});
  }
  return json::serialize(json::object{{"scenario", of.scenario},
                                      {"setting", of.setting},
                                      {"seconds", of.seconds},
                                      {"latencies", std::move(spans)},
                                      {"figures", std::move(figures)},
                                      {"faults", std::move(faults)},
                                      {"checker", json_of(of.judged)},
                                      {"cut_short", json::string(of.cut_short)},
                                      {"incomplete", std::move(complaints)},
                                      {"slo", std::move(verdicts)},
                                      {"clean", of.is_clean()}});
}

}  // namespace frontdesk::bench
