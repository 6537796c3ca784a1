#pragma once

#include "net/admission.hpp"

#include <boost/asio/ip/address.hpp>

/// What of an address counts as one client.
namespace frontdesk {

/// An IPv4 address (also one that is dressed as IPv6), or the first 64 bits of an IPv6 address.
client_address network_of(const boost::asio::ip::address&);

}  // namespace frontdesk
