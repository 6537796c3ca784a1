#include "wire/json_writer.hpp"

#include <array>
#include <charconv>
#include <cstring>

namespace frontdesk {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

constexpr bool needs_escape(unsigned char byte) {
  return byte < 0x20 || byte == '"' || byte == '\\';
}

/// Whether one of eight bytes needs an escape: nearly all text is passed over in such steps.
bool any_needs_escape(const char* bytes) {
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  constexpr std::uint64_t tops = 0x8080808080808080ULL;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const auto has_zero = [](std::uint64_t x) { return (x - ones) & ~x & tops; };
  const std::uint64_t below_space = (word - ones * 0x20) & ~word & tops;
  return (below_space | has_zero(word ^ ones * '"') | has_zero(word ^ ones * '\\')) != 0;
}

/// The place of the first byte from `at` on that needs an escape, or the end.
std::size_t find_escape(std::string_view text, std::size_t at) {
  while (at + 8 <= text.size() && !any_needs_escape(text.data() + at)) {
    at += 8;
  }
  while (at < text.size() && !needs_escape(static_cast<unsigned char>(text[at]))) {
    ++at;
  }
  return at;
}

}  // namespace

void json_writer::open() {
  separate();
  out_.push_back('{');
  comma_ = false;
}

void json_writer::open(std::string_view name) {
  key(name);
  out_.push_back('{');
  comma_ = false;
}

void json_writer::close() {
  out_.push_back('}');
  comma_ = true;
}

void json_writer::open_list(std::string_view name) {
  key(name);
  out_.push_back('[');
  comma_ = false;
}

void json_writer::close_list() {
  out_.push_back(']');
  comma_ = true;
}

void json_writer::text(std::string_view name, std::string_view value) {
  key(name);
  out_.push_back('"');
  escaped(value);
  out_.push_back('"');
}

void json_writer::number(std::string_view name, std::uint64_t value) {
  key(name);
  std::array<char, 20> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out_.append(digits.data(), written.ptr);
}

void json_writer::time(std::string_view name, timestamp value) {
  key(name);
  std::array<char, 20> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value.value);
  out_.append(digits.data(), written.ptr);
}

void json_writer::flag(std::string_view name, bool value) {
  key(name);
  out_.append(value ? "true" : "false");
}

void json_writer::id(std::string_view name, conversation_id value) {
  key(name);
  out_.push_back('"');
  hex(value.value);
  out_.push_back('"');
}

void json_writer::id(std::string_view name, connection_id value) {
  id(name, conversation_id{value.value});
}

void json_writer::id(std::string_view name, file_id value) {
  id(name, device_id{value.high, value.low});
}

void json_writer::id(std::string_view name, device_id value) {
  key(name);
  out_.push_back('"');
  hex(value.high);
  hex(value.low);
  out_.push_back('"');
}

void json_writer::id(std::string_view name, person_id value) {
  key(name);
  switch (value.kind) {
    case person_kind::visitor:
      out_.append("\"visitor:");
      break;
    case person_kind::agent:
      out_.append("\"agent:");
      break;
    case person_kind::system:
      out_.append("\"system\"");
      return;
    case person_kind::nobody:
      out_.append("\"\"");
      return;
  }
  hex(value.value);
  out_.push_back('"');
}

void json_writer::id(conversation_id value) {
  separate();
  out_.push_back('"');
  hex(value.value);
  out_.push_back('"');
}

void json_writer::separate() {
  if (comma_) {
    out_.push_back(',');
  }
  comma_ = true;
}

void json_writer::key(std::string_view name) {
  separate();
  out_.push_back('"');
  out_.append(name);
  out_.append("\":");
}

void json_writer::hex(std::uint64_t value) {
  std::array<char, 16> digits{};
  for (auto it = digits.rbegin(); it != digits.rend(); ++it) {
    *it = hex_digits[value & 0xfU];
    value >>= 4U;
  }
  out_.append(digits.data(), digits.size());
}

void json_writer::escaped(std::string_view value) {
  std::size_t at = 0;
  while (true) {
    const std::size_t end = find_escape(value, at);
    out_.append(value.substr(at, end - at));
    if (end == value.size()) {
      return;
    }
    escaped(static_cast<unsigned char>(value[end]));
    at = end + 1;
  }
}

void json_writer::escaped(unsigned char byte) {
  out_.push_back('\\');
  switch (byte) {
    case '\n':
      out_.push_back('n');
      return;
    case '\t':
      out_.push_back('t');
      return;
    case '\r':
      out_.push_back('r');
      return;
    case '"':
    case '\\':
      out_.push_back(static_cast<char>(byte));
      return;
    default:
      out_.append("u00");
      out_.push_back(hex_digits[byte >> 4U]);
      out_.push_back(hex_digits[byte & 0xfU]);
  }
}

}  // namespace frontdesk
