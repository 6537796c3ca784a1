#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace frontdesk {

/// How frames are spelled on one connection, agreed upon when it begins. The frames are the same.
enum class encoding : std::uint8_t { json = 0, protobuf = 1 };
constexpr std::size_t encodings_count = 2;

constexpr std::size_t index_of(encoding which) {
  return static_cast<std::size_t>(which);
}

/// The WebSocket subprotocol of each.
constexpr std::array<std::string_view, encodings_count> subprotocols{"frontdesk.v1.json",
                                                                     "frontdesk.v1.protobuf"};

}  // namespace frontdesk
