#pragma once

#include "actors/transport.hpp"
#include "net/admission.hpp"
#include "net/byte_stream.hpp"
#include "net/fetch/fetch_call.hpp"
#include "net/pulse_wheel.hpp"
#include "net/socket_thread.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

/// The problem: where a WebSocket does not pass, a request whose answer does not end often does.
///
/// The answer: the body of such an answer, a frame a line, or an event of `EventSource`. Nothing is
/// heard on it; its device says what it has to say by `POST /v1/frames`, which the desk brings
/// together.
namespace frontdesk {

/// One stream after its head.
///
///             close (actor)
///      open ─────────────────► closing ──────► closed
///       └─ the peer's end, error, write stall ──► │
///
/// Life time and order of calls as of `websocket_transport`.
///
/// *Bounds.* What the port sends is bounded by the port, which asks `outbound_bytes`. What the peer
/// sends is thrown away.
class stream_transport final : public transport,
                               public stream_waiter,
                               public std::enable_shared_from_this<stream_transport> {
 public:
  /// Asks the desk for a connection's actor, and says what came with the request. On the thread,
  /// outside any call of a port. If the desk takes no more connections, the stream ends.
  static void begin(std::shared_ptr<socket_thread>, std::unique_ptr<byte_stream>, admission::pass,
                    fetch_call);

  /// `begin` makes it.
  stream_transport(std::shared_ptr<socket_thread>, std::unique_ptr<byte_stream>, admission::pass,
                   fetch_call);
  ~stream_transport() override;

  carries kind() const override { return carries::downward; }
  transport_kind came_by() const override {
    const bool is_events = call_.kind == fetch_call::kinds::events;
    return is_events ? transport_kind::events : transport_kind::stream;
  }
  void send(frame_bytes) override;
  void charge_to(outbound_share share) override { share_ = std::move(share); }
  std::size_t outbound_bytes() const override { return bytes_; }
  void pause() override { is_paused_ = true; }
  void resume() override;
  void close(close_code) override;
  void pulse_after(std::chrono::milliseconds) override;

 private:
  enum class states : std::uint8_t { open, closing, closed };

  void on_readable() override;
  void on_writable() override;
  void on_turn();
  void on_pulse_due();
  void on_patience_due();

  std::size_t size_of(const frame_bytes& line) const;
  void say();
  void want_turn();
  void wait_readable();
  void flush();
  stream_result write_once();
  void take(std::size_t bytes);
  void settle_patience();
  void watch_progress();
  enum class endings : std::uint8_t { closed, aborted };
  void finish(endings, parting::ways why);
  void keep_last();

  // Order matters: the thread and its door outlive what they gave.
  const std::shared_ptr<socket_thread> thread_;
  admission::pass pass_;
  const std::unique_ptr<byte_stream> stream_;
  fetch_call call_;
  /// Around each frame.
  const std::string_view before_;
  const std::string_view behind_;
  std::shared_ptr<connection_port> port_;
  std::deque<frame_bytes> lines_;
  std::size_t bytes_ = 0;
  /// What the kernel did not take at once.
  outbound_share share_;
  /// From the hello to the first answer.
  hello_gate::greeting greeting_;
  /// How much of the front line was taken, its end included.
  std::size_t begun_bytes_ = 0;
  /// How much behind it is encrypted already and must follow as it is.
  std::size_t held_bytes_ = 0;
  std::size_t said_count_ = 0;
  deadline<stream_transport, &stream_transport::on_pulse_due> pulse_;
  /// Open: the write stall. Closing: the end of all patience.
  deadline<stream_transport, &stream_transport::on_patience_due> patience_;
  states state_ = states::open;
  bool is_greeted_ = false;
  bool is_paused_ = false;
  bool has_turn_ = false;
  bool waits_readable_ = false;
  bool waits_writable_ = false;
  bool has_progressed_ = false;  // since `patience_` was set
  bool was_high_ = false;        // outbound bytes, since the last `on_drained`
  bool has_ended_ = false;       // our writing
};

}  // namespace frontdesk
