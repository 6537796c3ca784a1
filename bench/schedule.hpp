#pragma once

#include "bench/clock.hpp"

#include <cstddef>
#include <cstdint>

namespace frontdesk::bench {

/// When each of some speakers is due, at one rate for all: they begin one after the other, not in
/// step, and each goes on by its own count, so that a late turn moves no later one.
class schedule {
 public:
  /// Each of `speakers` speaks once every `pause`, beginning at `begin`.
  schedule(moment begin, microseconds pause, std::size_t speakers)
      : begin_(begin), pause_(pause), speakers_(speakers == 0 ? 1 : speakers) {}

  moment due(std::size_t speaker, std::uint64_t turn) const {
    const auto first = pause_.count() * static_cast<microseconds::rep>(speaker) /
                       static_cast<microseconds::rep>(speakers_);
    return begin_ + microseconds{first} + pause_ * static_cast<microseconds::rep>(turn);
  }

 private:
  moment begin_;
  microseconds pause_;
  std::size_t speakers_;
};

/// Speakers change from one pause to another. If each went on to its next turn as planned, those of
/// one old pause would fall together in several new ones, and the load would come in gusts.
struct pace_change {
  moment when;
  microseconds from;
  microseconds to;

  /// When a turn comes that was due at `due`. What should have been by now stays overdue.
  moment moved(moment due) const {
    if (due <= when) return due;
    const std::chrono::duration<double> left = due - when;
    const double stretch = static_cast<double>(to.count()) / static_cast<double>(from.count());
    return when + std::chrono::duration_cast<clock::duration>(left * stretch);
  }
};

}  // namespace frontdesk::bench
