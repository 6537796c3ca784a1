#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Fields of protobuf, written by hand: also those that no library would write.
namespace frontdesk::protobuf_bytes {

inline std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7U)
    bytes += static_cast<char>(value | 0x80U);
  return bytes + static_cast<char>(value);
}

inline std::string tag(unsigned number, unsigned kind) {
  return varint(number << 3U | kind);
}

inline std::string number(unsigned field, std::uint64_t value) {
  return tag(field, 0) + varint(value);
}

inline std::string fixed64(unsigned field, std::uint64_t value) {
  std::string bytes = tag(field, 1);
  for (unsigned i = 0; i < 8; ++i)
    bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

inline std::string bytes(unsigned field, std::string_view content) {
  return tag(field, 2) + varint(content.size()) + std::string(content);
}

}  // namespace frontdesk::protobuf_bytes
