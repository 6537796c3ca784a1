#pragma once

#include "node/audit/audit_log.hpp"
#include "node/config.hpp"
#include "node/ending.hpp"
#include "node/exit_code.hpp"

#include <optional>
#include <string>

/// The entries of what happens to the node itself by hand.
namespace frontdesk {

/// `node.start`, with the version and the settings that are not the default, and before it, if a
/// second signal ended the node before, `node.stop_at_once`, of which it left the note at this
/// path. A node whose audit cannot be written starts all the same: it is how one finds out why.
void note_start(audit_log&, const settings&, const std::string& note_path);

/// `node.stop`, by a signal or by the node itself, because of this.
void note_stop(audit_log&, const std::optional<received_signal>&, const trouble& why);

/// `node.reload`; with the reason why all is as it was, if it is.
void note_reload(audit_log&, const received_signal&, const or_trouble<done>&);

}  // namespace frontdesk
