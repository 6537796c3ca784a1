#include "actors/connection.hpp"
#include "model/limits.hpp"
#include "tests/actors/desk_actors.hpp"
#include "tests/actors/paper_wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// ---- What a conversation leaves out, and what it puts off.

/// Ada's conversation, which Bob has; persons and dispatcher are doubles.
class SheddingConversation : public desk_actors_test {
 protected:
  SheddingConversation() { has_conversations_ = true; }

  void SetUp() override {
    is_here(ada);
    is_here(bob);
    to_talk(talk_, first_words(ada, 1, "hello?"));
    settle();
    to_talk(talk_, assign{team, bob_himself, the_desk});
    settle();
    tiers().set_node(0);
    heard_by(ada).forget();
    heard_by(bob).forget();
  }

  tier_board& tiers() { return board_.tiers(); }
  std::uint64_t shed_count(shed_point which) { return tiers().of(shop)->count_of(which); }
  void ada_says(std::uint64_t n, std::string text) {
    to_talk(talk_, first_words(ada, n, std::move(text)));
    settle();
  }
  void ada_reads(std::uint64_t seq) {
    to_talk(talk_, report_cursor{ada, {sequence{seq}, sequence{seq}}});
    settle();
  }
  /// The texts that Bob was told of, and in how many pieces.
  std::vector<std::string> bob_heard() {
    std::vector<std::string> texts;
    for (const auto& fact : heard_by(bob).of<conversation_moved>()) {
      if (!fact.events) continue;
      for (const told_event& each : *fact.events)
        texts.push_back(each.what.text);
    }
    return texts;
  }

  const conversation_id talk_ = talk_of(ada);
};

TEST_F(SheddingConversation, TellsNobodyOfTicksAndAllOfThemWhenTheLoadHasGone) {
  tiers().set_node(1);
  ada_reads(1);
  ada_reads(3);
  advance(1min);
  EXPECT_EQ(heard_by(bob).count<cursor_seen>(), 0U);
  EXPECT_GT(shed_count(shed_point::ticks), 0U);

  tiers().set_node(0);
  advance(limits::ticks_look * 2);

  EXPECT_EQ(heard_by(bob).last<cursor_seen>().at.read, sequence{3});
  EXPECT_EQ(heard_by(ada).last<cursor_seen>().at.read, sequence{3}) << "her other devices";
}

TEST_F(SheddingConversation, TellsOfNoTickAfterALaterOne) {
  tiers().set_node(1);
  ada_reads(1);
  advance(1s);
  tiers().set_node(0);
  ada_reads(3);
  advance(1min);

  const auto told = heard_by(bob).of<cursor_seen>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.back().at.read, sequence{3});
}

TEST_F(SheddingConversation, TellsOfNoTickThatIsNotRecorded) {
  tiers().set_node(1);
  ada_reads(1);
  advance(1s);
  log_.is_slow = true;
  ada_reads(3);
  tiers().set_node(0);
  advance(limits::ticks_look * 2);

  EXPECT_EQ(heard_by(bob).last<cursor_seen>().at.read, sequence{1});
  finish_commit();
}

TEST_F(SheddingConversation, KeepsTicksThatItDoesNotTell) {
  tiers().set_node(1);
  ada_reads(3);
  advance(2s);

  const auto kept = reader{rows_}.read_cursor({shop, talk_}, ada);
  EXPECT_EQ(kept.value().read, sequence{3});
}

TEST_F(SheddingConversation, LosesNoTickThatItKeptWhenItIsKilled) {
  tiers().set_node(1);
  ada_reads(3);
  advance(1s);
  heard_by(bob).forget();
  stop(made_conversations_.back(), caf::exit_reason::kill);

  advance(3s);

  const auto moved = heard_by(bob).of<conversation_moved>();
  ASSERT_EQ(moved.size(), 1U);
  const auto& cursors = moved.back().cursors;
  const auto hers = std::ranges::find(cursors, ada, &reader_cursor::reader);
  ASSERT_NE(hers, cursors.end());
  EXPECT_EQ(hers->at.read, sequence{3});
}

