#include "model/limits.hpp"
#include "wire/frame_json.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace frontdesk {
namespace {

using enum fault_code;
using namespace std::string_literals;

struct bad_frame_row {
  std::string text;
  fault_code code;
};

constexpr std::string_view id = R"("conversation":"5c1f00d2a94be311")";

std::string object(std::string_view t, std::string_view fields) {
  return "{\"t\":\"" + std::string{t} + "\"," + std::string{fields} + "}";
}

std::string about(std::string_view t, std::string_view fields) {
  return object(t, std::string{id} + "," + std::string{fields});
}

std::string with_text(std::string_view bytes) {
  return about("post", R"("n":1,"text":")" + std::string{bytes} + "\"");
}

std::string repeated(std::string_view part, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += part;
  return text;
}

std::string nested(std::size_t depth) {
  return R"({"t":"pong","x":)" + repeated("[", depth) + repeated("]", depth) + "}";
}

std::vector<bad_frame_row> what_is_not_json() {
  return {
      {"", not_json},
      {" ", not_json},
      {"\0"s, not_json},
      {"pong", not_json},
      {"'t'", not_json},
      {"null", not_json},
      {"true", not_json},
      {"17", not_json},
      {"\"pong\"", not_json},
      {"[]", not_json},
      {R"([{"t":"pong"}])", not_json},
      {"{", not_json},
      {"}", not_json},
      {R"({"t":"pong")", not_json},
      {R"({"t":"pong"}})", not_json},
      {R"({"t":"pong"}{"t":"pong"})", not_json},
      {R"({"t":"pong"} x)", not_json},
      {R"({"t":"pong"})"s + '\0', not_json},
      {R"({"t":"pong",})", not_json},
      {R"({"t":"pong",,"x":1})", not_json},
      {R"({"t" "pong"})", not_json},
      {R"({t:"pong"})", not_json},
      {R"({'t':'pong'})", not_json},
      {R"({"t":"pong","x":[1,]})", not_json},
      {R"({"t":"pong"/**/})", not_json},
      {"{\"t\":\"pong\"}//", not_json},
      {"\xef\xbb\xbf{\"t\":\"pong\"}", not_json},
      {"{\"t\":\"pong\",\"x\":\v1}", not_json},
      {R"({"t":"pong","x":01})", not_json},
      {R"({"t":"pong","x":+1})", not_json},
      {R"({"t":"pong","x":.5})", not_json},
      {R"({"t":"pong","x":1.})", not_json},
      {R"({"t":"pong","x":0x10})", not_json},
      {R"({"t":"pong","x":NaN})", not_json},
      {R"({"t":"pong","x":-Infinity})", not_json},
      {R"({"t":"pong","x":True})", not_json},
      {R"({"t":"pong","x":nul})", not_json},
      {R"({"t":"pong","x":[}])", not_json},
      {"{\"t\":\"pong\",\"x\":\"" + std::string(60'000, 'x'), not_json},
  };
}

std::vector<bad_frame_row> what_is_not_text() {
  return {
      {with_text("a\0b"s), not_json},                     // a raw NUL
      {with_text("a\nb"), not_json},                      // a raw line end
      {with_text("\x1f"), not_json},                      // a raw control character
      {with_text("\x80"), not_json},                      // a continuation without a beginning
      {with_text("\xc3"), not_json},                      // a beginning without its continuation
      {with_text("\xc3("), not_json},                     // the same with something else
      {with_text("\xc0\xaf"), not_json},                  // overlong, two bytes
      {with_text("\xe0\x80\xaf"), not_json},              // overlong, three
      {with_text("\xf0\x80\x80\xaf"), not_json},          // overlong, four
      {with_text("\xed\xa0\x80"), not_json},              // a leading surrogate
      {with_text("\xed\xbf\xbf"), not_json},              // a trailing surrogate
      {with_text("\xed\xa0\xbd\xed\xb9\x82"), not_json},  // a pair of them
      {with_text("\xf4\x90\x80\x80"), not_json},          // beyond U+10FFFF
      {with_text("\xf8\x88\x80\x80\x80"), not_json},      // five bytes
      {with_text("\xff\xfe"), not_json},                  // not UTF-8 at all
      {with_text(R"(\ud83d)"), not_json},                 // a lone leading surrogate
      {with_text(R"(\ude42)"), not_json},                 // a lone trailing surrogate
      {with_text(R"(\ude42\ud83d)"), not_json},           // the wrong way round
      {with_text(R"(\ud83d\u0041)"), not_json},           // followed by something else
      {with_text(R"(\u12)"), not_json},
      {with_text(R"(\u00zz)"), not_json},
      {with_text(R"(\x41)"), not_json},
      {with_text(R"(\)"), not_json},
      {"{\"t\":\"pong\",\"\xff\":1}", not_json},  // in a key
      {R"({"t":"pong","\ud800":1})", not_json},
  };
}

std::vector<bad_frame_row> what_is_too_much() {
  return {
      {nested(8), bad_frame},
      {nested(1000), bad_frame},
      {nested(30'000), bad_frame},
      {repeated("[", 60'000), bad_frame},
      {repeated(R"({"a":)", 10'000), bad_frame},
      {R"({"t":"pong","x":[)" + repeated("1,", 30'000) + "1]}", bad_frame},
      {R"({"t":"pong","x":[)" + repeated("[],", 20'000) + "1]}", bad_frame},
      {object("unsub", R"("conversations":[)" + repeated("\"\",", 20'000) + "\"\"]"), bad_frame},
      {R"({"t":"pong","x":")" + std::string(limits::frame_bytes_max, 'x') + "\"}", too_large},
      {std::string(limits::frame_bytes_max + 1, ' '), too_large},
  };
}

std::vector<bad_frame_row> what_is_given_twice() {
  return {
      {R"({"t":"pong","t":"pong"})", bad_frame},
      {R"({"t":"pong","\u0074":"pong"})", bad_frame},
      {R"({"t":"pong","x":1,"x":1})", bad_frame},
      {R"({"t":"pong","":1,"":2})", bad_frame},
      {R"({"t":"pong","x":{"y":[{"a":1,"b":2,"a":1}]}})", bad_frame},
      {about("post", R"("n":1,"n":2,"text":"x")"), bad_frame},
      {about("read", R"("seq":1,"conversation":"5c1f00d2a94be312")"), bad_frame},
  };
}

std::vector<bad_frame_row> what_has_no_name() {
  return {
      {"{}", bad_frame},
      {R"({"T":"pong"})", bad_frame},
      {R"({"t":null})", bad_frame},
      {R"({"t":1})", bad_frame},
      {R"({"t":["pong"]})", bad_frame},
      {R"({"x":{"t":"pong"}})", bad_frame},
      {R"({"t":""})", unknown_frame},
      {R"({"t":"Pong"})", unknown_frame},
      {R"({"t":"pong "})", unknown_frame},
      {R"({"t":"pong\u0000"})", unknown_frame},
      {R"({"t":"event"})", unknown_frame},
      {R"({"t":"give_back","id":1})", unknown_frame},
  };
}

std::vector<bad_frame_row> numbers_that_are_none() {
  return {
      {about("read", R"("seq":"1")"), bad_frame},
      {about("read", R"("seq":null)"), bad_frame},
      {about("read", R"("seq":true)"), bad_frame},
      {about("read", R"("seq":[1])"), bad_frame},
      {about("read", R"("seq":1.0)"), bad_frame},
      {about("read", R"("seq":1.5)"), bad_frame},
      {about("read", R"("seq":1e3)"), bad_frame},
      {about("read", R"("seq":-0.0)"), bad_frame},
      {about("read", R"("seq":1E400)"), bad_frame},
      {about("read", R"("seq":-1)"), bad_value},
      {about("read", R"("seq":9007199254740992)"), bad_value},
      {about("read", R"("seq":9223372036854775808)"), bad_value},
      {about("read", R"("seq":18446744073709551616)"), bad_value},
      {about("read", R"("seq":-9223372036854775809)"), bad_value},
      {about("read", "\"seq\":" + std::string(400, '9')), bad_value},
      {about("post", R"("n":0,"text":"x")"), bad_value},
      {about("post", R"("n":9007199254740992,"text":"x")"), bad_value},
      {object("watch", R"("id":-1,"on":true)"), bad_value},
      {object("watch", R"("id":4294967296,"on":true)"), bad_value},
      {object("watch", R"("id":1,"on":1)"), bad_frame},
      {object("watch", R"("id":1,"on":"true")"), bad_frame},
      {about("history", R"("id":1,"before":5,"limit":0)"), bad_value},
      {about("history", R"("id":1,"before":5,"limit":201)"), bad_value},
      {about("history", R"("id":1,"limit":20)"), bad_frame},
      {about("history", R"("id":1,"before":5,"after":1,"limit":20)"), bad_frame},
      {about("history", R"("id":1,"before":null,"limit":20)"), bad_frame},
      {object("list", R"("id":1,"view":"mine","limit":101)"), bad_value},
      {object("status", R"("id":1,"status":"busy","capacity":0)"), bad_value},
      {object("status", R"("id":1,"status":"busy","capacity":201)"), bad_value},
      {object("status", R"("id":1,"status":"busy","capacity":null)"), bad_frame},
  };
}

std::vector<bad_frame_row> names_that_are_none() {
  const auto device = [](std::string_view digits) {
    return object("hello", R"("token":"x","device":")" + std::string{digits} + "\"");
  };
  const auto close = [](std::string_view digits) {
    return object("close", R"("id":1,"conversation":")" + std::string{digits} + "\"");
  };
  const auto transfer = [](std::string_view to) {
    return about("transfer", R"("id":1,"to":")" + std::string{to} + "\"");
  };
  return {
      {close(""), bad_value},
      {close("5c1f00d2a94be31"), bad_value},
      {close("5c1f00d2a94be3111"), bad_value},
      {close("5C1F00D2A94BE311"), bad_value},
      {close("5c1f00d2a94be31g"), bad_value},
      {close("0x1f00d2a94be311"), bad_value},
      {close("0000000000000000"), bad_value},
      {object("close", R"("id":1,"conversation":6637)"), bad_frame},
      {object("close", R"("id":1,"conversation":null)"), bad_frame},
      {device("0123456789abcdef"), bad_value},
      {device("0123456789abcdefFEDCBA9876543210"), bad_value},
      {device("00000000000000000000000000000000"), bad_value},
      {device("0123456789abcdef-edcba9876543210"), bad_value},
      {transfer("visitor:0000000000000007"), bad_value},
      {transfer("agent:7"), bad_value},
      {transfer("agent:0000000000000000"), bad_value},
      {transfer("Agent:0000000000000007"), bad_value},
      {transfer("system"), bad_value},
      {about("post", R"("n":1,"text":"x","track":"Public")"), bad_value},
      {about("post", R"("n":1,"text":"x","track":1)"), bad_frame},
      {about("post", R"("n":1,"text":["x"])"), bad_frame},
      {about("post", R"("n":1,"text":"x","edits":1,"deletes":1)"), bad_frame},
      {about("post", R"("n":1,"text":"x","edits":1,"reply_to":1)"), bad_frame},
      {about("post", R"("n":1,"deletes":1,"file":"0123456789abcdef0123456789abcdef")"), bad_frame},
      {about("post", R"("n":1,"edits":1)"), bad_frame},
      {about("post", R"("n":1,"text":"x","edits":0)"), bad_value},
      {about("post", R"("n":1,"deletes":9007199254740992)"), bad_value},
      {about("post", R"("n":1,"text":"x","reply_to":"1")"), bad_frame},
      {about("post", R"("n":1,"text":"x","reply_to":-1)"), bad_value},
      {about("post", R"("n":1,"file":"0123456789ABCDEF0123456789abcdef")"), bad_value},
      {about("post", R"("n":1,"file":"../../../../../../../etc/passwd")"), bad_value},
      {about("post", R"("n":1,"file":1)"), bad_frame},
      {about("typing", R"("on":true,"text":7)"), bad_frame},
      {about("typing", R"("on":true,"text":")" + std::string(1025, 'x') + "\""), bad_value},
      {object("status", R"("id":1,"status":"asleep")"), bad_value},
      {object("list", R"("id":1,"view":"bot","limit":1)"), bad_value},
      {object("list", R"("id":1,"view":"all","limit":1,"after":5)"), bad_frame},
      {object("sub", R"("subs":{})"), bad_frame},
      {object("sub", R"("subs":[])"), bad_value},
      {object("sub", R"("subs":["5c1f00d2a94be311"])"), bad_frame},
      {object("sub", R"("subs":[{"after":1}])"), bad_frame},
      {object("sub", R"("subs":[{"conversation":"5c1f00d2a94be311"}])"), bad_frame},
      {object("sub", R"("subs":[{"conversation":"x","after":1}])"), bad_value},
      {object("unsub", R"("conversations":["5c1f00d2a94be311",1])"), bad_frame},
      {object("unsub", R"("conversations":["5c1f00d2a94be311",""])"), bad_value},
      {object("refresh", R"("id":1,"token":"")"), bad_value},
  };
}

void expect_refused(const std::vector<bad_frame_row>& rows) {
  for (const bad_frame_row& row : rows) {
    const auto read = read_json(row.text);
    const auto* unreadable = std::get_if<frame::unreadable>(&read);
    const auto code = unreadable != nullptr ? unreadable->code : none;
    EXPECT_EQ(entry_of(code).name, entry_of(row.code).name) << row.text.substr(0, 200);
    EXPECT_NE(code, none) << row.text.substr(0, 200);
  }
}

TEST(BadFrame, IsNotJson) {
  expect_refused(what_is_not_json());
}

TEST(BadFrame, HoldsWhatIsNotText) {
  expect_refused(what_is_not_text());
}

TEST(BadFrame, HoldsTooMuch) {
  expect_refused(what_is_too_much());
}

TEST(BadFrame, GivesAFieldTwice) {
  expect_refused(what_is_given_twice());
}

TEST(BadFrame, HasNoNameOfOurs) {
  expect_refused(what_has_no_name());
}

TEST(BadFrame, HasNumbersThatAreNone) {
  expect_refused(numbers_that_are_none());
}

TEST(BadFrame, HasNamesThatAreNone) {
  expect_refused(names_that_are_none());
}

TEST(BadFrame, IsNotOneThatIsNestedJustDeepEnough) {
  EXPECT_TRUE(std::holds_alternative<frame::from_client>(read_json(nested(7))));
}

TEST(BadFrame, IsNotOneWithSpaceAroundIt) {
  const auto read = read_json(" \r\n\t{ \"t\" : \"pong\" } \n");

  EXPECT_TRUE(std::holds_alternative<frame::from_client>(read));
}

}  // namespace
}  // namespace frontdesk
