#include "wire/protobuf_message.hpp"

#include <algorithm>

namespace frontdesk {

namespace {

constexpr std::size_t varint_bytes_max = 10;
/// Of tags and lengths, which have 32 bits.
constexpr std::size_t short_varint_bytes_max = 5;
constexpr std::uint64_t field_number_max = (1U << 29U) - 1;

}  // namespace

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return value;
}

std::optional<protobuf_field> protobuf_message::next() {
  if (unread_.empty() || !is_sound_) return std::nullopt;
  is_sound_ = false;
  const auto tag = varint(short_varint_bytes_max);
  const std::uint64_t number = tag.value_or(0) >> 3U;
  if (number == 0 || number > field_number_max) return std::nullopt;
  protobuf_field field;
  field.number = static_cast<std::uint32_t>(number);
  field.kind = static_cast<protobuf_kind>(*tag & 7U);
  is_sound_ = read_value(field);
  return is_sound_ ? std::optional{field} : std::nullopt;
}

bool protobuf_message::read_value(protobuf_field& field) {
  std::optional<std::uint64_t> number;
  switch (field.kind) {
    case protobuf_kind::varint:
      number = varint(varint_bytes_max);
      break;
    case protobuf_kind::fixed64:
      number = fixed(8);
      break;
    case protobuf_kind::fixed32:
      number = fixed(4);
      break;
    case protobuf_kind::bytes: {
      const auto size = varint(short_varint_bytes_max);
      const auto bytes = size ? taken(*size) : std::nullopt;
      field.bytes = bytes.value_or(std::string_view{});
      return bytes.has_value();
    }
  }
  field.value = number.value_or(0);
  return number.has_value();
}

/// Seven bits a byte, the lowest first. More bytes than needed are legal, more than 64 bits are
/// not.
std::optional<std::uint64_t> protobuf_message::varint(std::size_t bytes_max) {
  std::uint64_t value = 0;
  const std::size_t size = std::min(unread_.size(), bytes_max);
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t byte = static_cast<unsigned char>(unread_[i]);
    if (i == varint_bytes_max - 1 && byte > 1) return std::nullopt;
    value |= (byte & 0x7fU) << (7 * i);
    if (byte < 0x80) {
      unread_.remove_prefix(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> protobuf_message::fixed(std::size_t size) {
  const auto bytes = taken(size);
  return bytes ? std::optional{little_endian(*bytes)} : std::nullopt;
}

std::optional<std::string_view> protobuf_message::taken(std::uint64_t size) {
  if (size > unread_.size()) return std::nullopt;
  const std::string_view bytes = unread_.substr(0, size);
  unread_.remove_prefix(size);
  return bytes;
}

}  // namespace frontdesk
