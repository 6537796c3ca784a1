#pragma once

#include "net/byte_stream.hpp"
#include "net/tls/tls_certificate.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

/// The problem: TLS between a frame and its socket usually means two buffers of 17 KB for each
/// connection, which is 60 times what the connection itself costs; and it turns things around: to
/// read one may have to write first, bytes may wait where no readiness tells of them, and what was
/// encrypted once can never be taken back.
///
/// The answer: OpenSSL reads and writes the stream below by itself, when it is asked to and not
/// before, with no buffer between, and gives its own back whenever they are empty.
///
///     http_session, websocket_transport
///        │ read_some, write_some: plain bytes              ▲ on_readable, on_writable
///     tls_stream ── SSL_read, SSL_write ──► OpenSSL        │
///        │                                     │ records   │
///     socket_stream  ◄─────────────────────────┘ ──────────┘
namespace frontdesk {

/// The server's end of TLS over another stream, which it owns.
///
/// - *The handshake* happens within the first reads or writes; until it is done they block, in
///   whichever direction it needs. How long it may take is for the caller to say, as it does for a
///   first request.
/// - *Writing*: one call makes at most one record of 16 KiB, out of all pieces. Once encrypted it
///   is promised (see `stream_result::bytes`).
/// - *Ends*: the peer's `close_notify` is an end; an end of the stream below without it is a
///   failure, because anybody on the way could have made it. Our own `close_notify` is sent if the
///   kernel takes it at once.
/// - Who speaks plain HTTP is told so in plain HTTP, and the stream has failed.
///
/// Idle it costs about 10 KB, which is measured by `tests/net/tls_cost_test.cpp`.
class tls_stream final : public byte_stream {
 public:
  /// The context is the one whose thread calls the waiters of the stream below.
  tls_stream(std::unique_ptr<byte_stream> below, boost::asio::io_context&, const tls_certificate&);
  ~tls_stream() override;

  stream_result read_some(std::span<char> room) override;
  stream_result write_some(std::span<const std::string_view> pieces) override;
  void wait_readable(std::shared_ptr<stream_waiter>) override;
  void wait_writable(std::shared_ptr<stream_waiter>) override;
  void end_writing() override;
  void close() override;
  void abort() override;

 private:
  class awaited;
  enum class directions : std::uint8_t { reading, writing };

  stream_result result_of(int answer, directions& needs);
  stream_result fail();
  std::shared_ptr<awaited> await_below(directions);
  void say_goodbye();

  const std::unique_ptr<byte_stream> below_;
  boost::asio::io_context& thread_;
  const tls_session session_;
  /// What the stream below is awaited for, while it is.
  std::weak_ptr<awaited> below_readable_;
  std::weak_ptr<awaited> below_writable_;
  /// Of the next write: so many bytes were promised already.
  std::size_t held_bytes_ = 0;
  /// In which direction below the last blocked read, or write, has to wait.
  directions read_needs_ = directions::reading;
  directions write_needs_ = directions::writing;
  /// The next read does not depend on the stream below.
  bool has_more_ = false;
  bool has_failed_ = false;
  bool is_closed_ = false;
  bool has_said_goodbye_ = false;
};

}  // namespace frontdesk
