#pragma once

#include "node/descriptor.hpp"
#include "node/doctor/judgements.hpp"

#include <cstdint>
#include <optional>

namespace frontdesk {

/// An address, as a node would take it, until this goes.
struct taken_port {
  /// What stood in the way; 0: it was free.
  int error = 0;
  descriptor held{};
};
taken_port take_port(const listen_address&);

/// Who listens on a TCP port of this machine, as far as this user may see (/proc), but for one
/// process.
std::optional<port_holder> holder_of(std::uint16_t port, pid_t besides = 0);
/// Whether this process is one of those who do.
bool is_listening(pid_t, std::uint16_t port);

}  // namespace frontdesk
