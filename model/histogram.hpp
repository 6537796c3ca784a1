#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace frontdesk {

/// How often each value came, for quantiles that are right to a known part of the value: 2^-p of it
/// with p precision bits. 10 bits keep three significant digits; 2 bits (a quarter) are enough for
/// what every actor counts, and small.
///
/// Values below 2^p have a bucket each. From there on every power of two is cut into 2^p buckets of
/// equal width, as HdrHistogram does (p = 2):
///
///     value    0 1 2 3 | 4 5 6 7 | 8-9 10-11 12-13 14-15 | 16-19 20-23 24-27 28-31 | …
///     bucket   0 1 2 3 | 4 5 6 7 |  8    9     10    11  |   12    13    14    15  | …
///
/// Values have no unit here; the range ends at 2^value_bits − 1, and what lies beyond is counted as
/// that end, and as clamped. Its memory is (value_bits − p + 1)·2^p counters, taken with the first
/// record and never more: 560 bytes at 2, 36 and 32-bit counters, 216 KiB at 10, 36 and 64 bits. A
/// counter that is full stays full, and what it could not take is in no other figure either. Not
/// for several threads: each has its own, and they are merged.
template <unsigned precision_bits, unsigned value_bits = 36,
          std::unsigned_integral counter = std::uint64_t>
class log_histogram {
  static_assert(precision_bits < value_bits && value_bits < 64);

 public:
  static constexpr std::uint64_t value_max = (std::uint64_t{1} << value_bits) - 1;
  static constexpr std::size_t buckets_count = std::size_t{value_bits - precision_bits + 1}
                                               << precision_bits;

  /// All values from `lowest` to `highest`, both included, which are one here.
  struct bucket {
    std::uint64_t lowest;
    std::uint64_t highest;
    std::uint64_t count;
  };

  /// The bucket of a value within the range.
  static constexpr std::size_t index_of(std::uint64_t value) {
    const auto bits = static_cast<unsigned>(std::bit_width(value));
    const unsigned shift = bits > precision_bits + 1 ? bits - precision_bits - 1 : 0;
    return (std::size_t{shift} << precision_bits) + static_cast<std::size_t>(value >> shift);
  }

  void record(std::uint64_t value, std::uint64_t count = 1) {
    const std::uint64_t kept = std::min(value, value_max);
    const std::uint64_t taken = add(index_of(kept), count);
    if (taken == 0) return;
    if (value > value_max) clamped_count_ += taken;
    sum_ += static_cast<double>(kept) * static_cast<double>(taken);
    saw(kept, kept);
  }

  /// For a loop that waits for each answer before it asks again: while it waited for `value`, it
  /// left out the questions that were due every `expected_interval`, whose answers would have come
  /// at value − interval, value − 2·interval, … down to one interval. They are recorded, too. An
  /// interval of 0 means: none were left out. Costs at most one step for each bucket.
  void record_corrected(std::uint64_t value, std::uint64_t expected_interval) {
    record(value);
    const std::uint64_t interval = expected_interval;
    if (interval == 0) return;
    std::uint64_t due = std::min(value, value_max);
    while (due >= 2 * interval) {
      due -= interval;
      // All that fall into this bucket at once: due, due − interval, … not below `last`.
      const std::uint64_t last = std::max(lowest_of(index_of(due)), interval);
      const std::uint64_t more = (due - last) / interval;
      const std::uint64_t taken = add(index_of(due), more + 1);
      const std::uint64_t least = due - more * interval;
      sum_ +=
          static_cast<double>(taken) * (static_cast<double>(due) + static_cast<double>(least)) / 2;
      if (taken > 0) saw(least, due);
      due = least;
    }
  }

  void merge(const log_histogram& other) {
    if (other.count_ == 0) return;
    std::uint64_t lost = 0;
    for (std::size_t i = 0; i < buckets_count; ++i) {
      const std::uint64_t wanted = other.counts_[i];
      if (wanted > 0) lost += wanted - add(i, wanted);
    }
    // What a full counter did not take is left out of the sum by the mean of the other.
    sum_ += other.sum_ - static_cast<double>(lost) * other.mean();
    clamped_count_ += other.clamped_count_;
    saw(other.min_, other.max_);
  }

