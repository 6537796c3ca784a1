#pragma once

#include "net/admission.hpp"
#include "net/http/http_request.hpp"

#include <boost/asio/ip/address.hpp>

#include <array>
#include <optional>
#include <string_view>
#include <vector>

/// The problem: behind a proxy everybody has the proxy's address, and whoever is not behind it can
/// write into a header that he is anybody at all.
///
/// The answer: what a request says of its way is read from its near end. Each hop was written down
/// by the one after it, so it is believed as far as those who wrote are proxies that the operator
/// has named, and not one hop further:
///
///     X-Forwarded-For: 10.9.9.9, 192.0.2.1, 10.0.0.7        from 10.0.0.8, named: 10.0.0.0/24
///                      └ a claim └ the client └ named: believed of the one before it
namespace frontdesk {

/// The proxies that an operator has named, as addresses and networks. Immutable once it is in use.
class trusted_proxies {
 public:
  /// "10.0.0.1", "10.0.0.0/8", "2001:db8::/32"; an address alone is a network of one. False, and
  /// nothing is added: it is none of them.
  bool add(std::string_view);
  /// An IPv4 address is the same in both its dresses.
  bool holds(const boost::asio::ip::address&) const;

 private:
  struct network {
    std::array<unsigned char, 16> bits{};
    unsigned length = 0;
  };
  std::vector<network> networks_;
};

struct forwarded_client {
  /// None: the request does not say, or says two things.
  std::optional<client_address> from;
  http_scheme scheme = http_scheme::unknown;
};

/// The client of a request that came from one of these proxies: of `X-Forwarded-For` and
/// `Forwarded` (RFC 7239) the last hop that is not named itself, of `X-Forwarded-Proto` and
/// `Forwarded` the last scheme. A proxy writes one of the two and lets the other pass, which then
/// is the client's own word; so if they differ, neither is believed.
forwarded_client forwarded_by(const trusted_proxies&, const http_request&);

}  // namespace frontdesk