/// Each conversation has a moment of its own, so that the end of a load is not the next one.
TEST_F(SheddingConversation, TellsAllTicksPacedWhenTheLoadHasGone) {
  constexpr std::uint64_t count = 60;
  for (std::uint64_t i = 0; i < count; ++i) {
    const person_id reader{person_kind::visitor, 100 + i};
    to_talk(talk_of(reader), first_words(reader, 1, "hello?"));
    to_talk(talk_of(reader), assign{team, bob_himself, the_desk});
  }
  settle();
  tiers().set_node(1);
  for (std::uint64_t i = 0; i < count; ++i) {
    const person_id reader{person_kind::visitor, 100 + i};
    to_talk(talk_of(reader), report_cursor{reader, {sequence{3}, sequence{3}}});
  }
  advance(limits::ticks_look * 4);
  tiers().set_node(0);
  ASSERT_EQ(heard_by(bob).count<cursor_seen>(), 0U);

  std::size_t most_at_once = 0;
  for (std::size_t told = 0, i = 0; i < 100; ++i) {
    advance(limits::ticks_look * 2 / 100);
    const std::size_t now = heard_by(bob).count<cursor_seen>();
    most_at_once = std::max(most_at_once, now - std::exchange(told, now));
  }

  EXPECT_EQ(heard_by(bob).count<cursor_seen>(), count) << "none is lost";
  EXPECT_LE(most_at_once, count / 6);
}

TEST_F(SheddingConversation, TellsOfTicksBeforeItLeavesMemory) {
  tiers().set_node(1);
  ada_reads(3);

  advance(settings_.passivate_after * 3);

  ASSERT_EQ(counted().conversations, 0U);
  EXPECT_EQ(heard_by(bob).last<cursor_seen>().at.read, sequence{3});
}

TEST_F(SheddingConversation, AcknowledgesAtOnceAndTellsLater) {
  tiers().set_node(2);
  ada_says(2, "are you there?");
  ada_says(3, "please");
  EXPECT_EQ(heard_by(ada).count<post_answered>(), 2U);
  EXPECT_TRUE(bob_heard().empty());
  EXPECT_EQ(shed_count(shed_point::delayed_push), 2U);

  advance(limits::delayed_push_max);

  EXPECT_THAT(bob_heard(), testing::ElementsAre("are you there?", "please"));
  EXPECT_EQ(heard_by(bob).count<conversation_moved>(), 1U) << "both at once";
}

/// Else the second that all have gathered since the tier rose comes as one wave.
TEST_F(SheddingConversation, DoesNotTellTogetherWithAllOthers) {
  const person_id vera{person_kind::visitor, 2};
  to_talk(talk_of(vera), first_words(vera, 1, "hello?"));
  settle();
  to_talk(talk_of(vera), assign{team, bob_himself, the_desk});
  settle();
  heard_by(bob).forget();
  tiers().set_node(2);
  ada_says(2, "ada");
  to_talk(talk_of(vera), first_words(vera, 2, "vera"));
  settle();

  bool were_apart = false;
  for (auto waited = 0ms; waited < limits::delayed_push_max; waited += 1ms) {
    advance(1ms);
    were_apart = were_apart || bob_heard().size() == 1;
  }

  EXPECT_TRUE(were_apart);
  EXPECT_THAT(bob_heard(), testing::UnorderedElementsAre("ada", "vera"));
}

