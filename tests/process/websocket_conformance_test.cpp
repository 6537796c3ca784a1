// RFC 6455 against the shipped program, section by section as the Autobahn test suite has them:
// 1 framing, 2 pings, 3 reserved bits, 4 opcodes, 5 fragmentation, 6 UTF-8, 7 closing, 9 limits,
// 10 odd cuts. A node echoes nothing; in its place a request with an id is answered with that id,
// so a text that arrived in pieces is known to have arrived whole.

#include "tests/process/desk_door.hpp"
#include "tests/process/node_process.hpp"
#include "tests/storage/temp_folder.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk::process {
namespace {

constexpr unsigned continuation = 0x0;
constexpr unsigned text = 0x1;
constexpr unsigned binary = 0x2;
constexpr unsigned closing = 0x8;
constexpr unsigned ping = 0x9;
constexpr unsigned pong = 0xa;

/// What may be right or wrong about a frame.
struct form {
  bool is_final = true;
  unsigned reserved = 0;
  bool is_masked = true;
};

constexpr form part{.is_final = false, .reserved = 0, .is_masked = true};
constexpr form bare{.is_final = true, .reserved = 0, .is_masked = false};

std::string frame(unsigned opcode, std::string_view payload, const form& how = {}) {
  const unsigned mask_bit = how.is_masked ? 0x80 : 0;
  std::string bytes;
  bytes += static_cast<char>((how.is_final ? 0x80U : 0U) | how.reserved << 4U | opcode);
  const std::size_t size = payload.size();
  if (size < 126) {
    bytes += static_cast<char>(mask_bit | size);
  } else {
    const int count = size < 65536 ? 2 : 8;
    bytes += static_cast<char>(mask_bit | (count == 2 ? 126U : 127U));
    for (int i = count - 1; i >= 0; --i)
      bytes += static_cast<char>(size >> (8U * static_cast<unsigned>(i)));
  }
  if (!how.is_masked) return bytes.append(payload);
  constexpr std::array<char, 4> mask{0x12, 0x7f, 0x00, 0x55};
  bytes.append(mask.begin(), mask.end());
  for (std::size_t i = 0; i < size; ++i)
    bytes += static_cast<char>(payload[i] ^ mask[i % 4]);
  return bytes;
}

std::string close_payload(unsigned code, std::string_view reason = {}) {
  return std::string{static_cast<char>(code >> 8U), static_cast<char>(code)} + std::string(reason);
}

struct heard_frame {
  unsigned opcode = 0;
  std::string payload;
};

/// A WebSocket whose every byte the test decides on. Reads wait for 20 s at most.
class raw_peer {
 public:
  explicit raw_peer(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    constexpr timeval patience{20, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const int yes = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) {
      throw std::runtime_error("cannot connect");
    }
    sends(
        "GET /v1/socket HTTP/1.1\r\nHost: desk\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: frontdesk.v1.json\r\n\r\n");
    while (in_.find("\r\n\r\n") == std::string::npos) {
      if (!read_more()) throw std::runtime_error("refused: " + in_);
    }
    in_.erase(0, in_.find("\r\n\r\n") + 4);
  }
  raw_peer(const raw_peer&) = delete;
  raw_peer& operator=(const raw_peer&) = delete;
  ~raw_peer() { close(socket_); }

