#include "model/limits.hpp"
#include "tests/wire/protobuf_bytes.hpp"
#include "wire/frame_protobuf.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace frontdesk {
namespace {

using enum fault_code;
using namespace protobuf_bytes;
using namespace std::string_literals;

struct bad_bytes_row {
  std::string what;
  std::string bytes;
  fault_code code;
};

// The numbers of client_frame's fields.
constexpr unsigned post = 1;
constexpr unsigned received = 2;
constexpr unsigned typing = 3;
constexpr unsigned read = 4;
constexpr unsigned pong = 5;
constexpr unsigned sub = 6;
constexpr unsigned unsub = 7;
constexpr unsigned hello = 8;
constexpr unsigned history = 9;
constexpr unsigned status = 11;
constexpr unsigned watch = 12;
constexpr unsigned list = 13;
constexpr unsigned transfer = 15;
constexpr unsigned close = 17;

const std::string conversation = fixed64(2, 0x5c1f00d2a94be311);
const std::string phone = bytes(5, fixed64(1, 1) + fixed64(2, 2));

const std::string a_file = bytes(9, fixed64(1, 1) + fixed64(2, 2));

std::string with_text(std::string_view text) {
  return bytes(post, conversation + number(3, 1) + bytes(4, text));
}

std::string repeated(const std::string& part, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i)
    all += part;
  return all;
}

