#include "node/stats_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace frontdesk {

namespace {

constexpr std::size_t seconds_shown = 30;

std::string short_count(std::uint64_t count) {
  constexpr std::array units{"", "k", "M", "G"};
  auto value = static_cast<double>(count);
  std::size_t unit = 0;
  while (value >= 10'000 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{:.0f}{}", value, units[unit]);
}

std::string short_time(std::uint64_t ms) {
  const std::uint64_t seconds = ms / 1000;
  if (seconds < 60) {
    return fmt::format("{}s", seconds);
  }
  if (seconds < 3600) {
    return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
  }
  return fmt::format("{}h{:02}m", seconds / 3600, seconds / 60 % 60);
}

void keep(std::deque<std::uint64_t>& values, std::uint64_t more) {
  values.push_back(more);
  if (values.size() > seconds_shown) {
    values.pop_front();
  }
}

/// No half of a character, and no more columns: all of ours are one wide.
std::string cut(const std::string& line) {
  constexpr std::size_t columns = 80;
  std::size_t seen = 0;
  std::size_t at = 0;
  while (at < line.size()) {
    const bool begins = (static_cast<unsigned char>(line[at]) & 0xC0U) != 0x80U;
    if (begins && ++seen > columns) {
      break;
    }
    ++at;
  }
  return line.substr(0, at);
}

/// Nothing was measured yet.
std::string span_or_none(std::uint64_t ns) {
  return ns == 0 ? "-" : short_span(ns);
}

}  // namespace

std::string short_span(std::uint64_t ns) {
  const auto value = static_cast<double>(ns);
  if (ns < 1000) {
    return fmt::format("{} ns", ns);
  }
  if (ns < 1'000'000) {
    return fmt::format("{:.{}f} µs", value / 1e3, ns < 10'000 ? 1 : 0);
  }
  if (ns < 1'000'000'000) {
    return fmt::format("{:.{}f} ms", value / 1e6, ns < 10'000'000 ? 1 : 0);
  }
  return fmt::format("{:.1f} s", value / 1e9);
}

std::string sparkline(const std::deque<std::uint64_t>& values) {
  constexpr std::array steps{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const std::uint64_t most = values.empty() ? 0 : std::ranges::max(values);
  std::string line;
  for (const std::uint64_t each : values) {
    line += most == 0 ? steps[0] : steps[(each * (steps.size() - 1) + most / 2) / most];
  }
  return line;
}

void stats_view::see(stats_json::digest now, moment when) {
  const bool is_first = at_ == moment{};
  seconds_ = is_first ? 0 : std::chrono::duration<double>(when - at_).count();
  at_ = when;
  // A node that was started anew counts from the beginning.
  const bool is_same = !is_first && now.uptime_ms >= now_.uptime_ms;
  before_ = is_same ? std::optional{std::exchange(now_, {})} : std::nullopt;
  now_ = std::move(now);
  if (!before_) {
    return;
  }
  std::uint64_t messages = 0;
  for (const auto& each : now_.actors) {
    messages += rate_of(each);
  }
  keep(rates_, messages);
  keep(commits_ns_, now_.commit_p99_ns);
}

bool stats_view::sort_by(char key) {
  constexpr std::array orders{std::pair{'m', order::messages}, std::pair{'c', order::count},
                              std::pair{'b', order::mailbox}, std::pair{'t', order::time},
                              std::pair{'n', order::name}};
  for (const auto& [own, meant] : orders) {
    if (own == key) {
      order_ = meant;
      return true;
    }
  }
  return false;
}

std::uint64_t stats_view::per_second(std::uint64_t now, std::uint64_t before) const {
  if (!before_ || seconds_ <= 0 || now < before) {
    return 0;
  }
  return static_cast<std::uint64_t>(static_cast<double>(now - before) / seconds_ + 0.5);
}

std::uint64_t stats_view::rate_of(const stats_json::actor_row& row) const {
  if (!before_) {
    return 0;
  }
  const auto at = std::ranges::find(before_->actors, row.name, &stats_json::actor_row::name);
  return per_second(row.messages, at == before_->actors.end() ? 0 : at->messages);
}

std::vector<std::string> stats_view::head() const {
  const stats_json::digest& now = now_;
  std::string tier = fmt::format("tier {}{}{}", now.tier, now.is_pinned ? " (pinned)" : "",
                                 now.is_guarded ? "  GUARD: nobody is let in" : "");
  for (const auto& [name, permille] : now.inputs) {
    tier += fmt::format("  {} {}%", name, permille / 10);
  }
  const std::uint64_t rate = rates_.empty() ? 0 : rates_.back();
  std::vector<std::string> all{
      fmt::format("frontdesk {}  up {}  {}", now.version, short_time(now.uptime_ms),
                  now.is_ready ? "ready" : "NOT READY"),
      std::move(tier),
      fmt::format("connections {}  agents {}  visitors {}  awake {}  queued {} ({})  out {}B",
                  short_count(now.connections), short_count(now.agents), short_count(now.visitors),
                  short_count(now.conversations), short_count(now.queued),
                  short_time(now.oldest_wait_ms), short_count(now.outbound_bytes)),
      fmt::format("messages/s {:>6} {}", short_count(rate), sparkline(rates_)),
      fmt::format("commit p99 {:>6} {}", short_span(now.commit_p99_ns), sparkline(commits_ns_)),
      fmt::format("recorder   {} posts/s in {} batches/s, {} a batch, {} waiting, p50 {}",
                  short_count(per_second(now.appends, before_ ? before_->appends : 0)),
                  short_count(per_second(now.batches, before_ ? before_->batches : 0)),
                  now.batch_p50, now.waiting, short_span(now.commit_p50_ns))};
  for (const auto& each : now.workers) {
    if (each.loop_lag_p99_ns + each.queue_delay_p99_ns == 0) {
      continue;
    }
    all.push_back(fmt::format("{:<10} loop lag p99 {}, queue delay p99 {}", each.name,
                              short_span(each.loop_lag_p99_ns),
                              short_span(each.queue_delay_p99_ns)));
  }
  for (const std::string& each : now.stuck) {
    all.push_back("STUCK      " + each);
  }
  return all;
}

std::vector<std::string> stats_view::table() const {
  auto rows = now_.actors;
  const auto down = [&](auto value_of) {
    std::ranges::stable_sort(rows, std::ranges::greater{}, value_of);
  };
  switch (order_) {
    case order::messages:
      down([this](const auto& row) { return rate_of(row); });
      break;
    case order::count:
      down(&stats_json::actor_row::count);
      break;
    case order::mailbox:
      down(&stats_json::actor_row::mailbox_now);
      break;
    case order::time:
      down(&stats_json::actor_row::p99_ns);
      break;
    case order::name:
      std::ranges::stable_sort(rows, {}, &stats_json::actor_row::name);
      break;
  }
  std::vector<std::string> all{fmt::format("{:<17}{:>8}{:>11}{:>9}{:>7}{:>9}{:>9}{:>9}", "actors",
                                           "alive", "messages/s", "mailbox", "max", "p50", "p99",
                                           "troubles")};
  for (const auto& row : rows) {
    all.push_back(fmt::format(
        "{:<17}{:>8}{:>11}{:>9}{:>7}{:>9}{:>9}{:>9}", row.name, short_count(row.count),
        short_count(rate_of(row)), short_count(row.mailbox_now), short_count(row.mailbox_max),
        span_or_none(row.p50_ns), span_or_none(row.p99_ns), short_count(row.troubles)));
  }
  return all;
}

std::vector<std::string> stats_view::lines(std::size_t most) const {
  std::vector<std::string> all = head();
  all.emplace_back();
  for (std::string& each : table()) {
    all.push_back(std::move(each));
  }
  for (std::string& each : all) {
    each = cut(each);
  }
  if (all.size() > most) {
    all.resize(most);
  }
  return all;
}

}  // namespace frontdesk