  void sends(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // The node has hung up; what it said is still to be read.
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// The next frame; nothing when the node has hung up.
  std::optional<heard_frame> hears() {
    while (in_.size() < 2 || in_.size() < header() + size()) {
      if (!read_more()) return std::nullopt;
    }
    heard_frame found{static_cast<unsigned char>(in_[0]) & 0x0fU, in_.substr(header(), size())};
    EXPECT_EQ(static_cast<unsigned char>(in_[0]) & 0xf0U, 0x80U) << "whole, no reserved bits";
    EXPECT_EQ(static_cast<unsigned char>(in_[1]) & 0x80U, 0U) << "a server masks nothing";
    in_.erase(0, header() + size());
    return found;
  }

  /// The next frame of a kind; what comes before is forgotten.
  std::optional<heard_frame> hears(unsigned opcode) {
    for (;;) {
      auto found = hears();
      if (!found || found->opcode == opcode) return found;
    }
  }

  /// How the node closes: the code of its close frame; 0: it hung up without one.
  unsigned close_code() {
    const auto last = hears(closing);
    if (!last || last->payload.size() < 2) return 0;
    shutdown(socket_, SHUT_WR);
    EXPECT_EQ(hears(), std::nullopt) << "nothing comes behind a close";
    return static_cast<unsigned char>(last->payload[0]) * 256U +
           static_cast<unsigned char>(last->payload[1]);
  }

 private:
  std::size_t size() const {
    const auto at = [this](std::size_t i) { return static_cast<unsigned char>(in_.at(i)); };
    const std::size_t shown = at(1) & 0x7fU;
    if (shown < 126) return shown;
    if (in_.size() < header()) return ~0ULL / 2;
    std::size_t size = 0;
    for (std::size_t i = 2; i < header(); ++i)
      size = size << 8U | at(i);
    return size;
  }
  std::size_t header() const {
    const unsigned shown = static_cast<unsigned char>(in_.at(1)) & 0x7fU;
    return shown < 126 ? 2 : shown == 126 ? 4 : 10;
  }
  bool read_more() {
    std::array<char, 16 * 1024> room{};
    const ssize_t got = recv(socket_, room.data(), room.size(), 0);
    if (got <= 0) return false;
    in_.append(room.data(), static_cast<std::size_t>(got));
    return true;
  }

  int socket_;
  std::string in_;
};

bool operator==(const heard_frame& one, const heard_frame& other) {
  return one.opcode == other.opcode && one.payload == other.payload;
}
std::ostream& operator<<(std::ostream& out, const heard_frame& what) {
  return out << "opcode " << what.opcode << ": " << what.payload.substr(0, 200);
}

class WebsocketConformance : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<temp_folder>();
    node_ = std::make_unique<node_process>(folder_->path("data"));
    furnish(node_->data());
    node_->start();
    token_ = new_visitor({node_->port()}, furniture::widget_key).token;
  }
  static void TearDownTestSuite() {
    EXPECT_EQ(node_->stop(), 0);
    node_.reset();
    folder_.reset();
  }

  /// Somebody whom the node has welcomed, each time from another device.
  std::unique_ptr<raw_peer> peer() {
    auto fresh = std::make_unique<raw_peer>(node_->port());
    fresh->sends(frame(text, fmt::format(R"({{"t":"hello","token":"{}","device":"{}"}})", token_,
                                         device_name(++devices_count_))));
    for (;;) {
      const auto said = fresh->hears();
      if (!said) throw std::runtime_error("not welcome");
      if (said->payload.find(R"("t":"roster")") != std::string::npos) return fresh;
    }
  }

  /// A request of this many bytes or a few more, to which the answer has the same id.
  std::string request(std::size_t least_bytes = 0, std::string_view more = {}) {
    std::string wish = fmt::format(
        R"({{"t":"history","id":{},"conversation":"00000000000000aa","after":0,"limit":1,)"
        R"("more":"{}"}})",
        ++id_, more);
    if (wish.size() < least_bytes) wish.insert(1, least_bytes - wish.size(), ' ');
    return wish;
  }

  /// Sends these bytes, in which the last request is, and waits for its answer.
  void is_understood(raw_peer& by, const std::string& bytes) const {
    by.sends(bytes);
    const auto answer = by.hears(text);
    ASSERT_TRUE(answer.has_value());
    EXPECT_NE(answer->payload.find(fmt::format(R"("id":{})", id_)), std::string::npos) << *answer;
  }

  /// A fresh peer sends these bytes, and the node closes with this code.
  void closes(const std::string& bytes, unsigned code, std::string_view why) {
    const auto by = peer();
    by->sends(bytes);
    EXPECT_EQ(by->close_code(), code) << why;
  }

  static std::unique_ptr<temp_folder> folder_;
  static std::unique_ptr<node_process> node_;
  static std::string token_;
  static std::uint64_t devices_count_;
  std::uint64_t id_ = 0;
};

std::unique_ptr<temp_folder> WebsocketConformance::folder_;
std::unique_ptr<node_process> WebsocketConformance::node_;
std::string WebsocketConformance::token_;
std::uint64_t WebsocketConformance::devices_count_ = 0;

// ---- 1, 9: framing and sizes.

TEST_F(WebsocketConformance, TextsOfEveryLengthForm) {
  const auto by = peer();
  for (const std::size_t size : {100UL, 125UL, 126UL, 127UL, 128UL, 1024UL, 65535UL, 65536UL}) {
    SCOPED_TRACE(size);
    is_understood(*by, frame(text, request(size)));
  }
}

