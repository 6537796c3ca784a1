#include "tests/wire/protobuf_bytes.hpp"
#include "wire/frame_json.hpp"
#include "wire/frame_protobuf.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace frontdesk {
namespace {

using namespace protobuf_bytes;

constexpr std::string_view good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr trace_context expected{
    {0x0af7651916cd43ddULL, 0x8448eb211c80319cULL}, span_id{0xb7ad6b7169203331}, true};

using read_of_client = std::variant<frame::from_client, frame::unreadable>;

/// The trace of a post that is otherwise as it should be; fails the test if it cannot be read.
trace_context trace_of(const read_of_client& read) {
  const auto* known = std::get_if<frame::from_client>(&read);
  const auto* said = known == nullptr ? nullptr : std::get_if<frame::post>(known);
  EXPECT_NE(said, nullptr) << "a traceparent is never the fault of its post";
  return said == nullptr ? trace_context{} : said->trace;
}

trace_context in_json(std::string_view value) {
  return trace_of(read_json(
      R"({"t":"post","conversation":"5c1f00d2a94be311","n":1,"text":"hello","traceparent":)" +
      std::string{value} + "}"));
}

trace_context in_protobuf(std::string_view field) {
  return trace_of(read_protobuf(bytes(
      1, fixed64(2, 0x5c1f00d2a94be311) + number(3, 1) + bytes(4, "hello") + std::string{field})));
}

TEST(Traceparent, IsReadInBothEncodings) {
  EXPECT_EQ(in_json('"' + std::string{good} + '"'), expected);
  EXPECT_EQ(in_protobuf(bytes(10, good)), expected);
}

TEST(Traceparent, IsIgnoredInJsonIfItIsNone) {
  for (const std::string& value :
       {std::string{"\"\""}, std::string{"null"}, std::string{"17"}, std::string{"true"},
        std::string{"[\"00\"]"}, std::string{"{}"}, std::string{"\"zero\""},
        '"' + std::string{good} + "-01\"", '"' + std::string(20'000, '0') + '"'}) {
    EXPECT_EQ(in_json(value), trace_context{}) << value.substr(0, 80);
  }
}

TEST(Traceparent, IsIgnoredInProtobufIfItIsNone) {
  for (const std::string& field :
       {bytes(10, ""), bytes(10, "\xff\xfe"), number(10, 7), fixed64(10, 7),
        bytes(10, good) + bytes(10, ""), bytes(10, std::string(20'000, '0'))}) {
    EXPECT_EQ(in_protobuf(field), trace_context{});
  }
}

}  // namespace
}  // namespace frontdesk
