#include "model/limits.hpp"
#include "tests/wire/both_encodings.hpp"
#include "tests/wire/client_text.hpp"
#include "tests/wire/golden.hpp"
#include "tests/wire/samples.hpp"
#include "wire/frame_json.hpp"
#include "wire/json_document.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace frontdesk {
namespace {

using samples::parcel;
using samples::refund;

constexpr timestamp noon = samples::noon;

template <class Frame>
void expect_golden(std::string_view name, const Frame& frame) {
  const std::string text = to_json(frame);
  golden::expect_text(fmt::format("server_{}.json", name), text);
  EXPECT_EQ(json_document{text}.fault(), fault_code::none) << text;
  golden::expect_bytes(fmt::format("server_{}.protobuf", name), to_protobuf(frame));
  expect_same_said(frame);
}

frame::refused refusal(fault why) {
  frame::refused refused;
  refused.why = why;
  return refused;
}

TEST(ServerFrame, WelcomesAVisitor) {
  frame::welcome welcome;
  welcome.person = samples::named_visitor();
  welcome.history = "9f8e7d6c5b4a3928";
  welcome.time = noon;
  welcome.connection = connection_id{4711};
  welcome.file_bytes_max = 25ULL << 20U;
  welcome.seat = "00ff1e2d3c4b5a69";
  welcome.inbox = frame::inbox_look{"Front door", "#10a0fc", "How can we help? 您好", ""};

  expect_golden("welcome_visitor", welcome);
}

TEST(ServerFrame, WelcomesAnAgent) {
  frame::welcome welcome;
  welcome.person = samples::named_ada();
  welcome.history = "9f8e7d6c5b4a3928";
  welcome.time = noon;
  welcome.connection = connection_id{0xffffffffffffffff};
  welcome.tier = 2;
  welcome.role = agent_role::supervisor;
  welcome.own = frame::me{frame::routing_status::busy, 6, 3};

  expect_golden("welcome_agent", welcome);
}

TEST(ServerFrame, ShowsAnAgentItsRoster) {
  frame::roster roster;
  roster.items = {samples::summary_for_ada()};
  roster.removed = {refund};
  roster.more = true;

  expect_golden("roster_agent", roster);
}

TEST(ServerFrame, ShowsAVisitorTheNextConversation) {
  frame::roster roster;
  roster.items = {samples::summary_for_visitor()};
  roster.next = parcel;

  expect_golden("roster_visitor", roster);
}

TEST(ServerFrame, ShowsAnEmptyRoster) {
  expect_golden("roster_empty", frame::roster{});
}

TEST(ServerFrame, TellsEveryKindOfEvent) {
  using enum event_kind;
  for (const auto kind :
       {message, opened, queued, assigned, transferred, returned, closed, reopened}) {
    expect_golden(fmt::format("event_{}", name_of(kind)), samples::event_of(kind));
  }
}

TEST(ServerFrame, TellsANoteWithThePlaceItFollows) {
  expect_golden("event_note", samples::note());
}

TEST(ServerFrame, TellsWhatWasSentAlongAndWhatIsGone) {
  expect_golden("event_file", samples::picture());
  expect_golden("event_taken_back", samples::taken_back());
}

TEST(ServerFrame, AddsTheOriginToASharedEvent) {
  const event e = samples::event_of(event_kind::message);
  const std::string shared = to_json(e);

  const std::string own = with_origin(shared, e.device, e.n);

  golden::expect_text("server_event_with_origin.json", own);
  const json_document document{own};
  ASSERT_EQ(document.fault(), fault_code::none);
  EXPECT_EQ(document.root()->find("device")->text, to_text(e.device));
  EXPECT_EQ(document.root()->find("n")->number, 3);
  EXPECT_TRUE(own.starts_with(shared.substr(0, shared.size() - 1)));
  golden::expect_bytes("server_event_with_origin.protobuf", to_protobuf_with_origin(e));
  EXPECT_EQ(essence_of(client::in_json(to_protobuf_with_origin(e))), essence_of(own));
}

TEST(ServerFrame, AcknowledgesAPost) {
  frame::ack ack{parcel, post_number{3}, track::visible, sequence{12}, noon};
  expect_golden("ack", ack);

  ack.where = track::internal;
  expect_golden("ack_internal", ack);
}

TEST(ServerFrame, GivesAPageOfHistory) {
  frame::page page;
  page.id = 2;
  page.conversation = parcel;
  page.events = {samples::event_of(event_kind::message), samples::event_of(event_kind::closed)};
  page.head = sequence{13};
  page.more = true;
  expect_golden("page", page);

  page.reader = page.events[0].author;
  expect_golden("page_of_the_author", page);

  page.where = track::internal;
  page.reader = {};
  page.events = {samples::note()};
  page.more = false;
  expect_golden("page_internal", page);
}

TEST(ServerFrame, TellsWhatPassesBy) {
  const cursor at{sequence{12}, sequence{11}};
  expect_golden("cursor", frame::cursor_moved{parcel, samples::visitor, at});
  expect_golden("typing", frame::typing_seen{parcel, samples::ada, true, ""});
  expect_golden("typing_preview", frame::typing_seen{parcel, samples::visitor, true, "Where is"});
  expect_golden("presence", frame::presence{parcel, samples::visitor, false});
  expect_golden("place", frame::place{parcel, 4});
  expect_golden("me", frame::me{frame::routing_status::accepting, 6, 2});
}

TEST(ServerFrame, TellsWhatChangedAtTheDesk) {
  frame::desk desk;
  desk.items = {samples::summary_for_ada(), samples::summary_for_visitor()};
  desk.removed = {refund, parcel};
  desk.totals = {1, 20, 300};

  expect_golden("desk", desk);
}

TEST(ServerFrame, ListsConversations) {
  frame::listed listed;
  listed.id = 7;
  listed.view = frame::list_view::closed;
  listed.items = {samples::summary_for_ada()};
  listed.after = "1763683200000";
  listed.totals = {1, 20, 300};
  expect_golden("listed", listed);

  listed.items.clear();
  listed.after.clear();
  expect_golden("listed_to_the_end", listed);
}

TEST(ServerFrame, NamesTheAgents) {
  frame::agents_seen seen;
  seen.id = 9;
  seen.agents = {{samples::named_ada(), {frame::routing_status::accepting, 6, 2}, true},
                 {samples::named_bo(), {frame::routing_status::offline, 4, 0}, false}};

  expect_golden("agents", seen);
}

TEST(ServerFrame, SaysThatItIsDone) {
  expect_golden("done", frame::finished{4294967295});
}

TEST(ServerFrame, SaysThatPushingStopped) {
  expect_golden("gap", frame::gap{parcel, track::visible});
  expect_golden("gap_internal", frame::gap{parcel, track::internal});
}

TEST(ServerFrame, PingsWithTheHeadsThatWerePushed) {
  expect_golden("ping", frame::ping{{{parcel, sequence{12}}, {refund, sequence{1}}}});
  expect_golden("ping_without_heads", frame::ping{});
}

TEST(ServerFrame, TellsTheTier) {
  expect_golden("mode", frame::mode{3});
}

TEST(ServerFrame, TellsManyMessagesInFewBytes) {
  frame::lean said{parcel, sequence{11}, {}};
  said.messages.push_back({samples::visitor, timestamp{1'769'860'800'000}, "Hello?"});
  said.messages.push_back({samples::visitor, timestamp{1'769'860'801'500}, "你好"});
  expect_golden("lean", said);
}

TEST(ServerFrame, SaysGoodbye) {
  expect_golden("bye", frame::bye{close_code::drain, 12'000});
  expect_golden("bye_for_good", frame::bye{close_code::replaced, std::nullopt});
}

TEST(ServerFrame, SaysWhatWentWrong) {
  expect_golden("fault", refusal(fault{fault_code::not_json}));

  frame::refused slower = refusal(fault{fault_code::rate_limited, 250});
  slower.conversation = parcel;
  slower.n = post_number{3};
  expect_golden("fault_rate_limited", slower);

  frame::refused order = refusal(fault{fault_code::out_of_order});
  order.why.expects = post_number{4};
  order.conversation = parcel;
  order.n = post_number{6};
  expect_golden("fault_out_of_order", order);

  frame::refused request = refusal(fault{fault_code::agent_unavailable});
  request.id = 10;
  expect_golden("fault_of_a_request", request);
}

TEST(ServerFrame, EscapesWhatJsonDemandsAndNothingElse) {
  event e = samples::event_of(event_kind::message);
  e.text.clear();
  for (char c = 0; c < 0x20; ++c)
    e.text += c;
  e.text += "\"\\/<>&'\x7f\u2028é\U0001F642";

  const std::string text = to_json(e);

  EXPECT_TRUE(text.ends_with(
      R"("text":"\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\t\n\u000b\u000c\r\u000e)"
      R"(\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c)"
      "\\u001d\\u001e\\u001f\\\"\\\\/<>&'\x7f\u2028é\U0001F642\"}"))
      << text;
}

TEST(ServerFrame, FindsWhatToEscapeAtEveryPlaceOfAText) {
  for (std::size_t at = 0; at < 40; ++at) {
    event e = samples::event_of(event_kind::message);
    e.text = std::string(40, 'x');
    e.text[at] = '\\';
    const std::string escaped = "\"" + std::string(at, 'x') + "\\\\" + std::string(39 - at, 'x');

    EXPECT_NE(to_json(e).find(escaped), std::string::npos) << at;
  }
}

TEST(ServerFrame, CutsThePreviewOfALongMessage) {
  frame::roster roster;
  roster.items = {samples::summary_for_ada()};
  roster.items.front().at.last.text = std::string(159, 'x') + "中中中";

  const std::string text = to_json(roster);

  EXPECT_NE(text.find("\"" + std::string(159, 'x') + "\""), std::string::npos);
  expect_same_said(roster);
}

/// A post of as many such characters as a text may have, as its author would send it plainly.
std::string post_of(std::string_view character, std::string_view written) {
  std::string text;
  for (std::size_t size = 0; size + character.size() <= limits::text_bytes_max;
       size += character.size()) {
    text += written;
  }
  return R"({"t":"post","conversation":"5c1f00d2a94be311","n":9007199254740991,"text":")" + text +
         R"(","track":"internal"})";
}

