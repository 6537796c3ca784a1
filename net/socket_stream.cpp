#include "net/socket_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <array>
#include <cassert>
#include <cstddef>
#include <memory>
#include <utility>

namespace frontdesk {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using kinds = stream_result::kinds;

stream_result result_of(error_code error, std::size_t bytes) {
  if (!error) {
    return {kinds::moved, bytes};
  }
  if (error == asio::error::would_block || error == asio::error::try_again) {
    return {kinds::would_block, 0};
  }
  return {error == asio::error::eof ? kinds::ended : kinds::failed, 0};
}

// Asio keeps the memory of an operation that has ended for the next one of the thread, whatever its
// size. A wait lasts as long as its socket is idle, so it would hold on to far too much.
template <class T>
struct exact_allocator {
  using value_type = T;

  exact_allocator() = default;
  template <class Other>
  explicit exact_allocator(const exact_allocator<Other>&) {}

  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* place, std::size_t count) { std::allocator<T>().deallocate(place, count); }

  friend bool operator==(const exact_allocator&, const exact_allocator&) { return true; }
};

/// What Asio calls at the end of a wait; owns who waits until then.
template <void (stream_waiter::*Call)()>
struct waiting {
  using allocator_type = exact_allocator<std::byte>;
  allocator_type get_allocator() const { return {}; }

  void operator()(error_code error) const {
    if (error != asio::error::operation_aborted) {
      ((*waiter).*Call)();
    }
  }

  std::shared_ptr<stream_waiter> waiter;
};

}  // namespace

socket_stream::socket_stream(plain_socket socket) : socket_(std::move(socket)) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  // Frames are gathered by us; to wait for more would only delay them.
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

stream_result socket_stream::read_some(std::span<char> room) {
  error_code error;
  const std::size_t bytes = socket_.read_some(asio::buffer(room.data(), room.size()), error);
  return result_of(error, bytes);
}

stream_result socket_stream::write_some(std::span<const std::string_view> pieces) {
  assert(pieces.size() <= pieces_max);
  // On the stack: a list of pieces lives for one call.
  std::array<asio::const_buffer, pieces_max> buffers;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    buffers[i] = asio::buffer(pieces[i].data(), pieces[i].size());
  }
  error_code error;
  const std::span<const asio::const_buffer> used(buffers.data(), pieces.size());
  const std::size_t bytes = socket_.write_some(used, error);
  return result_of(error, bytes);
}

void socket_stream::wait_readable(std::shared_ptr<stream_waiter> waiter) {
  socket_.async_wait(plain_socket::wait_read,
                     waiting<&stream_waiter::on_readable>{std::move(waiter)});
}

void socket_stream::wait_writable(std::shared_ptr<stream_waiter> waiter) {
  socket_.async_wait(plain_socket::wait_write,
                     waiting<&stream_waiter::on_writable>{std::move(waiter)});
}

void socket_stream::end_writing() {
  error_code ignored;
  socket_.shutdown(plain_socket::shutdown_send, ignored);
}

void socket_stream::close() {
  error_code ignored;
  socket_.close(ignored);
}

void socket_stream::abort() {
  error_code ignored;
  // A reset in place of an end: the kernel drops what it still had to send.
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

}  // namespace frontdesk
