#include "actors/connection.hpp"

#include "model/limits.hpp"
#include "tests/actors/desk_actors.hpp"
#include "tests/actors/held_historian.hpp"
#include "tests/actors/paper_wire.hpp"

#include <fmt/format.h>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// The connection and everything behind it but the dispatcher are real. Ada is at the other end.
class Connection : public desk_actors_test {
 protected:
  Connection() {
    has_conversations_ = true;
    has_persons_ = true;
  }

  void SetUp() override {
    wire_ = std::make_shared<paper_wire>();
    port_ = spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{1}, wire_);
    settle();
  }
  void TearDown() override {
    port_.reset();
    desk_actors_test::TearDown();
  }

  void hears(std::string frame) {
    port_->on_frame(frame);
    settle();
  }
  void is_greeted() {
    hears(
        fmt::format(R"({{"t":"hello","token":"{}","device":"{}"}})", to_text(ada), to_text(phone)));
    ASSERT_EQ(wire_->of("welcome").size(), 1U);
  }
  std::string post(std::uint64_t n, std::string_view text = "hello?") const {
    return fmt::format(R"({{"t":"post","conversation":"{}","n":{},"text":"{}"}})", to_text(talk_),
                       n, text);
  }
  void follows(std::uint64_t after) {
    hears(fmt::format(R"({{"t":"sub","subs":[{{"conversation":"{}","after":{}}}]}})",
                      to_text(talk_), after));
  }
  void received(std::uint64_t seq) {
    hears(fmt::format(R"({{"t":"received","conversation":"{}","seq":{}}})", to_text(talk_), seq));
  }
  /// Time passes while the device answers pings and does nothing else.
  void stays_for(std::chrono::milliseconds length) {
    for (auto passed = 0ms; passed < length; passed += 1s) {
      advance(1s);
      port_->on_pulse();
      hears(R"({"t":"pong"})");
    }
  }
  void bob_says(std::uint64_t n) {
    say wish = first_words(bob, n, fmt::format("answer {}", n));
    wish.what.conversation = talk_;
    wish.what.device = device_id{2, 1};
    wish.opens.reset();
    to_talk(talk_, wish);
    settle();
  }

  const conversation_id talk_ = talk_of(ada);
  std::shared_ptr<paper_wire> wire_;
  std::shared_ptr<connection_port> port_;
};

TEST_F(Connection, WelcomesWhoeverSaysHello) {
  is_greeted();

  EXPECT_THAT(wire_->last("roster"), HasSubstr(to_text(talk_)));
  EXPECT_FALSE(wire_->is_paused);
  EXPECT_FALSE(wire_->closed);
}

TEST_F(Connection, ClosesOnAFrameBeforeHello) {
  hears(post(1));

  EXPECT_EQ(wire_->closed, close_code::no_hello);
}

TEST_F(Connection, ClosesOnGarbageBeforeHello) {
  hears("garbage");

  EXPECT_EQ(wire_->closed, close_code::no_hello);
}

TEST_F(Connection, ClosesWhenNobodySaysHello) {
  advance(limits::hello_max);
  port_->on_pulse();
  settle();

  EXPECT_EQ(wire_->closed, close_code::no_hello);
}

TEST_F(Connection, ClosesOnABadToken) {
  hears(fmt::format(R"({{"t":"hello","token":"nobody","device":"{}"}})", to_text(phone)));

  EXPECT_EQ(wire_->closed, close_code::bad_token);
}

TEST_F(Connection, ClosesAtTheThirdMalformedFrame) {
  is_greeted();

  hears("garbage");
  hears(R"({"t":"nonsense"})");
  EXPECT_FALSE(wire_->closed);

  hears("garbage");
  EXPECT_EQ(wire_->of("fault").size(), 3U);
  EXPECT_EQ(wire_->closed, close_code::too_many_faults);
}

TEST_F(Connection, AcknowledgesAPostOnceItIsRecorded) {
  is_greeted();
  log_.is_slow = true;
  hears(post(1));
  EXPECT_TRUE(wire_->of("ack").empty());

  finish_commit();

  EXPECT_THAT(wire_->last("ack"), HasSubstr(R"("seq":2)"));
}

TEST_F(Connection, RecordsTheRefusalOfATextThatCannotBe) {
  is_greeted();

  hears(post(1, ""));
  hears(post(2));

  EXPECT_THAT(wire_->last("fault"), HasSubstr("empty_text"));
  EXPECT_THAT(wire_->last("ack"), HasSubstr(R"("n":2)"));
}

