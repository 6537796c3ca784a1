#include "model/trace.hpp"

#include <fmt/format.h>

namespace frontdesk {

namespace {

/// `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`
constexpr std::size_t version_at = 0;
constexpr std::size_t trace_at = 3;
constexpr std::size_t span_at = 36;
constexpr std::size_t flags_at = 53;
constexpr std::size_t length = 55;
constexpr std::uint64_t sampled_flag = 1;

/// Digits in lower case only; `digits` of them, at most 16.
std::optional<std::uint64_t> hex_at(std::string_view text, std::size_t at, std::size_t digits) {
  std::uint64_t value = 0;
  for (const char c : text.substr(at, digits)) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit && (c < 'a' || c > 'f')) return std::nullopt;
    value = value << 4U | static_cast<std::uint64_t>(is_digit ? c - '0' : c - 'a' + 10);
  }
  return value;
}

bool has_dashes(std::string_view text) {
  return text[trace_at - 1] == '-' && text[span_at - 1] == '-' && text[flags_at - 1] == '-';
}

}  // namespace

std::optional<trace_context> traceparent_from_text(std::string_view text) {
  if (text.size() < length || !has_dashes(text)) return std::nullopt;
  const auto version = hex_at(text, version_at, 2);
  if (!version || *version == 0xff) return std::nullopt;
  const bool is_longer = text.size() > length;
  if (is_longer && (*version == 0 || text[length] != '-')) return std::nullopt;
  const auto high = hex_at(text, trace_at, 16);
  const auto low = hex_at(text, trace_at + 16, 16);
  const auto span = hex_at(text, span_at, 16);
  const auto flags = hex_at(text, flags_at, 2);
  if (!high || !low || !span || !flags) return std::nullopt;
  const trace_context found{{*high, *low}, span_id{*span}, (*flags & sampled_flag) != 0};
  return found ? std::optional{found} : std::nullopt;
}

std::string traceparent_of(const trace_context& what) {
  return fmt::format("00-{}-{}-{:02x}", to_text(what.trace), to_text(what.span),
                     what.is_sampled ? sampled_flag : 0);
}

std::string to_text(trace_id id) {
  return fmt::format("{:016x}{:016x}", id.high, id.low);
}

std::string to_text(span_id id) {
  return fmt::format("{:016x}", id.value);
}

}  // namespace frontdesk
