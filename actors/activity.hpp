#pragma once

#include "actors/census.hpp"

#include <atomic>
#include <cstdint>
#include <typeinfo>

namespace frontdesk {

/// What a worker is at, readable while it hangs: the problem is that whoever hangs can say nothing,
/// so it has to be said before, at each message, and may cost almost nothing.
///
/// The worker writes four words that nobody else writes; whoever watches compares two readings. An
/// odd number is a message that is being handled, an even one is none. The same odd number twice is
/// the same message:
///
///     number  6 ──begin──► 7 ──end──► 8 ──begin──► 9 …
///             │ idle       │ handling │ or between two
///
/// The words belong to the number that is read before and after them, or else the reading is of no
/// use and says so.
class activity {
 public:
  struct reading {
    std::uint64_t number = 0;
    kind_index kind = 0;
    std::uint64_t id = 0;
    /// Of the class that carries the message; null if nothing is handled.
    const std::type_info* message = nullptr;

    bool is_handling() const { return message != nullptr; }
  };

  /// @name The worker's own thread
  /// @{
  void begin(kind_index kind, std::uint64_t id, const std::type_info& message) noexcept {
    // Released, so that nobody finds them beside the number before.
    kind_.store(kind, std::memory_order_release);
    id_.store(id, std::memory_order_release);
    message_.store(&message, std::memory_order_release);
    number_.store(number_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }
  void end() noexcept {
    number_.store(number_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }
  /// @}

  /// Any thread.
  reading read() const noexcept {
    reading found;
    found.number = number_.load(std::memory_order_acquire);
    if (found.number % 2 == 0) return found;
    found.kind = kind_.load(std::memory_order_acquire);
    found.id = id_.load(std::memory_order_acquire);
    const auto message = message_.load(std::memory_order_acquire);
    // Otherwise it has ended meanwhile, and what was read may be of another one.
    const std::uint64_t now = number_.load(std::memory_order_relaxed);
    if (now == found.number) found.message = message;
    found.number = now;
    return found;
  }

 private:
  std::atomic<std::uint64_t> number_{0};
  std::atomic<kind_index> kind_{0};
  std::atomic<std::uint64_t> id_{0};
  std::atomic<const std::type_info*> message_{nullptr};
};

}  // namespace frontdesk
