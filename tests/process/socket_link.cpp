#include "tests/process/socket_link.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace frontdesk::process {

namespace {

using milliseconds = std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

constexpr unsigned text_opcode = 0x1;
constexpr unsigned binary_opcode = 0x2;
constexpr unsigned close_opcode = 0x8;
constexpr unsigned ping_opcode = 0x9;
constexpr unsigned pong_opcode = 0xa;

std::size_t number_at(std::string_view bytes, std::size_t from, std::size_t count) {
  std::size_t number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    number = number << 8U | static_cast<unsigned char>(bytes[from + i]);
  }
  return number;
}

}  // namespace

// ---- The loop.

socket_loop::socket_loop() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

socket_loop::~socket_loop() {
  ::close(epoll_);
}

std::int64_t socket_loop::now() const {
  return std::chrono::duration_cast<milliseconds>(clock::now() - begin_).count();
}

void socket_loop::watch(socket_link& link, bool writes, bool is_new) {
  epoll_event what{};
  what.events = EPOLLIN | (writes ? EPOLLOUT : 0U);
  what.data.ptr = &link;
  epoll_ctl(epoll_, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, link.stream_->descriptor(), &what);
  links_.insert(&link);
}

void socket_loop::forget(socket_link& link) {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, link.stream_->descriptor(), nullptr);
  links_.erase(&link);
}

void socket_loop::turn(milliseconds at_most) {
  std::array<epoll_event, 256> ready{};
  const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()),
                               static_cast<int>(at_most.count()));
  for (int i = 0; i < count; ++i) {
    const epoll_event& each = ready[static_cast<std::size_t>(i)];
    auto* link = static_cast<socket_link*>(each.data.ptr);
    // What came before in this turn may have ended it.
    if (links_.contains(link)) {
      link->on_ready((each.events & EPOLLOUT) != 0);
    }
  }
}

bool socket_loop::turn_until(const std::function<bool()>& it_is_so, milliseconds at_most) {
  const auto deadline = clock::now() + at_most;
  while (!it_is_so()) {
    if (clock::now() >= deadline) {
      return false;
    }
    turn(milliseconds{5});
  }
  return true;
}

// ---- One link.

socket_link::socket_link(socket_loop& loop, const place& to, ears told, std::string_view more,
                         encoding spoken)
    : loop_(loop),
      ears_(std::move(told)),
      protocol_(subprotocols[index_of(spoken)]),
      message_opcode_(spoken == encoding::json ? text_opcode : binary_opcode),
      stream_(std::in_place, to) {
  out_ = "GET /v1/socket HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(to.port) +
         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Protocol: " +
         std::string(protocol_) + "\r\n" + std::string(more) + "\r\n";
  loop_.watch(*this, true, true);
}

socket_link::~socket_link() {
  close();
}

void socket_link::close() {
  if (stream_) {
    loop_.forget(*this);
    stream_.reset();
  }
}

void socket_link::end() {
  if (stream_) {
    close();
    if (ears_.on_closed) ears_.on_closed(code_);
  }
}

void socket_link::send_frame(unsigned opcode, std::string_view payload) {
  if (!stream_) return;
  // The mask protects proxies from a page's choice of bytes; here are neither.
  constexpr std::string_view mask = "\x37\xfa\x21\x3d";
  out_ += static_cast<char>(0x80U | opcode);
  const std::size_t size = payload.size();
  const std::size_t length_bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  const std::size_t short_length = length_bytes == 0 ? size : length_bytes == 2 ? 126 : 127;
  out_ += static_cast<char>(0x80U | short_length);
  for (std::size_t i = length_bytes; i > 0; --i) {
    out_ += static_cast<char>(size >> (8 * (i - 1)) & 0xffU);
  }
  out_ += mask;
  for (std::size_t i = 0; i < size; ++i) {
    out_ += static_cast<char>(payload[i] ^ mask[i % mask.size()]);
  }
  if (is_upgraded_) write_out();
}

void socket_link::on_ready(bool can_write) {
  if (can_write) write_out();
  read_in();
}

void socket_link::write_out() {
  std::size_t sent = 0;
  while (sent < out_.size()) {
    const ssize_t now = stream_->send(std::string_view(out_).substr(sent));
    // An error is met again by the reader, who first has what the peer said before it.
    if (now <= 0) break;
    sent += static_cast<std::size_t>(now);
  }
  out_.erase(0, sent);
  if (wants_write_ == out_.empty()) {
    wants_write_ = !out_.empty();
    loop_.watch(*this, wants_write_, false);
  }
}

void socket_link::read_in() {
  std::array<char, 64 * 1024> room;
  bool has_ended = false;
  while (stream_ && !has_ended) {
    const ssize_t got = stream_->recv(room);
    if (got > 0) {
      in_.append(room.data(), static_cast<std::size_t>(got));
    } else if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
      break;
    } else {
      has_ended = true;
    }
  }
  while (stream_ && (is_upgraded_ ? take_frame() : take_answer())) {
  }
  if (has_ended) end();
}

bool socket_link::take_answer() {
  const std::size_t size = in_.find("\r\n\r\n");
  if (size == std::string::npos) return false;
  const auto status = static_cast<unsigned>(std::stoul(in_.substr(9, 3)));
  if (status != 101) {
    code_ = status;
    end();
    return false;
  }
  if (in_.find("Protocol: " + std::string(protocol_) + "\r\n") > size) {
    throw std::runtime_error("the node chose another subprotocol");
  }
  in_.erase(0, size + 4);
  is_upgraded_ = true;
  if (ears_.on_open) ears_.on_open();
  return true;
}

bool socket_link::take_frame() {
  if (in_.size() < 2) return false;
  std::size_t size = static_cast<unsigned char>(in_[1]);
  const std::size_t length_bytes = size < 126 ? 0 : size == 126 ? 2 : 8;
  const std::size_t begin = 2 + length_bytes;
  if (in_.size() < begin) return false;
  if (length_bytes > 0) size = number_at(in_, 2, length_bytes);
  if (in_.size() < begin + size) return false;
  const unsigned opcode = static_cast<unsigned char>(in_[0]) & 0x0fU;
  const std::string payload = in_.substr(begin, size);
  in_.erase(0, begin + size);
  on_frame(opcode, payload);
  return true;
}

void socket_link::on_frame(unsigned opcode, std::string_view payload) {
  if (opcode == ping_opcode) return send_frame(pong_opcode, payload);
  if (opcode == close_opcode) {
    if (payload.size() >= 2) code_ = static_cast<unsigned>(number_at(payload, 0, 2));
    send_frame(close_opcode, payload.substr(0, 2));
    return end();
  }
  if (opcode != message_opcode_) throw std::runtime_error("a message of the wrong kind");
  if (ears_.on_text) ears_.on_text(payload);
}

}  // namespace frontdesk::process
