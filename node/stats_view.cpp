#include "node/stats_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
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

/// Bytes that have so many columns, or all.
std::size_t bytes_of(std::string_view line, std::size_t columns) {
  std::size_t seen = 0;
  std::size_t at = 0;
  while (at < line.size()) {
    const bool begins = (static_cast<unsigned char>(line[at]) & 0xC0U) != 0x80U;
    if (begins && ++seen > columns) {
      break;
    }
    ++at;
  }
  return at;
}

/// Of what an exception said of itself: nothing that would move the cursor, or has another width.
std::string plain(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c < 0x20 || c > 0x7e; }, '.');
  return text;
}

/// As many as fit on a line, the others on further ones, and nothing is cut off: of what decides
/// the tier, the last may be what matters.
std::vector<std::string> wrapped(const std::vector<std::string>& parts, std::size_t columns) {
  constexpr std::string_view between = "  ";
  std::vector<std::string> lines{""};
  std::size_t used = 0;
  for (std::string_view part : parts) {
    const auto width = static_cast<std::size_t>(std::ranges::count_if(
        part, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
    if (used > 0 && used + between.size() + width > columns) {
      lines.emplace_back();
      used = 0;
    }
    lines.back().append(used > 0 ? between : "");
    used += width + (used > 0 ? between.size() : 0);
    // One that is wider than the terminal.
    while (columns > 0 && bytes_of(part, columns) < part.size()) {
      lines.back().append(part.substr(0, bytes_of(part, columns)));
      part.remove_prefix(bytes_of(part, columns));
      lines.emplace_back();
    }
    lines.back().append(part);
  }
  return lines;
}

/// Nothing was measured yet.
std::string span_or_none(std::uint64_t ns) {
  return ns == 0 ? "-" : short_span(ns);
}

}  // namespace

std::string cut_line(const std::string& line, std::size_t columns) {
  return line.substr(0, bytes_of(line, columns));
}

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
  const bool is_first = !has_seen();
  seconds_ = is_first ? 0 : std::chrono::duration<double>(when - at_).count();
  at_ = when;
  silent_for_ = {};
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

void stats_view::is_silent_for(std::chrono::milliseconds span) {
  silent_for_ = span;
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

std::string stats_view::tier() const {
  std::string pin;
  if (now_.is_pinned) {
    pin = now_.pinned_for_ms > 0
              ? fmt::format(" (pinned for {} more)", short_time(now_.pinned_for_ms))
              : " (pinned)";
  }
  return fmt::format("tier {}{}{}", now_.tier, pin,
                     now_.is_guarded ? "  GUARD: nobody is let in" : "");
}

/// What devices wish and are told.
std::vector<std::string> stats_view::traffic() const {
  const stats_json::digest& now = now_;
  return {fmt::format("posts      ack p50 {} p99 {}, delivery p50 {} p99 {}",
                      span_or_none(now.ack_p50_ns), span_or_none(now.ack_p99_ns),
                      span_or_none(now.delivery_p50_ns), span_or_none(now.delivery_p99_ns)),
          fmt::format("refused    {}/s, {} ever, {} put into quarantine since the start",
                      short_count(per_second(now.refused, before_ ? before_->refused : 0)),
                      short_count(now.refused), now.quarantined)};
}

/// Whatever an operator has to read: what hangs, who fell lately, which tenants are held back.
std::vector<std::string> stats_view::troubles() const {
  constexpr std::size_t shown_max = 5;
  constexpr std::uint64_t lately_ms = 3'600'000;
  std::vector<std::string> all;
  for (const std::string& each : now_.stuck) {
    all.push_back("STUCK      " + each);
  }
  for (const auto& each : now_.fallen) {
    if (each.ago_ms > lately_ms || all.size() == now_.stuck.size() + shown_max) {
      break;
    }
    all.push_back(fmt::format("FELL       {} {}, {} ago, restarts {}: {}", each.path, each.state,
                              short_time(each.ago_ms), each.restarts, plain(each.why)));
  }
  if (now_.tenants.empty()) {
    return all;
  }
  std::string held = "TENANTS   ";
  for (std::size_t i = 0; i < std::min(shown_max, now_.tenants.size()); ++i) {
    const auto& each = now_.tenants[i];
    held += fmt::format(" {} {} in tier {} for {},", each.tenant, plain(each.name), each.tier,
                        short_time(each.lasted_ms));
  }
  held.pop_back();
  const std::size_t others =
      now_.tenants.size() + now_.tenants_left_out - std::min(shown_max, now_.tenants.size());
  all.push_back(others == 0 ? held : fmt::format("{} and {} more", held, others));
  return all;
}

std::vector<std::string> stats_view::silence() const {
  if (silent_for_ >= silence_told) {
    return {fmt::format("NO ANSWER for {} s{}",
                        std::chrono::floor<std::chrono::seconds>(silent_for_).count(),
                        has_seen() ? ": what follows is as old" : "")};
  }
  return has_seen() ? std::vector<std::string>{} : std::vector<std::string>{"The node is asked"};
}

std::vector<std::string> stats_view::head(std::size_t columns) const {
  const stats_json::digest& now = now_;
  std::vector<std::string> decides{tier()};
  for (const auto& [name, permille] : now.inputs) {
    decides.push_back(fmt::format("{} {}%", name, permille / 10));
  }
  const std::uint64_t rate = rates_.empty() ? 0 : rates_.back();
  std::vector<std::string> all;
  all.push_back(fmt::format("frontdesk {}  up {}  {}", now.version, short_time(now.uptime_ms),
                            now.is_ready ? "ready" : "NOT READY"));
  for (std::string& each : wrapped(decides, columns)) {
    all.push_back(std::move(each));
  }
  const std::vector<std::string> figures{
      fmt::format("connections {}  agents {}  visitors {}  awake {}  queued {} ({})  out {}B",
                  short_count(now.connections), short_count(now.agents), short_count(now.visitors),
                  short_count(now.conversations), short_count(now.queued),
                  short_time(now.oldest_wait_ms), short_count(now.outbound_bytes)),
      fmt::format("messages/s {:>6} {}", short_count(rate), sparkline(rates_)),
      fmt::format("commit p99 {:>6} {}", span_or_none(now.commit_p99_ns), sparkline(commits_ns_)),
      fmt::format("recorder   {} posts/s in {} batches/s, {} a batch, {} waiting, p50 {}",
                  short_count(per_second(now.appends, before_ ? before_->appends : 0)),
                  short_count(per_second(now.batches, before_ ? before_->batches : 0)),
                  now.batch_p50, now.waiting, span_or_none(now.commit_p50_ns))};
  all.insert(all.end(), figures.begin(), figures.end());
  for (const auto& part : {traffic(), troubles()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  std::ranges::move(threads(), std::back_inserter(all));
  return all;
}

/// The slowest: with many, all of them would leave no line for the actors.
std::vector<std::string> stats_view::threads() const {
  constexpr std::size_t shown_max = 5;
  const auto delay_of = [](const stats_json::worker_row& each) {
    return each.loop_lag_p99_ns + each.queue_delay_p99_ns;
  };
  auto rows = now_.workers;
  std::erase_if(rows, [&](const auto& each) { return delay_of(each) == 0; });
  const std::size_t shown = std::min(shown_max, rows.size());
  if (rows.size() > shown_max) {
    std::ranges::stable_sort(rows, std::ranges::greater{}, delay_of);
  }
  std::vector<std::string> all;
  for (std::size_t i = 0; i < shown; ++i) {
    all.push_back(fmt::format("{:<10} loop lag p99 {}, queue delay p99 {}", rows[i].name,
                              short_span(rows[i].loop_lag_p99_ns),
                              short_span(rows[i].queue_delay_p99_ns)));
  }
  if (rows.size() > shown) {
    all.back() += fmt::format(", and {} that are quicker", rows.size() - shown);
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

std::vector<std::string> stats_view::lines(std::size_t most, std::size_t columns) const {
  std::vector<std::string> all = silence();
  if (has_seen()) {
    std::ranges::move(head(columns), std::back_inserter(all));
    all.emplace_back();
    std::ranges::move(table(), std::back_inserter(all));
  }
  for (std::string& each : all) {
    each = cut_line(each, columns);
  }
  if (all.size() > most) {
    all.resize(most);
  }
  return all;
}

}  // namespace frontdesk
