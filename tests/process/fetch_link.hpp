#pragma once

#include "tests/process/socket_link.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// A client's link where no WebSocket passes, as docs/wire.md §8 tells it.
namespace frontdesk::process {

/// One HTTP request on a socket of its own, not waited for.
class plain_request {
 public:
  plain_request(const place&, std::string request);
  plain_request(const plain_request&) = delete;
  plain_request& operator=(const plain_request&) = delete;
  ~plain_request();

  /// Does what can be done now.
  void turn();
  /// The answer is whole, or the node has closed.
  bool is_over() const { return is_over_; }
  /// 0: there is none yet.
  unsigned status() const;
  std::string field(std::string_view name) const;
  /// The next whole line of the body; false: none has come.
  bool take_line(std::string& line);

 private:
  void end();

  int descriptor_ = -1;
  std::string out_;
  std::string head_;
  std::string in_;
  std::size_t body_bytes_ = 0;
  bool is_over_ = false;
};

/// Frames up by errands, one after the other; frames down by a stream, or by polls. To its owner it
/// is a socket: open at once, and closed when a request fails.
class fetch_link {
 public:
  enum class ways : std::uint8_t { stream, poll };
  struct caller {
    std::string token;
    std::string device;
    ways way = ways::stream;
    /// Milliseconds that an errand may take.
    std::int64_t errand_max = 35'000;
  };
  struct ears {
    std::function<void(std::string_view text)> on_text;
    std::function<void()> on_closed;
  };

  fetch_link(const place&, caller, ears);

  void send(std::string_view text);
  /// To be called often, with the time.
  void turn(std::int64_t now);
  bool is_gone() const { return is_gone_; }
  /// What a refusal asked for, in milliseconds; 0: nothing.
  std::int64_t retry_after() const { return retry_after_; }

 private:
  struct positions {
    std::uint64_t visible = 0;
    std::uint64_t internal = 0;
  };

  std::string request(std::string_view path, const std::string& body) const;
  void ask_again();
  void turn_down();
  void turn_up(std::int64_t now);
  void hear(const std::string& line);
  void follow(std::string_view text);
  void note_position(std::string_view text);
  void close();
  void close_by(const plain_request&);

  const place to_;
  const caller who_;
  const ears ears_;
  std::unique_ptr<plain_request> down_;
  std::unique_ptr<plain_request> up_;
  std::int64_t up_since_ = 0;
  std::int64_t retry_after_ = 0;
  std::deque<std::string> said_;
  std::map<std::string, positions> followed_;
  std::string roster_;
  bool is_welcome_ = false;
  bool has_changed_ = false;
  bool is_gone_ = false;
};

}  // namespace frontdesk::process
