#include "bench/line.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <optional>

namespace frontdesk::bench {

namespace {

constexpr std::size_t piece_bytes = 64 * 1024;
/// A node's frame is below 1 MiB (docs/wire.md §2).
constexpr std::size_t message_bytes_max = 1024 * 1024;
constexpr milliseconds wait_otherwise{1000};

/// The head of a masked message of a client.
std::string head_of(encoding spoken, std::size_t size) {
  std::string head{spoken == encoding::json ? '\x81' : '\x82'};
  if (size < 126) {
    head += static_cast<char>(0x80U | size);
  } else if (size <= 0xffff) {
    head += '\xfe';
    head += static_cast<char>(size >> 8U);
    head += static_cast<char>(size & 0xffU);
  } else {
    head += '\xff';
    for (int shift = 56; shift >= 0; shift -= 8)
      head += static_cast<char>(size >> static_cast<unsigned>(shift) & 0xffU);
  }
  // A mask of zeros is a mask.
  return head.append(4, '\0');
}

struct message_head {
  unsigned opcode;
  std::size_t begin;
  std::uint64_t size;
};

/// None: it is not here yet.
std::optional<message_head> read_head(std::string_view in) {
  const auto byte = [in](std::size_t at) { return static_cast<unsigned char>(in[at]); };
  if (in.size() < 2) return std::nullopt;
  const std::size_t more = byte(1) < 126 ? 0 : byte(1) == 126 ? 2 : 8;
  if (in.size() < 2 + more) return std::nullopt;
  std::uint64_t size = more == 0 ? byte(1) : 0;
  for (std::size_t i = 0; i < more; ++i)
    size = size << 8U | byte(2 + i);
  return message_head{byte(0) & 0x0fU, 2 + more, size};
}

milliseconds wait_of(std::string_view answer) {
  constexpr std::string_view key = "\"retry_after_ms\":";
  const std::size_t at = answer.find(key);
  std::uint32_t wait_ms = 0;
  if (at == std::string_view::npos) return wait_otherwise;
  const char* const begin = answer.data() + at + key.size();
  std::from_chars(begin, answer.data() + answer.size(), wait_ms);
  return wait_ms == 0 ? wait_otherwise : milliseconds{wait_ms};
}

}  // namespace

void line::connect() {
  drop();
  descriptor_ = open_socket(all_.to, number_);
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  state_ = states::connecting;
  const int done = ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&all_.to.address),
                             all_.to.address_bytes);
  if (done != 0 && errno != EINPROGRESS) return lose();
  all_.turning.add(descriptor_, *this, EPOLLIN | EPOLLOUT);
}

void line::drop() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
  state_ = states::none;
  in_.clear();
  out_.clear();
  waits_for_room_ = false;
}

void line::lose() {
  drop();
  on_lost();
}

void line::on_ready(std::uint32_t what) {
  // Of a connection that was dropped in this very turn.
  if (state_ == states::none) return;
  if (state_ == states::connecting) {
    if ((what & (EPOLLERR | EPOLLHUP)) != 0) return lose();
    if ((what & EPOLLOUT) == 0) return;
    ask_for_upgrade();
  } else if ((what & EPOLLOUT) != 0) {
    flush();
  }
  if ((what & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) hear();
}

void line::ask_for_upgrade() {
  state_ = states::upgrading;
  all_.turning.change(descriptor_, *this, EPOLLIN);
  write_out(fmt::format(
      "GET /v1/socket HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Protocol: {}{}\r\n\r\n",
      all_.to.name, subprotocols[index_of(all_.spoken)], offers()));
}

void line::say(std::string_view message) {
  if (!is_open()) return;
  std::string frame = head_of(all_.spoken, message.size());
  frame.append(message);
  all_.bytes_up += frame.size();
  write_out(frame);
}

void line::write_out(std::string_view bytes) {
  // What waits is bounded by what the node leaves unacknowledged: see `device`.
  const bool waits = !out_.empty();
  out_.append(bytes);
  if (!waits) flush();
}

void line::flush() {
  const ssize_t sent = ::send(descriptor_, out_.data(), out_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  // A peer that has gone is noticed by what is read.
  if (sent > 0) out_.erase(0, static_cast<std::size_t>(sent));
  const bool waits = !out_.empty() && (sent >= 0 || errno == EAGAIN || errno == EINTR);
  if (waits == waits_for_room_) return;
  waits_for_room_ = waits;
  all_.turning.change(descriptor_, *this, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

void line::hear() {
  std::array<char, piece_bytes> room;
  const ssize_t got = recv(descriptor_, room.data(), room.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return lose();
  in_.append(room.data(), static_cast<std::size_t>(got));
  while (state_ == states::upgrading || state_ == states::open) {
    if (is_open() ? !take_message() : !take_answer()) return;
  }
}

bool line::take_answer() {
  const std::size_t size = in_.find("\r\n\r\n");
  if (size == std::string::npos) return false;
  if (in_.starts_with("HTTP/1.1 101")) {
    in_.erase(0, size + 4);
    state_ = states::open;
    on_open();
    return true;
  }
  if (!in_.starts_with("HTTP/1.1 503") && !in_.starts_with("HTTP/1.1 429")) {
    throw cannot_measure(fmt::format("{} does not speak Frontdesk's protocol, or refuses it: {}",
                                     all_.to.name, in_.substr(0, in_.find("\r\n"))));
  }
  // Its short body comes in the same piece.
  const milliseconds wait = wait_of(in_);
  drop();
  on_refused(wait);
  return false;
}

bool line::take_message() {
  const auto head = read_head(in_);
  if (!head) return false;
  if (head->size > message_bytes_max) {
    throw cannot_measure("The node has sent a frame above 1 MiB, which it never does.");
  }
  const auto size = static_cast<std::size_t>(head->size);
  if (in_.size() < head->begin + size) return false;
  all_.bytes_down += head->begin + size;
  // A copy: whoever hears it may drop the line, and all that it has read.
  const std::string message = in_.substr(head->begin, size);
  in_.erase(0, head->begin + size);
  if (head->opcode == 1 || head->opcode == 2) on_said(message);
  return true;
}

}  // namespace frontdesk::bench
