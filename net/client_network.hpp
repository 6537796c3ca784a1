#pragma once

#include "net/admission.hpp"

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string_view>

/// Which address a client has, also behind a proxy that was named as trusted.
namespace frontdesk {

/// An IPv4 address (also one that is dressed as IPv6), or the first 64 bits of an IPv6 address.
client_address network_of(const boost::asio::ip::address&);

/// Of an `X-Forwarded-For`: the last address, the one that the proxy itself has seen; the ones
/// before are what the client claims. None if it is no address.
std::optional<client_address> last_forwarded(std::string_view forwarded_for);

}  // namespace frontdesk