TEST_F(Connection, LetsItsVisitorChangeWhatSheSaid) {
  is_greeted();
  hears(post(1));
  hears(fmt::format(R"({{"t":"post","conversation":"{}","n":2,"text":"hi?","edits":2}})",
                    to_text(talk_)));
  EXPECT_THAT(wire_->last("ack"), HasSubstr(R"("n":2,"seq":4)"));

  hears(fmt::format(R"({{"t":"post","conversation":"{}","n":3,"deletes":2}})", to_text(talk_)));

  EXPECT_THAT(wire_->last("ack"), HasSubstr(R"("n":3,"seq":5)"));
  EXPECT_EQ(head_of(talk_).last.text, "");
}

TEST_F(Connection, RecordsTheRefusalOfAnEditWithoutText) {
  is_greeted();
  hears(post(1));
  hears(fmt::format(R"({{"t":"post","conversation":"{}","n":2,"text":" ","edits":2}})",
                    to_text(talk_)));
  EXPECT_THAT(wire_->last("fault"), HasSubstr("empty_text"));
  hears(post(3));
  EXPECT_THAT(wire_->last("ack"), HasSubstr(R"("n":3,"seq":4)"));
}

TEST_F(Connection, ReadsNoMoreWhileTooManyPostsWait) {
  is_greeted();
  hears(post(1));
  log_.is_slow = true;
  std::uint64_t n = 1;
  while (!wire_->is_paused && n <= limits::posts_unacked_max + 1) {
    advance(250ms);
    hears(post(++n));
  }
  EXPECT_TRUE(wire_->is_paused);
  EXPECT_EQ(n, limits::posts_unacked_max + 1);

  finish_commit();

  EXPECT_FALSE(wire_->is_paused);
  EXPECT_EQ(wire_->of("ack").size(), n);
}

TEST_F(Connection, SaysHowLongToWaitWhenPostsComeTooFast) {
  is_greeted();
  for (std::uint64_t n = 1; n <= 20; ++n)
    hears(post(n));
  EXPECT_TRUE(wire_->of("fault").empty());

  hears(post(21));

  EXPECT_THAT(wire_->last("fault"), HasSubstr("rate_limited"));
  EXPECT_THAT(wire_->last("fault"), HasSubstr("retry_after_ms"));
}

/// Which of several, it cannot say: a client subscribes to all again.
TEST_F(Connection, NamesNoRequestWhenSubsComeTooFast) {
  is_greeted();
  hears(post(1));
  for (auto i = 0; i < limits::requests_burst; ++i)
    follows(0);
  EXPECT_TRUE(wire_->of("fault").empty());

  follows(0);

  EXPECT_THAT(wire_->last("fault"), HasSubstr("rate_limited"));
  EXPECT_THAT(wire_->last("fault"), HasSubstr("retry_after_ms"));
  EXPECT_THAT(wire_->last("fault"), testing::Not(HasSubstr("\"id\"")));
}

TEST_F(Connection, PushesEventsToWhoeverFollows) {
  is_greeted();
  hears(post(1));
  follows(0);
  EXPECT_EQ(wire_->of("event").size(), 3U);

  bob_says(1);

  EXPECT_THAT(wire_->last("event"), HasSubstr("answer 1"));
  EXPECT_EQ(wire_->of("event").size(), 4U);
}

/// The ack is told before the roster. In some of these interleavings a quick client, which follows
/// at the ack, comes in between.
TEST_F(Connection, LetsItsVisitorFollowFromTheAckOn) {
  for (std::uint64_t i = 1; i <= 50; ++i) {
    const person_id visitor{person_kind::visitor, 100 + i};
    const std::string talk = to_text(talk_of(visitor));
    auto wire = std::make_shared<paper_wire>();
    const auto port =
        spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{1 + i}, wire);
    port->on_frame(fmt::format(R"({{"t":"hello","token":"{}","device":"{}"}})", to_text(visitor),
                               to_text(phone)));
    settle();
    port->on_frame(fmt::format(R"({{"t":"post","conversation":"{}","n":1,"text":"here?"}})", talk));
    settle_until([&wire] { return !wire->of("ack").empty(); });

    port->on_frame(
        fmt::format(R"({{"t":"sub","subs":[{{"conversation":"{}","after":0}}]}})", talk));
    settle();

    EXPECT_EQ(wire->of("event").size(), 3U);
    EXPECT_EQ(wire->last("fault"), "");
  }
}

