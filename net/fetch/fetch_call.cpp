#include "net/fetch/fetch_call.hpp"

#include "model/limits.hpp"
#include "net/http/http_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace frontdesk {

namespace {

constexpr std::size_t device_digits = 32;
/// A roster's name is ours; a longer one is none.
constexpr std::size_t roster_bytes_max = 32;

// Nothing that would have to be escaped where it goes, in a `hello`.
bool is_token(std::string_view text) {
  constexpr std::string_view others = "-._~+/=";
  return !text.empty() && text.size() <= limits::token_bytes_max &&
         std::ranges::all_of(text, [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  others.find(c) != std::string_view::npos;
         });
}

bool is_device(std::string_view text) {
  return text.size() == device_digits && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string bearer_of(const http_request& request) {
  constexpr std::string_view scheme = "bearer ";
  const std::string_view field = request.field("authorization");
  if (request.count("authorization") != 1 || !equal_words(field.substr(0, scheme.size()), scheme)) {
    return {};
  }
  return std::string(trimmed(field.substr(scheme.size())));
}

// Whether all lines were taken; the bounds are those of one frame and of their number.
bool take_lines(std::string_view body, std::vector<std::string>& lines) {
  while (!body.empty()) {
    const std::size_t end = body.find('\n');
    std::string_view line = body.substr(0, end);
    line.remove_suffix(line.ends_with('\r') ? 1 : 0);
    line = trimmed(line);
    body = end == std::string_view::npos ? std::string_view() : body.substr(end + 1);
    if (line.empty()) {
      continue;
    }
    if (line.size() > limits::frame_bytes_max || lines.size() == limits::frames_per_body_max) {
      return false;
    }
    lines.emplace_back(line);
  }
  return true;
}

}  // namespace

std::string fetch_call::hello() const {
  return fmt::format(R"({{"t":"hello","token":"{}","device":"{}","client":"fetch"}})", token,
                     device);
}

read_call read_fetch_call(const http_request& request, fetch_call::kinds kind) {
  read_call read;
  read.call.kind = kind;
  std::string_view type = request.field("content-type");
  if (!equal_words(next_word(type, ';'), frames_type)) {
    read.refused = refusal(fault_code::not_json, 415,
                           "The body must be application/x-ndjson: one frame a line.");
    return read;
  }
  read.call.token = bearer_of(request);
  if (!is_token(read.call.token)) {
    read.refused = answer_of(fault(fault_code::bad_token));
    return read;
  }
  read.call.device = std::string(request.field("frontdesk-device"));
  if (request.count("frontdesk-device") != 1 || !is_device(read.call.device)) {
    read.refused = refusal(fault_code::bad_value, 400, "Frontdesk-Device must be 32 hex digits.");
    return read;
  }
  const std::string_view roster = request.field("frontdesk-roster");
  if (roster.size() <= roster_bytes_max) {
    read.call.roster = std::string(roster);
  }
  if (!take_lines(request.body, read.call.frames)) {
    read.refused = refusal(fault_code::too_large, 413, "Too many lines, or one that is too long.");
  }
  return read;
}

}  // namespace frontdesk
