#include "wire/json_document.hpp"

#include "model/limits.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace frontdesk {
namespace {

TEST(JsonDocument, GoesOverAnObjectWithoutEnteringWhatIsInside) {
  const json_document document{R"({"a":[1,[2,3],{"x":4}],"b":{"a":5},"c":"d"})"};

  std::string keys;
  for (const json_value& field : *document.root())
    keys += field.key;

  EXPECT_EQ(keys, "abc");
  EXPECT_EQ(document.root()->find("a")->count(), 3U);
  EXPECT_EQ(document.root()->find("b")->find("a")->number, 5);
  EXPECT_EQ(document.root()->find("x"), nullptr);
}

TEST(JsonDocument, HasAnObjectAsItsRootOrNone) {
  const json_document list{R"([{"a":1}])"};

  EXPECT_EQ(list.fault(), fault_code::not_json);
  EXPECT_EQ(list.root(), nullptr);
}

TEST(JsonDocument, KeepsKindsApart) {
  const json_document kinds{
      R"({"n":null,"t":true,"i":-5,"h":9223372036854775808,"f":5.0,"s":"","a":[],"o":{}})"};
  const auto kind_of = [&](std::string_view key) { return kinds.root()->find(key)->kind; };

  EXPECT_EQ(kind_of("n"), json_kind::null);
  EXPECT_EQ(kind_of("t"), json_kind::boolean);
  EXPECT_EQ(kind_of("i"), json_kind::integer);
  EXPECT_EQ(kind_of("h"), json_kind::huge_integer);
  EXPECT_EQ(kind_of("f"), json_kind::fraction);
  EXPECT_EQ(kind_of("s"), json_kind::string);
  EXPECT_EQ(kind_of("a"), json_kind::array);
  EXPECT_EQ(kind_of("o"), json_kind::object);
}

TEST(JsonDocument, KeepsIntegersBeyondWhatADoubleCanHold) {
  const json_document document{R"({"a":9007199254740993,"b":-9223372036854775808})"};

  EXPECT_EQ(document.root()->find("a")->number, 9007199254740993);
  EXPECT_EQ(document.root()->find("b")->number, std::numeric_limits<std::int64_t>::min());
}

TEST(JsonDocument, NeedsNothingOfTheTextAfterwards) {
  std::string text = R"({"key":"plain","caf\u00e9":"esc\u0061ped"})";
  const json_document document{text};
  text.assign(text.size(), '?');

  EXPECT_EQ(document.root()->find("key")->text, "plain");
  EXPECT_EQ(document.root()->find("café")->text, "escaped");
}

TEST(JsonDocument, KeepsLongStringsInOnePiece) {
  std::string escaped;
  std::string plain;
  for (int i = 0; i < 5000; ++i) {
    escaped += R"(\u4e2d\nx)";
    plain += "中\nx";
  }

  const json_document document{R"({"a":")" + escaped + R"(","b":")" + escaped + "\"}"};

  EXPECT_EQ(document.root()->find("a")->text, plain);
  EXPECT_EQ(document.root()->find("b")->text, plain);
}

TEST(JsonDocument, HoldsABoundedNumberOfValues) {
  const auto list_of = [](std::size_t count) {
    std::string text = R"({"a":[0)";
    for (std::size_t i = 1; i < count; ++i)
      text += ",0";
    return text + "]}";
  };

  EXPECT_EQ(json_document{list_of(limits::json_values_max - 2)}.fault(), fault_code::none);
  EXPECT_EQ(json_document{list_of(limits::json_values_max - 1)}.fault(), fault_code::bad_frame);
}

TEST(JsonDocument, SeesAFieldGivenTwiceAmongFewAndMany) {
  for (const std::size_t count : {2U, 16U, 17U, 900U}) {
    std::string text = "{";
    for (std::size_t i = 1; i < count; ++i)
      text += "\"k" + std::to_string(i) + "\":1,";

    EXPECT_EQ(json_document{text + "\"k0\":1}"}.fault(), fault_code::none) << count;
    EXPECT_EQ(json_document{text + "\"k1\":1}"}.fault(), fault_code::bad_frame) << count;
  }
}

}  // namespace
}  // namespace frontdesk