TEST_F(Connection, LetsTheAckStandForTheOwnEvent) {
  is_greeted();
  hears(post(1));
  follows(3);

  hears(post(2));

  EXPECT_THAT(wire_->last("ack"), HasSubstr(R"("seq":4)"));
  EXPECT_TRUE(wire_->of("event").empty());
}

TEST_F(Connection, TellsASlowReaderOfAGapAndThenReadsPages) {
  is_greeted();
  hears(post(1));
  follows(3);
  wire_->waiting_bytes = limits::outbound_bytes_max;
  bob_says(1);
  bob_says(2);
  EXPECT_TRUE(wire_->of("event").empty());
  EXPECT_EQ(wire_->of("gap").size(), 1U);

  wire_->waiting_bytes = 0;
  port_->on_drained();
  settle();

  const auto events = wire_->of("event");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_THAT(events[0], HasSubstr("answer 1"));
  EXPECT_THAT(events[1], HasSubstr("answer 2"));
}

TEST_F(Connection, StopsAtTheWindowOfADeviceThatReceivesNothing) {
  is_greeted();
  hears(post(1));
  follows(3);
  const std::size_t all = limits::unreceived_events_max + 10;
  for (std::uint64_t n = 1; n <= all; ++n)
    bob_says(n);
  EXPECT_EQ(wire_->of("event").size(), limits::unreceived_events_max);
  EXPECT_EQ(wire_->of("gap").size(), 1U);

  received(4);
  EXPECT_EQ(wire_->of("event").size(), limits::unreceived_events_max + 1);

  received(200);
  ASSERT_EQ(wire_->of("event").size(), all);
  EXPECT_THAT(wire_->last("event"), HasSubstr(fmt::format("answer {}", all)));
}

TEST_F(Connection, ServesOtherTracksAndAnswersOverAFullWindow) {
  is_greeted();
  hears(post(1));
  follows(3);
  for (std::uint64_t n = 1; n <= limits::unreceived_events_max; ++n)
    bob_says(n);

  hears(post(2));

  EXPECT_THAT(wire_->last("ack"), HasSubstr(R"("n":2)"));
}

TEST_F(Connection, ClosesADeviceThatDoesNotGoOn) {
  is_greeted();
  hears(post(1));
  follows(3);
  for (std::uint64_t n = 1; n <= limits::unreceived_events_max + 1; ++n)
    bob_says(n);
  stays_for(limits::receive_stall_max - 2s);
  received(5);
  EXPECT_EQ(wire_->closed, std::nullopt);
  for (std::uint64_t n = 2; n <= 3; ++n)
    bob_says(limits::unreceived_events_max + n);

  stays_for(limits::receive_stall_max - 2s);
  EXPECT_EQ(wire_->closed, std::nullopt);
  stays_for(2s);

  EXPECT_EQ(wire_->closed, close_code::slow);
}

/// By its device and n a client finds its own posts in a history that was restored.
TEST_F(Connection, NamesTheOriginOfOwnEventsInPages) {
  is_greeted();
  hears(post(1));
  bob_says(1);

  hears(fmt::format(R"({{"t":"history","id":1,"conversation":"{}","after":0,"limit":10}})",
                    to_text(talk_)));

  const std::string page = wire_->last("page");
  EXPECT_THAT(page, HasSubstr(fmt::format(R"("device":"{}","n":1)", to_text(phone))));
  EXPECT_EQ(page.find("\"device\""), page.rfind("\"device\"")) << "not of Bob's";
}

TEST_F(Connection, ShowsAVisitorNothingOfOthers) {
  is_greeted();
  const person_id other{person_kind::visitor, 7};
  to_talk(talk_of(other), first_words(other, 1, "secret"));
  settle();

  hears(fmt::format(R"({{"t":"sub","subs":[{{"conversation":"{}","after":0}}]}})",
                    to_text(talk_of(other))));

  EXPECT_THAT(wire_->last("fault"), HasSubstr("unknown_conversation"));
  EXPECT_TRUE(wire_->of("event").empty());
}

TEST_F(Connection, ForbidsAVisitorWhatIsForAgents) {
  is_greeted();

  hears(R"({"t":"watch","id":5,"on":true})");

  EXPECT_THAT(wire_->last("fault"), HasSubstr("forbidden"));
}

