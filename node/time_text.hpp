#pragma once

#include "model/ids.hpp"

#include <string>

namespace frontdesk {

/// In UTC, to the second: 2026-02-01T09:30:00Z
std::string text_of_time(timestamp);

}  // namespace frontdesk