TEST_F(SheddingConversation, TellsOfAConversationWithPriorityAtOnce) {
  const person_id vera{person_kind::visitor, 2};
  is_here(vera);
  say wish = first_words(vera, 1, "hello?");
  wish.opens->priority = conversation_priority::vip;
  to_talk(talk_of(vera), wish);
  settle();
  to_talk(talk_of(vera), assign{team, bob_himself, the_desk});
  settle();
  heard_by(bob).forget();
  tiers().set_node(2);

  to_talk(talk_of(vera), first_words(vera, 2, "now"));
  settle();

  EXPECT_THAT(bob_heard(), testing::ElementsAre("now"));
  EXPECT_TRUE(head_of(talk_of(vera)).is_vip());
}

/// However full the tenant is: the one is pushed while the other is held.
TEST_F(SheddingConversation, HoldsAllButPriorityOfATenantAtItsEnd) {
  const person_id vera{person_kind::visitor, 2};
  say first = first_words(vera, 1, "hello?");
  first.opens->priority = conversation_priority::vip;
  to_talk(talk_of(vera), first);
  settle();
  to_talk(talk_of(vera), assign{team, bob_himself, the_desk});
  settle();
  heard_by(bob).forget();
  tiers().of(shop)->set_own(3, now());

  ada_says(2, "later");
  to_talk(talk_of(vera), first_words(vera, 2, "now"));
  settle();

  EXPECT_THAT(bob_heard(), testing::ElementsAre("now"));
  advance(limits::delayed_push_max);
  EXPECT_THAT(bob_heard(), testing::ElementsAre("now", "later"));
}

TEST_F(SheddingConversation, HoldsBackNoMoreThanItsBound) {
  tiers().set_node(2);
  for (std::uint64_t i = 0; i < limits::delayed_events_max; ++i)
    ada_says(2 + i, "and");

  EXPECT_EQ(bob_heard().size(), limits::delayed_events_max);
}

TEST_F(SheddingConversation, TellsWhatItHeldBackBeforeAnythingElse) {
  tiers().set_node(2);
  ada_says(2, "bye");
  to_talk(talk_, close_conversation{{ada, connection_id{1}, 1}, {ada, "Ada"}});
  settle();

  const auto moved = heard_by(bob).last<conversation_moved>();
  ASSERT_EQ(moved.events->size(), 2U);
  EXPECT_EQ(moved.events->at(0).what.text, "bye");
  EXPECT_EQ(moved.events->at(1).what.kind, event_kind::closed);
  advance(limits::delayed_push_max);
  EXPECT_EQ(heard_by(bob).last<conversation_moved>().events->size(), 2U) << "and nothing twice";
}

TEST_F(SheddingConversation, LosesNothingThatItHeldBackWhenItIsKilled) {
  tiers().set_node(2);
  ada_says(2, "are you there?");
  stop(made_conversations_.back(), caf::exit_reason::kill);
  EXPECT_TRUE(bob_heard().empty());

  advance(3s);

  const auto moved = heard_by(bob).last<conversation_moved>();
  EXPECT_EQ(moved.at->visible, head_of(talk_).visible) << "so that devices read it";
}

TEST_F(SheddingConversation, TellsWhatItHeldBackBeforeItLeavesMemory) {
  tiers().set_node(2);
  ada_says(2, "are you there?");
  to_talk(talk_, leave{});
  settle();

  EXPECT_THAT(bob_heard(), testing::ElementsAre("are you there?"));
}

TEST_F(SheddingConversation, TellsWhoIsThereWhenTheLoadHasGone) {
  tiers().set_node(3);
  to_talk(talk_, report_presence{ada, true});
  settle();
  EXPECT_EQ(heard_by(bob).count<presence_seen>(), 0U);

  tiers().set_node(0);
  advance(limits::ticks_look * 2);

  EXPECT_TRUE(heard_by(bob).last<presence_seen>().online);
}

TEST_F(SheddingConversation, IsHeldToItsOwnTenantsTier) {
  tiers().of(shop)->set_own(2, now());
  ada_says(2, "are you there?");
  EXPECT_TRUE(bob_heard().empty());

  tiers().of(shop)->set_own(0, now());
  tiers().of(tenant_id{2})->set_own(3, now());
  ada_says(3, "please");
  EXPECT_THAT(bob_heard(), testing::ElementsAre("are you there?", "please"));
}

