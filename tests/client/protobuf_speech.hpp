#pragma once

#include <string>
#include <string_view>

/// Between the JSON in which the test client thinks and `frontdesk.v1.protobuf`, made from
/// docs/wire.md and wire/frontdesk.proto by the library's own reflection, so that no mistake of the
/// desk's reader or writer can hide in it. They throw std::runtime_error for what cannot be said.
namespace frontdesk::client {

/// A client's frame, written as `client_frame`.
std::string in_protobuf(std::string_view json);

/// What a `server_frame` says, as JSON: with `t`, with all lists and flags, and without the other
/// fields that are zero or empty.
std::string in_json(std::string_view server_frame);

/// A `client_frame` as the library reads it, written anew without what is unknown.
std::string rewritten(std::string_view client_frame);

}  // namespace frontdesk::client
