#pragma once

#include "actors/transport.hpp"
#include "net/byte_stream.hpp"
#include "net/websocket_codec.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

/// The problem: one event goes to many sockets, a socket takes it in pieces of the kernel's
/// choosing, and a frame that was begun must be finished before another begins. To copy the frame
/// into a buffer of each socket would cost the memory that a slow audience multiplies.
///
/// The answer: a queue of shared frames, of which only the head of a WebSocket frame is made anew,
/// at the moment of writing, because it follows from the length.
///
///       front                                        back
///      ┌──────┬──────────────┐  ┌──────┬─────────┐
///      │ head │ shared bytes │  │ head │ shared… │  …
///      └──────┴──────────────┘  └──────┴─────────┘
///      ├─ begun ─┤ the kernel has taken so much of it
///                ├─ held ─┤ and so much more is encrypted: it must follow, as it is
namespace frontdesk {

/// What waits to be written to one WebSocket. Costs nothing while it is empty: no heap is kept. It
/// has no bound of its own (but 4 GiB): the sender watches `bytes`; pings of the peer never add up.
class outbound_queue {
 public:
  /// The frames that fit one write; each needs two pieces.
  static constexpr std::size_t frames_per_write = byte_stream::pieces_max / 2;

  /// The room for one write, on the writer's stack.
  struct gathered {
    std::array<websocket_frame_header, frames_per_write> heads;
    std::array<std::string_view, byte_stream::pieces_max> pieces;
  };

  void push(websocket_opcode, frame_bytes);

  /// A pong. One that waits already and may be changed is replaced: RFC 6455 5.5.3 asks only for
  /// the answer to the latest ping.
  void push_pong(std::string_view payload);

  /// Forgets all but the frames that were begun or are held, which the peer could not understand
  /// half.
  void drop_unbegun();

  /// Forgets the same, but for the last one.
  void keep_last();

  /// Everything that waits, heads included.
  std::size_t bytes() const noexcept { return bytes_; }
  bool is_empty() const noexcept { return frames_.empty(); }

  /// What to write next, from the front: pieces within `room` and within the queue, valid until
  /// either changes.
  std::span<const std::string_view> gather(gathered& room) const;

  /// So many bytes of what was gathered have been taken.
  void take(std::size_t bytes);

  /// So many bytes of what was gathered cannot be changed any more, until they are taken.
  void hold(std::size_t bytes);

 private:
  struct queued {
    frame_bytes payload;
    websocket_opcode opcode = websocket_opcode::text;
  };
  static std::uint32_t size_of(const queued&);
  std::size_t fixed_count() const;

  std::vector<queued> frames_;
  std::uint32_t bytes_ = 0;
  /// How much of the front frame was taken, its head included.
  std::uint32_t begun_bytes_ = 0;
  /// How much is held behind it.
  std::uint32_t held_bytes_ = 0;
};

}  // namespace frontdesk
