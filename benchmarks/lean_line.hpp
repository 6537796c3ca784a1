#pragma once

#include "tests/client/protobuf_speech.hpp"
#include "wire/encoding.hpp"

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

/// Whose loop a line is part of, which node it goes to, which client of how many it is, and how it
/// speaks.
struct lean_origin {
  int loop;
  std::uint16_t port;
  std::uint32_t number;
  encoding spoken = encoding::json;
};

/// Bytes of WebSocket messages with their heads, of all lines that share it.
struct lean_traffic {
  std::uint64_t up = 0;
  std::uint64_t down = 0;
};

/// A socket that sends small frames and hands out what it hears; knows nothing of their meaning.
class lean_line {
 public:
  lean_line(const lean_origin& from, lean_traffic& traffic)
      : spoken_(from.spoken), traffic_(traffic) {
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
    write_out(fmt::format(
        "GET /v1/socket HTTP/1.1\r\nHost: desk\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: {}\r\n\r\n",
        subprotocols[index_of(spoken_)]));
  }
  lean_line(const lean_line&) = delete;
  lean_line& operator=(const lean_line&) = delete;
  virtual ~lean_line() { close(descriptor_); }

  /// Says a frame that is written as JSON, in the encoding of this line.
  void send(std::string_view json) {
    if (spoken_ == encoding::json) return send_message('\x81', json);
    send_message('\x82', client::in_protobuf(json));
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
  /// A frame as JSON, in whichever encoding it came.
  virtual void on_text(std::string_view text) = 0;

 private:
  void send_message(char head, std::string_view text) {
    std::string frame{head};
    if (text.size() < 126) {
      frame += static_cast<char>(0x80U | text.size());
    } else {
      frame += '\xfe';
      frame += static_cast<char>(text.size() >> 8U);
      frame += static_cast<char>(text.size() & 0xffU);
    }
    // A mask of zeros is a mask.
    frame.append(4, '\0').append(text);
    traffic_.up += frame.size();
    write_out(frame);
  }

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
    traffic_.down += begin + size;
    const std::string_view message = std::string_view(in_).substr(begin, size);
    spoken_ == encoding::json ? on_text(message) : on_text(client::in_json(message));
    in_.erase(0, begin + size);
    return true;
  }

  const encoding spoken_;
  lean_traffic& traffic_;
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
