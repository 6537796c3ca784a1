#pragma once

#include "model/node_figures.hpp"

#include <string>

namespace frontdesk {

/// This process as the kernel sees it (/proc). A figure that cannot be read is 0. Some 0.1 ms, and
/// as long again for every 500 open descriptors.
process_figures own_process_figures();

/// As the machine calls itself.
std::string own_host_name();

}  // namespace frontdesk
