#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace frontdesk {

/// The problem: a handler that blocks or never ends stops all actors and all sockets of its thread,
/// without an error and without a word.
///
/// The answer: somebody looks at the thread again and again. Whoever is at the same thing for
/// longer than it may is told of once, and once more when it has ended. This is the rule of one
/// thread; who looks, and where at, is `desk_watch`.
class stuck_watch {
 public:
  using moment = std::chrono::steady_clock::time_point;
  using span = std::chrono::milliseconds;

  /// What is seen of a thread in one look.
  struct sight {
    /// Changes with every message that begins or ends.
    std::uint64_t number = 0;
    /// A message is being handled.
    bool is_handling = false;
    /// It was asked for a sign of life and has not given it.
    bool is_silent = false;
    /// Changes with every turn: who has turns is not stuck, but has much to do.
    std::uint64_t turns = 0;
  };
  enum class verdict : std::uint8_t { well, stuck_in_message, stuck_outside };

  /// `limit`: what one thing may take. `interval`: between two looks. A look that comes later than
  /// twice of it counts as that: then it was not the thread that slept, but the process.
  stuck_watch(span limit, span interval) : limit_(limit), interval_(interval) {}

  struct finding {
    verdict what = verdict::well;
    /// At least; less than one interval is missing.
    span lasted{0};
    /// Just noticed, or just ended.
    bool is_news = false;
    bool has_ended = false;
  };
  finding look(const sight&, moment now);

 private:
  const span limit_;
  const span interval_;
  std::optional<moment> looked_at_;
  sight before_;
  verdict suspected_ = verdict::well;
  span lasted_{0};
  bool is_told_ = false;
};

}  // namespace frontdesk
