#include "actors/quarantine_keeper.hpp"
#include "model/limits.hpp"
#include "model/planted_bug.hpp"
#include "tests/actors/desk_actors.hpp"

#include <fmt/format.h>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

/// Conversations, recorder, registry and quarantine are real; persons and dispatcher are doubles.
/// Posts that say that they are poison end whoever reads them, at the place that they name.
class Quarantine : public desk_actors_test {
 protected:
  Quarantine() {
    has_conversations_ = true;
    plant(planted_bug::dies_of_poison);
    board_.serve(spawn_quarantine_keeper(system(), {worker_kind::storage, 0}, board_));
  }
  ~Quarantine() override { plant(planted_bug::none); }

  void SetUp() override {
    is_here(ada);
    is_here(bob);
    is_here(eve);
  }
  void says(person_id who, std::uint64_t n, std::string text) {
    to_talk(talk_of(who), first_words(who, n, std::move(text)));
  }
  void say_both(std::uint64_t n, const std::string& poison) {
    says(ada, n, poison);
    says(ada, n + 1, "and now?");
    settle();
  }
  std::vector<quarantined> kept() { return reader{rows_}.read_quarantine(shop).value(); }
  std::vector<std::string> texts_of(person_id who) {
    std::vector<std::string> found;
    const auto page = reader{rows_}.read_page({shop, talk_of(who)}, {}).value();
    for (const event& each : page) {
      if (each.kind == event_kind::message) found.push_back(each.text);
    }
    return found;
  }
  fault_code refusal_of_first(person_id who) {
    for (const auto& each : heard_by(who).of<post_answered>()) {
      if (each.answer.n == post_number{1}) return each.answer.refusal;
    }
    return fault_code::none;
  }

  registry_makers makers_of(switchboard& board, heard& told) {
    registry_makers made;
    made.conversation = [this, &board](placement where, const conversation_name& name) {
      return spawn_conversation(system(), where, board, name);
    };
    made.person = [this, &told](placement where, const person_name&) {
      return person_actor{spawn_on<double_actor<person_actor>>(system(), where, told)};
    };
    made.dispatcher = [this, &told](tenant_id, team_id) {
      return dispatcher_actor{
          spawn_on<double_actor<dispatcher_actor>>(system(), placement{worker_kind::io, 0}, told)};
    };
    return made;
  }

  static constexpr person_id eve{person_kind::visitor, 2};
};

class QuarantineAtEachPlace : public Quarantine, public testing::WithParamInterface<std::string> {};

TEST_P(QuarantineAtEachPlace, RefusesAPostThatEndedItsConversationTwiceAndGoesOn) {
  const moment before = now();

  say_both(1, GetParam());

  EXPECT_EQ(refusal_of_first(ada), fault_code::quarantined);
  EXPECT_EQ(texts_of(ada), std::vector<std::string>{"and now?"});
  EXPECT_EQ(heard_by(ada).last<post_answered>().answer.n, post_number{2});
  EXPECT_EQ(now(), before) << "nobody waited for anything";
}

TEST_P(QuarantineAtEachPlace, KeepsItForInspection) {
  say_both(1, GetParam());

  ASSERT_EQ(kept().size(), 1U);
  const quarantined found = kept().front();
  EXPECT_EQ(found.id, quarantine_id{1});
  EXPECT_EQ(found.actor, "conversation");
  EXPECT_EQ(found.message, "say");
  EXPECT_EQ(found.thrown, "poison");
  EXPECT_EQ(found.conversation, talk_of(ada));
  EXPECT_EQ(found.person, ada);
  EXPECT_EQ(found.n, post_number{1});
  EXPECT_EQ(found.text, GetParam());
}

TEST_P(QuarantineAtEachPlace, SaysWhichPostEndedWhichConversation) {
  say_both(1, GetParam());

  ASSERT_EQ(failed().size(), 2U);
  for (const failure& each : failed()) {
    EXPECT_EQ(each.actor, "conversation");
    EXPECT_EQ(each.message, "say");
    EXPECT_EQ(each.what, "poison");
    EXPECT_EQ(each.tenant, shop);
    EXPECT_EQ(each.conversation, talk_of(ada));
    EXPECT_EQ(each.person, ada);
    EXPECT_EQ(each.device, phone);
    EXPECT_EQ(each.n, post_number{1});
  }
}

INSTANTIATE_TEST_SUITE_P(Poison, QuarantineAtEachPlace,
                         testing::Values("poison in a post", "poison in a draft",
                                         "poison in a conversation"));

