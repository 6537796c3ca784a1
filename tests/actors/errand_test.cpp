#include "actors/connection.hpp"
#include "model/limits.hpp"
#include "tests/actors/desk_actors.hpp"
#include "tests/actors/paper_wire.hpp"

#include <fmt/format.h>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// Everything but the dispatcher is real. Devices without a WebSocket have a wire downward, and
/// send their frames by errands.
class Errand : public desk_actors_test {
 protected:
  Errand() {
    has_conversations_ = true;
    has_persons_ = true;
  }

  struct line {
    std::shared_ptr<paper_wire> wire;
    std::shared_ptr<connection_port> port;

    paper_wire* operator->() const { return wire.get(); }
  };

  line begins(carries what, person_id who, device_id device = phone) {
    line made;
    made.wire = std::make_shared<paper_wire>(what);
    made.port = spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{++last_id_},
                                 made.wire);
    settle();
    hears(made, fmt::format(R"({{"t":"hello","token":"{}","device":"{}"}})", to_text(who),
                            to_text(device)));
    return made;
  }
  line streams(person_id who = ada, device_id device = phone) {
    return begins(carries::downward, who, device);
  }
  void hears(const line& at, std::string_view frame) {
    at.port->on_frame(frame);
    settle();
  }
  /// A whole errand: what it was answered.
  line sends(std::vector<std::string> frames, person_id who = ada, device_id device = phone) {
    line one = begins(carries::errand, who, device);
    for (const std::string& each : frames)
      hears(one, each);
    one.port->on_all_said();
    settle();
    return one;
  }
  std::string post(std::uint64_t n, std::string_view text = "hello?") const {
    return fmt::format(R"({{"t":"post","conversation":"{}","n":{},"text":"{}"}})", to_text(talk_),
                       n, text);
  }
  std::string sub(std::uint64_t after) const {
    return fmt::format(R"({{"t":"sub","subs":[{{"conversation":"{}","after":{}}}]}})",
                       to_text(talk_), after);
  }
  std::string received(std::uint64_t seq) const {
    return fmt::format(R"({{"t":"received","conversation":"{}","seq":{}}})", to_text(talk_), seq);
  }
  /// Bob's words, in Ada's conversation.
  void bob_says(std::uint64_t n) {
    say wish = first_words(bob, n, fmt::format("answer {}", n));
    wish.what.conversation = talk_;
    wish.what.device = device_id{7, 7};
    wish.opens.reset();
    to_talk(talk_, wish);
    settle();
  }

  const conversation_id talk_ = talk_of(ada);
  std::uint64_t last_id_ = 0;
};

TEST_F(Errand, IsToldItsAcksAndNothingElse) {
  const line errand = sends({post(1), post(2)});

  EXPECT_EQ(errand->of("ack").size(), 2U);
  EXPECT_EQ(errand->sent.size(), 2U);
  EXPECT_TRUE(errand->closed);
}

TEST_F(Errand, EndsWhenNothingWaitsForItsAnswer) {
  const line errand = begins(carries::errand, ada);
  log_.is_slow = true;
  hears(errand, post(1));
  errand.port->on_all_said();
  settle();
  EXPECT_FALSE(errand->closed);

  finish_commit();

  EXPECT_EQ(errand->of("ack").size(), 1U);
  EXPECT_TRUE(errand->closed);
}

TEST_F(Errand, EndsWithADoubtWhenAPostFindsNoAnswer) {
  const line errand = begins(carries::errand, ada);
  log_.is_slow = true;
  hears(errand, post(1));
  errand.port->on_all_said();
  advance(limits::post_answer_max + 1s);

  errand.port->on_pulse();
  settle();

  EXPECT_THAT(errand->last("fault"), HasSubstr(R"("code":"busy")"));
  EXPECT_TRUE(errand->closed);
  finish_commit();
}

TEST_F(Errand, WaitsForRequestsAndPages) {
  sends({post(1)});

  const line errand =
      sends({fmt::format(R"({{"t":"history","id":5,"conversation":"{}","after":0,"limit":10}})",
                         to_text(talk_)),
             fmt::format(R"({{"t":"close","id":6,"conversation":"{}"}})", to_text(talk_))});

  EXPECT_THAT(errand->last("page"), HasSubstr(R"("id":5)"));
  EXPECT_THAT(errand->last("done"), HasSubstr(R"("id":6)"));
  EXPECT_EQ(errand->sent.size(), 2U);
  EXPECT_TRUE(errand->closed);
}

