#pragma once

#include "model/identity.hpp"
#include "model/trace.hpp"
#include "net/http/http_answer.hpp"
#include "net/http/http_request.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The problem: in some networks a WebSocket does not pass, but plain requests do. The frames are
/// the same; what a WebSocket says once (who, with which device) each request has to say again.
///
/// The answer: a request becomes the frames of a short connection: a `hello` made of its header,
/// then the lines of its body.
namespace frontdesk {

/// One request of docs/wire.md §8, read.
struct fetch_call {
  enum class kinds : std::uint8_t {
    frames,
    poll,
    stream,
    /// A stream in the form that `EventSource` reads.
    events,
  };

  kinds kind = kinds::frames;
  std::string token;
  std::string device;
  /// Of a poll: the name of the roster that the client has; empty: none.
  std::string roster;
  /// The lines of the body.
  std::vector<std::string> frames;
  /// Of its field `traceparent`: for posts that have none of their own.
  trace_context trace = {};

  bool is_stream() const { return kind == kinds::stream || kind == kinds::events; }

  /// The frame that begins a connection.
  std::string hello() const;
};

/// A call, or what to answer instead.
struct read_call {
  std::optional<http_answer> refused;
  fetch_call call;
};

/// What a body of frames may be called.
constexpr std::string_view frames_type = "application/x-ndjson";
/// What `EventSource` takes.
constexpr std::string_view events_type = "text/event-stream";

/// Names of fields, as they are told to browsers.
constexpr std::string_view device_field = "Frontdesk-Device";
constexpr std::string_view roster_field = "Frontdesk-Roster";

/// Reads header and body; whether the token is good, others say. Refused: 401 without a token, 415
/// without the type, 400 for the device, 413 for too many or too long lines.
read_call read_fetch_call(const http_request&, fetch_call::kinds);

/// What a page says that can send an address and nothing else, as the query of `GET /v1/events`:
///
///     ticket=T&device=D[&sub=CONVERSATION.AFTER[.INTERNAL_AFTER]]...[&watch=1]
///
/// The call has no token: it is had for the ticket.
struct read_event_source {
  std::optional<http_answer> refused;
  std::string ticket;
  fetch_call call;
};

/// Refused: 401 without a ticket, 400 for all else, also for a field that nobody knows.
read_event_source read_event_source_call(std::string_view query);

}  // namespace frontdesk
