#include "model/limits.hpp"
#include "tests/wire/both_encodings.hpp"
#include "tests/wire/client_text.hpp"
#include "tests/wire/golden.hpp"
#include "tests/wire/samples.hpp"
#include "wire/frame_json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace frontdesk {
namespace {

using namespace std::string_literals;
using samples::parcel;
using samples::refund;

struct client_sample {
  std::string_view name;
  frame::from_client frame;
};

void PrintTo(const client_sample& sample, std::ostream* out) {
  *out << sample.name;
}

frame::post post_of(std::uint64_t n, track where, std::string text) {
  frame::post said;
  said.conversation = parcel;
  said.n = post_number{n};
  said.where = where;
  said.text = std::move(text);
  return said;
}

std::vector<client_sample> client_samples() {
  const auto answer = samples::question();
  frame::post reply = post_of(5, track::visible, "Yes, that one.");
  reply.reply_to = sequence{11};
  frame::post edit = post_of(6, track::visible, "Where is my *second* parcel?");
  edit.edits = sequence{12};
  frame::post deletion = post_of(7, track::internal, "");
  deletion.deletes = sequence{2};
  frame::post file = post_of(8, track::visible, "");
  file.file = samples::picture().file->id;
  frame::post captioned = file;
  captioned.n = post_number{9};
  captioned.text = "Like this one";
  frame::post traced = post_of(10, track::visible, "Where is it now?");
  traced.trace = {
      {0x0af7651916cd43ddULL, 0x8448eb211c80319cULL}, span_id{0xb7ad6b7169203331}, true};
  return {
      {"hello", frame::hello{"v1.token", samples::phone, "widget 1.0"}},
      {"hello_without_client", frame::hello{"v1.token", samples::phone, ""}},
      {"hello_lean", frame::hello{"v1.token", samples::phone, "widget 1.0", true}},
      {"refresh", frame::refresh{1, "v1.another"}},
      {"sub", frame::sub{{{parcel, sequence{12}, {}}, {refund, sequence{0}, sequence{2}}}}},
      {"unsub", frame::unsub{{parcel, refund}}},
      {"post", post_of(3, track::visible, answer)},
      {"post_internal", post_of(4, track::internal, "Asked.")},
      {"post_reply", reply},
      {"post_edit", edit},
      {"post_delete", deletion},
      {"post_file", file},
      {"post_file_with_text", captioned},
      {"post_traced", traced},
      {"history_before", frame::history{2, parcel, track::visible, sequence{51}, std::nullopt, 50}},
      {"history_after", frame::history{3, parcel, track::internal, std::nullopt, sequence{0}, 200}},
      {"received", frame::received{parcel, sequence{12}}},
      {"read", frame::read{parcel, sequence{12}}},
      {"typing", frame::typing{parcel, true, ""}},
      {"typing_preview", frame::typing{parcel, true, "Where is my par"}},
      {"status", frame::status{4, frame::routing_status::accepting, 6}},
      {"status_without_capacity", frame::status{5, frame::routing_status::away, std::nullopt}},
      {"watch", frame::watch{6, true}},
      {"list", frame::list{7, frame::list_view::closed, "1763683200000", 100}},
      {"list_from_the_beginning", frame::list{8, frame::list_view::queue, "", 1}},
      {"agents", frame::agents{9}},
      {"transfer", frame::transfer{10, parcel, samples::bo}},
      {"return", frame::give_back{11, parcel}},
      {"close", frame::close{4294967295, parcel}},
      {"pong", frame::pong{}},
  };
}

frame::unreadable refusal_of(std::string_view text) {
  const auto read = read_json(text);
  const auto* unreadable = std::get_if<frame::unreadable>(&read);
  return unreadable != nullptr ? *unreadable : frame::unreadable{fault_code::none, {}, {}, {}};
}

fault_code code_of(std::string_view text) {
  return refusal_of(text).code;
}

class ClientFrame : public testing::TestWithParam<client_sample> {};

TEST_P(ClientFrame, IsReadFromItsGoldenText) {
  const client_sample& sample = GetParam();
  const auto name = fmt::format("client_{}.json", sample.name);

  golden::expect_text(name, client_text(sample.frame));
  const auto read = read_json(golden::text_of(name));

  ASSERT_TRUE(std::holds_alternative<frame::from_client>(read));
  EXPECT_EQ(std::get<frame::from_client>(read), sample.frame);
}

TEST_P(ClientFrame, IsReadFromItsGoldenBytes) {
  const client_sample& sample = GetParam();
  const auto name = fmt::format("client_{}.protobuf", sample.name);

  golden::expect_bytes(name, client::in_protobuf(client_text(sample.frame)));
  const auto read = read_protobuf(golden::bytes_of(name));

  ASSERT_TRUE(std::holds_alternative<frame::from_client>(read));
  EXPECT_EQ(std::get<frame::from_client>(read), sample.frame);
}

TEST_P(ClientFrame, MayHaveFieldsThatNobodyKnows) {
  const client_sample& sample = GetParam();
  std::string text = client_text(sample.frame);
  text.insert(1, R"("later":{"deep":[1,2.5e3,null,{"t":"x"}]},"":-9999999999999999999,)");

  const auto read = read_json(text);

  ASSERT_TRUE(std::holds_alternative<frame::from_client>(read));
  EXPECT_EQ(std::get<frame::from_client>(read), sample.frame);
}

TEST_P(ClientFrame, IsRefusedWithoutAnyOfItsFields) {
  const std::vector<std::string_view> optional = {
      "client",   "lean",  "internal_after", "track", "capacity",
      "reply_to", "edits", "deletes",        "file",  "traceparent"};
  const client_sample& sample = GetParam();
  const std::string text = client_text(sample.frame);

  for (std::size_t at = text.find("\":"); at != std::string::npos; at = text.find("\":", at + 1)) {
    const std::size_t begin = text.rfind('"', at - 1) + 1;
    const std::string_view key = std::string_view{text}.substr(begin, at - begin);
    const bool is_list_after = sample.name == "list" && key == "after";
    const bool is_free_text = sample.name == "post_file_with_text" && key == "text";
    const bool is_preview = sample.name == "typing_preview" && key == "text";
    if (is_list_after || is_free_text || is_preview ||
        std::ranges::find(optional, key) != optional.end())
      continue;
    std::string without = text;
    without.replace(begin, at - begin, "nothing_" + std::to_string(begin));
    EXPECT_EQ(code_of(without), fault_code::bad_frame) << without;
  }
}

INSTANTIATE_TEST_SUITE_P(Every, ClientFrame, testing::ValuesIn(client_samples()),
                         [](const auto& param) {
                           std::string name;
                           for (const char c : param.param.name) {
                             if (c != '_') name += c;
                           }
                           return name;
                         });

TEST(ReadJson, TellsWhichRequestCouldNotBeRead) {
  const auto refusal =
      refusal_of(R"({"t":"close","id":77,"conversation":"5c1f00d2a94be311","n":5,"n2":"x"})");
  EXPECT_EQ(refusal.code, fault_code::none);

  const auto unknown =
      refusal_of(R"({"t":"dance","id":77,"conversation":"5c1f00d2a94be311","n":5})");
  EXPECT_EQ(unknown, (frame::unreadable{fault_code::unknown_frame, 77, parcel, post_number{5}}));
}

TEST(ReadJson, NamesThePostWhoseTextIsMissing) {
  const auto refusal = refusal_of(R"({"t":"post","conversation":"5c1f00d2a94be311","n":5})");

  EXPECT_EQ(refusal, (frame::unreadable{fault_code::bad_frame, {}, parcel, post_number{5}}));
}

TEST(ReadJson, NamesOnlyWhatHasItsForm) {
  const auto refusal =
      refusal_of(R"({"t":"close","id":-1,"conversation":"5C1F00D2A94BE311","n":"5"})");

  EXPECT_EQ(refusal, (frame::unreadable{fault_code::bad_value, {}, {}, {}}));
}

TEST(ReadJson, NamesNothingOfWhatIsNotJson) {
  const auto refusal = refusal_of(R"({"t":"close","id":1,"conversation":"5c1f00d2a94be311")");

  EXPECT_EQ(refusal, (frame::unreadable{fault_code::not_json, {}, {}, {}}));
}

TEST(ReadJson, PrefersTheWrongTypeToTheWrongValue) {
  EXPECT_EQ(code_of(R"({"t":"read","conversation":"zz","seq":"1"})"), fault_code::bad_frame);
  EXPECT_EQ(code_of(R"({"t":"read","conversation":1,"seq":-1})"), fault_code::bad_frame);
  EXPECT_EQ(code_of(R"({"t":"read","conversation":"zz","seq":1})"), fault_code::bad_value);
}

TEST(ReadJson, TakesAsManySubscriptionsAsAFrameMayHave) {
  frame::sub sub;
  sub.subs.resize(limits::subs_per_frame_max, {parcel, sequence{1}, sequence{2}});
  EXPECT_EQ(code_of(client_text(sub)), fault_code::none);

  sub.subs.push_back(sub.subs.front());
  EXPECT_EQ(code_of(client_text(sub)), fault_code::bad_value);

  sub.subs.clear();
  EXPECT_EQ(code_of(client_text(sub)), fault_code::bad_value);
}

TEST(ReadJson, TakesAsManyUnsubscriptionsAsAConnectionMayHave) {
  frame::unsub unsub;
  EXPECT_EQ(code_of(client_text(unsub)), fault_code::none);

  unsub.conversations.resize(limits::subs_max, parcel);
  EXPECT_EQ(code_of(client_text(unsub)), fault_code::none);

  unsub.conversations.push_back(parcel);
  EXPECT_EQ(code_of(client_text(unsub)), fault_code::bad_value);
}

TEST(ReadJson, BoundsWhereAListGoesOn) {
  frame::list list{1, frame::list_view::all, std::string(limits::list_after_bytes_max, 'a'), 1};
  EXPECT_EQ(code_of(client_text(list)), fault_code::none);

  list.after += 'a';

  EXPECT_EQ(code_of(client_text(list)), fault_code::bad_value);
}

TEST(ReadJson, BoundsTokenAndClient) {
  frame::hello hello{std::string(limits::token_bytes_max, 't'), samples::phone,
                     std::string(limits::client_bytes_max, 'c')};
  EXPECT_EQ(code_of(client_text(hello)), fault_code::none);

  hello.client += 'c';
  EXPECT_EQ(code_of(client_text(hello)), fault_code::bad_value);

  hello.client.clear();
  hello.token += 't';
  EXPECT_EQ(code_of(client_text(hello)), fault_code::bad_value);

  hello.token.clear();
  EXPECT_EQ(code_of(client_text(hello)), fault_code::bad_value);
}

TEST(ReadJson, TakesTheGreatestNumbersExactly) {
  const std::uint64_t greatest = (1ULL << 53U) - 1;
  const frame::from_client post = post_of(greatest, track::visible, "last");

  const auto read = read_json(client_text(post));

  ASSERT_TRUE(std::holds_alternative<frame::from_client>(read));
  EXPECT_EQ(std::get<frame::from_client>(read), post);
}

TEST(ReadJson, LeavesTheJudgementOfTextsToThePost) {
  for (const std::string& text : {std::string{}, std::string(40'000, 'x'), "a\0b"s}) {
    const frame::from_client post = post_of(1, track::visible, text);
    const auto read = read_json(client_text(post));
    ASSERT_TRUE(std::holds_alternative<frame::from_client>(read));
    EXPECT_EQ(std::get<frame::from_client>(read), post);
  }
}

TEST(ReadJson, UnderstandsEveryEscape) {
  const auto read = read_json(R"({"t":"post","conversation":"5c1f00d2a94be311","n":1,)"
                              R"("text":"\"\\\/\b\f\n\r\t\u0041\u00e9\u4e2d\ud83d\ude42\u0000"})");

  ASSERT_TRUE(std::holds_alternative<frame::from_client>(read));
  const auto& post = std::get<frame::post>(std::get<frame::from_client>(read));
  EXPECT_EQ(post.text, "\"\\/\b\f\n\r\tAé中\U0001F642\0"s);
}

}  // namespace
}  // namespace frontdesk
