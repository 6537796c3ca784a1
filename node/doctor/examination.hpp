#pragma once

#include "node/config.hpp"
#include "node/doctor/finding.hpp"

#include <vector>

namespace frontdesk {

/// Looks at this machine with the eyes of a node that would be started with these settings, or that
/// runs with them. Changes nothing; writes some KB to a file without a name in the data directory,
/// or above it if it is not there yet. A second at most on a healthy machine.
std::vector<finding> examine(const settings&);

}  // namespace frontdesk
