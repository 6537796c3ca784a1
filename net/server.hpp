#pragma once

#include "actors/spawn.hpp"
#include "model/wall_clock.hpp"
#include "net/admission.hpp"
#include "net/identity/token_identity.hpp"
#include "net/listener.hpp"
#include "net/socket_thread.hpp"
#include "net/tls/tls_certificate.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// Start here: the one door of this floor.
///
///     listener ──► http_session ──► routes ──► reception   who are you: tokens, passwords
///                       │              └─────► assets      the pages
///                       ├─ 101 ──► websocket_transport ──► connection_port, the actor's side
///                       └─ frames, polls, streams ──► the transports of fetch/ ──► the same
///
///     both over a byte_stream: socket_stream, or tls_stream above it
///
/// What a node does, in this order: `token_identity::with_secret`, `desk::open` with that as its
/// proof, `server::open`; to end, `server::stop`, `desk::stop`, and then both may go, the server
/// first.
namespace frontdesk {

/// What an operator or a test may choose; every default is meant.
struct server_options {
  /// At least one.
  std::vector<listen_address> addresses{{}};
  /// `/` leads to the demo page.
  bool is_demo = false;
  /// Bounds and rates at the door; 0 means "no limit".
  admission_limits door;
  socket_limits sockets;
  std::chrono::milliseconds accept_pause = limits::accept_pause;
  /// All addresses speak TLS with it; without one, none does.
  std::shared_ptr<const tls_certificate> certificate;
  /// Proxies that are believed who comes through them, as IP addresses and networks (see
  /// `forwarding.hpp`). Without this all who come through a proxy share one address, and its rates.
  std::vector<std::string> trusted_proxies;
};

struct server_counts {
  /// Sockets that were let in and live, WebSockets and HTTP.
  std::size_t connections = 0;
  /// Those of them that have not sent a whole request yet.
  std::size_t handshakes = 0;
  std::uint64_t accepted = 0;
  /// Refused at the door: too many.
  std::uint64_t refused = 0;
  /// How often a listener had to wait for descriptors.
  std::uint64_t accept_pauses = 0;
};

/// Listens, and turns strangers into connections of the desk. Any thread that does not carry
/// sockets may call; none may call from within a callback of the desk.
class server {
 public:
  struct opened {
    std::unique_ptr<server> running;
    /// A sentence for the operator, if it could not be opened.
    std::string why_not;
  };

  /// Listens on all addresses, or on none. What is handed in outlives the server.
  static opened open(desk&, const token_identity&, const wall_clock&, server_options);

  server() = default;
  server(const server&) = delete;
  server& operator=(const server&) = delete;
  /// Stops.
  virtual ~server() = default;

  /// In the order of the addresses.
  virtual std::vector<std::uint16_t> ports() const = 0;

  virtual server_counts counts() const = 0;

  /// The hash to keep of a new agent's password; `answer` is called on another thread. Faults:
  /// `bad_value` (too short, too long); at once `busy`.
  virtual fault_or<done> hash_password(std::string password,
                                       std::function<void(fault_or<std::string>)> answer) = 0;

  /// The certificate of all who come from now on. Only of a server that has one.
  virtual void change_certificate(std::shared_ptr<const tls_certificate>) = 0;

  /// Closes the listeners and all sockets that are not WebSockets yet; the others are the desk's.
  /// Returns when that is done. The desk's threads must run.
  virtual void stop() = 0;
};

}  // namespace frontdesk
