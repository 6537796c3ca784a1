#include "net/server.hpp"

#include "embedded_files.hpp"
#include "net/client_network.hpp"
#include "net/http/http_session.hpp"
#include "net/http/routes.hpp"
#include "net/identity/passwords.hpp"
#include "net/socket_stream.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <utility>

namespace frontdesk {

namespace {

namespace asio = boost::asio;

/// Runs on a thread and waits for it; at once if it is the caller's own.
template <class What>
void run_on(io_thread& thread, What what) {
  if (thread.is_here()) {
    what();
    return;
  }
  std::promise<void> done;
  thread.post([&] {
    what();
    done.set_value();
  });
  done.get_future().wait();
}

class running_server final : public server {
 public:
  running_server(desk& actors, const token_identity& tokens, const wall_clock& time,
                 server_options options)
      : desk_(actors),
        options_(std::move(options)),
        door_(std::make_shared<admission>(options_.door)),
        routes_({actors, tokens, time, passwords_, *door_}, embedded_files(),
                {.is_demo = options_.is_demo}) {}

  ~running_server() override { stop(); }

  /// Empty, or why not.
  std::string listen();

  std::vector<std::uint16_t> ports() const override;
  server_counts counts() const override;
  fault_or<done> hash_password(std::string password,
                               std::function<void(fault_or<std::string>)> answer) override {
    return passwords_.hash(std::move(password), std::move(answer));
  }
  void stop() override;

 private:
  std::string read_proxies();
  void receive(std::size_t target, plain_socket);

  desk& desk_;
  const server_options options_;
  const std::shared_ptr<admission> door_;
  passwords passwords_;
  routes routes_;
  std::vector<client_address> proxies_;
  std::vector<std::shared_ptr<socket_thread>> threads_;
  std::vector<std::shared_ptr<listener>> listeners_;
  std::atomic<std::uint64_t> accepted_{0};
  std::atomic<std::uint64_t> refused_{0};
  bool is_stopped_ = false;
};

std::string running_server::listen() {
  if (auto why_not = read_proxies(); !why_not.empty()) {
    return why_not;
  }
  listener::io_contexts contexts;
  for (std::size_t i = 0; i < desk_.io_threads(); ++i) {
    threads_.push_back(std::make_shared<socket_thread>(desk_, i, options_.sockets, door_));
    contexts.push_back(&desk_.io(i).io_context());
  }
  // All or none: a node that serves half of its addresses looks healthy to whoever asks the other.
  for (const listen_address& address : options_.addresses) {
    auto made = listener::open(address, contexts, options_.accept_pause);
    if (!made.running) {
      return made.why_not;
    }
    listeners_.push_back(std::move(made.running));
  }
  // Only now: until all addresses were taken, nobody was let in.
  desk_.io(0).post([this] {
    for (const auto& one : listeners_) {
      one->start([this](std::size_t target, plain_socket s) { receive(target, std::move(s)); });
    }
  });
  return {};
}

std::string running_server::read_proxies() {
  for (const std::string& text : options_.trusted_proxies) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(text, error);
    if (error) {
      return fmt::format("\"{}\" is not the IP address of a proxy.", text);
    }
    proxies_.push_back(network_of(address));
  }
  return {};
}

void running_server::receive(std::size_t target, plain_socket socket) {
  boost::system::error_code error;
  const auto peer = socket.remote_endpoint(error);
  // It has gone already.
  if (error) {
    return;
  }
  ++accepted_;
  arrival who;
  who.from = network_of(peer.address());
  who.is_trusted_proxy = std::ranges::find(proxies_, who.from) != proxies_.end();
  // Asked on the accepting thread, before anything was made for it.
  who.pass = door_->arrive(who.from, !who.is_trusted_proxy);
  if (who.pass.verdict() != admission::verdicts::inside) {
    ++refused_;
  }
  if (who.pass.verdict() == admission::verdicts::dropped) {
    return;
  }
  who.stream = std::make_unique<socket_stream>(std::move(socket));
  const auto& thread = threads_[target];
  // If the thread never comes to it, the socket closes with the context.
  asio::post(thread->io_context(), [thread, &site = routes_, who = std::move(who)]() mutable {
    http_session::begin(std::move(thread), site, std::move(who));
  });
}

std::vector<std::uint16_t> running_server::ports() const {
  std::vector<std::uint16_t> ports;
  for (const auto& one : listeners_) {
    ports.push_back(one->port());
  }
  return ports;
}

server_counts running_server::counts() const {
  server_counts counts{.connections = door_->connections_count(),
                       .handshakes = door_->handshakes_count(),
                       .accepted = accepted_,
                       .refused = refused_};
  for (const auto& one : listeners_) {
    counts.accept_pauses += one->pauses_count();
  }
  return counts;
}

void running_server::stop() {
  if (std::exchange(is_stopped_, true) || threads_.empty()) {
    return;
  }
  // First nobody comes in, then those who are inside go: in the order of each thread's queue, so
  // that one who was just handed over is among them.
  run_on(desk_.io(0), [this] {
    for (const auto& one : listeners_) {
      one->stop();
    }
  });
  for (const auto& thread : threads_) {
    run_on(thread->home(), [&] { thread->stop_guests(); });
  }
  // Last: until now its answers found sessions that had ended, which is harmless.
  passwords_.stop();
}

}  // namespace

server::opened server::open(desk& actors, const token_identity& tokens, const wall_clock& time,
                            server_options options) {
  auto made = std::make_unique<running_server>(actors, tokens, time, std::move(options));
  auto why_not = made->listen();
  if (!why_not.empty()) {
    return {nullptr, std::move(why_not)};
  }
  return {std::move(made), {}};
}

}  // namespace frontdesk
