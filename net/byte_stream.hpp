#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

/// The problem: what speaks WebSocket or HTTP must not know whether its bytes travel plain or
/// through TLS, and a test wants to cut them off at any operation. At the same time an idle socket
/// may cost nothing but itself: no buffer, no pending read with room for an answer.
///
/// The answer: reads and writes that never wait, and a separate way to wait for readiness. The
/// caller brings the room for the bytes, at the moment when there are some; one room serves all
/// sockets of a thread.
namespace frontdesk {

/// What a read or a write has come to.
struct stream_result {
  enum class kinds : std::uint8_t {
    moved,        ///< `bytes` were read or written, at least one.
    would_block,  ///< Nothing now: wait for readiness.
    ended,        ///< Reading only: the peer sends no more.
    failed,       ///< The connection is broken; nothing will ever move again.
  };

  kinds kind = kinds::failed;
  /// Of a write that would block: so many bytes are on their way already and cannot be taken back.
  /// The next write, if there is one, begins with the same bytes, which then count as written.
  std::size_t bytes = 0;
};

/// Who waits for a stream. Both calls mean: try again, it will tell.
class stream_waiter {
 public:
  virtual void on_readable() = 0;
  virtual void on_writable() = 0;

 protected:
  ~stream_waiter() = default;
};

/// A non-blocking stream of bytes. One thread: the one on which its waiters are called.
class byte_stream {
 public:
  byte_stream() = default;
  byte_stream(const byte_stream&) = delete;
  byte_stream& operator=(const byte_stream&) = delete;
  /// Closes.
  virtual ~byte_stream() = default;

  /// At most this many pieces go into one write.
  static constexpr std::size_t pieces_max = 64;

  virtual stream_result read_some(std::span<char> room) = 0;

  /// Writes from the front of the pieces, in their order, as much as is taken at once: one system
  /// call. At least one piece is not empty, and there are at most `pieces_max`.
  virtual stream_result write_some(std::span<const std::string_view> pieces) = 0;

  /// @name Waiting
  /// One call of the waiter follows, later, not from within; the waiting keeps it alive. At most
  /// one waiting in each direction at a time. After `close` no call follows, except one that was on
  /// its way already.
  /// @{
  virtual void wait_readable(std::shared_ptr<stream_waiter>) = 0;
  virtual void wait_writable(std::shared_ptr<stream_waiter>) = 0;
  /// @}

  /// Nothing more will be written: the peer reads an end. What was written still arrives.
  virtual void end_writing() = 0;

  /// Ends both directions. What the kernel has taken still arrives, if the peer has sent nothing
  /// that was not read; otherwise it may be lost.
  virtual void close() = 0;

  /// Ends at once, and gives back what the kernel still holds for a peer that takes nothing.
  virtual void abort() = 0;
};

}  // namespace frontdesk
