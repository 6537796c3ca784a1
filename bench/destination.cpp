#include "bench/destination.hpp"

#include "bench/clock.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace frontdesk::bench {

namespace {

constexpr std::uint32_t hosts_each = 250;
constexpr int listener_patience_ms = 5000;

/// Host and port; both empty if it has neither form.
struct parts {
  std::string host;
  std::string port;
};

parts parts_of(std::string_view text) {
  for (const std::string_view scheme : {"http://", "ws://"}) {
    if (text.starts_with(scheme)) text.remove_prefix(scheme.size());
  }
  if (text.ends_with('/')) text.remove_suffix(1);
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {"127.0.0.1", std::string(text)};
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {std::string(host), std::string(text.substr(colon + 1))};
}

bool is_port(std::string_view text) {
  std::uint16_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && rest == end && number > 0;
}

}  // namespace

bool destination::is_ip4() const {
  return address.ss_family == AF_INET;
}

std::uint16_t destination::port() const {
  return ntohs(is_ip4() ? reinterpret_cast<const sockaddr_in&>(address).sin_port
                        : reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
}

bool destination::is_loopback() const {
  if (is_ip4()) {
    const auto& ip4 = reinterpret_cast<const sockaddr_in&>(address);
    return (ntohl(ip4.sin_addr.s_addr) >> 24U) == 127;
  }
  const auto& ip6 = reinterpret_cast<const sockaddr_in6&>(address);
  return IN6_IS_ADDR_LOOPBACK(&ip6.sin6_addr);
}

destination destination_of(std::string_view text) {
  if (text.starts_with("https://") || text.starts_with("wss://")) {
    throw cannot_measure(
        "The bench speaks no TLS. Give it an address of the node that is served without.");
  }
  const parts from = parts_of(text);
  if (from.host.empty() || !is_port(from.port)) {
    throw cannot_measure(fmt::format("\"{}\" is no address. Write HOST:PORT.", text));
  }
  addrinfo wish{};
  wish.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(from.host.c_str(), from.port.c_str(), &wish, &found);
  if (error != 0 || found == nullptr) {
    throw cannot_measure(fmt::format("\"{}\" was not found: {}.", text, gai_strerror(error)));
  }
  destination to;
  std::memcpy(&to.address, found->ai_addr, found->ai_addrlen);
  to.address_bytes = found->ai_addrlen;
  to.name = fmt::format("{}:{}", from.host, from.port);
  freeaddrinfo(found);
  return to;
}

void expect_listener(const destination& to) {
  const int opened = socket(to.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const auto* const where = reinterpret_cast<const sockaddr*>(&to.address);
  int error = connect(opened, where, to.address_bytes) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    pollfd waiting{opened, POLLOUT, 0};
    error = ETIMEDOUT;
    if (poll(&waiting, 1, listener_patience_ms) > 0) {
      socklen_t size = sizeof error;
      getsockopt(opened, SOL_SOCKET, SO_ERROR, &error, &size);
    }
  }
  if (opened >= 0) close(opened);
  if (error != 0) {
    throw cannot_measure(
        fmt::format("Nobody answers at {}: {}. Say by --node where the node listens.", to.name,
                    strerror(error)));
  }
}

int open_socket(const destination& to, std::uint32_t number) {
  const int opened = socket(to.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (opened < 0) {
    throw cannot_measure(
        fmt::format("No socket for client {}: {}. Look at ulimit -n.", number, strerror(errno)));
  }
  const int yes = 1;
  setsockopt(opened, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (!to.is_ip4() || !to.is_loopback()) return opened;
  setsockopt(opened, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK + number % hosts_each + 256 * (number / hosts_each));
  if (bind(opened, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) {
    close(opened);
    throw cannot_measure(fmt::format("Client {} has no address: {}.", number, strerror(errno)));
  }
  return opened;
}

}  // namespace frontdesk::bench
