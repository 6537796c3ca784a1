#include "wire/trace_json.hpp"

#include "wire/otlp_json.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

span some_span() {
  span one;
  one.what.kind = span_kind::commit;
  one.what.at = {{0xa, 0xb}, span_id{0xc}, true};
  one.what.parent = span_id{0xd};
  one.what.began = open_span::moment{1s};
  one.ended = open_span::moment{1s + 1234567ns};
  one.unix_ns = 1'769'860'800'123'456'789;
  one.tenant = tenant_id{1};
  one.conversation = conversation_id{0x0a};
  one.person = {person_kind::visitor, 0x0b};
  one.device = {1, 2};
  one.n = post_number{3};
  one.seq = sequence{4};
  one.batch = 5;
  one.transport = "websocket";
  one.encoding = "json";
  return one;
}

connection_note some_note() {
  connection_note one;
  one.kind = connection_note::kinds::frame_out;
  one.connection = connection_id{9};
  one.name = "ack";
  one.bytes = 90;
  one.unix_ns = 1'769'860'800'000'001'000;
  return one;
}

TEST(OtlpJson, SaysASpanAsTheProtocolWantsIt) {
  const span one = some_span();

  EXPECT_EQ(otlp_json::to_json({"1.0", "here", "life"}, {&one, 1}),
            R"({"resourceSpans":[{"resource":{"attributes":[)"
            R"({"key":"service.name","value":{"stringValue":"frontdesk"}},)"
            R"({"key":"service.version","value":{"stringValue":"1.0"}},)"
            R"({"key":"service.instance.id","value":{"stringValue":"life"}},)"
            R"({"key":"host.name","value":{"stringValue":"here"}}]},)"
            R"("scopeSpans":[{"scope":{"name":"frontdesk"},"spans":[)"
            R"({"traceId":"000000000000000a000000000000000b","spanId":"000000000000000c",)"
            R"("parentSpanId":"000000000000000d","name":"commit","kind":1,)"
            R"("startTimeUnixNano":"1769860800123456789","endTimeUnixNano":"1769860800124691356",)"
            R"("attributes":[{"key":"tenant","value":{"intValue":"1"}},)"
            R"({"key":"conversation","value":{"stringValue":"000000000000000a"}},)"
            R"({"key":"person","value":{"stringValue":"visitor:000000000000000b"}},)"
            R"({"key":"device","value":{"stringValue":"00000000000000010000000000000002"}},)"
            R"({"key":"n","value":{"intValue":"3"}},{"key":"seq","value":{"intValue":"4"}},)"
            R"({"key":"batch","value":{"intValue":"5"}},)"
            R"({"key":"transport","value":{"stringValue":"websocket"}},)"
            R"({"key":"encoding","value":{"stringValue":"json"}},)"
            R"({"key":"result","value":{"stringValue":"ok"}}],"status":{}}]}]}]})");
}

TEST(OtlpJson, SaysThatSomethingFailed) {
  span one = some_span();
  one.result = "storage_full";
  one.what.parent = {};

  const std::string said = otlp_json::to_json({}, {&one, 1});

  EXPECT_THAT(said, HasSubstr(R"("status":{"code":2,"message":"storage_full"})"));
  EXPECT_THAT(said, Not(HasSubstr("parentSpanId")));
}

TEST(OtlpJson, ReadsHowManyWereRejected) {
  for (const auto& [said, count] :
       {std::pair{R"({"partialSuccess":{"rejectedSpans":"7"}})", 7U},
        std::pair{R"({"partialSuccess":{"rejectedSpans":7}})", 7U},
        std::pair{R"({"partialSuccess":{"rejectedSpans":-7}})", 0U},
        std::pair{R"({"partialSuccess":{"rejectedSpans":"many"}})", 0U},
        std::pair{R"({"partialSuccess":{}})", 0U}, std::pair{R"({"partialSuccess":7})", 0U},
        std::pair{"{}", 0U}, std::pair{"", 0U}, std::pair{"<html>", 0U}}) {
    EXPECT_EQ(otlp_json::rejected_in(said), count) << said;
  }
}

TEST(TraceJson, IsReadAsItWasWritten) {
  const watch_news told{{some_span(), some_note()}, 3, true};

  const auto read = trace_json::read_news(trace_json::to_json(told));

  ASSERT_TRUE(read);
  EXPECT_EQ(read->lost, 3U);
  EXPECT_TRUE(read->has_more);
  ASSERT_EQ(read->lines.size(), 2U);
  EXPECT_EQ(read->lines[0].json,
            R"({"kind":"span","time_us":1769860800123456,"span":"commit","lasted_us":1234,)"
            R"("result":"ok","trace":"000000000000000a000000000000000b","id":"000000000000000c",)"
            R"("parent":"000000000000000d","tenant":1,"conversation":"000000000000000a",)"
            R"("person":"visitor:000000000000000b","device":"00000000000000010000000000000002",)"
            R"("n":3,"seq":4,"batch":5,"transport":"websocket","encoding":"json"})");
  EXPECT_EQ(read->lines[1].json, R"({"kind":"frame","time_us":1769860800000001,"event":"out",)"
                                 R"("frame":"ack","bytes":90,"connection":"0000000000000009"})");
  EXPECT_EQ(read->lines[1].text,
            "12:00:00.000001  out          ack  bytes 90  connection 0000000000000009");
  EXPECT_TRUE(read->lines[0].text.starts_with(
      "12:00:00.123456  commit           1.234 ms  ok  n 3  seq 4  batch 5  person visitor:"))
      << read->lines[0].text;
}

TEST(TraceJson, SaysWhichActorFailedAndUnderWhichTrace) {
  connection_note one = some_note();
  one.kind = connection_note::kinds::failed;
  one.name = "conversation";
  one.bytes = 0;
  one.connection = {};
  one.trace = {0xa, 0xb};

  const auto read = trace_json::read_news(trace_json::to_json({{one}, 0, false}));

  ASSERT_TRUE(read);
  ASSERT_EQ(read->lines.size(), 1U);
  EXPECT_EQ(read->lines[0].json,
            R"({"kind":"actor","time_us":1769860800000001,"event":"failed",)"
            R"("actor":"conversation","trace":"000000000000000a000000000000000b"})");
  EXPECT_EQ(read->lines[0].text,
            "12:00:00.000001  failed       conversation  trace 000000000000000a000000000000000b");
}

TEST(TraceJson, SaysHowAConnectionEnded) {
  connection_note one = some_note();
  one.kind = connection_note::kinds::closed;
  one.name = "breach";
  one.bytes = 0;
  one.code = 1009;

  const auto read = trace_json::read_news(trace_json::to_json({{one}, 0, false}));

  ASSERT_TRUE(read);
  EXPECT_EQ(read->lines.at(0).json,
            R"({"kind":"connection","time_us":1769860800000001,"event":"closed","why":"breach",)"
            R"("code":1009,"connection":"0000000000000009"})");
}

TEST(TraceJson, IsNotReadFromSomethingElse) {
  for (const std::string_view text : {"", "{}", "[]", R"({"lines":7,"more":true})",
                                      R"({"lines":[7],"more":true})", R"({"lines":[]})"}) {
    EXPECT_FALSE(trace_json::read_news(text)) << text;
  }
}

}  // namespace
}  // namespace frontdesk
