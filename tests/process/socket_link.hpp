#pragma once

#include "tests/process/client_stream.hpp"
#include "wire/encoding.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

/// Sockets of many clients in one thread: an event loop, and the client's side of RFC 6455 written
/// apart from the server's, so that no mistake can hide in both.
namespace frontdesk::process {

class socket_link;

class socket_loop {
 public:
  socket_loop();
  socket_loop(const socket_loop&) = delete;
  socket_loop& operator=(const socket_loop&) = delete;
  ~socket_loop();

  /// Milliseconds of the one clock of the test.
  std::int64_t now() const;
  /// When that clock began, for other processes: the machine's monotonic clock says the same there.
  std::chrono::steady_clock::time_point began() const { return begin_; }
  /// Waits for something to happen, and lets it happen.
  void turn(std::chrono::milliseconds at_most);
  /// Turns until `it_is_so`; false: it was not before the deadline.
  bool turn_until(const std::function<bool()>& it_is_so, std::chrono::milliseconds at_most);

 private:
  friend class socket_link;
  void watch(socket_link&, bool writes, bool is_new);
  void forget(socket_link&);

  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  const int epoll_;
  std::unordered_set<socket_link*> links_;
};

/// One WebSocket. Lives as long as its owner wants, open or not; callbacks come from the loop, and
/// from within them it may be closed, but not destroyed.
class socket_link {
 public:
  struct ears {
    std::function<void()> on_open;
    /// A message of the subprotocol's kind; any other is an exception.
    std::function<void(std::string_view text)> on_text;
    /// Once: with the code of the close frame, the status of a refused upgrade, or 0.
    std::function<void(unsigned code)> on_closed;
  };

  /// `more` are further header lines of the upgrade.
  socket_link(socket_loop&, const place&, ears, std::string_view more = {},
              encoding spoken = encoding::json);
  socket_link(const socket_link&) = delete;
  socket_link& operator=(const socket_link&) = delete;
  ~socket_link();

  /// A message of the subprotocol's kind. What is sent to a link that is gone is lost.
  void send(std::string_view message) { send_frame(message_opcode_, message); }
  void send_frame(unsigned opcode, std::string_view payload);
  /// Without a word; `on_closed` is not called.
  void close();

  bool is_open() const { return is_upgraded_ && stream_; }
  bool is_gone() const { return !stream_; }
  unsigned close_code() const { return code_; }
  /// Whose certificate it was, if this is TLS.
  std::string server_name() const { return stream_ ? stream_->server_name() : ""; }

 private:
  friend class socket_loop;
  void on_ready(bool can_write);
  void write_out();
  void read_in();
  bool take_answer();
  bool take_frame();
  void on_frame(unsigned opcode, std::string_view payload);
  void end();

  socket_loop& loop_;
  ears ears_;
  const std::string_view protocol_;
  const unsigned message_opcode_;
  std::optional<client_stream> stream_;
  std::string out_;
  std::string in_;
  bool is_upgraded_ = false;
  bool wants_write_ = true;
  unsigned code_ = 0;
};

}  // namespace frontdesk::process
