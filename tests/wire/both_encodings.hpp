#pragma once

#include "tests/client/protobuf_speech.hpp"
#include "wire/frame_json.hpp"
#include "wire/frame_protobuf.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace frontdesk {

/// What a JSON text says, in one spelling: keys in order, and without what is zero, empty or false,
/// which protobuf does not write.
std::string essence_of(std::string_view json);

/// Both encodings of a server's frame say the same, as a client reads them.
template <class Frame>
void expect_same_said(const Frame& frame) {
  EXPECT_EQ(essence_of(client::in_json(to_protobuf(frame))), essence_of(to_json(frame)));
}

}  // namespace frontdesk
