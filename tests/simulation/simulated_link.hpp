#pragma once

#include "actors/transport.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace frontdesk::simulation {

class simulated_node;

/// How a link behaves between a client and the node.
struct link_weather {
  std::chrono::milliseconds delay_max{50};
  /// The client takes at most this many frames a second; 0: any.
  unsigned frames_per_second = 0;
  /// Out of 1000 frames, how many arrive in two halves, each in its own time.
  unsigned torn_per_mille = 0;
};

/// What the client's end of a link is told.
struct link_end {
  std::function<void(std::string_view)> on_frame;
  std::function<void()> on_closed;
  encoding spoken = encoding::json;
};

/// One connection between a client and the node. As TCP has it: what arrives does so in order and
/// whole, or not at all; but late, in pieces, in one direction only, or until somebody pulls the
/// cable in the middle of a frame.
class simulated_link final : public transport, public std::enable_shared_from_this<simulated_link> {
 public:
  simulated_link(simulated_node&, link_end client, const link_weather&);

  /// From the client.
  void send_up(std::string frame);
  /// Both sides learn of it; what has not arrived never does.
  void cut();
  /// The next frame in either direction is cut off in its middle, and the link with it.
  void cut_within_frame() { is_fuse_lit_ = true; }
  /// Nothing arrives any more, and nobody is told: a cable was pulled.
  void go_silent() { is_up_silent_ = is_down_silent_ = true; }
  /// Half-open: one direction is dead, and nobody is told.
  void lose_way_up() { is_up_silent_ = true; }
  void lose_way_down() { is_down_silent_ = true; }
  /// What is sent from now on arrives after this long at the earliest.
  void stall(std::chrono::milliseconds);
  bool is_open() const { return is_open_; }
  bool is_slow() const { return weather_.frames_per_second > 0; }
  void begin(std::shared_ptr<connection_port> port) { port_ = std::move(port); }

  encoding spoken() const override { return client_.spoken; }
  void send(frame_bytes) override;
  std::size_t outbound_bytes() const override { return outbound_bytes_; }
  void pause() override { is_paused_ = true; }
  void resume() override;
  void close(close_code) override;
  void pulse_after(std::chrono::milliseconds) override;

 private:
  /// When the next thing arrives in a direction: after everything before it.
  std::chrono::milliseconds next_up();
  std::chrono::milliseconds next_down();
  bool is_torn();
  void half_arrives();
  void arrive_up(std::string frame);
  void deliver_up();
  void arrive_down(const frame_bytes& bytes);

  simulated_node& node_;
  link_end client_;
  link_weather weather_;
  std::shared_ptr<connection_port> port_;
  std::deque<std::string> up_;
  std::size_t outbound_bytes_ = 0;
  std::int64_t up_at_ = 0;
  std::int64_t down_at_ = 0;
  std::uint64_t pulses_ = 0;
  bool is_open_ = true;
  bool is_up_silent_ = false;
  bool is_down_silent_ = false;
  bool is_fuse_lit_ = false;
  bool is_paused_ = false;
  bool was_high_ = false;
};

}  // namespace frontdesk::simulation
