#include "net/client_network.hpp"

namespace frontdesk {

namespace {

namespace ip = boost::asio::ip;

client_address network_of(const ip::address_v6& address) {
  // A socket that listens to both kinds sees IPv4 in this dress.
  if (address.is_v4_mapped()) {
    return {ip::make_address_v4(ip::v4_mapped, address).to_uint()};
  }
  client_address from;
  const auto bytes = address.to_bytes();
  for (std::size_t i = 0; i < 8; ++i) {
    from.network = from.network << 8U | bytes[i];
  }
  return from;
}

}  // namespace

// No /64 that is routed looks like an IPv4 address: its first 32 bits would be zero.
client_address network_of(const ip::address& address) {
  return address.is_v4() ? client_address{address.to_v4().to_uint()} : network_of(address.to_v6());
}

}  // namespace frontdesk
