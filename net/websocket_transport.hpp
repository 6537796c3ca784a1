#pragma once

#include "actors/transport.hpp"
#include "net/admission.hpp"
#include "net/byte_stream.hpp"
#include "net/outbound_queue.hpp"
#include "net/pulse_wheel.hpp"
#include "net/socket_thread.hpp"
#include "net/websocket_codec.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The problem: between a socket, which moves bytes when it can, and a connection's actor, which
/// says and hears whole frames, somebody has to wait for both: for a peer that is slow, for one
/// that floods, for one that is silent in the midst of its own goodbye. There are as many of them
/// as sockets, and nearly all of them do nothing.
///
/// The answer, in about 500 bytes, no buffer among them:
///
///       on_frame, on_pulse, on_drained, on_closed
///      ◄──────────────────────────────────────────┐
///     connection_port       websocket_transport   │ codec ◄── read room of the thread ◄── stream
///      ──────────────────────────────────────────►│ queue ──► one gathered write ─────────► stream
///       send, pause, resume, close, pulse_after
namespace frontdesk {

/// One WebSocket after its upgrade.
///
///             close (actor) · close, failure or flood (peer)
///      open ───────────────────────────────────────────────► closing ──────► closed
///       └──────────── end of the stream, error, write stall ──────────────────► │
///
/// - **open**: frames go to the port, what it sends goes to the peer: text messages as JSON, binary
///   ones in protobuf, whichever was agreed upon. A message of the other kind ends it.
/// - **closing**: the port is gone. What was queued is written, then a close frame; the peer's own
///   close or end is awaited, what else it sends is thrown away. `close_wait_max` for all of it.
///
/// *Life time.* Shared: by the actor, and by the stream while it is waited for. It owns the port,
/// and the port owns it, until `on_closed` was called or `close` was; if the actor lets go without
/// a word, the peer's next byte or its end finds nobody and the socket closes.
///
/// *Order of calls.* The port is never called from within one of its own calls, nor from within a
/// call of ours: what such a call causes happens afterwards, on the same thread.
///
/// *Writing.* What is sent in one turn of the thread leaves in one write, in front of which at most
/// `outbound_queue::frames_per_write` frames are gathered.
///
/// *Bounds.* A message has at most `hello_bytes_max` bytes until the first was read, then
/// `frame_bytes_max`. While paused it keeps what one read brought, at most 64 KiB. What the port
/// sends is bounded by the port, which asks `outbound_bytes`.
class websocket_transport final : public transport,
                                  public stream_waiter,
                                  public std::enable_shared_from_this<websocket_transport> {
 public:
  /// Begins: asks the desk for a connection's actor and goes on with `unread`, the bytes that came
  /// behind the upgrade. On the thread, outside any call of a port. If the desk takes no more
  /// connections, the peer is told `drain`.
  static void begin(std::shared_ptr<socket_thread>, std::unique_ptr<byte_stream>, admission::pass,
                    encoding, std::span<const char> unread);

  /// `begin` makes it.
  websocket_transport(std::shared_ptr<socket_thread>, std::unique_ptr<byte_stream>, admission::pass,
                      encoding, std::span<const char> unread);
  ~websocket_transport() override;

  encoding spoken() const override { return spoken_; }
  void send(frame_bytes) override;
  void charge_to(outbound_share share) override { share_ = std::move(share); }
  std::size_t outbound_bytes() const override { return queue_.bytes(); }
  void pause() override;
  void resume() override;
  void close(close_code) override;
  void pulse_after(std::chrono::milliseconds) override;

 private:
  enum class states : std::uint8_t { open, closing, closed };

  /// @name What the thread brings
  /// @{
  void on_readable() override;
  void on_writable() override;
  void on_turn();
  void on_pulse_due();
  void on_patience_due();
  /// @}

  /// @name Reading
  /// @{
  void read();
  void hear(std::span<char> bytes);
  void hear_event(connection_port&, const websocket_event&);
  void hear_message(connection_port&, const websocket_event&);
  void hear_closing(std::span<char> bytes);
  bool may_control();
  void wait_readable();
  /// @}

  /// @name Writing
  /// @{
  void want_turn();
  void flush();
  void watch_progress();
  /// @}

  /// @name Ending
  /// @{
  void begin_close(websocket_close_code, std::string_view reason);
  void peer_closes(websocket_close_code);
  void finish_if_done();
  enum class endings : std::uint8_t { closed, aborted };
  void finish(endings, parting::ways why = parting::ways::gone);
  /// @}

  // Order matters: the thread and its door outlive what they gave.
  const std::shared_ptr<socket_thread> thread_;
  admission::pass pass_;
  const std::unique_ptr<byte_stream> stream_;
  std::shared_ptr<connection_port> port_;
  websocket_codec codec_;
  outbound_queue queue_;
  /// What the kernel did not take at once.
  outbound_share share_;
  /// From the first message to the first answer.
  hello_gate::greeting greeting_;
  /// Read while the port was paused, or before it was there; still masked.
  std::vector<char> unread_;
  deadline<websocket_transport, &websocket_transport::on_pulse_due> pulse_;
  /// Open: the write stall. Closing: the end of all patience.
  deadline<websocket_transport, &websocket_transport::on_patience_due> patience_;

  std::uint32_t control_window_ = 0;  // the second in which control frames are counted
  std::uint16_t control_count_ = 0;
  const encoding spoken_;
  states state_ = states::open;
  bool is_paused_ = false;
  bool is_reading_ = false;  // within `read`, which flushes at its end
  bool has_turn_ = false;    // `on_turn` is on its way
  bool waits_readable_ = false;
  bool waits_writable_ = false;
  bool has_progressed_ = false;  // since `patience_` was set
  bool was_high_ = false;        // outbound bytes, since the last `on_drained`
  bool peer_is_done_ = false;    // its close or its end was read
  bool had_message_ = false;
};

}  // namespace frontdesk
