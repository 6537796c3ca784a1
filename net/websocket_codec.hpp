#pragma once

#include "model/utf8.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The problem: a desk holds tens of thousands of sockets that are silent most of the time, and
/// whatever a socket costs while it is silent is paid that many times. What arrives is untrusted,
/// in pieces of any size, and must be refused at the first byte that cannot be right.
///
/// The answer: the server's side of RFC 6455 as a pure value over bytes. It knows no socket, no
/// thread and no clock; it owns no buffer while it is between messages. Start at
/// `websocket_codec::next`. What a client sends:
///
///      0               1               2 … 9                        payload
///     +-+-----+-------+-+-------------+----------------------------+------+---------+
///     |F|R R R|opcode |M| length      | none: length is 0 … 125    | mask | bytes,  |
///     |I|0 0 0|4 bits |1| 7 bits      | 126: 2 bytes, 127: 8 bytes | 4    | masked  |
///     |N|     |       | |             | big-endian, the shortest   |      |         |
///     +-+-----+-------+-+-------------+----------------------------+------+---------+
///
/// What a server sends is the same without a mask and with M = 0. No extension is spoken, so the
/// reserved bits are always zero; permessage-deflate is never agreed upon.
namespace frontdesk {

/// What a frame is. Values 8 and above are control frames. (RFC 6455, 5.2)
enum class websocket_opcode : std::uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xa,
};

/// Why a connection ends. These are the codes that the codec itself speaks of; any other value that
/// `may_be_sent` allows is legal too, above all the application's own, 4000 to 4999.
enum class websocket_close_code : std::uint16_t {
  normal = 1000,
  protocol_error = 1002,
  no_status = 1005,  ///< Never on the wire: stands for a close frame without a payload.
  invalid_text = 1007,
  policy_violation = 1008,
  message_too_big = 1009,
};

/// Whether a close frame may carry this code: 1000–1003, 1007–1014, 3000–4999.
/// (RFC 6455, 7.4, and IANA's registry, which has added 1012 to 1014.)
bool may_be_sent(websocket_close_code code) noexcept;

/// What one connection may cost. The caller's page of limits gives the numbers.
struct websocket_limits {
  /// Bytes of one message, all its fragments together. A longer one fails with 1009 as soon as a
  /// header announces it, before a byte of it is kept.
  std::uint32_t message_bytes_max;

  /// Frames of one message, at least 1. One more fails with 1008: empty fragments are legal and
  /// cost the sender six bytes each, so that without a bound a message need never end.
  std::uint16_t fragments_max;
};

/// What `websocket_codec::next` has found.
struct websocket_event {
  enum class kinds : std::uint8_t {
    none,    ///< All bytes are read, nothing is complete: call again when more have come.
    text,    ///< A whole message; `payload` is valid UTF-8.
    binary,  ///< A whole message.
    ping,    ///< The answer is a pong with the same payload, at most 125 bytes.
    pong,    ///< `payload` as the client sent it, asked for or not.
    close,   ///< The client ends; `code`, and the reason in `payload`. The answer is a close frame.
    failure,  ///< The client broke a rule: send a close frame with `code` and `payload`, hang up.
  };

  kinds kind = kinds::none;

  /// Of a close: what the client said, `no_status` if it said nothing. Of a failure: what to say.
  /// Of all others: `no_status`.
  websocket_close_code code = websocket_close_code::no_status;

  /// Lies in the span that was handed to `next`, or in the codec; of a failure it is a constant
  /// sentence. Valid until the next call of `next`, and as long as the span's bytes.
  std::string_view payload;
};

