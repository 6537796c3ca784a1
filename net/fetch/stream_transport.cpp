#include "net/fetch/stream_transport.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace frontdesk {

namespace {

using stream_kinds = stream_result::kinds;

constexpr std::string_view line_end = "\n";
constexpr std::string_view event_begin = "data: ";
constexpr std::string_view event_end = "\n\n";

}  // namespace

void stream_transport::begin(std::shared_ptr<socket_thread> thread,
                             std::unique_ptr<byte_stream> stream, admission::pass pass,
                             fetch_call call) {
  desk& actors = thread->actors();
  const std::size_t index = thread->index();
  const auto made = std::make_shared<stream_transport>(std::move(thread), std::move(stream),
                                                       std::move(pass), std::move(call));
  auto port = actors.connect(index, made);
  // The actor may have closed already, from within `connect`.
  if (made->state_ != states::open) {
    return;
  }
  if (!port) {
    made->close(close_code::drain);
    return;
  }
  // The actor has to be settled before it is called.
  made->port_ = std::move(port);
  made->want_turn();
}

stream_transport::stream_transport(std::shared_ptr<socket_thread> thread,
                                   std::unique_ptr<byte_stream> stream, admission::pass pass,
                                   fetch_call call)
    : thread_(std::move(thread)),
      pass_(std::move(pass)),
      stream_(std::move(stream)),
      call_(std::move(call)),
      before_(call_.kind == fetch_call::kinds::events ? event_begin : std::string_view()),
      behind_(call_.kind == fetch_call::kinds::events ? event_end : line_end),
      pulse_(*this),
      patience_(*this) {}

stream_transport::~stream_transport() = default;

std::size_t stream_transport::size_of(const frame_bytes& line) const {
  return before_.size() + line->size() + behind_.size();
}

void stream_transport::send(frame_bytes frame) {
  if (state_ != states::open) {
    return;
  }
  greeting_.end();
  bytes_ += size_of(frame);
  lines_.push_back(std::move(frame));
  if (waits_writable_) {
    share_.settle(bytes_);
  }
  was_high_ = was_high_ || bytes_ > thread_->limits().outbound_bytes_max / 2;
  want_turn();
}

void stream_transport::resume() {
  is_paused_ = false;
  want_turn();
}

void stream_transport::close(close_code code) {
  if (state_ != states::open) {
    return;
  }
  if (code == close_code::slow || code == close_code::overload) {
    keep_last();
  }
  // Why, stands in the actor's `bye`.
  state_ = states::closing;
  port_.reset();
  pulse_.cancel();
  thread_->set(patience_, thread_->limits().close_wait_max);
  want_turn();
}

void stream_transport::pulse_after(std::chrono::milliseconds after) {
  if (state_ == states::open) {
    thread_->set_about(pulse_, after);
  }
}

// ---- What the thread brings.

void stream_transport::on_readable() {
  waits_readable_ = false;
  if (state_ == states::closed) {
    return;
  }
  const stream_result got = stream_->read_some(thread_->read_room());
  if (got.kind == stream_kinds::ended || got.kind == stream_kinds::failed) {
    return finish(endings::closed,
                  got.kind == stream_kinds::failed ? parting::ways::broken : parting::ways::gone);
  }
  wait_readable();
}

void stream_transport::on_writable() {
  waits_writable_ = false;
  flush();
}

void stream_transport::on_turn() {
  has_turn_ = false;
  if (state_ == states::closed) {
    return;
  }
  say();
  flush();
  wait_readable();
}

void stream_transport::on_pulse_due() {
  const auto me = shared_from_this();
  if (const auto port = port_) {
    port->on_pulse();
  }
}

void stream_transport::on_patience_due() {
  const auto me = shared_from_this();
  if (state_ == states::open && has_progressed_) {
    return watch_progress();
  }
  finish(endings::aborted, parting::ways::stalled);
}

