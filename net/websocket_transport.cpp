#include "net/websocket_transport.hpp"

#include "model/limits.hpp"

#include <boost/asio/post.hpp>

#include <cassert>
#include <cstring>
#include <string_view>
#include <utility>

namespace frontdesk {

namespace {

using stream_kinds = stream_result::kinds;
using event_kinds = websocket_event::kinds;

// A stranger may send a `hello`, no more; the first message raises the bound.
constexpr websocket_limits codec_limits{
    .message_bytes_max = limits::hello_bytes_max,
    .fragments_max = limits::fragments_max,
};

websocket_close_code on_wire(close_code code) {
  return static_cast<websocket_close_code>(code);
}

/// 0: the peer said none; the number that stands for that is never sent.
std::uint32_t said_code(websocket_close_code code) {
  return code == websocket_close_code::no_status ? 0 : static_cast<std::uint32_t>(code);
}

parting breach(websocket_close_code code) {
  return {parting::ways::breach, static_cast<std::uint32_t>(code)};
}

// The payload of a close frame.
frame_bytes close_payload(websocket_close_code code, std::string_view reason) {
  std::string frame;
  append_close_frame(frame, code, reason);
  constexpr std::size_t head_bytes = 2;
  return std::make_shared<const std::string>(frame.substr(head_bytes));
}

}  // namespace

void websocket_transport::begin(std::shared_ptr<socket_thread> thread,
                                std::unique_ptr<byte_stream> stream, admission::pass pass,
                                encoding spoken, std::span<const char> unread) {
  desk& actors = thread->actors();
  const std::size_t index = thread->index();
  const auto made = std::make_shared<websocket_transport>(std::move(thread), std::move(stream),
                                                          std::move(pass), spoken, unread);
  auto port = actors.connect(index, made);
  // The actor may have closed already, from within `connect`.
  if (made->state_ != states::open) {
    return;
  }
  if (!port) {
    made->close(close_code::drain);
    return;
  }
  // The first bytes are heard a turn later: the actor has to be settled before it is called.
  made->port_ = std::move(port);
  made->want_turn();
}

websocket_transport::websocket_transport(std::shared_ptr<socket_thread> thread,
                                         std::unique_ptr<byte_stream> stream, admission::pass pass,
                                         encoding spoken, std::span<const char> unread)
    : thread_(std::move(thread)),
      pass_(std::move(pass)),
      stream_(std::move(stream)),
      codec_(codec_limits),
      unread_(unread.begin(), unread.end()),
      pulse_(*this),
      patience_(*this),
      spoken_(spoken) {}

websocket_transport::~websocket_transport() = default;

void websocket_transport::send(frame_bytes frame) {
  if (state_ != states::open) {
    return;
  }
  greeting_.end();
  // Not written here: whatever else is said in this turn leaves in the same write.
  const bool is_text = spoken_ == encoding::json;
  queue_.push(is_text ? websocket_opcode::text : websocket_opcode::binary, std::move(frame));
  // Nor charged, unless it has to wait anyway.
  if (waits_writable_) {
    share_.settle(queue_.bytes());
  }
  was_high_ = was_high_ || queue_.bytes() > thread_->limits().outbound_bytes_max / 2;
  want_turn();
}

void websocket_transport::pause() {
  is_paused_ = true;
}

void websocket_transport::resume() {
  // What waits is heard in a turn of its own, because this is a call of the port.
  if (is_paused_ && state_ == states::open) {
    is_paused_ = false;
    want_turn();
  }
}

void websocket_transport::close(close_code code) {
  if (state_ != states::open) {
    return;
  }
  if (code == close_code::slow || code == close_code::overload) {
    queue_.keep_last();
    share_.settle(queue_.bytes());
  }
  begin_close(on_wire(code), reason_of(code));
}

void websocket_transport::pulse_after(std::chrono::milliseconds after) {
  if (state_ == states::open) {
    thread_->set_about(pulse_, after);
  }
}

// ---- What the thread brings.

void websocket_transport::on_readable() {
  waits_readable_ = false;
  read();
}

void websocket_transport::on_writable() {
  waits_writable_ = false;
  flush();
}

void websocket_transport::on_turn() {
  has_turn_ = false;
  if (state_ == states::closed) {
    return;
  }
  if (!unread_.empty() && !is_paused_) {
    std::vector<char> unread = std::exchange(unread_, {});
    is_reading_ = true;
    hear(unread);
    is_reading_ = false;
  }
  flush();
  wait_readable();
}

void websocket_transport::on_pulse_due() {
  const auto me = shared_from_this();
  if (const auto port = port_) {
    port->on_pulse();
  }
}

void websocket_transport::on_patience_due() {
  const auto me = shared_from_this();
  // Moved only when it is due, not at every write: a busy socket writes a thousand times a stall.
  if (state_ == states::open && has_progressed_) {
    watch_progress();
    return;
  }
  finish(endings::aborted, parting::ways::stalled);
}

// ---- Reading.

void websocket_transport::read() {
  // What waits in `unread_` comes first: a turn for it is on its way, or the port is paused.
  const bool is_held = is_paused_ || !unread_.empty();
  if (state_ == states::closed || (state_ == states::open && is_held)) {
    return;
  }
  const std::span<char> room = thread_->read_room();
  // One read a readiness: a peer that sends without end takes turns with the others.
  const stream_result got = stream_->read_some(room);
  if (got.kind == stream_kinds::ended || got.kind == stream_kinds::failed) {
    // Whoever only ends its writing may still read an answer, but has broken the protocol.
    finish(endings::closed,
           got.kind == stream_kinds::failed ? parting::ways::broken : parting::ways::gone);
    return;
  }
  if (got.kind == stream_kinds::moved) {
    is_reading_ = true;
    hear(room.first(got.bytes));
    is_reading_ = false;
    flush();
  }
  wait_readable();
}

void websocket_transport::hear(std::span<char> bytes) {
  // The port may let go of us, and we of it, in any of its calls.
  const auto port = port_;
  // Until there is nothing: only then does the codec let go of the last message.
  while (state_ == states::open && !is_paused_) {
    const websocket_event event = codec_.next(bytes);
    if (event.kind == event_kinds::none) {
      return;
    }
    hear_event(*port, event);
  }
  if (state_ == states::closing) {
    hear_closing(bytes);
  } else if (state_ == states::open) {
    // Paused. No more than this one read is kept: the socket is not read until `resume`.
    unread_.insert(unread_.end(), bytes.begin(), bytes.end());
  }
}

void websocket_transport::hear_event(connection_port& port, const websocket_event& event) {
  switch (event.kind) {
    case event_kinds::none:
      return;
    case event_kinds::text:
    case event_kinds::binary:
      return hear_message(port, event);
    case event_kinds::ping:
    case event_kinds::pong:
      if (!may_control()) {
        const auto code = websocket_close_code::policy_violation;
        begin_close(code, "too many control frames");
        port.on_closed(breach(code));
      } else if (event.kind == event_kinds::ping) {
        queue_.push_pong(event.payload);
      }
      return;
    case event_kinds::close:
      peer_closes(event.code);
      port.on_closed({parting::ways::gone, said_code(event.code)});
      return;
    case event_kinds::failure:
      begin_close(event.code, event.payload);
      port.on_closed(breach(event.code));
      return;
  }
}

void websocket_transport::hear_message(connection_port& port, const websocket_event& event) {
  const bool is_text = event.kind == event_kinds::text;
  if (is_text != (spoken_ == encoding::json)) {
    // `begin_close` lets go of the port; the caller has kept it for its last call.
    begin_close(on_wire(close_code::bad_request),
                is_text ? "no text messages" : "no binary messages");
    port.on_closed(breach(on_wire(close_code::bad_request)));
    return;
  }
  // The bound counts for the next header, so that even what came in the same read is measured by
  // it.
  if (!had_message_) {
    had_message_ = true;
    codec_.limit_messages(limits::frame_bytes_max);
    greeting_ = hello_gate::greeting(thread_->door().hellos);
  }
  port.on_frame(event.payload);
}

// Only the peer's own close is of interest now.
void websocket_transport::hear_closing(std::span<char> bytes) {
  while (!bytes.empty()) {
    const websocket_event event = codec_.next(bytes);
    peer_is_done_ = peer_is_done_ || event.kind == event_kinds::close;
  }
}

bool websocket_transport::may_control() {
  // A window of a second, not a bucket: it is two small numbers, and the exact rate is of no
  // interest.
  const auto since = socket_thread::now().time_since_epoch();
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(since).count();
  if (control_window_ != static_cast<std::uint32_t>(second)) {
    control_window_ = static_cast<std::uint32_t>(second);
    control_count_ = 0;
  }
  return ++control_count_ <= thread_->limits().control_frames_per_second_max;
}

void websocket_transport::wait_readable() {
  // After the peer has closed, there is nothing to hear but its end, which is ours to make.
  const bool wants = state_ == states::closing || (state_ == states::open && !is_paused_);
  if (wants && !waits_readable_ && !peer_is_done_) {
    waits_readable_ = true;
    stream_->wait_readable(shared_from_this());
  }
}

// ---- Writing.

void websocket_transport::want_turn() {
  // Within `read` a flush follows anyway.
  if (has_turn_ || is_reading_) {
    return;
  }
  has_turn_ = true;
  boost::asio::post(thread_->io_context(), [me = shared_from_this()] { me->on_turn(); });
}

void websocket_transport::flush() {
  if (state_ == states::closed || waits_writable_) {
    return;
  }
  // As long as the kernel takes: what is queued is bounded by its sender.
  outbound_queue::gathered room;
  while (!queue_.is_empty()) {
    const stream_result put = stream_->write_some(queue_.gather(room));
    if (put.kind == stream_kinds::moved) {
      queue_.take(put.bytes);
      has_progressed_ = true;
      continue;
    }
    if (put.kind == stream_kinds::would_block) {
      queue_.hold(put.bytes);
      waits_writable_ = true;
      stream_->wait_writable(shared_from_this());
      break;
    }
    finish(endings::closed, parting::ways::broken);
    return;
  }
  share_.settle(queue_.bytes());
  if (state_ == states::closing) {
    finish_if_done();
    return;
  }
  // The stall is measured from the first byte that could not be written.
  if (queue_.is_empty()) {
    patience_.cancel();
  } else if (!patience_.is_set()) {
    watch_progress();
  }
  // Half and quarter lie apart, so that a sender at the edge is not called for every frame.
  if (was_high_ && queue_.bytes() < thread_->limits().outbound_bytes_max / 4) {
    was_high_ = false;
    if (const auto port = port_) {
      port->on_drained();
    }
  }
}

void websocket_transport::watch_progress() {
  has_progressed_ = false;
  thread_->set(patience_, thread_->limits().write_stall_max);
}

// ---- Ending.

void websocket_transport::begin_close(websocket_close_code code, std::string_view reason) {
  assert(state_ == states::open);
  state_ = states::closing;
  port_.reset();
  pulse_.cancel();
  queue_.push(websocket_opcode::close, close_payload(code, reason));
  thread_->set(patience_, thread_->limits().close_wait_max);
  // The peer's close may lie in what was kept while the port was paused.
  std::vector<char> unread = std::exchange(unread_, {});
  if (!unread.empty()) {
    hear_closing(unread);
  }
  is_paused_ = false;
  want_turn();
}

// The peer reads no more than our own close, so nothing else is sent.
void websocket_transport::peer_closes(websocket_close_code code) {
  queue_.drop_unbegun();
  peer_is_done_ = true;
  begin_close(code, {});
}

void websocket_transport::finish_if_done() {
  if (queue_.is_empty() && peer_is_done_) {
    finish(endings::closed);
  }
}

void websocket_transport::finish(endings how, parting::ways why) {
  if (state_ == states::closed) {
    return;
  }
  state_ = states::closed;
  pulse_.cancel();
  patience_.cancel();
  greeting_.end();
  queue_ = {};
  share_ = {};
  // The place is free from now on, even if a cancelled operation holds on to us for a turn.
  pass_ = {};
  if (how == endings::aborted) {
    stream_->abort();
  } else {
    stream_->close();
  }
  // Last of all: the actor may let go of us here.
  if (const auto port = std::exchange(port_, nullptr)) {
    port->on_closed({why});
  }
}

}  // namespace frontdesk
