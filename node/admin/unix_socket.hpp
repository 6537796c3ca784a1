#pragma once

#include "node/descriptor.hpp"
#include "node/exit_code.hpp"

#include <string>

namespace frontdesk {

/// The problem: the path of a Unix socket has at most 107 bytes, and data directories lie deeper.
/// It is given to the kernel by way of its directory, opened, so that its length does not matter.
///
/// A socket that listens, for its owner alone from its first moment (0600), not blocking.
or_trouble<descriptor> listen_at(const std::string& path);

/// A connected one, which blocks. Trouble `unavailable`: nobody listens there.
or_trouble<descriptor> connect_to(const std::string& path);

}  // namespace frontdesk
