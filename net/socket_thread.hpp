#pragma once

#include "actors/spawn.hpp"
#include "net/admission.hpp"
#include "net/pulse_wheel.hpp"

#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string_view>
#include <unordered_map>

/// The problem: a hundred thousand sockets that each have a read buffer, a timer and a copy of the
/// limits are a hundred thousand times too many of them.
///
/// The answer: what the sockets of one thread share.
namespace frontdesk {

/// Durations and bounds of sockets that a test or an operator may choose otherwise.
struct socket_limits {
  /// For one request's header, and once more for its body.
  std::chrono::milliseconds handshake_max = limits::handshake_max;
  /// Between two requests of one HTTP connection: a page and its parts need no longer.
  std::chrono::milliseconds http_idle_max{15'000};
  /// How long a peer that was refused may take to hear why.
  std::chrono::milliseconds farewell_max{1'000};
  /// How long a WebSocket that closes may take for what is queued and for the peer's own close.
  std::chrono::milliseconds close_wait_max{3'000};
  /// How long a poll waits for something to say.
  std::chrono::milliseconds poll_max = limits::poll_max;
  /// How long a body that flows may bring nothing.
  std::chrono::milliseconds upload_stall_max = limits::upload_stall_max;
  std::chrono::milliseconds write_stall_max = limits::write_stall_max;
  std::size_t outbound_bytes_max = limits::outbound_bytes_max;
  /// Pings, pongs and closes of one peer. A browser sends none by itself, a library one in 20 s.
  unsigned control_frames_per_second_max = 32;
  /// The steps of all these durations.
  std::chrono::milliseconds tick{25};
};

/// Somebody on a thread who has to go when the server stops.
class stoppable {
 public:
  virtual void stop_now() = 0;

 protected:
  ~stoppable() = default;
};

/// All functions are for the thread itself. Shared by the sockets, the last of which may outlive
/// the server: connections end with the desk.
class socket_thread : public std::enable_shared_from_this<socket_thread> {
 public:
  /// One read takes at most this much; a larger backlog takes turns with other sockets.
  static constexpr std::size_t read_bytes_max = 64 * 1024;

  /// `index` is the thread's among the desk's.
  socket_thread(desk&, std::size_t index, const socket_limits&, std::shared_ptr<admission>);

  desk& actors() const noexcept { return desk_; }
  std::size_t index() const noexcept { return index_; }
  io_thread& home() const noexcept { return home_; }
  boost::asio::io_context& io_context() const noexcept { return home_.io_context(); }
  const socket_limits& limits() const noexcept { return limits_; }
  admission& door() const noexcept { return *door_; }

  /// The one read buffer. Whoever reads uses up its contents before returning to the thread.
  std::span<char> read_room() noexcept { return read_room_; }

  static pulse_wheel::moment now() noexcept { return std::chrono::steady_clock::now(); }

  /// Calls the entry after this long, or up to a tick later.
  void set(pulse_wheel::entry&, std::chrono::milliseconds after);
  /// The same, ± 10 %.
  void set_about(pulse_wheel::entry&, std::chrono::milliseconds after);

  /// @name Those who end when the server stops
  /// @{
  /// The thread owns them until they leave.
  void enter(std::shared_ptr<stoppable>);
  void leave(stoppable& who) { guests_.erase(&who); }
  /// Ends all of them; who comes later asks `is_stopping`.
  void stop_guests();
  bool is_stopping() const noexcept { return is_stopping_; }
  /// @}

 private:
  void arm();
  void on_timer();

  desk& desk_;
  const std::size_t index_;
  io_thread& home_;
  const socket_limits limits_;
  const std::shared_ptr<admission> door_;
  pulse_wheel wheel_;
  boost::asio::steady_timer timer_;
  /// When the timer will fire; none while nothing waits.
  std::optional<pulse_wheel::moment> armed_for_;
  std::minstd_rand random_;
  std::unordered_map<stoppable*, std::shared_ptr<stoppable>> guests_;
  bool is_stopping_ = false;
  std::array<char, read_bytes_max> read_room_{};
};

}  // namespace frontdesk
