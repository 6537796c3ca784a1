#pragma once

#include "wire/frame.hpp"

#include <string>
#include <string_view>
#include <variant>

/// `frontdesk.v1.protobuf`: frames as the messages `client_frame` and `server_frame` of
/// wire/frontdesk.proto, with the meaning that docs/wire.md gives them.
///
/// What `read_protobuf` is given is as hostile as what `read_json` is given, and the same is
/// promised: it returns a frame or says why not, and never throws. It looks at the bytes where they
/// lie, so its memory is the frame that it returns. What is wrong is told by the first of these
/// that is true:
///
/// - `too_large`: above `limits::frame_bytes_max`;
/// - `bad_frame`: not a message, or an empty one, or more than one frame;
/// - `unknown_frame`: only fields that `client_frame` does not have;
/// - `bad_frame`: in the frame, what should be a message is none; a field of ours is given twice or
///   as another type; not exactly one of two that exclude each other;
/// - `bad_value`: a value is out of its form or range. A field that is left out is zero, as
/// protobuf
///   has it, so that a missing id is a bad value, too. Text that is not UTF-8 is one.
///
/// Unknown fields are skipped, groups are refused. A post's text is left to `text_fault`, because
/// its refusal is recorded.
namespace frontdesk {

std::variant<frame::from_client, frame::unreadable> read_protobuf(std::string_view bytes);

/// @name Writing
/// Each returns one frame, which says exactly what `to_json` says.
/// @{
std::string to_protobuf(const frame::welcome&);
std::string to_protobuf(const frame::roster&);
std::string to_protobuf(const frame::ack&);
std::string to_protobuf(const frame::page&);
std::string to_protobuf(const frame::cursor_moved&);
std::string to_protobuf(const frame::typing_seen&);
std::string to_protobuf(const frame::presence&);
std::string to_protobuf(const frame::place&);
std::string to_protobuf(const frame::me&);
std::string to_protobuf(const frame::desk&);
std::string to_protobuf(const frame::listed&);
std::string to_protobuf(const frame::agents_seen&);
std::string to_protobuf(const frame::finished&);
std::string to_protobuf(const frame::gap&);
std::string to_protobuf(const frame::ping&);
std::string to_protobuf(const frame::mode&);
std::string to_protobuf(const frame::lean&);
std::string to_protobuf(const frame::bye&);
std::string to_protobuf(const frame::refused&);

/// An `event` frame without `device` and `n`: made once, its bytes shared by all receivers.
std::string to_protobuf(const event&);
/// The same frame with its origin, for the author's own devices.
std::string to_protobuf_with_origin(const event&);
/// @}

}  // namespace frontdesk
