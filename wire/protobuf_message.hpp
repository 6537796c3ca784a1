#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace frontdesk {

/// Protobuf that comes from strangers. The library would build an object for each two bytes of a
/// hostile message, keep what it does not know, take the last of two fields, cut numbers that are
/// too great, and write a line to stderr for each text that is not UTF-8. So a message is looked at
/// where it lies, one field after the other, and nothing is kept.

/// How a value is written (the wire types of protobuf, but for groups, which nobody needs).
enum class protobuf_kind : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

struct protobuf_field {
  std::uint32_t number = 0;
  protobuf_kind kind = protobuf_kind::varint;
  /// Of a number.
  std::uint64_t value = 0;
  /// Of `bytes`: a text, a message or packed numbers; part of the message that was read.
  std::string_view bytes;
};

/// The fields of one message, from front to back. The bytes outlive it.
class protobuf_message {
 public:
  explicit protobuf_message(std::string_view bytes) : unread_(bytes) {}

  /// None: the end, or what comes next is no field (then `is_sound` is false from now on).
  std::optional<protobuf_field> next();
  bool is_sound() const { return is_sound_; }

 private:
  std::optional<std::uint64_t> varint(std::size_t bytes_max);
  std::optional<std::uint64_t> fixed(std::size_t size);
  std::optional<std::string_view> taken(std::uint64_t size);
  bool read_value(protobuf_field&);

  std::string_view unread_;
  bool is_sound_ = true;
};

/// Eight bytes, the lowest first; the bytes are there.
std::uint64_t little_endian(std::string_view bytes);

}  // namespace frontdesk
