#pragma once

#include "model/ids.hpp"

#include <chrono>
#include <cstdint>

namespace frontdesk {

/// How long until the next period of `key` begins, if the periods of each begin at a moment of its
/// own: whoever begins to wait together does not end together. More than 0, `period` at most.
///
///     time_to_phase(now(), conversation.value, 1s)
constexpr std::chrono::milliseconds time_to_phase(std::chrono::steady_clock::time_point now,
                                                  std::uint64_t key,
                                                  std::chrono::milliseconds period) {
  const auto past = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
  const std::chrono::milliseconds begin{mixed(key) % static_cast<std::uint64_t>(period.count())};
  const auto since_begin = (past % period + period - begin) % period;
  return period - since_begin;
}

}  // namespace frontdesk