/// Cuts what one client sends into messages.
///
///     std::span<char> unread = bytes_just_read;
///     for (auto event = codec.next(unread); event.kind != none; event = codec.next(unread)) {
///       …                              // may stop here; `unread` is what remains for later
///     }
///
/// Promises:
/// - *Copies nothing that arrives whole.* A frame that lies within the span is unmasked there and
///   handed out as a view into it. Only the beginning of a frame, and a message in fragments, is
///   copied to the heap.
/// - *Costs nothing while idle.* At most 64 bytes and no heap between messages; half a header is
///   kept in the object itself. What is kept grows with the bytes that have arrived, never with the
///   length that was announced, and ends at `message_bytes_max` + 125 (a control frame amid the
///   fragments); while it grows, its former half lives beside it.
/// - *Order.* Events come in the order in which their last bytes arrived: a ping between two
///   fragments comes before their message. How the bytes were cut into spans changes nothing.
/// - *Can pause.* Each call reads as far as the end of one event and not one byte further. The
///   unread rest is untouched, still masked, and the caller's to keep. While it waits, so do the
///   pings and the close within it.
/// - *Fails fast.* Text is validated while it arrives, headers before their payload.
/// - *Ends.* After a close or a failure all bytes are swallowed and nothing is ever found again.
///
/// Faults are failure events: 1002 protocol, 1007 not UTF-8, 1008 fragments, 1009 size. Throws
/// nothing but `std::bad_alloc`. How many pings or messages a client may send in a second is not
/// decided here. One thread at a time; movable, and views into a moved codec stay valid.
class websocket_codec {
 public:
  explicit websocket_codec(websocket_limits limits) noexcept;

  /// Reads from the front of `unread` to the end of the next event and moves its front there.
  /// The answer `none` means: `unread` is empty now, what it held is read.
  websocket_event next(std::span<char>& unread);

  /// Replaces the bound on a message from the next header on: small until the client has said who
  /// it is, larger afterwards.
  void limit_messages(std::uint32_t message_bytes_max) noexcept;

  /// Whether a close or a failure has been given out.
  bool is_closed() const noexcept { return step_ == steps::closed; }

  /// Whether the client owes the rest of a frame or of a message: the caller may set a deadline.
  bool is_within_message() const noexcept;

  /// Bytes of heap held at this moment; zero between messages.
  std::size_t kept_bytes() const noexcept { return kept_.capacity(); }

 private:
  //      whole header            last byte, or an empty payload
  //     header ────────► payload ────────► header
  //       │                 │
  //       └──► closed ◄─────┘      a close frame, or any failure
  enum class steps : std::uint8_t { header, payload, closed };

  void release_delivered();
  websocket_event read_header(std::span<char>& unread);
  websocket_event read_payload(std::span<char>& unread);
  websocket_event check_opening() const;
  websocket_event check_length() const;
  void begin_frame();
  websocket_event finish_message(std::span<const char> chunk);
  websocket_event finish_control(std::span<const char> chunk);
  std::string_view gather(std::span<const char> chunk, std::size_t begin);
  void keep(std::span<const char> chunk);
  websocket_event close_after(const websocket_event& last, std::span<char>& unread);

  bool fill_header(std::span<char>& unread, std::size_t size);
  websocket_opcode opcode() const noexcept;
  bool is_final() const noexcept;
  std::size_t length_bytes() const noexcept;
  std::uint64_t payload_bytes() const noexcept;

  std::vector<char> kept_;  // the message so far, then a control frame so far
  websocket_limits limits_;
  std::uint32_t message_bytes_ = 0;    // how much of `kept_` belongs to the message
  std::uint32_t frame_left_ = 0;       // payload bytes of this frame that are still to come
  std::array<char, 4> mask_{};         // turned so that its first byte meets the next byte
  std::uint16_t fragments_count_ = 0;  // frames of this message
  std::array<char, 14> header_{};      // stays whole while its payload is read
  std::uint8_t header_size_ = 0;
  websocket_opcode message_ = websocket_opcode::continuation;  // which means: none is begun
  utf8_validator text_;
  steps step_ = steps::header;
};

static_assert(sizeof(websocket_codec) <= 64);

/// The head of a server's frame, at most 10 bytes, so that the payload may be written from where
/// it lies, shared by all receivers.
struct websocket_frame_header {
  std::array<char, 10> bytes{};
  std::uint8_t size = 0;

  /// Valid as long as this header.
  std::string_view view() const noexcept { return {bytes.data(), size}; }
};

/// The head of an unfragmented, unmasked frame. A control frame of more than 125 bytes is our own
/// mistake and asserted.
websocket_frame_header frame_header(websocket_opcode opcode, std::uint64_t payload_bytes);

/// Appends that head to `out`; the payload is to follow.
void append_frame_header(std::string& out, websocket_opcode opcode, std::uint64_t payload_bytes);

/// Appends a close frame. The reason is UTF-8 and is cut to 123 bytes, not within a code point.
/// `no_status` makes an empty close, the answer to an empty one; another code that may not be sent
/// is our own mistake and asserted.
void append_close_frame(std::string& out, websocket_close_code code, std::string_view reason);

}  // namespace frontdesk