TEST_F(Errand, MayNotFollow) {
  sends({post(1)});

  const line errand = sends({sub(0)});

  EXPECT_THAT(errand->last("fault"), HasSubstr(R"("code":"forbidden")"));
  EXPECT_TRUE(errand->of("event").empty());
}

TEST_F(Errand, LeavesTheStreamOfItsDeviceInPlace) {
  const line stream = streams();

  sends({post(1)});

  EXPECT_FALSE(stream->closed);
  EXPECT_EQ(stream->of("welcome").size(), 1U);
}

// An ack in place of the event could stand for nothing, if the errand's was heard before.
TEST_F(Errand, BringsItsAuthorsStreamTheEventAndNoAck) {
  sends({post(1)});
  const line stream = streams();
  hears(stream, sub(3));

  sends({post(2)});

  EXPECT_TRUE(stream->of("ack").empty());
  ASSERT_EQ(stream->of("event").size(), 1U);
  EXPECT_THAT(stream->last("event"), HasSubstr(to_text(phone)));
  EXPECT_THAT(stream->last("event"), HasSubstr(R"("n":2)"));
}

TEST_F(Errand, OpensTheWindowOfItsDevicesStream) {
  sends({post(1)});
  const line stream = streams();
  hears(stream, sub(3));
  const std::size_t most = limits::unreceived_events_max;
  for (std::uint64_t n = 1; n <= most + 10; ++n)
    bob_says(n);
  ASSERT_EQ(stream->of("event").size(), most);

  sends({received(most)});

  EXPECT_EQ(stream->of("event").size(), most + 10);
}

TEST_F(Errand, IsASignOfLifeForItsStream) {
  const line stream = streams();
  advance(limits::silence_max - 5s);

  sends({R"({"t":"pong"})"});
  advance(limits::silence_max - 5s);
  stream.port->on_pulse();
  settle();

  EXPECT_FALSE(stream->closed);
  advance(limits::silence_max + 5s);
  stream.port->on_pulse();
  settle();
  EXPECT_EQ(stream->closed, close_code::no_pong);
}

TEST_F(Errand, OfOnePersonAreFewAtATime) {
  std::vector<line> all;
  for (std::size_t i = 0; i < limits::errands_per_person_max; ++i)
    all.push_back(begins(carries::errand, ada));
  EXPECT_FALSE(all.front()->closed);

  all.push_back(begins(carries::errand, ada));

  EXPECT_EQ(all.front()->closed, close_code::rate_limited);
  EXPECT_FALSE(all.back()->closed);
}

TEST_F(Errand, MakesNobodyPresent) {
  sends({R"({"t":"pong"})"}, bob);

  EXPECT_FALSE(heard_by_team().last<agent_changed>().online);
}

TEST_F(Errand, LeavesAPersonWhoGoesHome) {
  sends({post(1)});
  EXPECT_EQ(counted().persons, 1U);

  advance(limits::person_lingers + 1s);

  EXPECT_EQ(counted().persons, 0U);
}

// A poll ends with the first news; each would be the cause of the next.
TEST_F(Errand, TellsAPollingAgentNothingOldAsNews) {
  const line poll = streams(bob);

  EXPECT_EQ(poll->of("welcome").size(), 1U);
  EXPECT_TRUE(poll->of("me").empty());

  sends({R"({"t":"status","id":1,"status":"accepting"})"}, bob);
  EXPECT_EQ(poll->of("me").size(), 1U);
}

TEST_F(Errand, ReplacesAnOlderPollOfItsDeviceByAnother) {
  const line older = streams();

  const line newer = streams();

  EXPECT_EQ(older->closed, close_code::replaced);
  EXPECT_FALSE(newer->closed);
  EXPECT_EQ(newer->of("roster").size(), 1U);
}

TEST_F(Errand, KeepsAVisitorWhoPollsPresent) {
  sends({post(1)});
  const line agent = begins(carries::both_ways, bob, device_id{5, 5});
  hears(agent, sub(0));
  to_talk(talk_, assign{team, bob_himself, the_desk});
  settle();
  const line first = streams();
  const std::size_t told = agent->of("presence").size();

  first.port->on_closed({});
  settle();
  advance(1s);
  const line second = streams();

  EXPECT_EQ(agent->of("presence").size(), told);
}

}  // namespace
}  // namespace frontdesk
