#pragma once

#include "net/http/http_answer.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

/// The problem: a file does not fit where a request's body usually waits until it is whole, and the
/// disk that takes it must not be waited for by a thread that carries sockets.
///
/// The answer: bodies that flow in pieces, one at a time; while a piece is on its way to or from
/// the disk, the socket is left alone, so that TCP slows the peer down.
namespace frontdesk {

/// Takes a request's body. All calls, and all replies, are on the session's thread.
class body_sink {
 public:
  /// None: go on with the next piece. An answer ends the request, also if more of its body comes.
  using reply = std::function<void(std::optional<http_answer>)>;

  body_sink() = default;
  body_sink(const body_sink&) = delete;
  body_sink& operator=(const body_sink&) = delete;
  virtual ~body_sink() = default;

  /// The next bytes; the last ones are answered with an answer. Replies once, not from within.
  virtual void take(std::string piece, reply) = 0;
};

/// Gives an answer's body, of which the size is known. Threads as above.
class body_source {
 public:
  /// None: it cannot be read, and the connection ends.
  using reply = std::function<void(std::optional<std::string>)>;

  body_source() = default;
  body_source(const body_source&) = delete;
  body_source& operator=(const body_source&) = delete;
  virtual ~body_source() = default;

  virtual std::uint64_t size() const = 0;
  /// At least one byte of those from `from` on. Replies once, not from within.
  virtual void read(std::uint64_t from, reply) = 0;
};

}  // namespace frontdesk
