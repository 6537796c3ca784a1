#pragma once

#include "model/desk_stats.hpp"
#include "model/tally_histogram.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

namespace frontdesk {

/// Which kind of actor, within one actor system.
using kind_index = std::uint8_t;

using stats_tally = tally_histogram<stats_histogram>;

/// What the actors of one kind do on one worker. Written by that worker alone; what it writes at
/// each message lies on one line of the cache.
struct alignas(64) kind_tally {
  tally messages;
  tally turns;
  /// The longest mailbox within the second that is named beside it (`census::second`).
  tally mailbox_latest;
  tally mailbox_second;
  tally mailbox_max;
  stats_tally mailbox;
  stats_tally handling;
};

/// How actors of one kind come and go. Rare, so any thread may write.
struct kind_life {
  std::string name;
  std::atomic<std::uint64_t> spawned{0};
  std::atomic<std::uint64_t> ended{0};
  std::atomic<std::uint64_t> crashed{0};
  /// Ended with an error; those that crashed among them.
  std::atomic<std::uint64_t> failed{0};
  std::atomic<std::uint64_t> timeouts{0};
  std::atomic<std::uint64_t> stuck{0};
};

/// The kinds of actors in one actor system, and how many of them there are. What they do is counted
/// where they do it, by their workers (`kind_tally`): a counter that several threads write costs
/// more than what it counts.
///
/// Thread-safe. A kind gets its number when its first actor is made, and keeps it.
class census {
 public:
  /// More kinds than there are actors' classes. Those beyond are counted together as "other".
  static constexpr std::size_t kinds_max = 32;
  /// One message and one turn in so many is measured: a look at the clock takes 40 ns, a message
  /// between actors 200.
  static constexpr unsigned sampled_one_in = 16;

  census() { lives_[0].name = "other"; }

  kind_index kind_of(const char* name);
  std::size_t count() const noexcept { return count_.load(std::memory_order_acquire); }
  kind_life& life(kind_index which) noexcept { return lives_[which]; }
  const kind_life& life(kind_index which) const noexcept { return lives_[which]; }

  /// Moves on once a second, so that "now" needs no clock.
  std::uint64_t second() const noexcept { return second_.load(std::memory_order_relaxed); }
  void next_second() noexcept { second_.fetch_add(1, std::memory_order_relaxed); }

 private:
  std::array<kind_life, kinds_max> lives_;
  std::atomic<std::size_t> count_{1};
  std::atomic<std::uint64_t> second_{2};
  std::mutex mutex_;
};

}  // namespace frontdesk
