#pragma once

#include "node/config.hpp"

#include <cstdint>
#include <string>

/// What whoever started the node reads on the standard output; all else is in the log.
namespace frontdesk {

/// What a browser on this machine would be given.
std::string address_of(const listen_address& asked, std::uint16_t port, bool speaks_tls);

/// Whoever started the node may have gone since; it serves others.
void announce(const std::string& text);

}  // namespace frontdesk
