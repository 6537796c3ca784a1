#include "net/websocket_codec.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace frontdesk {
namespace {

using kinds = websocket_event::kinds;

constexpr auto no_code = websocket_close_code::no_status;

constexpr unsigned final_bit = 0x80;
constexpr unsigned reserved_bits = 0x70;
constexpr unsigned opcode_bits = 0x0f;
constexpr unsigned control_bit = 0x08;
constexpr unsigned mask_bit = 0x80;
constexpr unsigned length_bits = 0x7f;

constexpr unsigned length_in_2_bytes = 126;
constexpr unsigned length_in_8_bytes = 127;
constexpr std::size_t control_bytes_max = 125;
constexpr std::size_t close_reason_bytes_max = control_bytes_max - 2;
constexpr std::size_t opening_bytes = 2;
constexpr std::size_t mask_bytes = 4;

// The first allocation: most frames of a chat fit, and a header alone can claim no more.
constexpr std::size_t kept_bytes_first = 256;

constexpr unsigned bits(char byte) {
  return static_cast<unsigned char>(byte);
}

constexpr bool is_control(websocket_opcode opcode) {
  return (static_cast<unsigned>(opcode) & control_bit) != 0;
}

constexpr bool is_known(websocket_opcode opcode) {
  return opcode <= websocket_opcode::binary ||
         (opcode >= websocket_opcode::close && opcode <= websocket_opcode::pong);
}

websocket_event failure(websocket_close_code code, std::string_view sentence) {
  return {kinds::failure, code, sentence};
}

websocket_event protocol_error(std::string_view sentence) {
  return failure(websocket_close_code::protocol_error, sentence);
}

websocket_event invalid_text() {
  return failure(websocket_close_code::invalid_text, "text must be valid UTF-8");
}

std::string_view view(std::span<const char> bytes) {
  return {bytes.data(), bytes.size()};
}

std::span<char> take(std::span<char>& unread, std::size_t count) {
  const auto taken = unread.first(std::min(count, unread.size()));
  unread = unread.subspan(taken.size());
  return taken;
}

// Eight bytes at a time, then the rest; leaves the mask turned to where the next byte stands.
void unmask(std::span<char> bytes, std::array<char, mask_bytes>& mask) {
  std::uint64_t mask_twice = 0;
  std::memcpy(&mask_twice, mask.data(), mask_bytes);
  std::memcpy(reinterpret_cast<char*>(&mask_twice) + mask_bytes, mask.data(), mask_bytes);
  std::size_t at = 0;
  for (; bytes.size() - at >= sizeof mask_twice; at += sizeof mask_twice) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    word ^= mask_twice;
    std::memcpy(bytes.data() + at, &word, sizeof word);
  }
  for (; at < bytes.size(); ++at)
    bytes[at] = static_cast<char>(bytes[at] ^ mask[at % mask_bytes]);
  std::rotate(mask.begin(), mask.begin() + bytes.size() % mask_bytes, mask.end());
}

void write_big_endian(char* out, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    out[i] = static_cast<char>(value >> (8 * (size - 1 - i)));
}

std::uint64_t read_big_endian(std::span<const char> bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes)
    value = value << 8 | bits(byte);
  return value;
}

}  // namespace

bool may_be_sent(websocket_close_code code) noexcept {
  const auto number = static_cast<unsigned>(code);
  return (number >= 1000 && number <= 1003) || (number >= 1007 && number <= 1014) ||
         (number >= 3000 && number <= 4999);
}

websocket_codec::websocket_codec(websocket_limits limits) noexcept : limits_(limits) {
  assert(limits.fragments_max > 0);
}

void websocket_codec::limit_messages(std::uint32_t message_bytes_max) noexcept {
  limits_.message_bytes_max = message_bytes_max;
}

bool websocket_codec::is_within_message() const noexcept {
  return !is_closed() && (step_ == steps::payload || header_size_ > 0 ||
                          message_ != websocket_opcode::continuation);
}

websocket_event websocket_codec::next(std::span<char>& unread) {
  release_delivered();
  while (!is_closed()) {
    if (step_ == steps::header) {
      const auto refusal = read_header(unread);
      if (refusal.kind != kinds::none) return close_after(refusal, unread);
      if (step_ == steps::header) return {};
    }
    const auto event = read_payload(unread);
    if (event.kind == kinds::close || event.kind == kinds::failure) {
      return close_after(event, unread);
    }
    if (event.kind != kinds::none || step_ == steps::payload) return event;
  }
  unread = unread.last(0);
  return {};
}

