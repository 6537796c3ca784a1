#include "tests/net/scripted_stream.hpp"

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace frontdesk {

void scripted_line::arrives(std::string_view bytes) {
  arriving_ += bytes;
  wake_reader();
}

void scripted_line::ends() {
  has_ended_ = true;
  wake_reader();
}

void scripted_line::takes(std::size_t bytes) {
  room_ += bytes;
  wake_writer();
}

// The last one that lets go closes the stream, which comes back here.
void scripted_line::forgets() {
  const auto reader = std::exchange(reader_, nullptr);
  const auto writer = std::exchange(writer_, nullptr);
}

void scripted_line::wake_reader() {
  if (reader_ && (!arriving_.empty() || has_ended_)) {
    boost::asio::post(thread_, [who = std::exchange(reader_, nullptr)] { who->on_readable(); });
  }
}

void scripted_line::wake_writer() {
  if (writer_ && room_ > 0) {
    boost::asio::post(thread_, [who = std::exchange(writer_, nullptr)] { who->on_writable(); });
  }
}

stream_result scripted_stream::read_some(std::span<char> room) {
  using kinds = stream_result::kinds;
  EXPECT_FALSE(line_->is_closed);
  if (line_->fails_now()) {
    return {kinds::failed, 0};
  }
  std::string& arriving = line_->arriving_;
  if (arriving.empty()) {
    return {line_->has_ended_ ? kinds::ended : kinds::would_block, 0};
  }
  const std::size_t bytes = std::min({arriving.size(), room.size(), line_->read_max});
  std::memcpy(room.data(), arriving.data(), bytes);
  arriving.erase(0, bytes);
  return {kinds::moved, bytes};
}

stream_result scripted_stream::write_some(std::span<const std::string_view> pieces) {
  using kinds = stream_result::kinds;
  EXPECT_FALSE(line_->is_closed);
  if (line_->fails_now()) {
    return {kinds::failed, 0};
  }
  ++line_->writes_count;
  line_->pieces_of_last_write = pieces.size();
  std::size_t bytes = 0;
  for (const std::string_view piece : pieces) {
    const std::string_view taken = piece.substr(0, line_->room_);
    line_->written += taken;
    line_->room_ -= taken.size();
    bytes += taken.size();
  }
  return {bytes > 0 ? kinds::moved : kinds::would_block, bytes};
}

void scripted_stream::wait_readable(std::shared_ptr<stream_waiter> who) {
  EXPECT_EQ(line_->reader_, nullptr) << "one waiting at a time";
  EXPECT_FALSE(line_->is_closed);
  line_->reader_ = std::move(who);
  line_->wake_reader();
}

void scripted_stream::wait_writable(std::shared_ptr<stream_waiter> who) {
  EXPECT_EQ(line_->writer_, nullptr) << "one waiting at a time";
  EXPECT_FALSE(line_->is_closed);
  line_->writer_ = std::move(who);
  line_->wake_writer();
}

// What waits is let go later, as a cancelled operation is.
void scripted_stream::close() {
  line_->is_closed = true;
  boost::asio::post(line_->thread_, [reader = std::exchange(line_->reader_, nullptr),
                                     writer = std::exchange(line_->writer_, nullptr)] {});
}

void scripted_stream::abort() {
  line_->is_aborted = true;
  close();
}

}  // namespace frontdesk
