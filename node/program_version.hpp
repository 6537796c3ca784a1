#pragma once

namespace frontdesk {

/// "0.1.0"
const char* program_version();

}  // namespace frontdesk
