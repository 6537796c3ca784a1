#pragma once

#include "node/admin/administration.hpp"
#include "wire/admin_json.hpp"

#include <string>

namespace frontdesk {

/// What an operator asks of live traces; the answers are documents. Faults: `not_ready` (no node
/// runs), `not_found`, `unknown_agent`, `bad_value`, `busy` (as many watch as may).
/// @{
fault_or<std::string> start_trace(administration&, const admin_json::start_trace&);
fault_or<std::string> read_trace(administration&, const admin_json::read_trace&);
fault_or<done> end_trace(administration&, const admin_json::end_trace&);
/// @}

}  // namespace frontdesk
