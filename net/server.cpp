#include "net/server.hpp"

#include "embedded_files.hpp"
#include "net/client_network.hpp"
#include "net/http/http_session.hpp"
#include "net/http/routes.hpp"
#include "net/identity/passwords.hpp"
#include "net/socket_stream.hpp"
#include "net/tls/tls_stream.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <future>
#include <mutex>
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

/// A thread that comes late to somebody who was handed to it has others waiting, too.
void note_lag(hello_gate& gate, pulse_wheel::moment handed_over) {
  const auto now = socket_thread::now();
  gate.note_lag(std::chrono::duration_cast<std::chrono::milliseconds>(now - handed_over), now);
}

class running_server final : public server {
 public:
  running_server(desk& actors, const token_identity& tokens, const wall_clock& time,
                 server_options options)
      : desk_(actors),
        options_(std::move(options)),
        certificate_(options_.certificate),
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
  void change_certificate(std::shared_ptr<const tls_certificate>) override;
  void stop() override;

 private:
  std::string read_proxies();
  bool comes_in(arrival&, bool speaks_tls);
  std::shared_ptr<const tls_certificate> certificate_now();
  void receive(std::size_t target, plain_socket);

  desk& desk_;
  const server_options options_;
  std::mutex mutex_;
  std::shared_ptr<const tls_certificate> certificate_;
  const std::shared_ptr<admission> door_;
  passwords passwords_;
  routes routes_;
  trusted_proxies proxies_;
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
    if (!proxies_.add(text)) {
      return fmt::format("\"{}\" is not the IP address or network of a proxy.", text);
    }
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
  if (desk_.tiers().is_guarded()) {
    ++refused_;
    desk_.tiers().count(shed_point::accept);
    return;
  }
  arrival who;
  who.from = network_of(peer.address());
  who.behind = proxies_.holds(peer.address()) ? &proxies_ : nullptr;
  const auto certificate = certificate_now();
  // Asked on the accepting thread, before anything was made for it.
  if (!comes_in(who, certificate != nullptr)) {
    return;
  }
  const auto& thread = threads_[target];
  who.stream = std::make_unique<socket_stream>(std::move(socket));
  if (certificate) {
    who.scheme = http_scheme::https;
    who.stream =
        std::make_unique<tls_stream>(std::move(who.stream), thread->io_context(), *certificate);
  }
  // If the thread never comes to it, the socket closes with the context.
  const auto handed_over = socket_thread::now();
  asio::post(thread->io_context(), [=, &site = routes_, who = std::move(who)]() mutable {
    note_lag(thread->door().hellos, handed_over);
    http_session::begin(std::move(thread), site, std::move(who));
  });
}

bool running_server::comes_in(arrival& who, bool speaks_tls) {
  using verdicts = admission::verdicts;
  who.pass = door_->arrive(who.from, who.behind == nullptr);
  verdicts verdict = who.pass.verdict();
  if (speaks_tls) {
    // To tell a refusal would cost the handshake that is refused.
    verdict = verdict == verdicts::refused ? verdicts::dropped : verdict;
    const bool is_tired =
        who.behind == nullptr && door_->tls_handshakes.take(who.from.network, socket_thread::now());
    verdict = is_tired ? verdicts::dropped : verdict;
  }
  if (verdict != verdicts::inside) {
    ++refused_;
  }
  return verdict != verdicts::dropped;
}

std::shared_ptr<const tls_certificate> running_server::certificate_now() {
  const std::lock_guard guard(mutex_);
  return certificate_;
}

void running_server::change_certificate(std::shared_ptr<const tls_certificate> next) {
  const std::lock_guard guard(mutex_);
  assert(certificate_ && next);
  certificate_ = std::move(next);
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