std::string text_read(std::string_view frame) {
  const auto read = read_json(frame);
  const auto* from_client = std::get_if<frame::from_client>(&read);
  return from_client != nullptr ? std::get<frame::post>(*from_client).text : "";
}

TEST(LongestText, FitsAFrame) {
  EXPECT_EQ(text_read(post_of("x", "x")).size(), limits::text_bytes_max);
  EXPECT_EQ(text_read(post_of("中", "中")).size(), limits::text_bytes_max / 3 * 3);
  EXPECT_EQ(text_read(post_of("\U0001F642", "\U0001F642")).size(), limits::text_bytes_max);
}

TEST(LongestText, FitsAFrameIfEveryOtherCharacterIsEscaped) {
  const std::string frame = post_of("x\n", "x\\n");

  EXPECT_LE(frame.size(), limits::frame_bytes_max);
  EXPECT_EQ(text_read(frame).size(), limits::text_bytes_max);
}

TEST(LongestText, IsTooLargeAFrameIfAllOfItIsEscaped) {
  const auto read = read_json(post_of("\n", "\\n"));

  ASSERT_TRUE(std::holds_alternative<frame::unreadable>(read));
  EXPECT_EQ(std::get<frame::unreadable>(read).code, fault_code::too_large);
}

TEST(LongestText, IsWrittenInFullIfAllOfItIsEscaped) {
  event e = samples::event_of(event_kind::message);
  e.text = std::string(limits::text_bytes_max, '\x01');

  const std::string text = to_json(e);

  EXPECT_GT(text.size(), 6 * limits::text_bytes_max);
  EXPECT_EQ(json_document{text}.root()->find("text")->text, e.text);
}

}  // namespace
}  // namespace frontdesk
