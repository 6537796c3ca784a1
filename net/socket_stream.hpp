#pragma once

#include "net/byte_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace frontdesk {

/// A socket of a concrete executor: half the size of Asio's default, which can hold any.
using plain_socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// Bytes on a plain descriptor. The socket is connected; its waiters are called on the thread that
/// runs its `io_context`.
///
/// Cost while idle: the object, Asio's record of the descriptor (168 bytes) and one pending wait
/// (about 110), in all about 400 bytes.
class socket_stream final : public byte_stream {
 public:
  /// Makes the socket non-blocking and sends small writes at once. A socket on which that fails is
  /// broken, and the first read says so.
  explicit socket_stream(plain_socket);

  stream_result read_some(std::span<char> room) override;
  stream_result write_some(std::span<const std::string_view> pieces) override;
  void wait_readable(std::shared_ptr<stream_waiter>) override;
  void wait_writable(std::shared_ptr<stream_waiter>) override;
  void end_writing() override;
  void close() override;
  void abort() override;

 private:
  plain_socket socket_;
};

}  // namespace frontdesk
