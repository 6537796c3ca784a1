#pragma once

#include "model/limits.hpp"
#include "model/rate.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

/// The problem: when everybody comes back at once, each is welcome and all together are too many.
/// Whoever waits for longer than a client has patience is work for nothing: it gives up, comes
/// again, and the queue in front of the next one has grown. And the strangers among them take the
/// places of those who were in the midst of a talk.
///
/// The answer: asked before an upgrade is answered and before a token is looked at, so that a
/// refusal costs little more than the request that it refuses. Whoever had a seat comes first;
/// strangers get what is left, and a small part always. Who is refused is given a moment of its
/// own, behind all who were refused before.
///
///     seated ──► bucket of the node ──────────────► in
///                     ▲ while more than half is left, and little waits
///     fresh ──────────┤
///                     └ else ► bucket of their own, `limits::fresh_share` of the rate ──► in
namespace frontdesk {

/// Thread-safe; time is handed in.
class hello_gate {
 public:
  using moment = rate::moment;
  using milliseconds = std::chrono::milliseconds;

  enum class guests : std::uint8_t { seated, fresh };

  /// 0: no limit.
  explicit hello_gate(double per_second);

  /// Nothing: come in. Otherwise: come again after so long.
  std::optional<milliseconds> ask(guests who, moment now);

  /// How late a thread was with somebody whom it was handed.
  void note_lag(milliseconds late, moment now);

  /// Somebody whose hello was read and not answered yet; counts as long as it lives.
  class greeting {
   public:
    greeting() = default;
    explicit greeting(hello_gate& gate) : gate_(&gate) { ++gate.greetings_; }
    greeting(greeting&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    greeting& operator=(greeting&& other) noexcept {
      std::swap(gate_, other.gate_);
      other.end();
      return *this;
    }
    ~greeting() { end(); }
    void end() {
      if (gate_ != nullptr) --std::exchange(gate_, nullptr)->greetings_;
    }

   private:
    hello_gate* gate_ = nullptr;
  };

  std::size_t greetings_count() const noexcept { return greetings_; }

 private:
  /// Of what waits, in parts of the most that may.
  double backlog(moment now) const;
  milliseconds later(guests who, moment now);

  const double per_second_;
  const double fresh_per_second_;
  std::atomic<std::size_t> greetings_{0};
  mutable std::mutex mutex_;
  rate all_;
  rate fresh_;
  milliseconds lag_{0};
  moment lag_at_;
  /// When the next one who is refused may come, by kind.
  std::array<moment, 2> next_;
  std::uint64_t refusals_count_ = 0;
};

}  // namespace frontdesk
