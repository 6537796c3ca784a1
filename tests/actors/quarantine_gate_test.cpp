#include "actors/quarantine.hpp"
#include "model/limits.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <new>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using verdict = quarantine_gate::verdict;

constexpr person_id ada{person_kind::visitor, 1};
constexpr person_id bob{person_kind::agent, 1};
constexpr person_id cyd{person_kind::agent, 2};
constexpr conversation_name talk{tenant_id{1}, conversation_id{7}};
constexpr dispatcher_name team{tenant_id{1}, team_id{1}};
constexpr frame_sender phone{{tenant_id{1}, ada}, {1, 1}};

template <class Name, class Wish>
auto known_as(const Name& name, Wish wish) {
  return identity_of(name, caf::make_message(std::move(wish)));
}
asker from(person_id who) {
  return {who, connection_id{1}, 1};
}

TEST(MessageIdentity, IsOfNothingThatTheDeskItselfNeeds) {
  EXPECT_FALSE(known_as(team, agent_changed{{bob, "Bob"}, {}, true}));
  EXPECT_FALSE(known_as(team, reserved{talk.conversation, bob, true}));
  EXPECT_FALSE(known_as(team, dispatcher_tick{}));
  EXPECT_FALSE(known_as(talk, assign{team_id{1}, {bob, "Bob"}, {the_system, {}}}));
  EXPECT_FALSE(known_as(talk, give_back{{}, {the_system, {}}, return_reason::agent_gone, bob}));
  EXPECT_FALSE(known_as(talk, tell_me{bob}));
  EXPECT_FALSE(known_as(talk, speak_up{}));
  EXPECT_FALSE(known_as(person_name{talk.tenant, bob}, reserve{talk.conversation, true}));
  EXPECT_FALSE(identity_of(talk, caf::message{}));
}

TEST(MessageIdentity, IsAnotherForEachPersonAndEachWish) {
  const auto moves = [](person_id asker_is, person_id to) {
    return known_as(team, transfer{from(asker_is), {asker_is, {}}, talk.conversation, {to, {}}});
  };
  EXPECT_TRUE(moves(bob, cyd));
  EXPECT_EQ(moves(bob, cyd), moves(bob, cyd));
  EXPECT_NE(moves(bob, cyd), moves(bob, bob));
  EXPECT_NE(moves(bob, cyd), moves(cyd, cyd));

  EXPECT_NE(known_as(talk, report_cursor{ada, {sequence{1}, {}}}),
            known_as(talk, report_cursor{bob, {sequence{1}, {}}}));
  EXPECT_NE(known_as(talk, report_cursor{ada, {sequence{1}, {}}}),
            known_as(talk, report_cursor{ada, {sequence{2}, {}}}));
  EXPECT_NE(known_as(talk, close_conversation{from(ada), {ada, {}}}),
            known_as(talk, close_conversation{from(bob), {bob, {}}}));
  EXPECT_NE(known_as(team, list_agents{from(bob)}), known_as(team, list_agents{from(cyd)}));
}

class QuarantineGate : public testing::Test {
 protected:
  verdict ends_one(const std::optional<suspect>& by, const std::string& thrown = "why") {
    return gate_.has_ended("conversation", by, thrown, now_);
  }
  static say words(std::string text) {
    say wish;
    wish.what.conversation = talk.conversation;
    wish.what.author = ada;
    wish.what.n = post_number{1};
    wish.what.text = std::move(text);
    return wish;
  }
  static std::optional<suspect> frame(const frame_sender& by, std::string_view bytes) {
    return suspect_of(by, talk.tenant, encoding::json, bytes);
  }

  std::vector<quarantined> kept_;
  quarantine_gate gate_{[this](quarantined what) { kept_.push_back(std::move(what)); }};
  moment now_{1h};
};

TEST_F(QuarantineGate, IsEmptyUntilAMessageHasEndedTwo) {
  const auto by = suspect_of(talk, caf::make_message(words("hello")));

  EXPECT_EQ(ends_one(by), verdict::innocent);
  EXPECT_TRUE(gate_.is_empty());
  EXPECT_EQ(ends_one(by), verdict::confined);
  EXPECT_FALSE(gate_.is_empty());

  EXPECT_EQ(gate_.confined_count(), 1U);
  ASSERT_EQ(kept_.size(), 1U);
  EXPECT_EQ(kept_[0].message, "say");
  EXPECT_EQ(kept_[0].text, "hello");
  EXPECT_EQ(kept_[0].person, ada);
  EXPECT_EQ(kept_[0].conversation, talk.conversation);
}

