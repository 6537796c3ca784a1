#pragma once

#include "model/audit.hpp"
#include "node/admin/administration.hpp"
#include "wire/admin_json.hpp"

#include <optional>

/// Which entry each request of an operator leaves (docs/operations.md has the table). A request
/// that only reads what the node is, and no customer's words, leaves none.
namespace frontdesk {

/// What a request is about to do; without who does it and what comes of it. **Only** what is named
/// here one by one is kept of a request: what comes new to it is not in the audit by accident.
std::optional<audit_entry> deed_of(const admin_json::request&);

/// A line that is no request: not a word of it is kept, it may be anything.
audit_entry unreadable_deed();

/// It was done, with this answer: adds the id of what was made.
void complete(audit_entry&, const admin_json::answer&);
void refuse(audit_entry&, const fault& why);

/// Has it recorded. The answer means: recorded, or whoever did it was mending the node, which goes
/// before; the log has it then.
fault_or<done> record_deed(administration&, const audit_entry&);

/// Nothing was done, because too much was asked for: one entry for all of a minute.
void record_refusal_of_flood(administration&, const audit_entry&, const fault& why);

}  // namespace frontdesk
