#pragma once

#include "wire/stats_json.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace frontdesk {

/// What `frontdesk stats` draws, as text: 80 columns, UTF-8, whatever came of the node last and how
/// that differs from what came before.
class stats_view {
 public:
  enum class order : std::uint8_t { messages, count, mailbox, time, name };

  using moment = std::chrono::steady_clock::time_point;

  /// What the node says now.
  void see(stats_json::digest now, moment when);
  /// m, c, b, t, n: whether it is the key of an order, which is then in use.
  bool sort_by(char key);
  /// At most so many lines, each of at most 80 columns, without line ends.
  std::vector<std::string> lines(std::size_t most) const;

 private:
  std::uint64_t rate_of(const stats_json::actor_row&) const;
  std::uint64_t per_second(std::uint64_t now, std::uint64_t before) const;
  std::vector<std::string> head() const;
  std::vector<std::string> table() const;

  stats_json::digest now_;
  std::optional<stats_json::digest> before_;
  moment at_{};
  double seconds_ = 0;
  order order_ = order::messages;
  /// Of the last seconds.
  std::deque<std::uint64_t> rates_;
  std::deque<std::uint64_t> commits_ns_;
};

/// "850 ns", "12 µs", "1.2 ms", "3.4 s"
std::string short_span(std::uint64_t ns);
/// ▁▂▃▄▅▆▇█, the highest value as the highest.
std::string sparkline(const std::deque<std::uint64_t>&);

}  // namespace frontdesk
