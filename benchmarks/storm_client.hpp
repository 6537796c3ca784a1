#pragma once

#include "benchmarks/lean_line.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <queue>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace frontdesk {

using storm_clock = std::chrono::steady_clock;
using storm_moment = storm_clock::time_point;

/// The value of a whole number's field; `otherwise` if there is none.
inline std::uint64_t number_of(std::string_view frame, std::string_view name,
                               std::uint64_t otherwise = 0) {
  const std::string key = fmt::format("\"{}\":", name);
  const std::size_t at = frame.find(key);
  if (at == std::string_view::npos) return otherwise;
  return std::stoull(std::string(frame.substr(at + key.size(), 20)));
}

class storm_loop;

/// A client that comes back: one WebSocket after another, never blocking, over one epoll loop.
class storm_line {
 public:
  storm_line(storm_loop& loop, std::uint32_t number) : loop_(loop), number_(number) {}
  storm_line(const storm_line&) = delete;
  storm_line& operator=(const storm_line&) = delete;
  virtual ~storm_line() { drop(); }

  void connect();
  /// Without another word: the kernel sends RST.
  void drop();
  bool is_connected() const { return state_ == states::open; }
  std::uint32_t number() const { return number_; }

  void send(std::string_view text);
  /// What epoll has said.
  void on_ready(std::uint32_t what);

 protected:
  virtual void on_open() = 0;
  virtual void on_text(std::string_view text) = 0;
  /// The peer has ended it, or could not be reached.
  virtual void on_lost() = 0;
  /// Refused before the upgrade; `wait_ms` says when to come again.
  virtual void on_refused(std::uint64_t wait_ms) = 0;
  /// Further subprotocols to offer, with a comma in front.
  virtual std::string offers() const { return {}; }

 private:
  enum class states : std::uint8_t { none, connecting, upgrading, open };

  void lose();
  void ask_for_upgrade();
  void hear();
  bool take_answer();
  bool take_frame();
  void write_out(std::string_view bytes);

  storm_loop& loop_;
  const std::uint32_t number_;
  int descriptor_ = -1;
  states state_ = states::none;
  std::string in_;
};

/// The one thread of all clients.
class storm_loop {
 public:
  explicit storm_loop(std::uint16_t port) : port(port) {}
  storm_loop(const storm_loop&) = delete;
  storm_loop& operator=(const storm_loop&) = delete;
  ~storm_loop() { close(descriptor); }

  void connect_at(storm_moment when, storm_line& who) { due_.push({when, &who}); }

  void turn() {
    while (!due_.empty() && due_.top().first <= storm_clock::now()) {
      storm_line* const who = due_.top().second;
      due_.pop();
      who->connect();
    }
    std::array<epoll_event, 512> ready{};
    const int count = epoll_wait(descriptor, ready.data(), static_cast<int>(ready.size()), 1);
    for (int i = 0; i < count; ++i) {
      const epoll_event& what = ready[static_cast<std::size_t>(i)];
      static_cast<storm_line*>(what.data.ptr)->on_ready(what.events);
    }
  }

  template <class Question>
  void turn_until(Question it_is_so, std::chrono::seconds patience = std::chrono::seconds{120}) {
    const storm_moment deadline = storm_clock::now() + patience;
    while (!it_is_so()) {
      if (storm_clock::now() > deadline) throw std::runtime_error("waited for too long");
      turn();
    }
  }

  const int descriptor = epoll_create1(EPOLL_CLOEXEC);
  std::uint16_t port;

 private:
  using entry = std::pair<storm_moment, storm_line*>;
  std::priority_queue<entry, std::vector<entry>, std::greater<>> due_;
};

inline void storm_line::connect() {
  drop();
  descriptor_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int yes = 1;
  setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt(descriptor_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  const auto address = [](std::uint32_t host, std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host);
    return at;
  };
  // The node counts by address: each comes from its own.
  const sockaddr_in own = address(number_ % 250 + 256 * (number_ / 250), 0);
  const sockaddr_in there = address(0, loop_.port);
  if (descriptor_ < 0 || bind(descriptor_, reinterpret_cast<const sockaddr*>(&own), sizeof own)) {
    throw std::runtime_error(std::string("no socket: ") + std::strerror(errno));
  }
  const int done = ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&there), sizeof there);
  if (done != 0 && errno != EINPROGRESS) return lose();
  state_ = states::connecting;
  epoll_event what{};
  what.events = EPOLLIN | EPOLLOUT;
  what.data.ptr = this;
  epoll_ctl(loop_.descriptor, EPOLL_CTL_ADD, descriptor_, &what);
}

inline void storm_line::drop() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
  state_ = states::none;
  in_.clear();
}

inline void storm_line::lose() {
  drop();
  on_lost();
}

inline void storm_line::on_ready(std::uint32_t what) {
  // Of a connection that was dropped in this very turn.
  if (state_ == states::none) return;
  if (state_ == states::connecting) {
    if ((what & (EPOLLERR | EPOLLHUP)) != 0) return lose();
    if ((what & EPOLLOUT) == 0) return;
    ask_for_upgrade();
  }
  if ((what & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) hear();
}

inline void storm_line::ask_for_upgrade() {
  state_ = states::upgrading;
  epoll_event what{};
  what.events = EPOLLIN;
  what.data.ptr = this;
  epoll_ctl(loop_.descriptor, EPOLL_CTL_MOD, descriptor_, &what);
  write_out(
      "GET /v1/socket HTTP/1.1\r\nHost: desk\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Protocol: frontdesk.v1.json" +
      offers() + "\r\n\r\n");
}

inline void storm_line::send(std::string_view text) {
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

inline void storm_line::write_out(std::string_view bytes) {
  // A peer that has gone is noticed by what is read.
  [[maybe_unused]] const auto sent =
      ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

inline void storm_line::hear() {
  std::array<char, 16 * 1024> room;
  const ssize_t got = recv(descriptor_, room.data(), room.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return lose();
  in_.append(room.data(), static_cast<std::size_t>(got));
  while (state_ == states::upgrading || state_ == states::open) {
    if (state_ == states::open ? !take_frame() : !take_answer()) return;
  }
}

inline bool storm_line::take_answer() {
  const std::size_t size = in_.find("\r\n\r\n");
  if (size == std::string::npos) return false;
  if (in_.starts_with("HTTP/1.1 101")) {
    in_.erase(0, size + 4);
    state_ = states::open;
    on_open();
    return true;
  }
  if (!in_.starts_with("HTTP/1.1 503") && !in_.starts_with("HTTP/1.1 429")) {
    throw std::runtime_error("refused: " + in_);
  }
  // Its body comes in the same piece.
  const std::uint64_t wait_ms = number_of(in_, "retry_after_ms", 1000);
  drop();
  on_refused(wait_ms);
  return false;
}

inline bool storm_line::take_frame() {
  if (in_.size() < 4) return false;
  const auto byte = [this](std::size_t at) { return static_cast<unsigned char>(in_[at]); };
  std::size_t size = byte(1);
  const std::size_t begin = size < 126 ? 2 : 4;
  if (size > 126) throw std::runtime_error("a frame that is too large for this");
  if (size == 126) size = std::size_t{byte(2)} << 8U | byte(3);
  if (in_.size() < begin + size) return false;
  const bool is_text = (byte(0) & 0x0fU) == 1;
  const std::string text = in_.substr(begin, size);
  in_.erase(0, begin + size);
  if (is_text) on_text(text);
  return true;
}

}  // namespace frontdesk
