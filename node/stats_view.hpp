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

/// What `frontdesk stats` draws, as text: UTF-8, whatever came of the node last and how that
/// differs from what came before.
class stats_view {
 public:
  enum class order : std::uint8_t { messages, count, mailbox, time, name };

  using moment = std::chrono::steady_clock::time_point;

  /// What the node says now.
  void see(stats_json::digest now, moment when);
  /// False: no node has said anything yet, so there is only for how long.
  bool has_seen() const { return at_ != moment{}; }
  /// m, c, b, t, n: whether it is the key of an order, which is then in use.
  bool sort_by(char key);
  /// The node was asked, and has said nothing for so long: from `silence_told` on, the first line
  /// tells of it. Until it is seen again.
  void is_silent_for(std::chrono::milliseconds);
  /// At most so many lines, each of at most so many columns, without line ends.
  std::vector<std::string> lines(std::size_t most, std::size_t columns) const;

  static constexpr std::chrono::seconds silence_told{2};

 private:
  std::uint64_t rate_of(const stats_json::actor_row&) const;
  std::uint64_t per_second(std::uint64_t now, std::uint64_t before) const;
  std::string tier() const;
  std::vector<std::string> silence() const;
  std::vector<std::string> head(std::size_t columns) const;
  std::vector<std::string> traffic() const;
  std::vector<std::string> troubles() const;
  std::vector<std::string> threads() const;
  std::vector<std::string> table() const;

  stats_json::digest now_;
  std::optional<stats_json::digest> before_;
  moment at_{};
  double seconds_ = 0;
  std::chrono::milliseconds silent_for_{0};
  order order_ = order::messages;
  /// Of the last seconds.
  std::deque<std::uint64_t> rates_;
  std::deque<std::uint64_t> commits_ns_;
};

/// Its first columns, without half of a character: all that we draw are one column wide.
std::string cut_line(const std::string& line, std::size_t columns);
/// "850 ns", "12 µs", "1.2 ms", "3.4 s"
std::string short_span(std::uint64_t ns);
/// ▁▂▃▄▅▆▇█, the highest value as the highest.
std::string sparkline(const std::deque<std::uint64_t>&);

}  // namespace frontdesk
