#include "model/trace.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk {
namespace {

constexpr std::string_view trace = "0af7651916cd43dd8448eb211c80319c";
constexpr std::string_view parent = "b7ad6b7169203331";

struct traceparent_row {
  std::string what;
  std::string text;
  std::optional<bool> is_sampled;
};

std::string text_of(std::string_view version, std::string_view flags) {
  return std::string{version} + '-' + std::string{trace} + '-' + std::string{parent} + '-' +
         std::string{flags};
}

std::vector<traceparent_row> traceparent_rows() {
  const std::string good = text_of("00", "01");
  const auto changed = [&good](std::size_t at, std::string_view by) {
    return std::string{good}.replace(at, by.size(), by);
  };
  return {
      {"flagged", good, true},
      {"not flagged", text_of("00", "00"), false},
      {"other flags beside", text_of("00", "fb"), true},
      {"other flags alone", text_of("00", "fe"), false},
      {"a later version", text_of("01", "01"), true},
      {"a later version with more", text_of("cc", "01-what-comes-then"), true},
      {"a later version with more and no dash", text_of("cc", "01x"), {}},
      {"this version with more", good + "-01", {}},
      {"this version with a dash behind", good + "-", {}},
      {"the version that is none", text_of("ff", "01"), {}},
      {"nothing", "", {}},
      {"a digit less", good.substr(0, good.size() - 1), {}},
      {"blanks around", " " + good, {}},
      {"no trace", changed(3, std::string(32, '0')), {}},
      {"no span", changed(36, std::string(16, '0')), {}},
      {"upper case in the trace", changed(4, "AF"), {}},
      {"upper case in the span", changed(36, "B"), {}},
      {"upper case in the version", changed(0, "0A"), {}},
      {"upper case in the flags", changed(53, "0F"), {}},
      {"a letter that is no digit", changed(10, "g"), {}},
      {"a sign", changed(36, "-"), {}},
      {"another dash behind the version", changed(2, "_"), {}},
      {"another dash behind the trace", changed(35, "_"), {}},
      {"another dash behind the span", changed(52, "_"), {}},
      {"very much", std::string(1U << 20U, '0'), {}},
      {"bytes that are no text", std::string(55, '\xff'), {}},
  };
}

TEST(TraceContext, IsReadAsTheStandardSays) {
  for (const traceparent_row& row : traceparent_rows()) {
    const auto found = traceparent_from_text(row.text);
    ASSERT_EQ(found.has_value(), row.is_sampled.has_value()) << row.what;
    if (!found) continue;
    EXPECT_EQ(found->is_sampled, *row.is_sampled) << row.what;
    EXPECT_EQ(to_text(found->trace), trace) << row.what;
    EXPECT_EQ(to_text(found->span), parent) << row.what;
  }
}

TEST(TraceContext, IsWrittenAsItIsRead) {
  for (const bool is_sampled : {true, false}) {
    const trace_context some{{0x0102, 0xfffefdfcfbfaf9f8}, span_id{7}, is_sampled};
    EXPECT_EQ(traceparent_from_text(traceparent_of(some)), some) << traceparent_of(some);
  }
  EXPECT_EQ(traceparent_of({{1, 2}, span_id{3}, true}),
            "00-00000000000000010000000000000002-0000000000000003-01");
}

}  // namespace
}  // namespace frontdesk
