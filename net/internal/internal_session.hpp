#pragma once

#include "net/http/http_answer.hpp"
#include "net/http/http_request.hpp"
#include "net/internal/internal_routes.hpp"
#include "net/socket_stream.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace frontdesk {

/// Durations of the internal port that a test may choose otherwise.
struct internal_patience {
  /// For one request, from its first byte or from the accept on.
  std::chrono::milliseconds request_max = limits::handshake_max;
  /// Between two requests: longer than the usual minute between two scrapes.
  std::chrono::milliseconds idle_max{75'000};
  /// For the peer to take an answer.
  std::chrono::milliseconds write_max = limits::handshake_max;
  /// For a peer to hear a refusal before the socket closes.
  std::chrono::milliseconds farewell_max{1'000};
};

/// One connection of the internal port: requests in turn, each answered at once. Far less than
/// `http_session`, because nothing here becomes a WebSocket, has a body or waits for anybody.
class internal_session final : public stream_waiter,
                               public std::enable_shared_from_this<internal_session> {
 public:
  struct surroundings {
    boost::asio::io_context& thread;
    const internal_routes& routes;
    const internal_patience& patience;
    /// A request has come whole: this one is not silent.
    std::function<void(internal_session&)> on_heard;
    /// It has ended: nobody needs it any more.
    std::function<void(internal_session&)> on_gone;
  };

  internal_session(const surroundings&, plain_socket);

  void begin();
  void finish();

  void on_readable() override;
  void on_writable() override;

 private:
  enum class states : std::uint8_t { reading, writing, farewell, gone };

  void expect(std::chrono::milliseconds);
  void hear();
  void read_request(std::span<const char>);
  void answer(http_answer, bool is_head);
  void write();
  void on_written();

  const surroundings& around_;
  socket_stream stream_;
  boost::asio::steady_timer deadline_;
  http_reader reader_;
  std::string unread_;
  http_answer answer_;
  std::string head_;
  std::size_t written_ = 0;
  states state_ = states::reading;
  bool keep_alive_ = false;
  bool is_head_ = false;
};

}  // namespace frontdesk
