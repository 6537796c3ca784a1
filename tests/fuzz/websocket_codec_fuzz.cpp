#include "model/utf8.hpp"
#include "net/websocket_codec.hpp"
#include "tests/fuzz/cuts.hpp"
#include "tests/fuzz/promise.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace frontdesk {
namespace {

using kinds = websocket_event::kinds;

// Small, so that inputs of a few hundred bytes pass them.
constexpr websocket_limits limits{.message_bytes_max = 300, .fragments_max = 4};
constexpr std::size_t control_bytes_max = 125;
constexpr std::string_view mask = "\x37\xfa\x21\x3d";

// An event that owns its bytes.
struct heard {
  kinds kind;
  websocket_close_code code;
  std::string payload;

  bool operator==(const heard&) const = default;
};

void check(const heard& event) {
  if (event.kind == kinds::text || event.kind == kinds::binary) {
    promise(event.payload.size() <= limits.message_bytes_max, "a message keeps its limit");
    promise(event.kind == kinds::binary || is_utf8(event.payload), "a text is UTF-8");
  } else if (event.kind != kinds::failure) {
    promise(event.payload.size() <= control_bytes_max, "a control frame keeps its limit");
  }
  promise(event.kind != kinds::close || event.code == websocket_close_code::no_status ||
              may_be_sent(event.code),
          "a close carries a code that may be sent");
}

// Each piece lies in a block of exactly its size, so that the sanitizer sees every overrun.
std::vector<heard> hear(std::string_view bytes, cuts where) {
  websocket_codec codec(limits);
  std::vector<heard> story;
  while (!bytes.empty()) {
    const std::string_view piece = where.next(bytes);
    const auto block = std::make_unique<char[]>(piece.size());
    std::copy(piece.begin(), piece.end(), block.get());
    std::span<char> unread(block.get(), piece.size());
    for (auto event = codec.next(unread); event.kind != kinds::none; event = codec.next(unread)) {
      promise(story.empty() ||
                  (story.back().kind != kinds::close && story.back().kind != kinds::failure),
              "nothing is heard behind the end");
      story.push_back({event.kind, event.code, std::string(event.payload)});
      check(story.back());
    }
    promise(unread.empty(), "all is read when nothing more is found");
    promise(codec.kept_bytes() <= limits.message_bytes_max + control_bytes_max,
            "what is kept has a bound");
    promise(codec.is_within_message() || codec.kept_bytes() == 0, "idle, it keeps nothing");
  }
  return story;
}

websocket_opcode opcode_of(kinds kind) {
  switch (kind) {
    case kinds::text:
      return websocket_opcode::text;
    case kinds::binary:
      return websocket_opcode::binary;
    case kinds::ping:
      return websocket_opcode::ping;
    case kinds::pong:
      return websocket_opcode::pong;
    default:
      return websocket_opcode::close;
  }
}

// A client's frame is a server's with a mask.
std::string said(const heard& event) {
  std::string server;
  if (event.kind == kinds::close) {
    append_close_frame(server, event.code, event.payload);
  } else {
    append_frame_header(server, opcode_of(event.kind), event.payload.size());
    server += event.payload;
  }
  const std::size_t payload_bytes =
      event.kind != kinds::close ? event.payload.size() : server.size() - 2;
  const std::size_t head_bytes = server.size() - payload_bytes;
  std::string client = server.substr(0, head_bytes);
  client[1] = static_cast<char>(client[1] | 0x80);
  client += mask;
  for (std::size_t i = 0; i < payload_bytes; ++i) {
    client += static_cast<char>(server[head_bytes + i] ^ mask[i % mask.size()]);
  }
  return client;
}

void hear_in_every_cut(std::string_view bytes) {
  const auto whole = hear(bytes, cuts::none(bytes));
  promise(hear(bytes, cuts::each_byte()) == whole, "byte by byte, the same is heard");
  promise(hear(bytes, cuts::small(bytes)) == whole, "in small pieces, the same is heard");

  std::string again;
  auto expected = whole;
  if (!expected.empty() && expected.back().kind == kinds::failure) {
    expected.pop_back();
  }
  for (const heard& event : expected) {
    again += said(event);
  }
  promise(hear(again, cuts::small(again)) == expected,
          "what was heard and said again is heard as the same");
}

}  // namespace
}  // namespace frontdesk

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  frontdesk::hear_in_every_cut(frontdesk::text_of(bytes, size));
  return 0;
}
