#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace frontdesk {

/// Whose loop a line is part of, which node it goes to, and which client of how many it is.
struct lean_origin {
  int loop;
  std::uint16_t port;
  std::uint32_t number;
};

/// A socket that sends small frames and hands out what it hears; knows nothing of their meaning.
class lean_line {
 public:
  explicit lean_line(const lean_origin& from) {
    descriptor_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(descriptor_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    // The node counts by address: each comes from its own.
    const sockaddr_in own = address(from.number % 250 + 256 * (from.number / 250), 0);
    const sockaddr_in there = address(0, from.port);
    if (bind(descriptor_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
        connect(descriptor_, reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0) {
      throw std::runtime_error("cannot connect");
    }
    epoll_event what{};
    what.events = EPOLLIN;
    what.data.ptr = this;
    epoll_ctl(from.loop, EPOLL_CTL_ADD, descriptor_, &what);
    write_out(
        "GET /v1/socket HTTP/1.1\r\nHost: desk\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: frontdesk.v1.json\r\n\r\n");
  }
  lean_line(const lean_line&) = delete;
  lean_line& operator=(const lean_line&) = delete;
  virtual ~lean_line() { close(descriptor_); }

  void send(std::string_view text) {
    std::string frame{'\x81'};
    if (text.size() < 126) {
      frame += static_cast<char>(0x80U | text.size());
    } else {
      frame += '\xfe';
      frame += static_cast<char>(text.size() >> 8U);
      frame += static_cast<char>(text.size() & 0xffU);
    }
    // A mask of zeros is a mask.
    frame.append(4, '\0').append(text);
    write_out(frame);
  }

  void hear() {
    std::array<char, 16 * 1024> room;
    const ssize_t got = recv(descriptor_, room.data(), room.size(), MSG_DONTWAIT);
    if (got == 0) throw std::runtime_error("the node has closed a connection");
    if (got < 0) return;
    in_.append(room.data(), static_cast<std::size_t>(got));
    while (is_open_ ? take_frame() : take_answer()) {
    }
  }

 protected:
  virtual void on_open() = 0;
  virtual void on_text(std::string_view text) = 0;

 private:
  static sockaddr_in address(std::uint32_t host, std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host);
    return at;
  }

  void write_out(std::string_view bytes) const {
    if (::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(bytes.size())) {
      throw std::runtime_error("the node does not read");
    }
  }

  bool take_answer() {
    const std::size_t size = in_.find("\r\n\r\n");
    if (size == std::string::npos) return false;
    if (!in_.starts_with("HTTP/1.1 101")) throw std::runtime_error("refused: " + in_);
    in_.erase(0, size + 4);
    is_open_ = true;
    on_open();
    return true;
  }

  bool take_frame() {
    if (in_.size() < 4) return false;
    std::size_t size = static_cast<unsigned char>(in_[1]);
    const std::size_t begin = size < 126 ? 2 : 4;
    if (size > 126) throw std::runtime_error("a frame that is too large for this");
    if (size == 126) {
      size = static_cast<std::size_t>(static_cast<unsigned char>(in_[2])) << 8U |
             static_cast<unsigned char>(in_[3]);
    }
    if (in_.size() < begin + size) return false;
    on_text(std::string_view(in_).substr(begin, size));
    in_.erase(0, begin + size);
    return true;
  }

  int descriptor_ = -1;
  std::string in_;
  bool is_open_ = false;
};

/// The value of a text field, without JSON's rest.
inline std::string_view field(std::string_view frame, std::string_view name) {
  const std::string key = fmt::format("\"{}\":\"", name);
  const std::size_t at = frame.find(key);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + key.size();
  return frame.substr(begin, frame.find('"', begin) - begin);
}

}  // namespace frontdesk
