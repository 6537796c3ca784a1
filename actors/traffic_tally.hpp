#pragma once

#include "actors/census.hpp"
#include "model/fault.hpp"
#include "model/tally_histogram.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace frontdesk {

/// Whose turn it is to be measured: one of `census::sampled_one_in`, because a look at the clock
/// costs more than to count. One thread only.
class turn_to_measure {
 public:
  bool comes() noexcept { return seen_++ % census::sampled_one_in == 0; }

 private:
  std::uint32_t seen_ = 0;
};

/// What the connections and conversations of one thread tell devices. Written by that thread alone,
/// without a locked instruction; any thread reads.
struct traffic_tally {
  /// Fault codes are numbers below this, and never used again (`model/fault.hpp`).
  static constexpr std::size_t faults_max = 64;
  /// Of each hundred of close codes the first ones are in use: 40xx, 44xx, 45xx.
  static constexpr std::array<unsigned, 3> close_hundreds{40, 44, 45};
  static constexpr std::size_t closes_per_hundred = 16;
  static constexpr std::size_t closes_count = close_hundreds.size() * closes_per_hundred;

  void refused(fault_code why) noexcept {
    if (const auto at = static_cast<std::size_t>(why); at < faults_max) faults[at].add(1);
  }
  void closed(close_code why) noexcept {
    const auto number = static_cast<unsigned>(why);
    for (std::size_t i = 0; i < close_hundreds.size(); ++i) {
      if (number / 100 != close_hundreds[i] || number % 100 >= closes_per_hundred) continue;
      closes[i * closes_per_hundred + number % 100].add(1);
    }
  }
  static close_code close_code_at(std::size_t index) noexcept {
    return static_cast<close_code>(close_hundreds[index / closes_per_hundred] * 100 +
                                   index % closes_per_hundred);
  }
  static void note(stats_tally& into, std::chrono::nanoseconds lasted) noexcept {
    into.record(lasted.count() > 0 ? static_cast<std::uint64_t>(lasted.count()) : 0);
  }

  std::array<tally, faults_max> faults;
  std::array<tally, closes_count> closes;
  /// From a post's frame until its ack was handed to the transport.
  stats_tally ack;
  /// From a message's being recorded until its frame was handed to somebody else's transport.
  stats_tally delivery;

  turn_to_measure post;
  turn_to_measure event;
};

/// The tallies of all threads that carry sockets. Outlives all actors; the tallies alone change.
class traffic_board {
 public:
  traffic_board(std::size_t threads_count, bool is_counting) {
    for (std::size_t i = 0; is_counting && i < threads_count; ++i)
      tallies_.push_back(std::make_unique<traffic_tally>());
  }

  /// Null: nothing is counted there. By the thread of that number alone.
  traffic_tally* at(std::size_t thread) noexcept {
    return thread < tallies_.size() ? tallies_[thread].get() : nullptr;
  }

  template <class Each>
  void for_each(Each&& call) const {
    for (const auto& one : tallies_)
      call(*one);
  }
  bool is_counting() const noexcept { return !tallies_.empty(); }

 private:
  std::vector<std::unique_ptr<traffic_tally>> tallies_;
};

}  // namespace frontdesk
