#include "bench/speech.hpp"

#include "wire/frame_codec.hpp"

#include <gmock/gmock.h>

namespace frontdesk::bench {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr conversation_id room{0x5c1f00d2a94be311};
constexpr person_id visitor{person_kind::visitor, 0x8badf00d};
constexpr person_id agent{person_kind::agent, 7};
constexpr device_id phone{0xabc, 0xdef};

/// Everything is said to the desk's own reader, and heard from its own writer.
class Speech : public testing::TestWithParam<encoding> {
 protected:
  template <class Frame, class Wish>
  Frame read(const Wish& wish) const {
    const auto found = read_frame(GetParam(), said(GetParam(), wish));
    return std::get<Frame>(std::get<frame::from_client>(found));
  }
  template <class Frame>
  heard hears(const Frame& what) const {
    return heard_in(GetParam(), write_frame(GetParam(), what));
  }
};

INSTANTIATE_TEST_SUITE_P(Both, Speech, testing::Values(encoding::json, encoding::protobuf),
                         [](const auto& which) {
                           return which.param == encoding::json ? "Json" : "Protobuf";
                         });

TEST_P(Speech, SaysWhatTheDeskReads) {
  EXPECT_EQ(read<frame::hello>(hello_wish{"to\"ken", phone}),
            (frame::hello{"to\"ken", phone, "frontdesk bench", true}));
  EXPECT_THAT(
      read<frame::sub>(sub_wish{{{room, sequence{4}}, {conversation_id{8}, sequence{}}}}).subs,
      ElementsAre(frame::subscription{room, sequence{4}, sequence{}},
                  frame::subscription{conversation_id{8}, sequence{}, sequence{}}));
  EXPECT_THAT(read<frame::unsub>(unsub_wish{room}).conversations, ElementsAre(room));
  EXPECT_EQ(read<frame::received>(received_wish{room, sequence{9}}),
            (frame::received{room, sequence{9}}));
  EXPECT_EQ(read<frame::close>(close_wish{3, room}), (frame::close{3, room}));
  EXPECT_EQ(read<frame::pong>(pong_wish{}), frame::pong{});
}

TEST_P(Speech, HearsLeanMessagesOneBehindTheOther) {
  const heard from = hears(frame::lean{
      room, sequence{6}, {{visitor, timestamp{1000}, "a"}, {agent, timestamp{1001}, "b"}}});

  ASSERT_EQ(from.kind, heard_kind::event);
  ASSERT_EQ(from.events.size(), 2U);
  EXPECT_EQ(from.events[0].conversation, room);
  EXPECT_EQ(from.events[0].seq, sequence{7});
  EXPECT_EQ(from.events[0].author, visitor);
  EXPECT_EQ(from.events[1].seq, sequence{8});
  EXPECT_EQ(from.events[1].author, agent);
  EXPECT_EQ(from.events[1].text, "b");
}

TEST_P(Speech, SaysPostsOfAnyText) {
  const std::string text = "where \"is\"\n my \\ 包裹?";

  const auto post = read<frame::post>(post_wish{room, post_number{3}, text});

  EXPECT_EQ(post.conversation, room);
  EXPECT_EQ(post.n, post_number{3});
  EXPECT_EQ(post.text, text);
  EXPECT_EQ(post.where, track::visible);
}

TEST_P(Speech, AsksForPagesAndStandsAccepting) {
  const auto page = read<frame::history>(history_wish{5, room, sequence{200}, 100});
  EXPECT_EQ(page.id, 5U);
  EXPECT_EQ(page.after, sequence{200});
  EXPECT_EQ(page.limit, 100U);

  const auto status = read<frame::status>(accept_wish{6, 40});
  EXPECT_EQ(status.to, frame::routing_status::accepting);
  EXPECT_EQ(status.capacity, 40U);
}

TEST_P(Speech, HearsEvents) {
  frontdesk::event what;
  what.conversation = room;
  what.seq = sequence{12};
  what.author = visitor;
  what.text = "你好";
  what.device = phone;
  what.n = post_number{4};
  const std::string shared = write_frame(GetParam(), what);

  const heard others = heard_in(GetParam(), shared);
  const heard own = heard_in(GetParam(), write_own_event(GetParam(), what, shared));

  ASSERT_EQ(others.kind, heard_kind::event);
  const heard_event& one = others.events.at(0);
  EXPECT_EQ(one.conversation, room);
  EXPECT_EQ(one.seq, sequence{12});
  EXPECT_EQ(one.author, visitor);
  EXPECT_EQ(one.kind, event_kind::message);
  EXPECT_EQ(one.text, "你好");
  EXPECT_FALSE(one.is_internal);
  EXPECT_EQ(one.device, device_id{});
  EXPECT_EQ(own.events.at(0).device, phone);
  EXPECT_EQ(own.events.at(0).n, post_number{4});
}

TEST_P(Speech, HearsToWhomAConversationGoes) {
  frontdesk::event what;
  what.conversation = room;
  what.seq = sequence{3};
  what.author = the_system;
  what.to = {agent, "Mia"};
  for (const event_kind kind : {event_kind::assigned, event_kind::transferred}) {
    what.kind = kind;
    const heard_event one = hears(what).events.at(0);
    EXPECT_EQ(one.kind, kind);
    EXPECT_EQ(one.to, agent);
  }
}

TEST_P(Speech, KnowsEachKindOfEvent) {
  frontdesk::event what;
  what.conversation = room;
  what.seq = sequence{3};
  what.author = visitor;
  what.by = {visitor, "Ann"};
  for (const event_kind kind : {event_kind::opened, event_kind::queued, event_kind::closed,
                                event_kind::reopened, event_kind::returned}) {
    what.kind = kind;
    what.reason = kind == event_kind::returned ? return_reason::returned : return_reason::none;
    EXPECT_EQ(hears(what).events.at(0).kind, kind);
  }
}

TEST_P(Speech, HearsAcksAndFaults) {
  const heard ack =
      hears(frame::ack{room, post_number{3}, track::visible, sequence{12}, timestamp{1}});
  EXPECT_EQ(ack.kind, heard_kind::ack);
  EXPECT_EQ(ack.conversation, room);
  EXPECT_EQ(ack.n, post_number{3});
  EXPECT_EQ(ack.seq, sequence{12});

  frame::refused no;
  no.why = fault{fault_code::rate_limited, 250};
  no.conversation = room;
  no.n = post_number{8};
  const heard fault = hears(no);
  EXPECT_EQ(fault.kind, heard_kind::fault);
  EXPECT_EQ(fault.code, "rate_limited");
  EXPECT_TRUE(fault.retry);
  EXPECT_EQ(fault.retry_after_ms, 250U);
  EXPECT_EQ(fault.n, post_number{8});
  EXPECT_FALSE(fault.id);
}

TEST_P(Speech, HearsPages) {
  frame::page page;
  page.id = 9;
  page.reader = visitor;
  page.conversation = room;
  page.more = true;
  frontdesk::event one;
  one.conversation = room;
  one.seq = sequence{1};
  one.author = visitor;
  one.text = "hello";
  one.device = phone;
  one.n = post_number{1};
  page.events = {one};

  const heard read = hears(page);

  EXPECT_EQ(read.kind, heard_kind::page);
  EXPECT_EQ(read.id, 9U);
  EXPECT_TRUE(read.more);
  EXPECT_EQ(read.events.at(0).conversation, room);
  EXPECT_EQ(read.events.at(0).device, phone);
}

TEST_P(Speech, HearsWhoItIsAndWhatItHas) {
  frame::welcome welcome;
  welcome.person = {visitor, "Ann"};
  welcome.seat = std::string(56, 'a');
  welcome.tier = 2;
  const heard who = hears(welcome);
  EXPECT_EQ(who.kind, heard_kind::welcome);
  EXPECT_EQ(who.person, visitor);
  EXPECT_EQ(who.seat, welcome.seat);
  EXPECT_EQ(who.tier, 2U);

  frame::roster roster;
  frame::summary open;
  open.at.conversation = room;
  open.at.status = conversation_status::assigned;
  open.at.assignee = {agent, "Mia"};
  open.at.visible = sequence{5};
  roster.items = {open};
  roster.next = conversation_id{99};
  const heard has = hears(roster);
  EXPECT_EQ(has.kind, heard_kind::roster);
  EXPECT_EQ(has.next, conversation_id{99});
  EXPECT_FALSE(has.more);
  EXPECT_EQ(has.items.at(0).assignee, agent);
  EXPECT_EQ(has.items.at(0).head, sequence{5});
  EXPECT_EQ(has.items.at(0).status, conversation_status::assigned);
}

TEST_P(Speech, HearsTheRest) {
  EXPECT_THAT(hears(frame::ping{{{room, sequence{7}}}}).heads,
              ElementsAre(Pair(room, sequence{7})));
  EXPECT_EQ(hears(frame::finished{4}).id, 4U);
  EXPECT_EQ(hears(frame::mode{3}).tier, 3U);
  EXPECT_EQ(hears(frame::mode{3}).kind, heard_kind::mode);
  EXPECT_EQ(hears(frame::gap{room, track::visible}).kind, heard_kind::gap);
  const heard bye = hears(frame::bye{close_code::drain, 1500});
  EXPECT_EQ(bye.kind, heard_kind::bye);
  EXPECT_EQ(bye.code, "drain");
  EXPECT_EQ(bye.retry_after_ms, 1500U);
  EXPECT_EQ(hears(frame::place{room, 3}).kind, heard_kind::other);
}

TEST_P(Speech, ThrowsForWhatIsNoFrame) {
  EXPECT_ANY_THROW(heard_in(GetParam(), "\xff\xff nonsense"));
}

}  // namespace
}  // namespace frontdesk::bench
