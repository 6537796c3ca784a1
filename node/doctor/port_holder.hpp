#pragma once

#include "node/doctor/judgements.hpp"

#include <cstdint>
#include <optional>

namespace frontdesk {

/// Takes the address for a moment, as a node would. 0: it is free; else what stood in the way.
int try_port(const listen_address&);

/// Who listens on a TCP port of this machine, as far as this user may see (/proc).
std::optional<port_holder> holder_of(std::uint16_t port);
/// Whether this process is one of those who do.
bool is_listening(pid_t, std::uint16_t port);

}  // namespace frontdesk
