#include "net/client_network.hpp"

#include "net/http/http_words.hpp"

#include <string>

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

std::optional<client_address> last_forwarded(std::string_view forwarded_for) {
  const std::size_t comma = forwarded_for.rfind(',');
  const std::string_view last =
      comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1);
  boost::system::error_code error;
  const auto address = ip::make_address(std::string(trimmed(last)), error);
  if (error) {
    return std::nullopt;
  }
  return network_of(address);
}

}  // namespace frontdesk
