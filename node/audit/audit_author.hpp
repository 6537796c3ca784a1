#pragma once

#include "model/audit.hpp"
#include "node/descriptor.hpp"

namespace frontdesk {

/// The user of this number. The name is looked up in /etc/passwd alone: whoever is asked over a
/// network may not answer, and an operator comes when much is wrong. Root in a container is one of
/// the machine's other users.
audit_author author_of(audit_origin, std::uint32_t uid);

/// Whoever is at the other end of a Unix socket, as the kernel says it.
audit_author author_behind(const descriptor& socket);

/// Whoever runs this process.
audit_author own_author(audit_origin);

}  // namespace frontdesk
