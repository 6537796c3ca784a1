#pragma once

#include "actors/local_message.hpp"
#include "model/audit.hpp"
#include "model/fault.hpp"

#include <caf/typed_actor.hpp>

#include <functional>
#include <memory>

/// What the audit's keeper is asked.
namespace frontdesk {

/// Called once, when the entry is recorded, or with why not.
using audit_reply = std::function<void(fault_or<audited>)>;

/// Record this; it gets its number and time from the keeper. Of the same deed again within a minute
/// the count is recorded, a second later at most. Faults: `busy`, `storage_full`; `storage_failed`:
/// it may be recorded or not.
struct audit_deed {
  audit_entry what;
  std::shared_ptr<audit_reply> reply;
};

/// To itself: counts are to be recorded.
struct flush_counts {};

using audit_keeper_actor =
    caf::typed_actor<caf::reacts_to<audit_deed>, caf::reacts_to<flush_counts>>;

}  // namespace frontdesk
