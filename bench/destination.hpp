#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace frontdesk::bench {

/// Where the node is. A load generator that is pointed at the wrong machine is an attack, so
/// whoever uses one asks `is_loopback` first.
struct destination {
  sockaddr_storage address{};
  socklen_t address_bytes = 0;
  /// As it was given, for `Host` and for people.
  std::string name;

  bool is_loopback() const;
  bool is_ip4() const;
  std::uint16_t port() const;
};

/// `HOST:PORT`, `[::1]:PORT`, a port alone (127.0.0.1), or any of these behind `http://` or `ws://`
/// with a slash behind; a name is looked up. Throws cannot_measure with a sentence.
destination destination_of(std::string_view text);

/// Throws cannot_measure unless somebody listens there and takes a connection within five seconds.
void expect_listener(const destination&);

/// A socket to it, not blocking and not connected yet. At 127.0.0.1 client number `number` has an
/// address of its own in 127.0.0.0/8, because the node counts by address. Throws cannot_measure.
int open_socket(const destination&, std::uint32_t number);

}  // namespace frontdesk::bench
