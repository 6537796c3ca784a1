#pragma once

#include "model/file_type.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace frontdesk {

/// The SHA-256 of some bytes, as 32 bytes.
std::string digest_of(std::string_view bytes);

/// The SHA-256 of a whole file, as 64 lower-case hex digits; none if it cannot be read to its end.
std::optional<std::string> digest_of(file_bytes&);

}  // namespace frontdesk