TEST_P(QuarantineAtEachPlace, IsToldToWhoeverWatchesTheConversation) {
  trace_board& board = board_.traces();
  const watch_id id = board.watch({shop, {}, talk_of(ada)}, 1h, now()).value();
  say wish = first_words(ada, 1, GetParam());
  wish.what.trace = board.begin_post({shop, ada, talk_of(ada), {}}, now());
  const trace_id trace = wish.what.trace->at.trace;
  to_talk(talk_of(ada), wish);
  settle();

  std::vector<std::string> told;
  for (const watch_line& each : board.read_watch(id, 100, now()).value().lines) {
    if (const auto* span = std::get_if<frontdesk::span>(&each)) {
      told.push_back(fmt::format("{} {}", name_of(span->what.kind), span->result));
    } else {
      const auto& note = std::get<connection_note>(each);
      told.push_back(fmt::format("{} {}", name_of(note.kind), note.name));
      EXPECT_EQ(note.trace, trace);
      EXPECT_EQ(note.person, ada);
    }
  }
  EXPECT_EQ(told, (std::vector<std::string>{"failed conversation", "failed conversation",
                                            "quarantined conversation", "commit ok",
                                            "conversation quarantined"}))
      << "the refusal is recorded";
  ASSERT_FALSE(failed().empty());
  EXPECT_EQ(failed()[0].trace, to_text(trace));
}

/// It is recorded, and its author knows; whoever else should hear of it does so from the next life.
TEST_F(Quarantine, TellsWhatWasRecordedAlsoIfTellingItHasEndedTheTeller) {
  says(ada, 1, "hello?");
  settle();
  to_talk(talk_of(ada), assign{team, bob_himself, the_desk});
  settle();
  heard_by(bob).forget();

  says(ada, 2, "poison on the way out");
  settle();
  EXPECT_EQ(heard_by(ada).last<post_answered>().answer.n, post_number{2});
  EXPECT_EQ(heard_by(bob).count<conversation_moved>(), 0U);
  advance(2s);

  ASSERT_EQ(heard_by(bob).count<conversation_moved>(), 1U);
  EXPECT_EQ(heard_by(bob).last<conversation_moved>().at->visible, head_of(talk_of(ada)).visible);
}

TEST_F(Quarantine, ReadsAgainWhatEndedItsReaderOnce) {
  const std::string text = "poison in a post";
  says(ada, 1, text);
  settle_until([this] { return made_conversations_.size() == 2; });
  plant(planted_bug::none);
  settle();

  EXPECT_EQ(texts_of(ada), std::vector<std::string>{text});
  EXPECT_TRUE(kept().empty());
}

TEST_F(Quarantine, LetsNoPostBesideItWait) {
  says(ada, 1, "hello");
  settle();
  for (std::uint64_t n = 2; n < 12; ++n)
    says(ada, n, n == 5 ? "poison in a post" : "and so on");
  say note = first_words(ada, 1, "she is upset");
  note.what.author = bob;
  note.opens.reset();
  note.what.where = track::internal;
  to_talk(talk_of(ada), note);
  settle();

  EXPECT_EQ(texts_of(ada).size(), 10U);
  EXPECT_EQ(heard_by(ada).count<post_answered>(), 11U);
  EXPECT_FALSE(heard_by(bob).last<post_answered>().refusal);
}

TEST_F(Quarantine, IsNoticedByNoOtherConversation) {
  says(eve, 1, "hello");
  settle();
  const auto made = made_conversations_.size();

  say_both(1, "poison in a post");
  says(eve, 2, "still there");
  settle();

  EXPECT_EQ(made_conversations_.size(), made + 3) << "three lives of one conversation";
  EXPECT_EQ(texts_of(eve).size(), 2U);
}

TEST_F(Quarantine, GivesAPostThatComesAgainItsRefusalAlsoAfterARestart) {
  say_both(1, "poison in a post");
  switchboard later{board_.foundation(), settings_};
  later.serve(spawn_recorder(system(), {worker_kind::storage, 0}, later));
  later.serve(spawn_historian(system(), {worker_kind::storage, 0}, later));
  heard told;
  later.serve(spawn_registry(system(), {worker_kind::io, 0}, later, makers_of(later, told)));
  to_person awake{{shop, ada}, true, 0, caf::make_message(announce{})};
  tell(later.registry(), awake);

  const to_conversation again{
      {shop, talk_of(ada)}, 0, caf::make_message(first_words(ada, 1, "poison in a post"))};
  tell(later.registry(), again);
  settle();

  EXPECT_EQ(told.last<post_answered>().answer.refusal, fault_code::quarantined);
  EXPECT_EQ(failed().size(), 2U) << "it was not read a third time";
  later.close();
}

