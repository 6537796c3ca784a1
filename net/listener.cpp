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
    : threads_(std::move(threads)), pause_(pause) {
  for (std::size_t i = 0; i < queues_count; ++i) {
    queues_.push_back(std::make_unique<queue>(*threads_.front()));
  }
}

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

error_code listener::bind(tcp::endpoint where) {
  using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
  error_code error;
  const auto unless_failed = [&](auto step) {
    if (!error) {
      step();
    }
  };
  for (const auto& one : queues_) {
    acceptor& door = one->door;
    const bool is_first = one == queues_.front();
    // With REUSEADDR a restart need not wait for the last connections to be forgotten.
    unless_failed([&] { door.open(where.protocol(), error); });
    unless_failed([&] { door.set_option(asio::socket_base::reuse_address(true), error); });
    // The first shares its port only once it has it: else two nodes would share it, too.
    unless_failed([&] { is_first ? void() : void(door.set_option(reuse_port(true), error)); });
    unless_failed([&] { door.bind(where, error); });
    unless_failed([&] { door.set_option(reuse_port(true), error); });
    unless_failed([&] { where = door.local_endpoint(error); });
  }
  for (const auto& one : queues_) {
    unless_failed([&] { one->door.listen(backlog, error); });
  }
  port_ = where.port();
  return error;
}

void listener::start(receiver receive) {
  receive_ = std::move(receive);
  for (const auto& one : queues_) {
    accept(*one);
  }
}

void listener::stop() {
  error_code ignored;
  for (const auto& one : queues_) {
    one->door.close(ignored);
    one->timer.cancel();
  }
  receive_ = nullptr;
}

// The socket is made on the thread that it will live on: to move it later would cost a system call
// and a moment without an owner.
void listener::accept(queue& from) {
  const std::size_t target = next_;
  next_ = (next_ + 1) % threads_.size();
  from.door.async_accept(*threads_[target], [me = shared_from_this(), &from, target](
                                                error_code error, plain_socket socket) {
    me->on_accepted(from, target, error, std::move(socket));
  });
}

void listener::on_accepted(queue& from, std::size_t target, error_code error, plain_socket socket) {
  // Stopped, or a connection that came at the last moment: it closes with its socket.
  if (!from.door.is_open()) {
    return;
  }
  if (!error) {
    receive_(target, std::move(socket));
    accept(from);
  } else if (error == asio::error::connection_aborted) {
    // Gone before it was accepted: that is its business, and the next one's turn.
    accept(from);
  } else {
    pause(from);
  }
}

// Mostly EMFILE or ENFILE; whatever else it is, to try again at once would not help either.
void listener::pause(queue& full) {
  ++pauses_;
  full.timer.expires_after(pause_);
  full.timer.async_wait([me = shared_from_this(), &full](error_code error) {
    if (!error && full.door.is_open()) {
      me->accept(full);
    }
  });
}

}  // namespace frontdesk
