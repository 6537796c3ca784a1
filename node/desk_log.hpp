#pragma once

#include "model/desk_stats.hpp"
#include "model/failure.hpp"
#include "model/load_shedding.hpp"
#include "model/quarantined.hpp"
#include "node/log_book.hpp"

namespace frontdesk {

/// What the actors tell whoever reads the log. Any thread.
/// @{
void log_failure(log_book&, const failure&);
void log_stuck(log_book&, const stuck_stats&, bool has_ended);
/// Without a word of what was said.
void log_quarantined(log_book&, const quarantined&);
void log_tier(log_book&, const tier_change&);
/// @}

}  // namespace frontdesk