// What the last event's view needed is given back; a message that is still in fragments stays.
void websocket_codec::release_delivered() {
  if (step_ == steps::payload) return;
  kept_.resize(message_bytes_);
  if (kept_.empty() && kept_.capacity() > 0) kept_ = std::vector<char>{};
}

websocket_event websocket_codec::read_header(std::span<char>& unread) {
  if (!fill_header(unread, opening_bytes)) return {};
  if (const auto refusal = check_opening(); refusal.kind != kinds::none) return refusal;
  if (!fill_header(unread, opening_bytes + length_bytes() + mask_bytes)) return {};
  if (const auto refusal = check_length(); refusal.kind != kinds::none) return refusal;
  begin_frame();
  return {};
}

// Takes what the header lacks of its first `size` bytes; true once it has them.
bool websocket_codec::fill_header(std::span<char>& unread, std::size_t size) {
  if (header_size_ >= size) return true;
  const auto taken = take(unread, size - header_size_);
  std::copy(taken.begin(), taken.end(), header_.begin() + header_size_);
  header_size_ = static_cast<std::uint8_t>(header_size_ + taken.size());
  return header_size_ == size;
}

// What the first two bytes alone can show to be wrong, so that it is refused without the others.
websocket_event websocket_codec::check_opening() const {
  const bool is_begun = message_ != websocket_opcode::continuation;
  if ((bits(header_[0]) & reserved_bits) != 0) return protocol_error("reserved bits must be zero");
  if (!is_known(opcode())) return protocol_error("unknown opcode");
  if ((bits(header_[1]) & mask_bit) == 0) return protocol_error("a client must mask its frames");
  if (is_control(opcode())) {
    if (!is_final()) return protocol_error("a control frame must not be fragmented");
    if (length_bytes() > 0) return protocol_error("a control frame holds at most 125 bytes");
    return {};
  }
  if (opcode() == websocket_opcode::continuation) {
    return is_begun ? websocket_event{} : protocol_error("nothing to continue");
  }
  return is_begun ? protocol_error("the message before must end first") : websocket_event{};
}

// Comes before any byte of the payload is kept.
websocket_event websocket_codec::check_length() const {
  const auto size = payload_bytes();
  if (size >> 63 != 0) return protocol_error("the length's top bit must be zero");
  if ((length_bytes() == 2 && size < length_in_2_bytes) || (length_bytes() == 8 && size < 65536)) {
    return protocol_error("the length must be written in its shortest form");
  }
  if (is_control(opcode())) return {};
  // Not as a sum, which could overflow. A limit that was lowered may lie below what is kept.
  const std::uint64_t limit = limits_.message_bytes_max;
  if (size > limit || message_bytes_ > limit - size) {
    return failure(websocket_close_code::message_too_big, "the message is too big");
  }
  if (fragments_count_ >= limits_.fragments_max) {
    return failure(websocket_close_code::policy_violation, "the message has too many fragments");
  }
  return {};
}

void websocket_codec::begin_frame() {
  step_ = steps::payload;
  frame_left_ = static_cast<std::uint32_t>(payload_bytes());
  std::copy_n(header_.begin() + opening_bytes + length_bytes(), mask_bytes, mask_.begin());
  if (is_control(opcode())) return;
  ++fragments_count_;
  if (opcode() != websocket_opcode::continuation) message_ = opcode();
}

// An empty payload is complete without a byte of its own, therefore nothing here asks for one.
websocket_event websocket_codec::read_payload(std::span<char>& unread) {
  const auto chunk = take(unread, frame_left_);
  frame_left_ -= static_cast<std::uint32_t>(chunk.size());
  unmask(chunk, mask_);
  const bool is_text = !is_control(opcode()) && message_ == websocket_opcode::text;
  if (is_text && !text_.accept(view(chunk))) return invalid_text();
  if (frame_left_ > 0) {
    keep(chunk);
    return {};
  }
  step_ = steps::header;
  header_size_ = 0;
  if (is_control(opcode())) return finish_control(chunk);
  if (is_final()) return finish_message(chunk);
  keep(chunk);
  return {};
}

websocket_event websocket_codec::finish_message(std::span<const char> chunk) {
  if (!text_.is_complete()) return invalid_text();
  const auto kind = message_ == websocket_opcode::text ? kinds::text : kinds::binary;
  const auto payload = gather(chunk, 0);
  message_ = websocket_opcode::continuation;
  message_bytes_ = 0;
  fragments_count_ = 0;
  return {kind, no_code, payload};
}