// ---- What a connection refuses, and what it says of it.

/// Bob's console; the dispatcher alone is not real.
class SheddingConnection : public desk_actors_test {
 protected:
  SheddingConnection() {
    has_conversations_ = true;
    has_persons_ = true;
  }

  void SetUp() override {
    to_talk(talk_, first_words(ada, 1, "hello?"));
    settle();
    wire_ = std::make_shared<paper_wire>();
    port_ = spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{1}, wire_);
    settle();
  }
  void TearDown() override {
    port_.reset();
    wire_->share = {};
    desk_actors_test::TearDown();
  }

  void comes() {
    hears(R"({"t":"hello","token":")" + to_text(bob) + R"(","device":")" + to_text(phone) +
          R"("})");
  }
  void hears(const std::string& frame) {
    port_->on_frame(frame);
    settle();
  }
  void asks(std::string_view what) {
    hears(fmt::format(R"({{"t":"{}","id":7,"conversation":"{}"}})", what, to_text(talk_)));
  }
  void posts(std::uint64_t n) {
    hears(fmt::format(R"({{"t":"post","conversation":"{}","n":{},"text":"yes"}})", to_text(talk_),
                      n));
  }
  void moves_to(unsigned tier) {
    board_.tiers().set_node(tier);
    caf::anon_send(board_.connected().all().at(0), tier_moved{});
    settle();
  }

  const conversation_id talk_ = talk_of(ada);
  std::shared_ptr<paper_wire> wire_;
  std::shared_ptr<connection_port> port_;
};

TEST_F(SheddingConnection, SaysInWhichTierTheDeskIs) {
  board_.tiers().set_node(2);
  comes();
  EXPECT_THAT(wire_->last("welcome"), HasSubstr(R"("tier":2)"));

  moves_to(2);
  EXPECT_TRUE(wire_->of("mode").empty()) << "it knows";
  moves_to(1);
  EXPECT_THAT(wire_->last("mode"), HasSubstr(R"("tier":1)"));
  moves_to(1);
  EXPECT_EQ(wire_->of("mode").size(), 1U);
}

TEST_F(SheddingConnection, LetsLongListsWait) {
  comes();
  moves_to(1);
  hears(R"({"t":"list","id":5,"view":"closed","limit":10})");
  EXPECT_THAT(wire_->last("fault"), HasSubstr(R"("busy")"));
  EXPECT_THAT(wire_->last("fault"), HasSubstr("retry_after_ms"));

  hears(R"({"t":"list","id":6,"view":"queue","limit":10})");
  EXPECT_THAT(wire_->last("listed"), HasSubstr(R"("id":6)")) << "an agent needs this one to work";
  moves_to(0);
  hears(R"({"t":"list","id":8,"view":"closed","limit":10})");
  EXPECT_THAT(wire_->last("listed"), HasSubstr(R"("id":8)"));
}

TEST_F(SheddingConnection, CutsLongPagesShort) {
  for (std::uint64_t n = 2; n <= 40; ++n)
    to_talk(talk_, first_words(ada, n, "more"));
  settle();
  comes();
  moves_to(3);

  hears(fmt::format(R"({{"t":"history","id":5,"conversation":"{}","before":40,"limit":200}})",
                    to_text(talk_)));

  const std::string page = wire_->last("page");
  std::size_t events_count = 0;
  for (auto at = page.find(R"("seq":)"); at != std::string::npos;
       at = page.find(R"("seq":)", at + 1))
    ++events_count;
  EXPECT_EQ(events_count, limits::lean_page_events);
  EXPECT_THAT(page, HasSubstr(R"("more":true)"));
}

