#pragma once

#include "model/ids.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// The problem: a message that came late went through five actors, a disk and two sockets, and none
/// of them alone knows where the time went.
///
/// The answer: a post that is sampled takes the name of its trace along, and whoever has it for a
/// while says from when until when: a span (docs/tracing.md). All others take a null pointer along.
///
///     post ──────────────────────────────────┐ the author's connection, until the ack
///       conversation ──────────────────┐     │ from `say` until it is answered
///         commit ──────────────────┐   │     │ in the recorder
///         deliver ─────────────────────────────┐ one for each connection that is pushed to
namespace frontdesk {

/// 128 random bits.
struct trace_id {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend constexpr auto operator<=>(const trace_id&, const trace_id&) = default;
  constexpr explicit operator bool() const { return high != 0 || low != 0; }
};
using span_id = strong<struct span_tag>;

/// A place in a trace, as W3C Trace Context has it.
struct trace_context {
  trace_id trace;
  span_id span;
  bool is_sampled = false;

  friend bool operator==(const trace_context&, const trace_context&) = default;
  constexpr explicit operator bool() const { return bool{trace} && bool{span}; }
};

/// @name Text
/// `traceparent` of W3C Trace Context: `00-` 32 hex digits `-` 16 hex digits `-` 2 hex digits, in
/// lower case. What is not well-formed is none, as that standard demands; of a later version than
/// 00, its beginning is read. However long the text is, only so much of it is looked at.
/// @{
std::optional<trace_context> traceparent_from_text(std::string_view);
std::string traceparent_of(const trace_context&);
/// In hex digits.
std::string to_text(trace_id);
std::string to_text(span_id);
/// @}

/// Which part of the way.
enum class span_kind : std::uint8_t { post, conversation, commit, deliver };

constexpr std::string_view name_of(span_kind kind) {
  constexpr std::string_view names[]{"post", "conversation", "commit", "deliver"};
  return names[static_cast<std::size_t>(kind)];
}

/// Which of the live watches a span is shown to: a bit for each slot of the `watch_table`, as they
/// were taken when this was made.
struct watch_marks {
  std::uint32_t made = 0;
  std::uint16_t slots = 0;

  friend bool operator==(const watch_marks&, const watch_marks&) = default;
};

/// A span that has begun. It does not change; whoever has it goes on with it.
struct open_span {
  using moment = std::chrono::steady_clock::time_point;

  span_kind kind = span_kind::post;
  trace_context at;
  /// 0: it is the root.
  span_id parent;
  moment began;
  watch_marks watched;
};

/// Null for all that is not sampled: to take it along costs nothing, to ask for it a branch.
using span_ptr = std::shared_ptr<const open_span>;

/// A span that has ended, and what is known of it. Never a word of what was said, never a token.
struct span {
  open_span what;
  open_span::moment ended;
  tenant_id tenant{};
  conversation_id conversation{};
  /// Who posted; of `deliver`: who was told.
  person_id person{};
  device_id device{};
  post_number n{};
  sequence seq{};
  /// The append's fellows in its commit, itself included.
  std::uint32_t batch = 0;
  /// Constants: `ok`, a fault's name, or what else became of it.
  std::string_view result = "ok";
  std::string_view transport{};
  std::string_view encoding{};
  /// When it began, by the date: nanoseconds since 1970. The board fills it in.
  std::int64_t unix_ns = 0;

  bool is_failed() const { return result != "ok"; }
  std::chrono::nanoseconds lasted() const { return ended - what.began; }
};

}  // namespace frontdesk