  void clear() { *this = {}; }

  /// One that was counted elsewhere, bucket by bucket (`model/tally_histogram.hpp`).
  static log_histogram counted(const std::array<std::uint64_t, buckets_count>& counts,
                               std::uint64_t sum, std::uint64_t max) {
    log_histogram made;
    for (std::size_t i = 0; i < buckets_count; ++i) {
      if (counts[i] == 0) continue;
      made.add(i, counts[i]);
      made.saw(lowest_of(i), std::min(highest_of(i), max));
    }
    made.sum_ = static_cast<double>(sum);
    return made;
  }

  std::uint64_t count() const { return count_; }
  /// Of these, those that were beyond the range.
  std::uint64_t clamped_count() const { return clamped_count_; }
  /// Exact, but for clamped values; 0 if there is none.
  std::uint64_t min() const { return min_; }
  std::uint64_t max() const { return max_; }
  double sum() const { return sum_; }
  double mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }

  /// The value that this part (0 … 1) of all does not exceed: the top of its bucket, at most the
  /// greatest of all. 0 if there is none.
  std::uint64_t value_at(double quantile) const {
    if (count_ == 0) return 0;
    // One step down, so that 0.07 of 100 is the 7th although their product is 7.000000000000001.
    const double part = std::nextafter(std::clamp(quantile, 0.0, 1.0), 0.0);
    const auto wanted = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count_)));
    const std::uint64_t rank = std::clamp<std::uint64_t>(wanted, 1, count_);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_count; ++i) {
      seen += counts_[i];
      if (seen >= rank) return std::min(highest_of(i), max_);
    }
    return max_;
  }

  /// How many lie in buckets that end at or below this value: exact where it is the end of one.
  std::uint64_t count_up_to(std::uint64_t value) const {
    std::uint64_t seen = 0;
    if (value >= value_max) return count_;
    for (std::size_t i = 0; i < counts_.size() && highest_of(i) <= value; ++i)
      seen += counts_[i];
    return seen;
  }

  /// Calls with each bucket that is not empty, from the lowest on.
  template <typename callable>
  void for_each(callable&& call) const {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (counts_[i] > 0) call(bucket{lowest_of(i), highest_of(i), counts_[i]});
    }
  }

 private:
  static constexpr std::uint64_t width_of(std::size_t index) {
    const std::size_t power = index >> precision_bits;
    return std::uint64_t{1} << (power == 0 ? 0 : power - 1);
  }

  static constexpr std::uint64_t lowest_of(std::size_t index) {
    const std::size_t power = index >> precision_bits;
    if (power == 0) return index;
    const std::size_t within = index - ((power - 1) << precision_bits);
    return std::uint64_t{within} << (power - 1);
  }

  static constexpr std::uint64_t highest_of(std::size_t index) {
    return lowest_of(index) + width_of(index) - 1;
  }

  static_assert(index_of(value_max) == buckets_count - 1);

  /// How many of them the counter had room for.
  std::uint64_t add(std::size_t index, std::uint64_t count) {
    if (counts_.empty()) counts_.resize(buckets_count);
    const std::uint64_t room = std::numeric_limits<counter>::max() - counts_[index];
    const std::uint64_t taken = std::min(room, count);
    counts_[index] = static_cast<counter>(counts_[index] + taken);
    count_ += taken;
    return taken;
  }

  void saw(std::uint64_t least, std::uint64_t greatest) {
    min_ = is_seen_ ? std::min(min_, least) : least;
    max_ = std::max(max_, greatest);
    is_seen_ = true;
  }

  std::vector<counter> counts_;
  std::uint64_t count_ = 0;
  std::uint64_t clamped_count_ = 0;
  double sum_ = 0;
  std::uint64_t min_ = 0;
  std::uint64_t max_ = 0;
  bool is_seen_ = false;
};

}  // namespace frontdesk