TEST_F(WebsocketConformance, TooLargeMessages) {
  closes(frame(text, std::string(65537, ' ')), 1009, "in one frame");
  const std::string half(40000, ' ');
  closes(frame(text, half, part) + frame(continuation, half), 1009, "in two frames");
  std::string monstrous = frame(text, "x");
  monstrous[1] = static_cast<char>(0xff);
  monstrous.insert(2, "\x7f\xff\xff\xff\xff\xff\xff\xff", 8);
  closes(monstrous, 1009, "by its header alone");
}

TEST_F(WebsocketConformance, EmptyTextsAndBinaryMessages) {
  const auto by = peer();
  by->sends(frame(text, ""));
  EXPECT_NE(by->hears(text)->payload.find("not_json"), std::string::npos);
  closes(frame(binary, "x"), 4500, "this subprotocol has none");
}

// ---- 2: pings.

TEST_F(WebsocketConformance, PingsAreAnsweredWithTheirPayload) {
  const auto by = peer();
  for (const std::string& payload : {std::string(), std::string("hello"), std::string(125, '\xfe'),
                                     std::string("\x00\xff\xfe", 3)}) {
    by->sends(frame(ping, payload));
    EXPECT_EQ(by->hears(), (heard_frame{pong, payload}));
  }
  // Of many at once the latest is answered, and none after a later one. (RFC 6455, 5.5.3)
  for (char each = '0'; each <= '9'; ++each)
    by->sends(frame(ping, std::string(1, each)));
  std::string last;
  while (last != "9") {
    const auto found = by->hears(pong);
    ASSERT_TRUE(found.has_value());
    ASSERT_LT(last, found->payload);
    last = found->payload;
  }
}

TEST_F(WebsocketConformance, PongsNobodyAskedForAreNothing) {
  const auto by = peer();
  by->sends(frame(pong, "unasked"));
  by->sends(frame(pong, ""));
  by->sends(frame(ping, "asked"));
  EXPECT_EQ(by->hears(), (heard_frame{pong, "asked"}));
}

TEST_F(WebsocketConformance, ControlFramesAreShortAndWhole) {
  closes(frame(ping, std::string(126, 'x')), 1002, "a long ping");
  closes(frame(pong, std::string(126, 'x')), 1002, "a long pong");
  closes(frame(closing, close_payload(1000, std::string(124, 'x'))), 1002, "a long close");
  closes(frame(ping, "x", part), 1002, "a ping in fragments");
  closes(frame(closing, "", part), 1002, "a close in fragments");
}

// ---- 3, 4: reserved bits and opcodes; masks.

TEST_F(WebsocketConformance, ReservedBitsAreNotSpoken) {
  for (unsigned bits = 1; bits <= 7; ++bits) {
    closes(frame(text, request(), {.reserved = bits}), 1002, "on a text");
    closes(frame(ping, "", {.reserved = bits}), 1002, "on a ping");
  }
}

TEST_F(WebsocketConformance, ReservedOpcodesAreNotSpoken) {
  for (const unsigned opcode : {3U, 4U, 5U, 6U, 7U, 0xbU, 0xcU, 0xdU, 0xeU, 0xfU})
    closes(frame(opcode, ""), 1002, fmt::format("opcode {}", opcode));
}

TEST_F(WebsocketConformance, WhatIsNotMaskedIsRefused) {
  closes(frame(text, request(), bare), 1002, "a text");
  closes(frame(ping, "", bare), 1002, "a ping");
}

// ---- 5: fragmentation.

TEST_F(WebsocketConformance, FragmentsAreJoined) {
  const auto by = peer();
  const auto in_pieces = [&](std::size_t piece, const std::string& between) {
    const std::string whole = request(64);
    std::string bytes;
    for (std::size_t at = 0; at < whole.size(); at += piece) {
      bytes += frame(at == 0 ? text : continuation, whole.substr(at, piece),
                     {.is_final = at + piece >= whole.size()});
      if (at + piece < whole.size()) bytes += between;
    }
    is_understood(*by, bytes);
  };
  for (const std::size_t piece : {1UL, 2UL, 7UL, 40UL, 200UL})
    in_pieces(piece, "");
  in_pieces(9, frame(continuation, "", part));
  in_pieces(30, frame(pong, "unasked"));
}

