#pragma once

#include "model/histogram.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace frontdesk {

/// A count that one thread writes and all may read: a relaxed load and store, about a nanosecond,
/// where an addition that several threads may make takes ten or more.
class tally {
 public:
  void add(std::uint64_t more) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
  }
  void be(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  void be_at_least(std::uint64_t value) noexcept {
    if (value > read()) be(value);
  }
  std::uint64_t read() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// The histogram of a thread that has no time, read by others while it counts: each figure is
/// exact, but a reading may have a value in one of them and not yet in the next.
///
/// What only grows can be taken off: a reading less an earlier one is what came in between.
template <class histogram>
class tally_histogram {
 public:
  struct reading {
    std::array<std::uint64_t, histogram::buckets_count> counts{};
    std::uint64_t sum = 0;
    std::uint64_t max = 0;

    /// What several threads have counted.
    void add(const reading& other) {
      for (std::size_t i = 0; i < counts.size(); ++i)
        counts[i] += other.counts[i];
      sum += other.sum;
      max = std::max(max, other.max);
    }
    histogram all() const { return histogram::counted(counts, sum, max); }
    /// Of the greatest value only the bucket is known.
    histogram since(const reading& before) const {
      auto between = counts;
      for (std::size_t i = 0; i < counts.size(); ++i)
        between[i] -= std::min(between[i], before.counts[i]);
      return histogram::counted(between, sum - std::min(sum, before.sum), max);
    }
  };

  /// One thread only.
  void record(std::uint64_t value) noexcept {
    const std::uint64_t kept = std::min(value, histogram::value_max);
    counts_[histogram::index_of(kept)].add(1);
    sum_.add(kept);
    max_.be_at_least(kept);
  }

  reading read() const noexcept {
    reading now;
    for (std::size_t i = 0; i < counts_.size(); ++i)
      now.counts[i] = counts_[i].read();
    now.sum = sum_.read();
    now.max = max_.read();
    return now;
  }

 private:
  std::array<tally, histogram::buckets_count> counts_;
  tally sum_;
  tally max_;
};

}  // namespace frontdesk
