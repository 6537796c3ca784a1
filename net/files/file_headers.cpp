#include "net/files/file_headers.hpp"

#include "net/http/http_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace frontdesk {

namespace {

constexpr std::string_view files_path = "/v1/files/";
constexpr std::string_view thumbnail = "/thumbnail";
constexpr std::size_t conversation_digits = 16;
constexpr std::size_t file_digits = 32;
constexpr std::size_t digits_max = 18;

// What RFC 8187 lets stand as it is.
bool is_plain(char c) {
  constexpr std::string_view others = "!#$&+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         others.find(c) != std::string_view::npos;
}

bool is_same_file(const http_request& request, const std::string& tag) {
  return request.count("if-range") == 0 || request.field("if-range") == tag;
}

}  // namespace

std::optional<file_path> file_path_of(std::string_view path) {
  if (!path.starts_with(files_path)) {
    return std::nullopt;
  }
  path.remove_prefix(files_path.size());
  file_path found;
  found.is_thumbnail = path.ends_with(thumbnail);
  path.remove_suffix(found.is_thumbnail ? thumbnail.size() : 0);
  if (path.size() != conversation_digits + 1 + file_digits || path[conversation_digits] != '/') {
    return std::nullopt;
  }
  const auto conversation = conversation_from_text(path.substr(0, conversation_digits));
  const auto file = file_from_text(path.substr(conversation_digits + 1));
  if (!conversation || !file) {
    return std::nullopt;
  }
  found.place = {*conversation, *file};
  return found;
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
  const bool is_number = !text.empty() && text.size() <= digits_max && is_whole;
  return is_number ? std::optional{number} : std::nullopt;
}

byte_range range_of(const http_request& request, const std::string& tag, std::uint64_t size) {
  using kinds = byte_range::kinds;
  const byte_range whole{kinds::whole, 0, size};
  std::string_view text = request.field("range");
  constexpr std::string_view unit = "bytes=";
  if (request.count("range") != 1 || !text.starts_with(unit) || !is_same_file(request, tag)) {
    return whole;
  }
  text.remove_prefix(unit.size());
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) {
    return whole;
  }
  const auto first = whole_number(text.substr(0, dash));
  const auto last = whole_number(text.substr(dash + 1));
  if (dash == 0 && last) {
    const std::uint64_t bytes = std::min(*last, size);
    return bytes > 0 ? byte_range{kinds::part, size - bytes, bytes}
                     : byte_range{kinds::impossible, 0, 0};
  }
  const bool is_open = dash + 1 == text.size();
  if (!first || (!is_open && !last) || (last && *last < *first)) {
    return whole;
  }
  if (*first >= size) {
    return {kinds::impossible, 0, 0};
  }
  const std::uint64_t end = is_open ? size : std::min(*last + 1, size);
  return {kinds::part, *first, end - *first};
}

std::string tag_of(const opened_file& file) {
  return '"' + file.digest + '"';
}

std::string disposition_of(std::string_view name) {
  std::string plain;
  std::string whole;
  for (const char c : name) {
    const bool is_safe = is_plain(c) || c == ' ' || c == '(' || c == ')' || c == ',';
    plain += is_safe ? c : '_';
    if (is_plain(c)) {
      whole += c;
    } else {
      fmt::format_to(std::back_inserter(whole), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", plain, whole);
}

void describe(http_answer& answer, const opened_file& file) {
  answer.with("Content-Type", file.what.type)
      .with("Content-Disposition", disposition_of(file.what.name))
      .with("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
      .with("Cross-Origin-Resource-Policy", "same-origin")
      .with("Referrer-Policy", "no-referrer")
      .with("Cache-Control", "private, no-cache")
      .with("ETag", tag_of(file))
      .with("Accept-Ranges", "bytes");
}

}  // namespace frontdesk
