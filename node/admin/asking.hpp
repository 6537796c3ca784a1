#pragma once

#include "node/exit_code.hpp"
#include "wire/admin_json.hpp"

#include <string>

/// The problem: an operator wants a new agent; whether a node runs at this moment is the machine's
/// business.
///
/// The answer: the same request goes to the node that runs with this data directory, or else to the
/// directory itself.
namespace frontdesk {

/// Asks whoever has the data directory. Trouble: `data` for what the rules refuse, `temporary` for
/// what may succeed later, `usage` for text that is not UTF-8, and what opening a directory says.
or_trouble<admin_json::answer> ask(const std::string& data, const admin_json::request&);

/// The document with which the node answers that runs with this data directory. Trouble
/// `unavailable`: none does.
or_trouble<std::string> ask_document(const std::string& data, const admin_json::request&);

/// All pages of a list.
or_trouble<std::vector<admin_json::entry>> ask_all(const std::string& data, admin_json::list);

}  // namespace frontdesk
