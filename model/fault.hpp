#pragma once

#include "model/ids.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

namespace frontdesk {

/// What outside can cause is a fault, from this one list; what only we can cause is an assert.
/// A fault travels as a value: through actors, over the wire (by its code), into logs. Numbers are
/// stored (a refused post's answer is recorded), so they never change and are never used again.
enum class fault_code : std::uint16_t {
  none = 0,
  // The frame itself.
  not_json = 1,
  bad_frame = 2,
  unknown_frame = 3,
  bad_value = 4,
  too_large = 5,
  // Who speaks.
  bad_token = 10,
  token_expired = 11,
  forbidden = 12,
  bad_credentials = 13,
  // What is meant.
  unknown_conversation = 20,
  unknown_agent = 21,
  unknown_inbox = 22,
  not_found = 23,
  already_exists = 24,
  // What is said.
  empty_text = 30,
  text_too_long = 31,
  text_not_clean = 32,
  out_of_order = 33,
  conflict = 34,
  unknown_message = 35,
  unknown_file = 36,
  file_type = 37,
  quarantined = 38,
  // When it is said.
  conversation_closed = 40,
  conversation_open = 41,
  agent_unavailable = 42,
  // Not now.
  rate_limited = 50,
  busy = 51,
  overload = 52,
  not_ready = 53,
  internal = 54,
  storage_full = 55,
  storage_failed = 56,
  // Between a conversation and the recorder; never on the wire.
  fenced = 60,
  outcome_unknown = 61,
};

/// What is known of each code, for the wire document, the logs and the clients.
struct fault_entry {
  fault_code code;
  /// The code's name on the wire.
  std::string_view name;
  /// A sentence for the person who reads it.
  std::string_view sentence;
  /// Whether the same thing may succeed later. Such a refusal consumes no post number.
  bool retry;
  /// The status of an HTTP answer that carries it.
  unsigned http_status;
};

/// All entries, in the order of their codes.
std::span<const fault_entry> all_faults();
/// The entry of a code; an unknown one is answered with `internal`'s.
const fault_entry& entry_of(fault_code);

/// A thing that went wrong, and what helps.
struct fault {
  fault_code code = fault_code::internal;
  /// How long to wait before trying again; 0: the client's own back-off.
  std::uint32_t retry_after_ms = 0;
  /// With `out_of_order`: the number that would have been right.
  std::optional<post_number> expects;

  fault() = default;
  explicit fault(fault_code c, std::uint32_t retry_after = 0)
      : code(c), retry_after_ms(retry_after) {}

  bool is_temporary() const { return entry_of(code).retry; }
  std::string_view name() const { return entry_of(code).name; }
  std::string_view sentence() const { return entry_of(code).sentence; }
  friend bool operator==(const fault&, const fault&) = default;
};

/// Why the node closes a connection. The hundreds digit tells the client what to do (docs/wire.md):
/// 40xx reconnect, 44xx fetch a new token first, 45xx stop.
enum class close_code : std::uint16_t {
  drain = 4000,
  internal = 4001,
  slow = 4002,
  no_pong = 4003,
  moved = 4005,
  overload = 4006,
  rate_limited = 4007,
  token_expired = 4400,
  token_revoked = 4401,
  bad_request = 4500,
  bad_token = 4501,
  no_hello = 4502,
  connection_limit = 4504,
  version = 4505,
  forbidden = 4506,
  too_large = 4507,
  replaced = 4508,
  too_many_faults = 4509,
};

/// The word for a close code, as `bye.reason` carries it.
std::string_view reason_of(close_code);

/// A value, or the fault that stood in its way. (C++20 has no `std::expected`.)
template <class T>
class [[nodiscard]] fault_or {
 public:
  using value_type = T;

  fault_or(T value) : content_(std::move(value)) {  // NOLINT: a value is the ordinary answer
  }
  fault_or(fault f) : content_(f) {  // NOLINT: so is a fault
  }
  fault_or(fault_code code) : content_(fault{code}) {  // NOLINT
  }

  bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }
  /// The value; asserts that there is one. Of a temporary it is handed out by value, because a
  /// reference would dangle in `for (x : f().value())`.
  T& value() & { return std::get<0>(content_); }
  const T& value() const& { return std::get<0>(content_); }
  T value() && { return std::get<0>(std::move(content_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  /// The fault; asserts that there is one.
  const fault& error() const { return std::get<1>(content_); }

 private:
  std::variant<T, fault> content_;
};

/// The answer of what returns nothing but may fail.
struct done {
  friend bool operator==(const done&, const done&) = default;
};

}  // namespace frontdesk
