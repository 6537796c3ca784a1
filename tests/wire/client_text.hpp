#pragma once

#include "wire/frame.hpp"

#include <string>
#include <string_view>

namespace frontdesk {

/// What a client writes, said anew here: the desk only reads these frames, so it has no writer of
/// its own that could agree with a wrong reader.
std::string client_text(const frame::from_client&);

/// A JSON string with quotes.
std::string quoted(std::string_view text);

}  // namespace frontdesk