TEST_F(Connection, RefusesAPostThatGotNoAnswerInTime) {
  is_greeted();
  hears(post(1));
  log_.is_slow = true;
  hears(post(2));

  advance(limits::post_answer_max);
  port_->on_pulse();
  settle();

  EXPECT_THAT(wire_->last("fault"), HasSubstr("busy"));
  finish_commit();
}

TEST_F(Connection, ClosesOnSilence) {
  is_greeted();

  advance(limits::silence_max + 1s);
  port_->on_pulse();
  settle();

  EXPECT_EQ(wire_->closed, close_code::no_pong);
}

TEST_F(Connection, FindsItsPersonAgainAfterThatFailed) {
  is_greeted();
  hears(post(1));
  follows(3);
  stop(made_persons_.back(), caf::exit_reason::kill);
  advance(1s);

  bob_says(1);

  EXPECT_THAT(wire_->last("event"), HasSubstr("answer 1"));
}

TEST_F(Connection, SaysGoodByeWhenTheNodeEnds) {
  is_greeted();

  stop(board_.connected().all().at(0));

  EXPECT_THAT(wire_->last("bye"), HasSubstr("4000"));
  EXPECT_EQ(wire_->closed, close_code::drain);
}

TEST_F(Connection, ReadsWhatAConversationHasThatOnlySaysHowItStands) {
  is_greeted();
  hears(post(1));
  follows(3);
  log_.is_slow = true;
  bob_says(1);
  stop(made_conversations_.back(), caf::exit_reason::kill);
  finish_commit();
  EXPECT_TRUE(wire_->of("event").empty());

  advance(2s);

  EXPECT_THAT(wire_->last("event"), HasSubstr("answer 1"));
}

TEST_F(Connection, RefusesARequestThatGotNoAnswerInTime) {
  is_greeted();
  hears(post(1));
  log_.is_slow = true;
  hears(fmt::format(R"({{"t":"close","id":7,"conversation":"{}"}})", to_text(talk_)));

  advance(limits::post_answer_max);
  port_->on_pulse();
  settle();

  EXPECT_THAT(wire_->last("fault"), HasSubstr("busy"));
  EXPECT_THAT(wire_->last("fault"), HasSubstr(R"("id":7)"));
  finish_commit();
}

TEST_F(Connection, RefusesNoRequestThatWasAnswered) {
  is_greeted();
  hears(post(1));
  hears(fmt::format(R"({{"t":"close","id":7,"conversation":"{}"}})", to_text(talk_)));
  ASSERT_EQ(wire_->of("done").size(), 1U);

  advance(limits::post_answer_max);
  port_->on_pulse();
  settle();

  EXPECT_EQ(wire_->last("fault"), "");
}

/// Two conversations at once, while the person is away that would tell of them: the second ack must
/// not make the first one a stranger's.
TEST_F(Connection, LetsItsVisitorFollowEachConversationThatWasAcknowledged) {
  is_greeted();
  stop(made_persons_.back(), caf::exit_reason::kill);
  const conversation_id other = talk_of(ada, 2);
  to_talk(talk_, first_words(ada, 1, "hello?"));
  settle();
  for (const conversation_id each : {talk_, other}) {
    post_answered fact;
    fact.conversation = each;
    fact.answer = {post_number{1}, 0, sequence{2}, track::visible, {}, fault_code::none};
    tell(board_.connected().all().at(0), fact);
  }
  settle();

  follows(0);

  EXPECT_EQ(wire_->of("ack").size(), 2U);
  EXPECT_EQ(wire_->of("event").size(), 3U);
  EXPECT_EQ(wire_->last("fault"), "");
}

/// That page was read before the second subscription's position was reached.
TEST_F(Connection, TakesNoPageOfAnOlderSubscriptionForItsOwn) {
  is_greeted();
  hears(post(1));
  held_historian::pages asked;
  const historian_actor held =
      spawn_on<held_historian>(system(), placement{worker_kind::storage, 0}, asked);
  board_.serve(held);
  follows(1);
  follows(2);
  ASSERT_EQ(asked.size(), 2U);

  events_read older;
  older.at = head_of(talk_);
  older.at.visible = sequence{1};
  inside<caf::local_actor>(held).context(nullptr);
  asked[0].deliver(older);
  settle();

  EXPECT_EQ(wire_->last("fault"), "");
  asked.clear();
}

}  // namespace
}  // namespace frontdesk
