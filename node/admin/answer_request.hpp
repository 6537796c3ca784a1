#pragma once

#include "model/audit.hpp"
#include "model/ids.hpp"
#include "node/admin/administration.hpp"

#include <string>
#include <string_view>

namespace frontdesk {

/// Does what a line of JSON asks for (wire/admin_json.hpp), and answers with another, without its
/// line break. May block as the administration may.
///
/// What it did, or refused to do, is in the audit before the answer goes out. If it cannot be
/// recorded, the answer is that fault: nobody gets a token, or reads a customer's words, without a
/// trace, and a change that was made has to be looked for. What mends a node is done all the same.
std::string answer_request(std::string_view line, administration&, const audit_author&,
                           timestamp now);

}  // namespace frontdesk
