#pragma once

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// What to compare with: a WebSocket server in the form of Beast's own asynchronous example, which
/// echoes what it hears: no identity, no store, nobody else to tell.
namespace frontdesk::beast_echo {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

class session : public std::enable_shared_from_this<session> {
 public:
  explicit session(tcp::socket&& socket) : stream_(std::move(socket)) {}

  void run() {
    asio::dispatch(stream_.get_executor(), [me = shared_from_this()] { me->accept(); });
  }

 private:
  void accept() {
    stream_.set_option(beast::websocket::stream_base::timeout::suggested(beast::role_type::server));
    stream_.async_accept([me = shared_from_this()](beast::error_code error) {
      if (!error) me->read();
    });
  }

  void read() {
    stream_.async_read(buffer_, [me = shared_from_this()](beast::error_code error, std::size_t) {
      if (!error) me->write();
    });
  }

  void write() {
    stream_.text(stream_.got_text());
    stream_.async_write(buffer_.data(),
                        [me = shared_from_this()](beast::error_code error, std::size_t) {
                          me->buffer_.consume(me->buffer_.size());
                          if (!error) me->read();
                        });
  }

  beast::websocket::stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
};

class acceptor {
 public:
  acceptor(asio::io_context& context, std::uint16_t port)
      : context_(context), acceptor_(asio::make_strand(context)) {
    const tcp::endpoint where(asio::ip::make_address("127.0.0.1"), port);
    acceptor_.open(where.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.bind(where);
    acceptor_.listen(4096);
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  void accept() {
    acceptor_.async_accept(asio::make_strand(context_),
                           [this](beast::error_code error, tcp::socket socket) {
                             if (!error) std::make_shared<session>(std::move(socket))->run();
                             accept();
                           });
  }

 private:
  asio::io_context& context_;
  tcp::acceptor acceptor_;
};

/// The server as a process of its own. `port` 0: any.
class process {
 public:
  explicit process(std::uint16_t port = 0) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    child_ = fork();
    if (child_ == 0) {
      // The clients' sockets are the parent's alone, also by number.
      const auto told = static_cast<unsigned>(ends[1]);
      close_range(STDERR_FILENO + 1, told - 1, 0);
      close_range(told + 1, ~0U, 0);
      serve(port, ends[1]);
    }
    close(ends[1]);
    if (read(ends[0], &port_, sizeof port_) != sizeof port_) throw std::runtime_error("no echo");
    close(ends[0]);
  }
  process(const process&) = delete;
  process& operator=(const process&) = delete;
  ~process() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }

  std::uint16_t port() const { return port_; }

 private:
  [[noreturn]] static void serve(std::uint16_t port, int told) {
    const unsigned count = std::max(1U, std::thread::hardware_concurrency());
    asio::io_context context(static_cast<int>(count));
    acceptor door(context, port);
    door.accept();
    const std::uint16_t real = door.port();
    [[maybe_unused]] const auto said = write(told, &real, sizeof real);
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < count; ++i)
      threads.emplace_back([&context] { context.run(); });
    context.run();
    _exit(0);
  }

  pid_t child_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace frontdesk::beast_echo
