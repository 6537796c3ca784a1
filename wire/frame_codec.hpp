#pragma once

#include "wire/encoding.hpp"
#include "wire/frame_json.hpp"
#include "wire/frame_protobuf.hpp"

#include <string>
#include <string_view>
#include <variant>

/// Frames in the encoding of their connection. What is promised of each stands in `frame_json.hpp`
/// and `frame_protobuf.hpp`.
namespace frontdesk {

inline std::variant<frame::from_client, frame::unreadable> read_frame(encoding spoken,
                                                                      std::string_view bytes) {
  return spoken == encoding::json ? read_json(bytes) : read_protobuf(bytes);
}

/// Any frame of the server; an event without its origin.
template <class Frame>
std::string write_frame(encoding spoken, const Frame& what) {
  return spoken == encoding::json ? to_json(what) : to_protobuf(what);
}

/// An event with its origin, for its author's own devices; `shared` is what the others are sent.
inline std::string write_own_event(encoding spoken, const event& what, std::string_view shared) {
  return spoken == encoding::json ? with_origin(shared, what.device, what.n)
                                  : to_protobuf_with_origin(what);
}

}  // namespace frontdesk
