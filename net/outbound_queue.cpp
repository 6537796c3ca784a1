#include "net/outbound_queue.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

namespace frontdesk {

void outbound_queue::push(websocket_opcode opcode, frame_bytes payload) {
  assert(payload);
  frames_.push_back({std::move(payload), opcode});
  bytes_ += size_of(frames_.back());
}

void outbound_queue::push_pong(std::string_view payload) {
  for (std::size_t i = fixed_count(); i < frames_.size(); ++i) {
    if (frames_[i].opcode == websocket_opcode::pong) {
      bytes_ -= size_of(frames_[i]);
      frames_[i].payload = std::make_shared<const std::string>(payload);
      bytes_ += size_of(frames_[i]);
      return;
    }
  }
  push(websocket_opcode::pong, std::make_shared<const std::string>(payload));
}

void outbound_queue::drop_unbegun() {
  const std::size_t kept = fixed_count();
  if (kept == 0) {
    // `clear` would keep the room.
    std::vector<queued>().swap(frames_);
    bytes_ = 0;
    return;
  }
  while (frames_.size() > kept) {
    bytes_ -= size_of(frames_.back());
    frames_.pop_back();
  }
}

void outbound_queue::keep_last() {
  if (frames_.size() <= fixed_count() + 1) {
    return;
  }
  queued last = std::move(frames_.back());
  frames_.pop_back();
  bytes_ -= size_of(last);
  drop_unbegun();
  push(last.opcode, std::move(last.payload));
}

// The frames at the front of which the peer has a part, or will have it.
std::size_t outbound_queue::fixed_count() const {
  const std::size_t fixed_bytes = std::size_t{begun_bytes_} + held_bytes_;
  std::size_t count = 0;
  for (std::size_t bytes = 0; bytes < fixed_bytes; ++count) {
    bytes += size_of(frames_[count]);
  }
  return count;
}

std::span<const std::string_view> outbound_queue::gather(gathered& room) const {
  std::size_t pieces = 0;
  std::size_t skip = begun_bytes_;
  const auto add = [&](std::string_view piece) {
    // Only the first frame can be begun, so all of what is skipped lies in its two pieces.
    const std::size_t skipped = std::min(skip, piece.size());
    skip -= skipped;
    if (skipped < piece.size()) {
      room.pieces[pieces++] = piece.substr(skipped);
    }
  };
  const std::size_t count = std::min(frames_.size(), frames_per_write);
  for (std::size_t i = 0; i < count; ++i) {
    // Made anew for each write: it follows from the length, and is the same each time.
    room.heads[i] = frame_header(frames_[i].opcode, frames_[i].payload->size());
    add(room.heads[i].view());
    add(*frames_[i].payload);
  }
  return {room.pieces.data(), pieces};
}

void outbound_queue::take(std::size_t bytes) {
  assert(bytes <= bytes_);
  held_bytes_ -= std::min(held_bytes_, static_cast<std::uint32_t>(bytes));
  bytes_ -= static_cast<std::uint32_t>(bytes);
  begun_bytes_ += static_cast<std::uint32_t>(bytes);
  std::size_t done = 0;
  while (done < frames_.size() && begun_bytes_ >= size_of(frames_[done])) {
    begun_bytes_ -= size_of(frames_[done]);
    ++done;
  }
  // Mostly all of it is taken at once, and nothing remains, not even room.
  if (done == frames_.size()) {
    std::vector<queued>().swap(frames_);
  } else {
    frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(done));
  }
}

void outbound_queue::hold(std::size_t bytes) {
  assert(bytes <= bytes_);
  held_bytes_ = static_cast<std::uint32_t>(bytes);
}

std::uint32_t outbound_queue::size_of(const queued& frame) {
  const std::size_t payload = frame.payload->size();
  return static_cast<std::uint32_t>(frame_header(frame.opcode, payload).size + payload);
}

}  // namespace frontdesk