TEST_F(SheddingConnection, RefusesPostsBeforeTheAckUnderGuard) {
  comes();
  board_.tiers().set_guarded(true);
  posts(1);
  EXPECT_THAT(wire_->last("fault"), HasSubstr(R"("busy")"));
  EXPECT_TRUE(wire_->of("ack").empty());

  board_.tiers().set_guarded(false);
  posts(1);
  EXPECT_THAT(wire_->last("ack"), HasSubstr(R"("n":1)")) << "the refusal consumed nothing";
}

TEST_F(SheddingConnection, AcknowledgesInEveryTier) {
  comes();
  for (unsigned tier = 0; tier <= tier_max; ++tier) {
    moves_to(tier);
    posts(tier + 1);
    EXPECT_EQ(wire_->of("ack").size(), tier + 1);
  }
}

TEST_F(SheddingConnection, TellsInLeanFramesWhoeverKnowsThem) {
  hears(R"({"t":"hello","token":")" + to_text(bob) + R"(","device":")" + to_text(phone) +
        R"(","lean":true})");
  to_talk(talk_, assign{team, bob_himself, the_desk});
  settle();
  hears(fmt::format(R"({{"t":"sub","subs":[{{"conversation":"{}","after":0}}]}})", to_text(talk_)));
  const std::size_t events_count = wire_->of("event").size();
  moves_to(3);
  for (std::uint64_t n = 2; n <= 4; ++n)
    to_talk(talk_, first_words(ada, n, fmt::format("word {}", n)));
  settle();
  advance(limits::delayed_push_max);

  ASSERT_EQ(wire_->of("lean").size(), 1U) << "all three in one";
  EXPECT_THAT(wire_->last("lean"), HasSubstr(R"("after":4)"));
  EXPECT_THAT(wire_->last("lean"), HasSubstr("word 4"));
  EXPECT_EQ(wire_->of("event").size(), events_count);

  to_talk(talk_, give_back{std::nullopt, bob_himself, return_reason::returned, bob});
  settle();
  EXPECT_THAT(wire_->last("event"), HasSubstr(R"("seq":8)")) << "all else as ever, behind it";
}

/// What has passed since the first is told in 32 bits.
TEST_F(SheddingConnection, BeginsALeanFrameAnewAfterSevenWeeks) {
  to_talk(talk_, first_words(ada, 2, "now"));
  settle();
  sleep_through(std::chrono::hours{24 * 50});
  settle();
  to_talk(talk_, first_words(ada, 3, "fifty days later"));
  settle();
  board_.tiers().set_node(3);
  hears(R"({"t":"hello","token":")" + to_text(bob) + R"(","device":")" + to_text(phone) +
        R"(","lean":true})");
  to_talk(talk_, assign{team, bob_himself, the_desk});
  settle();
  hears(fmt::format(R"({{"t":"sub","subs":[{{"conversation":"{}","after":3}}]}})", to_text(talk_)));
  advance(limits::delayed_push_max);

  ASSERT_EQ(wire_->of("lean").size(), 2U);
  EXPECT_THAT(wire_->of("lean").at(0), HasSubstr(R"("after":3)"));
  EXPECT_THAT(wire_->last("lean"), HasSubstr(R"("after":4)"));
}

TEST_F(SheddingConnection, TellsPlainlyWhoeverDoesNotKnowLeanFrames) {
  comes();
  to_talk(talk_, assign{team, bob_himself, the_desk});
  settle();
  hears(fmt::format(R"({{"t":"sub","subs":[{{"conversation":"{}","after":4}}]}})", to_text(talk_)));
  moves_to(3);
  to_talk(talk_, first_words(ada, 2, "hello"));
  settle();
  advance(limits::delayed_push_max);

  EXPECT_TRUE(wire_->of("lean").empty());
  EXPECT_THAT(wire_->last("event"), HasSubstr("hello"));
}

}  // namespace
}  // namespace frontdesk
