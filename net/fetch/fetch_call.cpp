#include "net/fetch/fetch_call.hpp"

#include "model/limits.hpp"
#include "net/http/caller.hpp"
#include "net/http/http_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace frontdesk {

namespace {

constexpr std::size_t device_digits = 32;
/// A roster's name is ours; a longer one is none.
constexpr std::size_t roster_bytes_max = 32;

bool is_device(std::string_view text) {
  return text.size() == device_digits && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
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

// 16 digits, and one or two positions behind dots; as a frame has it.
std::optional<std::string> subscription_of(std::string_view text) {
  const auto conversation = conversation_from_text(next_word(text, '.'));
  if (!conversation || text.ends_with('.')) {
    return std::nullopt;
  }
  std::string sub = fmt::format(R"({{"conversation":"{}")", to_text(*conversation));
  for (const std::string_view name : {"after", "internal_after"}) {
    const std::string_view digits = next_word(text, '.');
    std::uint64_t value = 0;
    const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (wrong != std::errc{} || end != digits.data() + digits.size()) {
      return std::nullopt;
    }
    sub += fmt::format(R"(,"{}":{})", name, value);
    if (text.empty()) {
      return sub + '}';
    }
  }
  return std::nullopt;
}

http_answer wrong_query(std::string_view sentence) {
  return refusal(fault_code::bad_value, 400, sentence);
}

}  // namespace

read_event_source read_event_source_call(std::string_view query) {
  read_event_source read;
  read.call.kind = fetch_call::kinds::events;
  std::string subs;
  while (!query.empty()) {
    const std::string_view pair = next_word(query, '&');
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view name = pair.substr(0, equals);
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    if (name == "ticket") {
      read.ticket = std::string(value);
    } else if (name == "device") {
      read.call.device = std::string(value);
    } else if (name == "watch" && value == "1") {
      read.call.frames.emplace_back(R"({"t":"watch","id":0,"on":true})");
    } else if (const auto sub = subscription_of(value); name == "sub" && sub) {
      subs += (subs.empty() ? "" : ",") + *sub;
    } else {
      read.refused = wrong_query("The query has a field that is not known, or not well-formed.");
      return read;
    }
  }
  if (!is_token(read.ticket)) {
    read.refused = answer_of(fault(fault_code::bad_token));
  } else if (!is_device(read.call.device)) {
    read.refused = wrong_query("The field device must be 32 hex digits.");
  }
  // As many as an address has room for, which is less than a frame may have.
  if (!subs.empty()) {
    read.call.frames.push_back(fmt::format(R"({{"t":"sub","subs":[{}]}})", subs));
  }
  return read;
}

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
  if (read.call.token.empty()) {
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
  // Of several, nobody knows which is meant.
  if (request.count("traceparent") == 1) {
    read.call.trace = traceparent_from_text(request.field("traceparent")).value_or(trace_context{});
  }
  if (!take_lines(request.body, read.call.frames)) {
    read.refused = refusal(fault_code::too_large, 413, "Too many lines, or one that is too long.");
  }
  return read;
}

}  // namespace frontdesk