// The port may let go of us in any of its calls.
void stream_transport::say() {
  const auto port = port_;
  if (state_ == states::open && !std::exchange(is_greeted_, true)) {
    greeting_ = hello_gate::greeting(thread_->door().hellos);
    port->on_frame(call_.hello());
    call_.token.clear();
  }
  while (state_ == states::open && !is_paused_ && said_count_ < call_.frames.size()) {
    const std::string line = std::move(call_.frames[said_count_++]);
    port->on_frame(line);
  }
}

void stream_transport::want_turn() {
  if (!has_turn_ && state_ != states::closed) {
    has_turn_ = true;
    boost::asio::post(thread_->io_context(), [me = shared_from_this()] { me->on_turn(); });
  }
}

void stream_transport::wait_readable() {
  if (state_ != states::closed && !waits_readable_) {
    waits_readable_ = true;
    stream_->wait_readable(shared_from_this());
  }
}

// ---- Writing.

void stream_transport::flush() {
  while (state_ != states::closed && !waits_writable_ && !lines_.empty()) {
    const stream_result put = write_once();
    if (put.kind == stream_kinds::moved) {
      take(put.bytes);
    } else if (put.kind == stream_kinds::would_block) {
      held_bytes_ = put.bytes;
      waits_writable_ = true;
      stream_->wait_writable(shared_from_this());
    } else {
      finish(endings::closed, parting::ways::broken);
    }
  }
  settle_patience();
}

stream_result stream_transport::write_once() {
  std::array<std::string_view, byte_stream::pieces_max> pieces;
  std::size_t count = 0;
  std::size_t skipped = begun_bytes_;
  for (const frame_bytes& line : lines_) {
    if (count + 3 > pieces.size()) {
      break;
    }
    // Of the front line perhaps only its end is left.
    for (const std::string_view part : {before_, std::string_view(*line), behind_}) {
      if (skipped < part.size()) {
        pieces[count++] = part.substr(skipped);
      }
      skipped -= std::min(skipped, part.size());
    }
  }
  return stream_->write_some({pieces.data(), count});
}

void stream_transport::take(std::size_t bytes) {
  has_progressed_ = true;
  bytes_ -= bytes;
  begun_bytes_ += bytes;
  held_bytes_ -= std::min(held_bytes_, bytes);
  while (!lines_.empty() && begun_bytes_ >= size_of(lines_.front())) {
    begun_bytes_ -= size_of(lines_.front());
    lines_.pop_front();
  }
}

void stream_transport::settle_patience() {
  if (state_ != states::closed) {
    share_.settle(bytes_);
  }
  if (state_ == states::closing && lines_.empty() && !std::exchange(has_ended_, true)) {
    // The peer's own end is awaited: unread bytes of it would overtake our last ones.
    stream_->end_writing();
  }
  if (state_ != states::open) {
    return;
  }
  // The stall is measured from the first byte that could not be written.
  if (lines_.empty()) {
    patience_.cancel();
  } else if (!patience_.is_set()) {
    watch_progress();
  }
  if (was_high_ && bytes_ < thread_->limits().outbound_bytes_max / 4) {
    was_high_ = false;
    if (const auto port = port_) {
      port->on_drained();
    }
  }
}

void stream_transport::watch_progress() {
  has_progressed_ = false;
  thread_->set(patience_, thread_->limits().write_stall_max);
}

// ---- Ending.

// The lines that were begun or are encrypted already, and the one that says why.
void stream_transport::keep_last() {
  std::size_t fixed = 0;
  for (std::size_t bytes = 0; bytes < begun_bytes_ + held_bytes_; ++fixed) {
    bytes += size_of(lines_[fixed]);
  }
  while (lines_.size() > fixed + 1) {
    const auto at = lines_.begin() + static_cast<std::ptrdiff_t>(fixed);
    bytes_ -= size_of(*at);
    lines_.erase(at);
  }
}

void stream_transport::finish(endings how, parting::ways why) {
  if (std::exchange(state_, states::closed) == states::closed) {
    return;
  }
  pulse_.cancel();
  patience_.cancel();
  greeting_.end();
  lines_.clear();
  share_ = {};
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
