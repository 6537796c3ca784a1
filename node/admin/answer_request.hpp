#pragma once

#include "model/ids.hpp"
#include "node/admin/administration.hpp"

#include <string>
#include <string_view>

namespace frontdesk {

/// Does what a line of JSON asks for (wire/admin_json.hpp), and answers with another, without its
/// line break. May block as the administration may.
std::string answer_request(std::string_view line, administration&, timestamp now);

}  // namespace frontdesk