/// Three posts and their devices' repeats, as two of them come to the recorder in one append.
TEST_F(Quarantine, RefusesAPostThatEndedTheRecorderTwiceAndNoneThatCameBesideIt) {
  says(ada, 1, "hello");
  settle();
  log_.is_slow = true;
  says(ada, 2, "where is it?");
  settle();
  says(ada, 3, "poison in the store");
  says(ada, 4, "and now?");
  settle();
  finish_commit();
  for (int life = 0; life < 2; ++life) {
    ASSERT_EQ(failed().size(), life + 1U);
    EXPECT_EQ(failed().back().actor, "recorder");
    EXPECT_EQ(failed().back().n, life == 0 ? post_number{} : post_number{3});
    EXPECT_TRUE(kept().empty());
    board_.serve(spawn_recorder(system(), {worker_kind::storage, 0}, board_));
    tell(registry(), storage_began{});
    settle();
    says(ada, 3, "poison in the store");
    says(ada, 4, "and now?");
    settle();
  }

  EXPECT_EQ(texts_of(ada), (std::vector<std::string>{"hello", "where is it?", "and now?"}));
  EXPECT_EQ(failed().size(), 2U);
  advance(2s);
  ASSERT_EQ(kept().size(), 1U) << "there was no recorder when it was confined";
  EXPECT_EQ(kept()[0].actor, "recorder");
  EXPECT_EQ(kept()[0].message, "say");
  EXPECT_EQ(kept()[0].n, post_number{3});
  EXPECT_EQ(kept()[0].text, "poison in the store");
}

/// As if whoever refuses it fell over that it is there at all.
TEST_F(Quarantine, DropsWhatEndsItsReaderEvenAsARefusal) {
  const caf::message post = caf::make_message(first_words(ada, 1, "hello"));
  for (int end = 0; end < 3; ++end) {
    board_.quarantine().has_ended(
        "conversation", suspect_of(conversation_name{shop, talk_of(ada)}, post), "why", now());
  }

  says(ada, 1, "hello");
  says(eve, 1, "hello");
  settle();

  EXPECT_EQ(heard_by(ada).count<post_answered>(), 0U);
  EXPECT_EQ(kept().size(), 1U);
  EXPECT_EQ(texts_of(eve).size(), 1U);
}

TEST_F(Quarantine, DoesNotTakeTheSameWordsInAnotherPostForIt) {
  say_both(1, "poison in a post");
  plant(planted_bug::none);

  says(ada, 3, "poison in a post");
  settle();

  EXPECT_EQ(texts_of(ada).back(), "poison in a post");
}

TEST_F(Quarantine, LeavesADoubtThatIsSpokenOfOnce) {
  says(ada, 1, "hello");
  settle();
  tell(registry(), conversation_idle{{shop, talk_of(ada)}});
  settle();

  say_both(2, "poison in a conversation");
  ASSERT_EQ(failed().size(), 2U);
  heard_by(ada).forget();
  advance(2s);
  EXPECT_EQ(heard_by(ada).count<conversation_moved>(), 1U) << "it may have fallen while it told";

  heard_by(ada).forget();
  advance(1min);
  EXPECT_EQ(heard_by(ada).count<conversation_moved>(), 0U);
}

TEST_F(Quarantine, LetsTheOldestGoBeyondItsBound) {
  for (std::size_t i = 0; i < limits::quarantined_max + 3; ++i) {
    quarantined one;
    one.tenant = shop;
    one.message = "say";
    tell(board_.quarantine_keeper(), confine{one});
    settle();
  }

  EXPECT_EQ(kept().size(), limits::quarantined_max);
  EXPECT_EQ(kept().front().id, quarantine_id{4});
}

TEST_F(Quarantine, LetsOneGoThatIsDiscarded) {
  say_both(1, "poison in a post");
  std::optional<fault_or<done>> answer;
  const auto reply =
      std::make_shared<quarantine_reply>([&answer](fault_or<done> said) { answer = said; });

  tell(board_.quarantine_keeper(), discard{shop, quarantine_id{1}, reply});
  settle();
  ASSERT_TRUE(answer && answer->ok());
  EXPECT_TRUE(kept().empty());

  tell(board_.quarantine_keeper(), discard{shop, quarantine_id{1}, reply});
  settle();
  EXPECT_EQ(answer->error().code, fault_code::not_found);
}

TEST_F(Quarantine, KnowsWhatItKeptBeforeARestart) {
  say_both(1, "poison in a post");
  board_.serve(spawn_quarantine_keeper(system(), {worker_kind::storage, 0}, board_));

  says(eve, 1, "poison in a post");
  settle();

  ASSERT_EQ(kept().size(), 2U);
  EXPECT_EQ(kept().back().id, quarantine_id{2});
}

}  // namespace
}  // namespace frontdesk
