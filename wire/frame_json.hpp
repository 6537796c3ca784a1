#pragma once

#include "wire/frame.hpp"

#include <string>
#include <string_view>
#include <variant>

/// `frontdesk.v1.json`: frames as JSON text, exactly as docs/wire.md says.
///
/// Everything that `read_json` is given comes from outside and is hostile until proven otherwise:
/// whatever the bytes, it returns a frame or says why not; it never throws, and its memory is
/// bounded by a small multiple of the frame's size (at most 8 levels of nesting and 1024 values).
/// Numbers must be integers in range; strings are valid UTF-8; ids have exactly their form. Unknown
/// fields are ignored. What is wrong is told by the first of these that is true:
///
/// - `too_large`: above `limits::frame_bytes_max`;
/// - `not_json`: not JSON, or not an object;
/// - `bad_frame`: too deep, too many values, a field given twice, or no `t`;
/// - `unknown_frame`: no frame that clients send has this `t`;
/// - `bad_frame`: a field is missing or of another type (1.0 and 1e3 are no integers);
/// - `bad_value`: a value is out of its form or range.
///
/// A post's text is left to `text_fault`, because its refusal is recorded.
namespace frontdesk {

std::variant<frame::from_client, frame::unreadable> read_json(std::string_view text);

/// @name Writing
/// Each returns one frame. Text that is not valid UTF-8 is not possible here: it was refused on its
/// way in.
/// @{
std::string to_json(const frame::welcome&);
std::string to_json(const frame::roster&);
std::string to_json(const frame::ack&);
std::string to_json(const frame::page&);
std::string to_json(const frame::cursor_moved&);
std::string to_json(const frame::typing_seen&);
std::string to_json(const frame::presence&);
std::string to_json(const frame::place&);
std::string to_json(const frame::me&);
std::string to_json(const frame::desk&);
std::string to_json(const frame::listed&);
std::string to_json(const frame::agents_seen&);
std::string to_json(const frame::finished&);
std::string to_json(const frame::gap&);
std::string to_json(const frame::ping&);
std::string to_json(const frame::mode&);
std::string to_json(const frame::lean&);
std::string to_json(const frame::bye&);
std::string to_json(const frame::refused&);

/// An `event` frame without `device` and `n`: made once, its bytes shared by all receivers.
std::string to_json(const event&);
/// The same frame with its origin, for the author's own devices, made from the shared bytes.
std::string with_origin(std::string_view event_frame, device_id, post_number);
/// @}

}  // namespace frontdesk
