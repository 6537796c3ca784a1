#pragma once

#include "net/admission.hpp"
#include "net/byte_stream.hpp"
#include "net/http/body_flow.hpp"
#include "net/http/forwarding.hpp"
#include "net/http/http_answer.hpp"
#include "net/http/http_request.hpp"
#include "net/pulse_wheel.hpp"
#include "net/socket_thread.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The problem: every socket begins as a stranger who may say nothing, say it one byte a minute,
/// send three requests in one piece, or hang up while it is refused, so that the refusal is lost on
/// its way. And nearly every socket soon becomes something else.
///
/// The answer: one small state machine in front of the routes, gone as soon as the WebSocket
/// begins.
namespace frontdesk {

class routes;
class gathering_transport;

/// Who has come.
struct arrival {
  std::unique_ptr<byte_stream> stream;
  admission::pass pass;
  client_address from;
  /// Not null: the peer is one of these, and who the client is stands in its requests.
  const trusted_proxies* behind = nullptr;
  http_scheme scheme = http_scheme::unknown;
};

/// One connection that speaks HTTP/1.1.
///
///                 ┌──────── keep-alive ─────────┐
///                 ▼                             │  101, a stream
///     begin ► reading ──► answering ──► writing ┴──────────────────► websocket_transport,
///                 │       (a password,     │▲                        stream_transport
///                 │        a poll)         ▼│
///                 │       ▼▲            fetching   the next piece of a file
///                 │      receiving ◄► handing      a piece of one, and on its way to the disk
///                 │                        │
///                 └─ refused, 408 ────────►│ close
///                                          ▼
///                                       farewell ──► gone
///
/// - **reading**: `handshake_max` for the header, once more for the body, `http_idle_max` between
///   requests. Too late is 408, or nothing if nothing was said.
/// - **answering**: behind a poll the socket is heard, so that who hangs up is gone at once; what
/// is
///   read is kept, one read of it.
/// - **receiving**: a body that flows: `upload_stall_max` for the next byte of it,
///   `upload_request_max` for all.
/// - **handing**, **fetching**: the disk has its turn; the socket is neither read nor written.
/// - **writing**: the socket is not read meanwhile; a peer that takes nothing for
///   `write_stall_max` is cut off.
/// - **farewell**: our end is closed, what still comes is thrown away until the peer ends, for
///   `farewell_max`. Without it the kernel would answer the unread bytes with a reset, which
///   overtakes the answer.
///
/// Owned by its thread until it ends or the server stops.
class http_session final : public stream_waiter,
                           public stoppable,
                           public std::enable_shared_from_this<http_session> {
 public:
  /// On the thread. Who was refused at the door is told so, without a request being read.
  static void begin(std::shared_ptr<socket_thread>, routes&, arrival);

  /// `begin` makes it.
  http_session(std::shared_ptr<socket_thread>, routes&, arrival);

  void on_readable() override;
  void on_writable() override;
  void stop_now() override;

 private:
  enum class states : std::uint8_t {
    reading,
    answering,
    receiving,
    handing,
    fetching,
    writing,
    farewell,
    gone
  };

  void on_late();
  void on_turn();

  void expect(std::chrono::milliseconds);
  void hear();
  void hear_behind_poll();
  void converse(http_answer);
  void gather(http_answer);
  void begin_stream();
  void read_request(std::span<const char> bytes);
  void say_continue();
  void serve(http_request);
  void receive(std::shared_ptr<body_sink>);
  void await_body();
  void take_body(std::span<const char> bytes);
  void on_body_taken(std::optional<http_answer>);
  void fetch();
  void on_fetched(std::optional<std::string>);
  void answer(http_answer);
  void write();
  void on_written();
  void upgrade(encoding spoken);
  void say_farewell();
  void throw_away();
  void finish();

  const std::shared_ptr<socket_thread> thread_;
  routes& routes_;
  admission::pass pass_;
  std::unique_ptr<byte_stream> stream_;
  const client_address from_;
  const trusted_proxies* const behind_;
  /// Of the connection, and of the latest request.
  const http_scheme own_scheme_;
  http_scheme scheme_;

  http_reader reader_;
  /// While a call is answered.
  std::shared_ptr<gathering_transport> gathering_;
  /// While the head in front of a stream is written.
  std::shared_ptr<fetch_call> streamed_;
  /// Behind the request that is being answered; at most one read.
  std::string unread_;
  /// Of a `100 Continue` that the peer did not take at once; a constant.
  std::string_view unsaid_;
  /// While a body flows, and until when it has to be whole.
  std::shared_ptr<body_sink> sink_;
  pulse_wheel::moment body_until_;
  /// How much of an answer's source is written or at hand.
  std::uint64_t fetched_bytes_ = 0;
  http_answer answer_;
  std::string head_;
  std::size_t written_ = 0;
  deadline<http_session, &http_session::on_late> deadline_;
  states state_ = states::reading;
  bool keep_alive_ = false;
  bool is_head_ = false;
  /// Only while nothing is unread.
  bool waits_readable_ = false;
};

}  // namespace frontdesk