TEST_F(WebsocketConformance, PingsMayComeBetweenFragments) {
  const auto by = peer();
  const std::string whole = request();
  by->sends(frame(text, whole.substr(0, 5), part));
  by->sends(frame(ping, "now"));
  EXPECT_EQ(by->hears(), (heard_frame{pong, "now"}));
  is_understood(*by, frame(continuation, whole.substr(5)));
}

TEST_F(WebsocketConformance, FragmentsOutOfOrderAreRefused) {
  const std::string begun = frame(text, "{", part);
  closes(frame(continuation, "x"), 1002, "the end of nothing");
  closes(frame(continuation, "x", part), 1002, "the middle of nothing");
  closes(begun + frame(text, "{"), 1002, "a text within a text");
  closes(begun + frame(binary, "{"), 1002, "a binary within a text");
  closes(frame(text, request()) + frame(continuation, "x"), 1002, "the end of what has ended");
}

// ---- 6: UTF-8.

TEST_F(WebsocketConformance, ValidTextsOfAnyPlane) {
  const auto by = peer();
  for (const std::string_view sample :
       {"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80"}) {
    const std::string whole = request(0, sample);
    is_understood(*by, frame(text, whole));
    const std::string again = request(0, sample);
    const std::size_t middle = again.find(sample) + 1;
    is_understood(*by, frame(text, again.substr(0, middle), part) +
                           (frame(continuation, again.substr(middle))));
  }
}

TEST_F(WebsocketConformance, InvalidTextsAreRefused) {
  for (const std::string_view sample :
       {"\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf", "\xf0\x80\x80\xaf",
        "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xfe", "\xff", "\xce", "\xe1\xbd", "\xf0\x90\x80"}) {
    SCOPED_TRACE(testing::PrintToString(sample));
    closes(frame(text, std::string(sample)), 1007, "alone");
    closes(frame(text, request(0, sample)), 1007, "within a frame of ours");
    closes(frame(text, "{", part) + frame(continuation, sample), 1007, "in a later fragment");
  }
  closes(frame(text, "\xf4\x90", part), 1007, "before the message has ended");
}

// ---- 7: closing.

TEST_F(WebsocketConformance, ACloseIsAnsweredInKind) {
  for (const unsigned code :
       {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U, 3000U, 3999U, 4000U, 4999U})
    closes(frame(closing, close_payload(code, "bye")), code, fmt::format("{}", code));
  closes(frame(closing, close_payload(1000, std::string(123, 'x'))), 1000, "a long reason");
  const auto by = peer();
  by->sends(frame(closing, ""));
  const auto answer = by->hears(closing);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(by->hears(), std::nullopt);
}

TEST_F(WebsocketConformance, ClosesThatCannotBe) {
  closes(frame(closing, "x"), 1002, "half a code");
  for (const unsigned code :
       {0U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 1100U, 2000U, 2999U, 5000U, 65535U})
    closes(frame(closing, close_payload(code)), 1002, fmt::format("{}", code));
  closes(frame(closing, close_payload(1000, "\xce\xba\xff")), 1007, "a reason not UTF-8");
}

TEST_F(WebsocketConformance, NothingCountsAfterAClose) {
  const std::string end = frame(closing, close_payload(1000));
  closes(end + frame(ping, "x"), 1000, "a ping");
  closes(end + frame(text, request()), 1000, "a text");
  closes(end + end, 1000, "another close");
}

// ---- 10: odd cuts.

TEST_F(WebsocketConformance, BytesOneByOne) {
  const auto by = peer();
  const std::string ping_bytes = frame(ping, "slowly");
  for (const char each : ping_bytes)
    by->sends({&each, 1});
  EXPECT_EQ(by->hears(), (heard_frame{pong, "slowly"}));
  const std::string bytes = frame(text, request(300));
  for (const char each : bytes.substr(0, bytes.size() - 1))
    by->sends({&each, 1});
  is_understood(*by, bytes.substr(bytes.size() - 1));
}

TEST_F(WebsocketConformance, ManyFramesAtOnce) {
  const auto by = peer();
  std::string bytes;
  for (int i = 0; i < 20; ++i)
    bytes += frame(ping, std::to_string(i));
  is_understood(*by, bytes + frame(text, request()));
}

}  // namespace
}  // namespace frontdesk::process