std::vector<bad_bytes_row> what_is_no_message() {
  return {
      {"nothing", "", bad_frame},
      {"JSON", R"({"t":"pong"})", bad_frame},
      {"a tag without a value", "\x08", bad_frame},
      {"field number zero", "\x02\x00"s, bad_frame},
      {"a field number of 30 bits", varint(1ULL << 32U) + varint(0), bad_frame},
      {"a tag that never ends", std::string(11, '\x80'), bad_frame},
      {"a tag of six bytes", "\xaa\x80\x80\x80\x80\x00\x00"s, bad_frame},
      {"a length of six bytes", "\x2a\x80\x80\x80\x80\x80\x00"s, bad_frame},
      {"a number of 65 bits", "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", bad_frame},
      {"fewer bytes than announced", "\x2a\x01", bad_frame},
      {"far fewer bytes than announced", "\x2a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", bad_frame},
      {"half a fixed number", tag(20, 1) + "1234567", bad_frame},
      {"half a short fixed number", tag(20, 5) + "123", bad_frame},
      {"a group", tag(20, 3) + tag(20, 4), bad_frame},
      {"the end of a group", tag(20, 4), bad_frame},
      {"wire type 6", tag(20, 6), bad_frame},
      {"wire type 7", tag(20, 7), bad_frame},
      {"a frame with something behind it", bytes(pong, "") + "\x08", bad_frame},
      {"a frame that is a number", number(pong, 1), bad_frame},
      {"two frames", bytes(pong, "") + bytes(pong, ""), bad_frame},
      {"two different frames", bytes(pong, "") + with_text("x"), bad_frame},
      {"a frame that is no message", bytes(pong, "\x08"), bad_frame},
      {"groups without end", repeated(tag(20, 3), 20'000), bad_frame},
      {"too many bytes", bytes(pong, std::string(limits::frame_bytes_max, 'x')), too_large},
      {"an unknown frame", bytes(18, conversation), unknown_frame},
      {"an unknown number", number(19, 3), unknown_frame},
      {"a server's frame", bytes(16, "") + number(20, 1), bad_value},
  };
}

std::vector<bad_bytes_row> what_is_not_text() {
  std::vector<bad_bytes_row> rows;
  for (const auto* text : {"\x80", "\xc3", "\xc3(", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf",
                           "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xff\xfe"}) {
    rows.push_back({"text that is not UTF-8", with_text(text), bad_value});
  }
  rows.push_back({"a token", bytes(hello, bytes(4, "\xff") + phone), bad_value});
  rows.push_back({"a client", bytes(hello, bytes(4, "x") + phone + bytes(6, "\xff")), bad_value});
  rows.push_back(
      {"an after", bytes(list, number(4, 1) + bytes(5, "\xff") + number(6, 1)), bad_value});
  return rows;
}

std::vector<bad_bytes_row> what_is_given_twice() {
  return {
      {"n", bytes(post, conversation + repeated(number(3, 1), 2) + bytes(4, "x")), bad_frame},
      {"a text", bytes(post, conversation + number(3, 1) + repeated(bytes(4, "x"), 2)), bad_frame},
      {"a conversation", bytes(read, repeated(conversation, 2) + number(4, 1)), bad_frame},
      {"a device", bytes(hello, bytes(4, "x") + repeated(phone, 2)), bad_frame},
      {"half of a device", bytes(hello, bytes(4, "x") + bytes(5, repeated(fixed64(1, 1), 2))),
       bad_frame},
  };
}

std::vector<bad_bytes_row> numbers_that_are_none() {
  const std::string id = number(1, 1);
  const auto in_history = [&](const std::string& rest) {
    return bytes(history, id + conversation + rest);
  };
  return {
      {"a seq as text", bytes(read, conversation + bytes(4, "1")), bad_frame},
      {"a seq as a fixed number", bytes(read, conversation + fixed64(4, 1)), bad_frame},
      {"a seq of 2^53", bytes(read, conversation + number(4, 1ULL << 53U)), bad_value},
      {"a seq below zero", bytes(read, conversation + number(4, ~0ULL)), bad_value},
      {"no n", bytes(post, conversation + bytes(4, "x")), bad_value},
      {"an n of 2^53", bytes(post, conversation + number(3, 1ULL << 53U)), bad_value},
      {"an id of 2^32", bytes(watch, number(1, 1ULL << 32U) + number(4, 1)), bad_value},
      {"a flag of 2", bytes(typing, conversation + number(4, 2)), bad_value},
      {"no limit", in_history(number(5, 5)), bad_value},
      {"a limit of 201", in_history(number(5, 5) + number(7, 201)), bad_value},
      {"edits and deletes",
       bytes(post, conversation + number(3, 1) + bytes(4, "x") + number(7, 1) + number(8, 1)),
       bad_frame},
      {"edits and an answer",
       bytes(post, conversation + number(3, 1) + bytes(4, "x") + number(7, 1) + number(6, 1)),
       bad_frame},
      {"deletes and a file", bytes(post, conversation + number(3, 1) + number(8, 1) + a_file),
       bad_frame},
      {"deletes 2^53", bytes(post, conversation + number(3, 1) + number(8, 1ULL << 53U)),
       bad_value},
      {"neither before nor after", in_history(number(7, 20)), bad_frame},
      {"before and after", in_history(number(5, 5) + number(6, 1) + number(7, 20)), bad_frame},
      {"a track of 3", in_history(number(4, 3) + number(5, 5) + number(7, 20)), bad_value},
      {"a longer list", bytes(list, id + number(4, 1) + number(6, 101)), bad_value},
      {"no view", bytes(list, id + number(6, 1)), bad_value},
      {"a view of 5", bytes(list, id + number(4, 5) + number(6, 1)), bad_value},
      {"no status", bytes(status, id), bad_value},
      {"a status of 5", bytes(status, id + number(4, 5)), bad_value},
      {"a capacity of 0", bytes(status, id + number(4, 3) + number(5, 0)), bad_value},
      {"a capacity of 201", bytes(status, id + number(4, 3) + number(5, 201)), bad_value},
  };
}

std::vector<bad_bytes_row> names_that_are_none() {
  const std::string id = number(1, 1);
  const auto to = [&](const std::string& person) {
    return bytes(transfer, id + conversation + bytes(4, person));
  };
  const std::string one = bytes(4, conversation);
  return {
      {"no conversation", bytes(close, id), bad_value},
      {"conversation zero", bytes(close, id + fixed64(2, 0)), bad_value},
      {"a conversation as a varint", bytes(close, id + number(2, 7)), bad_frame},
      {"a conversation as hex digits", bytes(close, id + bytes(2, "5c1f00d2a94be311")), bad_frame},
      {"no token", bytes(hello, phone), bad_value},
      {"a long token", bytes(hello, bytes(4, std::string(4097, 'x')) + phone), bad_value},
      {"a long name", bytes(hello, bytes(4, "x") + phone + bytes(6, std::string(65, 'x'))),
       bad_value},
      {"no device", bytes(hello, bytes(4, "x")), bad_value},
      {"an empty device", bytes(hello, bytes(4, "x") + bytes(5, "")), bad_value},
      {"a device that is no message", bytes(hello, bytes(4, "x") + bytes(5, "\x08")), bad_frame},
      {"nobody", to(""), bad_value},
      {"agent zero", to(number(1, 2)), bad_value},
      {"a visitor", to(number(1, 1) + fixed64(2, 7)), bad_value},
      {"the system", to(number(1, 3)), bad_value},
      {"a person as a number", bytes(transfer, id + conversation + number(4, 7)), bad_frame},
      {"an empty file", bytes(post, conversation + number(3, 1) + bytes(9, "")), bad_value},
      {"a file as text", bytes(post, conversation + number(3, 1) + bytes(9, "../etc/passwd")),
       bad_frame},
      {"a file as a number", bytes(post, conversation + number(3, 1) + number(9, 1)), bad_frame},
      {"a long preview", bytes(typing, conversation + bytes(5, std::string(1025, 'x'))), bad_value},
      {"no subscription", bytes(sub, ""), bad_value},
      {"65 subscriptions", bytes(sub, repeated(one, 65)), bad_value},
      {"twenty thousand subscriptions", bytes(sub, repeated(bytes(4, ""), 20'000)), bad_value},
      {"a subscription to nothing", bytes(sub, bytes(4, number(4, 1))), bad_value},
      {"a subscription that is a number", bytes(sub, number(4, 1)), bad_frame},
      {"a subscription that is no message", bytes(sub, bytes(4, "\x08")), bad_frame},
      {"257 packed ids", bytes(unsub, bytes(4, std::string(257 * 8, 'x'))), bad_value},
      {"257 ids", bytes(unsub, repeated(fixed64(4, 7), 257)), bad_value},
      {"half an id", bytes(unsub, bytes(4, std::string(12, 'x'))), bad_frame},
      {"an id of zero", bytes(unsub, bytes(4, std::string(8, '\0'))), bad_value},
      {"an id as a varint", bytes(unsub, number(4, 7)), bad_frame},
  };
}

void expect_refused(const std::vector<bad_bytes_row>& rows) {
  for (const bad_bytes_row& row : rows) {
    const auto read = read_protobuf(row.bytes);
    const auto* unreadable = std::get_if<frame::unreadable>(&read);
    const auto code = unreadable != nullptr ? unreadable->code : none;
    EXPECT_EQ(entry_of(code).name, entry_of(row.code).name) << row.what;
    EXPECT_NE(code, none) << row.what;
  }
}

TEST(BadProtobuf, IsNoMessage) {
  expect_refused(what_is_no_message());
}

TEST(BadProtobuf, HoldsWhatIsNotText) {
  testing::internal::CaptureStderr();
  expect_refused(what_is_not_text());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << "the library had something to say";
}

TEST(BadProtobuf, GivesAFieldTwice) {
  expect_refused(what_is_given_twice());
}

TEST(BadProtobuf, HasNumbersThatAreNone) {
  expect_refused(numbers_that_are_none());
}

TEST(BadProtobuf, HasNamesThatAreNone) {
  expect_refused(names_that_are_none());
}

frame::unreadable refusal_of(std::string_view bytes) {
  const auto read = read_protobuf(bytes);
  const auto* unreadable = std::get_if<frame::unreadable>(&read);
  return unreadable != nullptr ? *unreadable : frame::unreadable{none, {}, {}, {}};
}

TEST(BadProtobuf, IsToldWithWhatItIsAbout) {
  const auto wrong = refusal_of(bytes(post, conversation + number(3, 6) + bytes(4, "\xff")));

  EXPECT_EQ(wrong.conversation, conversation_id{0x5c1f00d2a94be311});
  EXPECT_EQ(wrong.n, post_number{6});
  EXPECT_EQ(wrong.id, std::nullopt);
}

TEST(BadProtobuf, IsToldWithTheNumberOfItsRequestAlsoIfItIsZero) {
  EXPECT_EQ(refusal_of(bytes(close, number(1, 9))).id, 9U);
  EXPECT_EQ(refusal_of(bytes(close, "")).id, 0U);
}

TEST(BadProtobuf, IsToldWithWhatItIsAboutAlsoIfNobodyKnowsTheFrame) {
  const auto wrong = refusal_of(bytes(30, number(1, 5) + conversation));

  EXPECT_EQ(wrong.code, unknown_frame);
  EXPECT_EQ(wrong.id, 5U);
  EXPECT_EQ(wrong.conversation, conversation_id{0x5c1f00d2a94be311});
}

TEST(BadProtobuf, IsNotOneWithFieldsThatNobodyKnows) {
  const std::string later =
      number(9, 1) + bytes(10, "\xff") + fixed64(500, 1) + tag(20, 5) + "1234";
  const auto read = read_protobuf(bytes(received, later + conversation) + bytes(100, "x"));

  const auto* known = std::get_if<frame::from_client>(&read);
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(std::get<frame::received>(*known).conversation, conversation_id{0x5c1f00d2a94be311});
}

TEST(BadProtobuf, IsNotOneWithNumbersThatAreLongerThanNeeded) {
  const auto read = read_protobuf(bytes(watch, "\x88\x00\x85\x80\x00\x20\x81\x00"s));

  const auto* known = std::get_if<frame::from_client>(&read);
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(std::get<frame::watch>(*known), (frame::watch{5, true}));
}

TEST(BadProtobuf, IsNotOneWhoseIdsAreNotPacked) {
  const auto read = read_protobuf(
      bytes(unsub, fixed64(4, 7) + bytes(4, fixed64(4, 8).substr(1)) + fixed64(4, 9)));

  const auto* known = std::get_if<frame::from_client>(&read);
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(std::get<frame::unsub>(*known).conversations,
            (std::vector{conversation_id{7}, conversation_id{8}, conversation_id{9}}));
}

}  // namespace
}  // namespace frontdesk
