#pragma once

#include "actors/local_message.hpp"
#include "model/fault.hpp"
#include "model/ids.hpp"
#include "model/quarantined.hpp"

#include <caf/typed_actor.hpp>

#include <functional>
#include <memory>

/// What the quarantine's keeper is asked.
namespace frontdesk {

/// Keep this; it gets its id and its time from the keeper. No answer: whoever was ended by it has
/// ended. What cannot be kept is reported as a failure.
struct confine {
  quarantined what;
};

/// Called once, when it is recorded that the message has gone, or with why not.
using quarantine_reply = std::function<void(fault_or<done>)>;

/// Let this go. Faults: `not_found`, `busy`, those of recording.
struct discard {
  tenant_id tenant;
  quarantine_id id;
  std::shared_ptr<quarantine_reply> reply;
};

/// A reminder to itself: it is not certain that this one was recorded the last time.
struct confine_again {
  quarantine_id id;
};

using quarantine_keeper_actor = caf::typed_actor<caf::reacts_to<confine>, caf::reacts_to<discard>,
                                                 caf::reacts_to<confine_again>>;

}  // namespace frontdesk
