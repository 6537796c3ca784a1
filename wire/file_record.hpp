#pragma once

#include "model/kept_file.hpp"

#include <optional>
#include <string>
#include <string_view>

/// What lies beside an uploaded file, to bytes and back, as `wire/record.hpp` does it for what lies
/// in the store: one byte of version, then protobuf, read for ever.
namespace frontdesk {

std::string to_bytes(const kept_file&);
std::optional<kept_file> kept_file_from_bytes(std::string_view);

}  // namespace frontdesk