// A control frame may come amid a message's fragments: its bytes stand behind theirs in `kept_`,
// and go when the next call releases them.
websocket_event websocket_codec::finish_control(std::span<const char> chunk) {
  const auto payload = gather(chunk, message_bytes_);
  if (opcode() == websocket_opcode::ping) return {kinds::ping, no_code, payload};
  if (opcode() == websocket_opcode::pong) return {kinds::pong, no_code, payload};
  if (payload.empty()) return {kinds::close, no_code, {}};
  if (payload.size() == 1) return protocol_error("a close code has two bytes");
  const auto code = static_cast<websocket_close_code>(read_big_endian(payload.substr(0, 2)));
  const auto reason = payload.substr(2);
  if (!may_be_sent(code)) return protocol_error("this close code must not be sent");
  if (!is_utf8(reason)) return invalid_text();
  return {kinds::close, code, reason};
}

// The payload as one piece: where it lies, if nothing of it was kept.
std::string_view websocket_codec::gather(std::span<const char> chunk, std::size_t begin) {
  if (kept_.size() == begin) return view(chunk);
  keep(chunk);
  return view(std::span<const char>(kept_).subspan(begin));
}

// Doubles what it holds, so that many small pieces are copied a bounded number of times.
void websocket_codec::keep(std::span<const char> chunk) {
  const std::size_t needed = kept_.size() + chunk.size();
  if (needed > kept_.capacity()) {
    const std::size_t ceiling = limits_.message_bytes_max + control_bytes_max;
    const std::size_t doubled = std::max(kept_bytes_first, 2 * kept_.capacity());
    kept_.reserve(std::max(needed, std::min(doubled, ceiling)));
  }
  kept_.insert(kept_.end(), chunk.begin(), chunk.end());
  if (!is_control(opcode())) message_bytes_ += static_cast<std::uint32_t>(chunk.size());
}

// A close's reason may lie in what is kept, which therefore stays until the next call.
websocket_event websocket_codec::close_after(const websocket_event& last, std::span<char>& unread) {
  step_ = steps::closed;
  message_bytes_ = 0;
  if (last.kind == kinds::failure) release_delivered();
  unread = unread.last(0);
  return last;
}

websocket_opcode websocket_codec::opcode() const noexcept {
  return static_cast<websocket_opcode>(bits(header_[0]) & opcode_bits);
}

bool websocket_codec::is_final() const noexcept {
  return (bits(header_[0]) & final_bit) != 0;
}

// How many bytes follow the first two to say the length.
std::size_t websocket_codec::length_bytes() const noexcept {
  const unsigned length = bits(header_[1]) & length_bits;
  return length == length_in_8_bytes ? 8 : length == length_in_2_bytes ? 2 : 0;
}

std::uint64_t websocket_codec::payload_bytes() const noexcept {
  if (length_bytes() == 0) return bits(header_[1]) & length_bits;
  return read_big_endian(std::span(header_).subspan(opening_bytes, length_bytes()));
}

websocket_frame_header frame_header(websocket_opcode opcode, std::uint64_t payload_bytes) {
  assert(!is_control(opcode) || payload_bytes <= control_bytes_max);
  websocket_frame_header header;
  header.bytes[0] = static_cast<char>(final_bit | static_cast<unsigned>(opcode));
  const std::size_t length_bytes = payload_bytes < 126 ? 0 : payload_bytes < 65536 ? 2 : 8;
  header.size = static_cast<std::uint8_t>(opening_bytes + length_bytes);
  if (length_bytes == 0) {
    header.bytes[1] = static_cast<char>(payload_bytes);
    return header;
  }
  header.bytes[1] = static_cast<char>(length_bytes == 2 ? length_in_2_bytes : length_in_8_bytes);
  write_big_endian(header.bytes.data() + opening_bytes, payload_bytes, length_bytes);
  return header;
}

void append_frame_header(std::string& out, websocket_opcode opcode, std::uint64_t payload_bytes) {
  out += frame_header(opcode, payload_bytes).view();
}

void append_close_frame(std::string& out, websocket_close_code code, std::string_view reason) {
  if (code == websocket_close_code::no_status) {
    append_frame_header(out, websocket_opcode::close, 0);
    return;
  }
  assert(may_be_sent(code));
  std::size_t size = std::min(reason.size(), close_reason_bytes_max);
  // A continuation byte behind the cut means that the cut is within a code point.
  while (size > 0 && size < reason.size() && (bits(reason[size]) & 0xc0) == 0x80)
    --size;
  std::array<char, 2> number{};
  write_big_endian(number.data(), static_cast<std::uint64_t>(code), number.size());
  append_frame_header(out, websocket_opcode::close, number.size() + size);
  out.append(number.data(), number.size()).append(reason.substr(0, size));
}

}  // namespace frontdesk