TEST_F(QuarantineGate, IsEmptyAgainWhenItsTimeIsOver) {
  const auto by = suspect_of(talk, caf::make_message(words("hello")));
  ends_one(by);
  ends_one(by);

  EXPECT_EQ(gate_.of(by->identity, now_ + limits::suspicion_max), verdict::confined);
  EXPECT_FALSE(gate_.is_empty());
  EXPECT_EQ(gate_.of(by->identity, now_ + limits::suspicion_max + 1ms), verdict::innocent);
  EXPECT_TRUE(gate_.is_empty());
}

TEST_F(QuarantineGate, SuspectsAppendsUntilTheirTimeIsOver) {
  EXPECT_FALSE(gate_.suspects_appends(now_));

  gate_.suspect_appends(now_);

  EXPECT_TRUE(gate_.suspects_appends(now_ + limits::suspicion_max - 1ms));
  EXPECT_FALSE(gate_.suspects_appends(now_ + limits::suspicion_max));
}

TEST_F(QuarantineGate, KnowsThePostsOfAnAppendThatAreNew) {
  const auto came = [](std::uint64_t seq, const say& of, event_kind kind = event_kind::message) {
    event one;
    one.conversation = talk.conversation;
    one.seq = sequence{seq};
    one.kind = kind;
    one.author = of.what.author;
    one.n = of.what.n;
    one.text = of.what.text;
    one.reply_to = of.what.reply_to;
    one.target = of.what.target();
    return event_record{talk.tenant, one};
  };
  say answer = words("hello");
  answer.what.reply_to = sequence{1};
  say edit = words("good day");
  edit.what.edits = sequence{2};
  say deletion = words("");
  deletion.what.deletes = sequence{1};
  event queued;
  queued.kind = event_kind::queued;
  queued.seq = sequence{6};
  append what;
  what.what = talk;
  what.visible_before = sequence{2};
  what.records = std::make_shared<batch>();
  what.records->records = {
      came(2, words("of old")), came(3, answer), came(4, edit, event_kind::edited),
      came(5, deletion, event_kind::deleted), event_record{talk.tenant, queued}};

  const std::vector<suspect> found = suspects_of(what);

  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].identity, known_as(talk, answer));
  EXPECT_EQ(found[1].identity, known_as(talk, edit));
  EXPECT_EQ(found[2].identity, known_as(talk, deletion));
  EXPECT_EQ(found[0].details.text, "hello");
  EXPECT_TRUE(suspects_of(append{}).empty()) << "it was handed on";
}

TEST_F(QuarantineGate, SuspectsNobodyForWantOfMemory) {
  const auto by = suspect_of(talk, caf::make_message(words("hello")));
  const std::string thrown = std::bad_alloc{}.what();

  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(ends_one(by, thrown), verdict::innocent);

  EXPECT_TRUE(gate_.is_empty());
  EXPECT_TRUE(kept_.empty());
}

TEST_F(QuarantineGate, SuspectsNothingThatTheDeskNeeds) {
  const agent_changed news{{bob, "Bob"}, {}, true};
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(ends_one(suspect_of(team, caf::make_message(news))), verdict::innocent);

  EXPECT_TRUE(gate_.is_empty());
}

TEST_F(QuarantineGate, KeepsNoTokenOfAFrame) {
  for (const std::string_view bytes :
       {R"({"t":"refresh","id":1,"token":"secret"})", R"({"t":"refresh","token":"secret)",
        R"({"t":"hello","token":"secret","device":"00000000000000010000000000000001"})"}) {
    EXPECT_EQ(frame(phone, bytes)->details.text, "") << bytes;
    EXPECT_EQ(frame({}, bytes)->details.text, "") << bytes;
  }
}

TEST_F(QuarantineGate, KeepsWhatAPostsFrameSays) {
  const auto by =
      frame(phone, R"({"t":"post","conversation":"0000000000000007","n":3,"text":"where is it?"})");

  EXPECT_EQ(by->details.message, "frame");
  EXPECT_EQ(by->details.text, "where is it?");
  EXPECT_EQ(by->details.n, post_number{3});
  EXPECT_EQ(by->details.conversation, talk.conversation);
  EXPECT_EQ(by->details.person, ada);
}

TEST_F(QuarantineGate, KeepsTheBytesOfAnyOtherFrame) {
  constexpr std::string_view bytes = R"({"t":"agents","id":1})";

  EXPECT_EQ(frame(phone, bytes)->details.text, bytes);
}

TEST_F(QuarantineGate, KeepsNothingOfWhichNobodyKnowsWhoseItIs) {
  const auto by = suspect_of(frame_sender{}, tenant_id{}, encoding::json, "nonsense");
  ends_one(by);

  EXPECT_EQ(ends_one(by), verdict::confined);
  EXPECT_TRUE(kept_.empty());
}

}  // namespace
}  // namespace frontdesk
