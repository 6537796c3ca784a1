#include "tests/checker/json_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <utility>

namespace frontdesk::checker {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void skip_space(std::string_view& rest) {
  const auto end = std::min(rest.find_first_not_of(" \t\r"), rest.size());
  rest.remove_prefix(end);
}

/// Takes `wanted` off the front, after white space.
bool accept(std::string_view& rest, std::string_view wanted) {
  skip_space(rest);
  if (!rest.starts_with(wanted)) return false;
  rest.remove_prefix(wanted.size());
  return true;
}

void append_utf8(std::string& into, std::uint32_t code) {
  const auto put = [&into](std::uint32_t byte) { into += static_cast<char>(byte); };
  const auto follow = [&](unsigned shift) { put(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | (code >> 6));
    follow(0);
  } else if (code < 0x10000) {
    put(0xe0 | (code >> 12));
    follow(6);
    follow(0);
  } else {
    put(0xf0 | (code >> 18));
    follow(12);
    follow(6);
    follow(0);
  }
}

std::optional<std::uint32_t> parse_hex4(std::string_view& rest) {
  if (rest.size() < 4) return std::nullopt;
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + 4, code, 16);
  if (error != std::errc{} || end != rest.data() + 4) return std::nullopt;
  rest.remove_prefix(4);
  return code;
}

/// What follows "\u": four digits, or two times four for what does not fit into 16 bits. Half of
/// such a pair means nothing, and no UTF-8 can carry it.
bool parse_code(std::string_view& rest, std::string& into) {
  const auto first = parse_hex4(rest);
  if (!first) return false;
  std::uint32_t code = *first;
  const bool is_low = code >= 0xdc00 && code <= 0xdfff;
  if (is_low) return false;
  const bool is_high = code >= 0xd800 && code <= 0xdbff;
  if (is_high) {
    if (!rest.starts_with("\\u")) return false;
    rest.remove_prefix(2);
    const auto second = parse_hex4(rest);
    if (!second || *second < 0xdc00 || *second > 0xdfff) return false;
    code = 0x10000 + ((code - 0xd800) << 10) + (*second - 0xdc00);
  }
  append_utf8(into, code);
  return true;
}

/// What follows a backslash.
bool parse_escape(std::string_view& rest, std::string& into) {
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  if (rest.empty()) return false;
  const char letter = rest.front();
  rest.remove_prefix(1);
  if (letter == 'u') return parse_code(rest, into);
  const auto place = letters.find(letter);
  if (place == std::string_view::npos) return false;
  into += meanings[place];
  return true;
}

bool parse_string(std::string_view& rest, std::string& into) {
  if (!accept(rest, "\"")) return false;
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == '"') return true;
    if (static_cast<unsigned char>(c) < 0x20) return false;
    if (c != '\\')
      into += c;
    else if (!parse_escape(rest, into))
      return false;
  }
  return false;
}

/// An integer as JSON writes it: no leading zero, no fraction, no exponent.
bool parse_integer(std::string_view& rest, std::string& into) {
  const std::size_t sign = rest.starts_with('-') ? 1 : 0;
  std::size_t end = sign;
  while (end < rest.size() && is_digit(rest[end]))
    ++end;
  const std::size_t digits = end - sign;
  if (digits == 0 || (digits > 1 && rest[sign] == '0')) return false;
  into = rest.substr(0, end);
  rest.remove_prefix(end);
  return true;
}

}  // namespace

json_line::json_line(std::string_view text) {
  parse(text);
}

void json_line::parse(std::string_view rest) {
  if (!accept(rest, "{")) return blame("not a JSON object");
  do {
    if (!parse_member(rest)) return;
  } while (accept(rest, ","));
  if (!accept(rest, "}")) return blame("the object does not end");
  skip_space(rest);
  if (!rest.empty()) blame("something follows the object");
}

bool json_line::parse_member(std::string_view& rest) {
  member one;
  if (!parse_string(rest, one.key) || !accept(rest, ":")) {
    blame("a key is broken");
    return false;
  }
  if (has(one.key)) {
    blame(fmt::format("\"{}\" stands twice", one.key));
    return false;
  }
  if (!parse_value(rest, one)) {
    blame(fmt::format("\"{}\" has neither a string, an integer nor true", one.key));
    return false;
  }
  members_.push_back(std::move(one));
  return true;
}

bool json_line::parse_value(std::string_view& rest, member& into) {
  skip_space(rest);
  if (rest.starts_with('"')) {
    into.kind = value_kind::text;
    return parse_string(rest, into.value);
  }
  if (accept(rest, "true")) {
    into.kind = value_kind::truth;
    return true;
  }
  into.kind = value_kind::number;
  return parse_integer(rest, into.value);
}

bool json_line::has(std::string_view key) const {
  return std::any_of(members_.begin(), members_.end(),
                     [key](const member& one) { return one.key == key; });
}

const std::string* json_line::take(std::string_view key, value_kind kind) {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [key](const member& one) { return one.key == key; });
  if (found == members_.end()) {
    blame(fmt::format("\"{}\" is missing", key));
    return nullptr;
  }
  if (found->kind != kind) {
    blame(fmt::format("\"{}\" has a value of the wrong kind", key));
    return nullptr;
  }
  found->is_taken = true;
  return &found->value;
}

template <class Number>
Number json_line::take_number(std::string_view key) {
  Number number = 0;
  const std::string* const digits = take(key, value_kind::number);
  if (!digits) return number;
  const char* const last = digits->data() + digits->size();
  // They are digits; what can still be wrong is their size, or a sign where there is none.
  if (std::from_chars(digits->data(), last, number).ec != std::errc{})
    blame(fmt::format("\"{}\" is out of range", key));
  return number;
}

std::string json_line::text(std::string_view key) {
  const std::string* const value = take(key, value_kind::text);
  return value ? *value : std::string{};
}

std::uint64_t json_line::count(std::string_view key) {
  return take_number<std::uint64_t>(key);
}

std::int64_t json_line::whole(std::string_view key) {
  return take_number<std::int64_t>(key);
}

void json_line::truth(std::string_view key) {
  take(key, value_kind::truth);
}

void json_line::demand_end() {
  for (const member& one : members_)
    if (!one.is_taken) blame(fmt::format("\"{}\" does not belong here", one.key));
}

void json_line::blame(std::string sentence) {
  if (fault_.empty()) fault_ = std::move(sentence);
}

void append_json_string(std::string& line, std::string_view text) {
  line += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\')
      line.append({'\\', c});
    else if (static_cast<unsigned char>(c) < 0x20)
      fmt::format_to(std::back_inserter(line), "\\u{:04x}", static_cast<unsigned>(c));
    else
      line += c;
  }
  line += '"';
}

}  // namespace frontdesk::checker
