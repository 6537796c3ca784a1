#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace frontdesk {

/// What a connection came by: a WebSocket, a body that flows (`POST /v1/stream`), a long poll, the
/// events of `EventSource`, or a single request with frames.
enum class transport_kind : std::uint8_t { websocket, stream, poll, events, errand };
constexpr std::size_t transport_kinds_count = 5;

constexpr const char* name_of(transport_kind kind) {
  constexpr std::array<const char*, transport_kinds_count> names{"websocket", "stream", "poll",
                                                                 "events", "errand"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace frontdesk
