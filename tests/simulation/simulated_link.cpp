#include "tests/simulation/simulated_link.hpp"

#include "model/limits.hpp"
#include "tests/simulation/simulated_node.hpp"

#include <algorithm>
#include <utility>

namespace frontdesk::simulation {

using namespace std::chrono_literals;

simulated_link::simulated_link(simulated_node& node, link_end client, const link_weather& weather)
    : node_(node), client_(std::move(client)), weather_(weather) {}

std::chrono::milliseconds simulated_link::next_up() {
  const auto delay = static_cast<std::int64_t>(
      node_.draw(static_cast<std::uint64_t>(weather_.delay_max.count()) + 1));
  const std::int64_t now = node_.plan().now_ms();
  up_at_ = std::max(up_at_, now + delay);
  return std::chrono::milliseconds{up_at_ - now};
}

std::chrono::milliseconds simulated_link::next_down() {
  const auto delay = static_cast<std::int64_t>(
      node_.draw(static_cast<std::uint64_t>(weather_.delay_max.count()) + 1));
  const std::int64_t now = node_.plan().now_ms();
  const std::int64_t pace = weather_.frames_per_second == 0 ? 0 : 1000 / weather_.frames_per_second;
  down_at_ = std::max(down_at_ + pace, now + delay);
  return std::chrono::milliseconds{down_at_ - now};
}

void simulated_link::stall(std::chrono::milliseconds length) {
  const std::int64_t until = node_.plan().now_ms() + length.count();
  up_at_ = std::max(up_at_, until);
  down_at_ = std::max(down_at_, until);
}

bool simulated_link::is_torn() {
  return is_fuse_lit_ ||
         (weather_.torn_per_mille > 0 && node_.draw(1000) < weather_.torn_per_mille);
}

void simulated_link::half_arrives() {
  if (is_fuse_lit_) cut();
}

// ---- From the client to the node.

/// The framing of the socket puts halves together; the actors see whole frames or none.
void simulated_link::send_up(std::string frame) {
  if (!is_open_ || is_up_silent_) return;
  if (is_torn()) node_.plan().after(next_up(), [me = shared_from_this()] { me->half_arrives(); });
  node_.plan().after(next_up(), [me = shared_from_this(), frame = std::move(frame)]() mutable {
    if (me->is_open_ && !me->is_up_silent_) me->arrive_up(std::move(frame));
  });
}

/// It is in the node's hands, also if the node is frozen: what has arrived is read before the end.
void simulated_link::arrive_up(std::string frame) {
  node_.inside([me = shared_from_this(), frame = std::move(frame)]() mutable {
    me->up_.push_back(std::move(frame));
    me->deliver_up();
  });
}

void simulated_link::deliver_up() {
  while (!is_paused_ && port_ && !up_.empty()) {
    const std::string frame = std::move(up_.front());
    up_.pop_front();
    port_->on_frame(frame);
  }
}

void simulated_link::resume() {
  is_paused_ = false;
  node_.plan().after(0ms,
                     [me = shared_from_this()] { me->node_.inside([me] { me->deliver_up(); }); });
}

// ---- From the node to the client.

void simulated_link::send(frame_bytes bytes) {
  if (!is_open_) return;
  outbound_bytes_ += bytes->size();
  was_high_ = was_high_ || outbound_bytes_ > limits::outbound_bytes_max / 2;
  if (is_torn()) node_.plan().after(next_down(), [me = shared_from_this()] { me->half_arrives(); });
  node_.plan().after(
      next_down(), [me = shared_from_this(), bytes = std::move(bytes)] { me->arrive_down(bytes); });
}

void simulated_link::arrive_down(const frame_bytes& bytes) {
  if (is_down_silent_) return;
  outbound_bytes_ -= bytes->size();
  if (is_open_ && client_.on_frame) client_.on_frame(*bytes);
  if (!was_high_ || outbound_bytes_ >= limits::outbound_bytes_max / 4) return;
  was_high_ = false;
  node_.inside([me = shared_from_this()] {
    if (me->port_) me->port_->on_drained();
  });
}

// ---- The end.

void simulated_link::cut() {
  if (!is_open_) return;
  is_open_ = false;
  node_.inside([me = shared_from_this()] {
    if (const auto port = std::exchange(me->port_, nullptr)) port->on_closed({});
  });
  if (!is_down_silent_ && client_.on_closed) client_.on_closed();
}

void simulated_link::close(close_code) {
  port_.reset();
  node_.plan().after(next_down(), [me = shared_from_this()] { me->cut(); });
}

void simulated_link::pulse_after(std::chrono::milliseconds delay) {
  const std::uint64_t which = ++pulses_;
  node_.plan().after(delay, [me = shared_from_this(), which] {
    me->node_.inside([me, which] {
      if (which == me->pulses_ && me->is_open_ && me->port_) me->port_->on_pulse();
    });
  });
}

}  // namespace frontdesk::simulation
