#pragma once

#include "net/byte_stream.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace frontdesk {

/// A stream in memory whose other end is the test. It lives on after the transport has closed or
/// destroyed its side.
class scripted_line {
 public:
  explicit scripted_line(boost::asio::io_context& thread) : thread_(thread) {}

  /// What the peer sends; it is read by and by, at most `read_max` at once.
  void arrives(std::string_view bytes);
  /// The peer ends.
  void ends();
  /// The peer takes so many bytes more; none at first if `takes_at_most` was called.
  void takes(std::size_t bytes);
  void takes_at_most(std::size_t bytes) { room_ = bytes; }
  /// Lets go of who waits, as a thread does that ends.
  void forgets();

  std::size_t read_max = std::numeric_limits<std::size_t>::max();
  /// Reads and writes fail from this one on, counted from 1.
  std::size_t fails_at = 0;
  std::size_t operations_count = 0;

  /// All that was written, and how many writes that took.
  std::string written;
  std::size_t writes_count = 0;
  std::size_t pieces_of_last_write = 0;
  bool is_closed = false;
  bool is_aborted = false;
  bool has_ended_writing = false;

 private:
  friend class scripted_stream;
  bool fails_now() { return ++operations_count >= fails_at && fails_at != 0; }
  void wake_reader();
  void wake_writer();

  boost::asio::io_context& thread_;
  std::string arriving_;
  bool has_ended_ = false;
  std::size_t room_ = std::numeric_limits<std::size_t>::max();
  std::shared_ptr<stream_waiter> reader_;
  std::shared_ptr<stream_waiter> writer_;
};

class scripted_stream final : public byte_stream {
 public:
  explicit scripted_stream(std::shared_ptr<scripted_line> line) : line_(std::move(line)) {}
  ~scripted_stream() override { scripted_stream::close(); }

  stream_result read_some(std::span<char> room) override;
  stream_result write_some(std::span<const std::string_view> pieces) override;
  void wait_readable(std::shared_ptr<stream_waiter>) override;
  void wait_writable(std::shared_ptr<stream_waiter>) override;
  void end_writing() override { line_->has_ended_writing = true; }
  void close() override;
  void abort() override;

 private:
  std::shared_ptr<scripted_line> line_;
};

}  // namespace frontdesk
