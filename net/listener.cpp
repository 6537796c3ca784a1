#include "net/listener.hpp"

#include <fmt/format.h>

#include <cassert>
#include <utility>

namespace frontdesk {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// The two that every operator meets are said plainly, with what helps.
std::string sentence_of(const listen_address& address, error_code error) {
  if (error == asio::error::address_in_use) {
    return fmt::format("Another program listens on port {} already.", address.port);
  }
  if (error == asio::error::access_denied) {
    return fmt::format(
        "Port {} is for privileged programs: choose one above 1023, or grant CAP_NET_BIND_SERVICE.",
        address.port);
  }
  return fmt::format("Cannot listen on {} port {}: {}.", address.host, address.port,
                     error.message());
}

}  // namespace

listener::listener(io_contexts threads, std::chrono::milliseconds pause)
    : threads_(std::move(threads)),
      pause_(pause),
      acceptor_(*threads_.front()),
      timer_(*threads_.front()) {}

listener::opened listener::open(const listen_address& address, io_contexts threads,
                                std::chrono::milliseconds pause) {
  assert(!threads.empty());
  error_code error;
  const auto ip = asio::ip::make_address(address.host, error);
  if (error) {
    return {nullptr, fmt::format("\"{}\" is not an IP address.", address.host)};
  }
  const std::shared_ptr<listener> made(new listener(std::move(threads), pause));
  error = made->bind({ip, address.port});
  if (error) {
    return {nullptr, sentence_of(address, error)};
  }
  return {made, {}};
}

error_code listener::bind(const tcp::endpoint& where) {
  error_code error;
  const auto unless_failed = [&](auto step) {
    if (!error) {
      step();
    }
  };
  // With REUSEADDR a restart need not wait for the last connections to be forgotten.
  acceptor_.open(where.protocol(), error);
  unless_failed([&] { acceptor_.set_option(asio::socket_base::reuse_address(true), error); });
  unless_failed([&] { acceptor_.bind(where, error); });
  unless_failed([&] { acceptor_.listen(backlog, error); });
  unless_failed([&] { port_ = acceptor_.local_endpoint(error).port(); });
  return error;
}

void listener::start(receiver receive) {
  receive_ = std::move(receive);
  accept();
}

void listener::stop() {
  error_code ignored;
  acceptor_.close(ignored);
  timer_.cancel();
  receive_ = nullptr;
}

// The socket is made on the thread that it will live on: to move it later would cost a system call
// and a moment without an owner.
void listener::accept() {
  const std::size_t target = next_;
  next_ = (next_ + 1) % threads_.size();
  acceptor_.async_accept(*threads_[target],
                         [me = shared_from_this(), target](error_code error, plain_socket socket) {
                           me->on_accepted(target, error, std::move(socket));
                         });
}

void listener::on_accepted(std::size_t target, error_code error, plain_socket socket) {
  // Stopped, or a connection that came at the last moment: it closes with its socket.
  if (!acceptor_.is_open()) {
    return;
  }
  if (!error) {
    receive_(target, std::move(socket));
    accept();
  } else if (error == asio::error::connection_aborted) {
    // Gone before it was accepted: that is its business, and the next one's turn.
    accept();
  } else {
    pause();
  }
}

// Mostly EMFILE or ENFILE; whatever else it is, to try again at once would not help either.
void listener::pause() {
  ++pauses_;
  timer_.expires_after(pause_);
  timer_.async_wait([me = shared_from_this()](error_code error) {
    if (!error && me->acceptor_.is_open()) {
      me->accept();
    }
  });
}

}  // namespace frontdesk
