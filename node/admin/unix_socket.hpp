#pragma once

#include "node/descriptor.hpp"
#include "node/exit_code.hpp"

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

namespace frontdesk {

/// The problem: the path of a Unix socket has at most 107 bytes, and data directories lie deeper.
/// It is given to the kernel by way of its directory, opened, so that its length does not matter.
///
/// A socket that listens, for its owner alone from its first moment (0600), not blocking.
or_trouble<descriptor> listen_at(const std::string& path);

/// More than a node takes for an answer, also if it answers somebody else before.
constexpr std::chrono::seconds answer_patience{30};

/// A connected one, on which nothing blocks for longer than `patience`: neither to be let in, which
/// a node does with one at a time, nor to write or to read. Trouble `unavailable`: nobody listens
/// there; `temporary`: nobody was let in; `no_permission`, `input_output`: it cannot be known.
or_trouble<descriptor> connect_to(const std::string& path,
                                  std::chrono::milliseconds patience = answer_patience);

/// Who is at the other end, as the kernel has it since the connection was made.
struct socket_peer {
  pid_t process = 0;
  uid_t user = 0;
};

/// Nothing: the kernel does not say, because this is no connected Unix socket.
std::optional<socket_peer> peer_of(const descriptor&);

}  // namespace frontdesk
