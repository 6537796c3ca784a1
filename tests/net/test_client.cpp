#include "tests/net/test_client.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace frontdesk {

std::string client_frame(websocket_opcode opcode, std::string_view payload, bool is_final) {
  std::string frame;
  append_frame_header(frame, opcode, payload.size());
  if (!is_final) {
    frame[0] = static_cast<char>(frame[0] & 0x7f);
  }
  frame[1] = static_cast<char>(frame[1] | 0x80);
  constexpr std::string_view mask = "mask";
  frame += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame += static_cast<char>(payload[i] ^ mask[i % mask.size()]);
  }
  return frame;
}

std::string client_close(std::uint16_t code) {
  const std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xffU)};
  return client_frame(websocket_opcode::close, payload);
}

std::uint16_t server_frame::code() const {
  if (opcode != websocket_opcode::close || payload.size() < 2) {
    return 0;
  }
  const auto byte = [this](std::size_t i) { return static_cast<unsigned char>(payload[i]); };
  return static_cast<std::uint16_t>(byte(0) << 8U | byte(1));
}

bool take_frame(std::string& bytes, server_frame& frame) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.size() < 2) {
    return false;
  }
  std::size_t size = byte(1);
  std::size_t head = 2;
  if (size == 126) {
    head = 4;
  } else if (size == 127) {
    head = 10;
  }
  if (bytes.size() < head) {
    return false;
  }
  if (head > 2) {
    size = 0;
    for (std::size_t i = 2; i < head; ++i) {
      size = size << 8U | byte(i);
    }
  }
  if (bytes.size() < head + size) {
    return false;
  }
  EXPECT_EQ(byte(0) & 0xf0U, 0x80U) << "a server's frame is whole and has no reserved bits";
  frame.opcode = static_cast<websocket_opcode>(byte(0) & 0x0fU);
  frame.payload = bytes.substr(head, size);
  bytes.erase(0, head + size);
  return true;
}

std::string upgrade_request(std::string_view more) {
  return "GET /v1/socket HTTP/1.1\r\nHost: desk.example\r\nUpgrade: websocket\r\n"
         "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: frontdesk.v1.json\r\n" +
         std::string(more) + "\r\n";
}

std::string heard_answer::field(std::string_view name) const {
  const std::string start = "\r\n" + std::string(name) + ": ";
  const std::size_t at = head.find(start);
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t begin = at + start.size();
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

test_client::test_client(fake_desk& desk, std::uint16_t port) : desk_(desk) {
  descriptor_ = ::socket(AF_INET, SOCK_STREAM, 0);
  const int at_once = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
}

test_client::~test_client() {
  closes();
}

test_client::test_client(fake_desk& desk, std::uint16_t port, const tls_offer& offer)
    : test_client(desk, port) {
  tls_ = std::make_unique<tls_peer>(offer);
}

void test_client::sends(std::string_view bytes) {
  if (!tls_) {
    return sends_raw(bytes);
  }
  tls_->writes(bytes);
  sends_raw(tls_->says());
}

void test_client::sends_raw(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent =
        ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      desk_.thread.turns();
    } else {
      return;
    }
  }
}

void test_client::ends_writing() {
  ::shutdown(descriptor_, SHUT_WR);
}

void test_client::closes() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
    descriptor_ = -1;
  }
}

// Always true, so that it may stand in a condition.
bool test_client::receives() {
  std::array<char, 64 * 1024> room;
  while (!has_ended_) {
    const ssize_t got = ::recv(descriptor_, room.data(), room.size(), MSG_DONTWAIT);
    if (got > 0 && tls_) {
      tls_->hears({room.data(), static_cast<std::size_t>(got)});
      sends_raw(tls_->says());
      received_ += tls_->takes();
    } else if (got > 0) {
      received_.append(room.data(), static_cast<std::size_t>(got));
    } else if (got < 0 && errno == EAGAIN) {
      break;
    } else {
      has_ended_ = true;
    }
  }
  return true;
}

heard_answer test_client::hears(bool of_head) {
  heard_answer answer;
  const auto is_whole = [&] {
    receives();
    const std::size_t end = received_.find("\r\n\r\n");
    if (end == std::string::npos) {
      return has_ended_;
    }
    answer.head = received_.substr(0, end + 2);
    const std::string length = answer.field("Content-Length");
    const std::size_t size = length.empty() || of_head ? 0 : std::stoul(length);
    return has_ended_ || received_.size() >= end + 4 + size;
  };
  if (!desk_.thread.turns_until(is_whole) || answer.head.size() < 12) {
    return {};
  }
  const std::string length = answer.field("Content-Length");
  const std::size_t size = length.empty() || of_head ? 0 : std::stoul(length);
  answer.status = static_cast<unsigned>(std::stoul(answer.head.substr(9, 3)));
  answer.body = received_.substr(answer.head.size() + 2, size);
  received_.erase(0, answer.head.size() + 2 + size);
  return answer;
}

server_frame test_client::hears_frame() {
  server_frame frame;
  desk_.thread.turns_until(
      [&] { return receives() && (take_frame(received_, frame) || has_ended_); });
  return frame;
}

std::string test_client::hears_line() {
  const auto is_whole = [&] {
    return receives() && (received_.find('\n') != std::string::npos || has_ended_);
  };
  desk_.thread.turns_until(is_whole);
  const std::size_t end = received_.find('\n');
  const std::string line = end == std::string::npos ? "" : received_.substr(0, end);
  received_.erase(0, end == std::string::npos ? 0 : end + 1);
  return line;
}

bool test_client::hears_end() {
  return desk_.thread.turns_until([&] { return receives() && has_ended_; }) && received_.empty();
}

heard_answer test_client::asks(std::string_view request) {
  sends(request);
  return hears(request.starts_with("HEAD"));
}

fake_port& test_client::upgrades(std::string_view more) {
  const std::size_t before = desk_.ports.size();
  EXPECT_EQ(asks(upgrade_request(more)).status, 101U);
  EXPECT_TRUE(desk_.thread.turns_until([&] { return desk_.ports.size() > before; }));
  return *desk_.ports.at(before);
}

}  // namespace frontdesk
