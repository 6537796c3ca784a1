#pragma once

#include "model/fault.hpp"
#include "wire/encoding.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The problem: an answer is made in one place, sent from another, and half of what stands in it
/// (lengths, what a browser may do with it) is the same for all and must not be forgotten for one.
///
/// The answer: a plain value with what differs; `head_of` writes the rest.
namespace frontdesk {

struct fetch_call;
class body_sink;
class body_source;
class outbound_share;

struct http_answer {
  unsigned status = 200;
  /// Names in their usual spelling, constants. Neither lengths nor `Connection`: the session knows.
  std::vector<std::pair<std::string_view, std::string>> fields;
  std::string body;
  /// In place of `body`: bytes that live as long as the program.
  std::string_view shared_body;
  /// In place of a body: what a connection of the desk says to this call.
  std::shared_ptr<fetch_call> call;
  /// In place of a body: its bytes come in pieces.
  std::shared_ptr<body_source> source;
  /// Not an answer yet: the request's body goes there, and what becomes of it is the answer.
  std::shared_ptr<body_sink> sink;
  /// What the body counts as while it waits.
  std::shared_ptr<outbound_share> share;
  /// The body follows later, and ends with the connection.
  bool is_endless = false;
  /// Of 101: the encoding of the frames that follow it.
  encoding spoken = encoding::json;

  http_answer& with(std::string_view name, std::string value) {
    fields.emplace_back(name, std::move(value));
    return *this;
  }
  std::string_view content() const { return shared_body.empty() ? body : shared_body; }
};

/// Nothing but a status.
http_answer bare_answer(unsigned status);

/// A body of JSON that nobody may store.
http_answer json_answer(unsigned status, std::string json);

/// `{"code","message","retry","retry_after_ms"?}` with the fault's own status, and `Retry-After` in
/// seconds when it says how long.
http_answer answer_of(const fault&);

/// The same with a status and a sentence that fit better.
http_answer refusal(fault_code, unsigned status, std::string_view sentence);

/// The reason phrase, "OK"; people read it in traces.
std::string_view phrase_of(unsigned status);

/// Everything before the body, the empty line included. A status that has no body (1xx, 204, 304)
/// has no length either. All others say `X-Content-Type-Options: nosniff`.
std::string head_of(const http_answer&, bool keep_alive);

}  // namespace frontdesk
