#pragma once

#include "model/ids.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The problem: when all come back at once, those who were here should come first, and who they are
/// must be seen before anything is done for them, for far less than a token costs. A browser can
/// say nothing of its own in front of a WebSocket but the names of subprotocols.
///
/// The answer: `welcome` hands out a seat, 56 hex digits that fit such a name:
///
///     number (8 bytes, random) · end (4, seconds since 1970) · keyed BLAKE2b of both (16)
///
/// It says "this node welcomed somebody, not long ago" and nothing else: not whom, and it opens no
/// door. Whoever steals one is let in sooner, as a stranger.
namespace frontdesk {

/// Gives seats and knows them again, also after a restart. Immutable, thread-safe; to know one
/// costs less than a microsecond.
class seat_key {
 public:
  /// From the node's secret, of any length.
  static seat_key from_secret(std::string_view secret);

  std::string give(timestamp now) const;

  /// The number of a seat of ours that has not ended; nothing for all else.
  std::optional<std::uint64_t> number_of(std::string_view seat, timestamp now) const;

 private:
  static constexpr std::size_t key_bytes = 32;

  seat_key() = default;

  std::array<unsigned char, key_bytes> key_{};
};

}  // namespace frontdesk
