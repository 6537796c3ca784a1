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

}  // namespace frontdesk::bench
