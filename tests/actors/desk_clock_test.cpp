#include "tests/actors/puppet.hpp"
#include "tests/actors/threaded_desk.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <vector>

namespace frontdesk {
namespace {

using frontdesk::stays_on_its_node;
using namespace std::chrono_literals;

struct ring {
  int number = 0;
};
struct how_much {};

void end(const caf::actor& actor) {
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
}

caf::behavior answer_at_once(puppet&) {
  return {[](how_much) { return 42; }};
}

caf::behavior answer_never(puppet& self) {
  return {[&self](how_much) { return self.make_response_promise<int>(); }};
}

TEST(DeskClock, RemindsOnTheOwnWorkerAndNotBeforeItIsTime) {
  std::promise<moment> rang;
  moment set;
  threaded_desk desk;
  auto actor = spawn_on<puppet>(desk.system(), storage, [&](puppet& self) {
    set = self.now();
    self.remind(20ms, ring{});
    return caf::behavior{[&](ring) {
      EXPECT_EQ(worker::current(), self.home());
      rang.set_value(self.now());
    }};
  });

  EXPECT_GE(rang.get_future().get() - set, 20ms);
  end(actor);
}

TEST(DeskClock, RingsInTheOrderOfTimeNotOfSetting) {
  std::vector<int> heard;
  std::promise<void> all;
  threaded_desk desk;
  auto actor = spawn_on<puppet>(desk.system(), io, [&](puppet& self) {
    for (int number : {3, 1, 2})
      self.remind(number * 10ms, ring{number});
    return caf::behavior{[&](ring got) {
      heard.push_back(got.number);
      if (heard.size() == 3) all.set_value();
    }};
  });

  all.get_future().wait();

  EXPECT_EQ(heard, (std::vector{1, 2, 3}));
  end(actor);
}

TEST(DeskClock, RingsForAnEarlierTimerThatComesLater) {
  std::promise<int> first;
  threaded_desk desk;
  auto actor = spawn_on<puppet>(desk.system(), io, [&](puppet& self) {
    self.remind(1h, ring{1});
    return caf::behavior{[&](ring got) {
      if (got.number == 0)
        self.remind(1ms, ring{2});
      else
        first.set_value(got.number);
    }};
  });
  desk.catch_up(io);

  caf::anon_send(actor, ring{0});

  EXPECT_EQ(first.get_future().get(), 2);
  end(actor);
}

TEST(DeskClock, KeepsNoTimeoutOfAnAnsweredQuestion) {
  constexpr int questions_count = 100;
  std::promise<void> all;
  int answers_count = 0;
  threaded_desk desk;
  auto oracle = spawn_on<puppet>(desk.system(), storage, answer_at_once);
  auto asker = spawn_on<puppet>(desk.system(), io, [&](puppet& self) {
    for (int count = 0; count < questions_count; ++count) {
      self.ask(oracle, 1h, how_much{})
          .then(
              [&](int) {
                if (++answers_count == questions_count) all.set_value();
              },
              [](const caf::error&) { ADD_FAILURE(); });
    }
    return caf::behavior{[](ring) {}};
  });

  all.get_future().wait();
  desk.catch_up(io);

  EXPECT_EQ(desk.threads().at(io).load().timers_length, 0U);
  end(asker);
  end(oracle);
}

TEST(DeskClock, CountsTheTimersThatWait) {
  threaded_desk desk;
  auto actor = spawn_on<puppet>(desk.system(), io, [&](puppet& self) {
    for (int count = 0; count < 7; ++count)
      self.remind(1h, ring{});
    return caf::behavior{[](ring) {}};
  });
  desk.catch_up(io);
  EXPECT_EQ(desk.threads().at(io).load().timers_length, 7U);

  end(actor);
  desk.catch_up(io);

  EXPECT_EQ(desk.threads().at(io).load().timers_length, 0U);
}

TEST(DeskClock, EndsPatienceWithAQuestion) {
  std::promise<caf::error> heard;
  threaded_desk desk;
  auto oracle = spawn_on<puppet>(desk.system(), storage, answer_never);
  auto asker = spawn_on<puppet>(desk.system(), io, [&](puppet& self) {
    self.ask(oracle, 10ms, how_much{})
        .then([](int) { ADD_FAILURE(); }, [&](const caf::error& why) { heard.set_value(why); });
    return caf::behavior{[](ring) {}};
  });

  EXPECT_EQ(heard.get_future().get(), caf::sec::request_timeout);
  end(asker);
  end(oracle);
}

TEST(DeskClock, ServesAskersThatLiveOnNoWorker) {
  threaded_desk desk;
  auto oracle = spawn_on<puppet>(desk.system(), storage, answer_never);
  caf::scoped_actor asker{desk.system()};

  asker->request(oracle, 10ms, how_much{})
      .receive([](int) { ADD_FAILURE(); },
               [](caf::error& why) { EXPECT_EQ(why, caf::sec::request_timeout); });

  end(oracle);
}

TEST(DeskClock, DeliversCafsOwnDelayedMessages) {
  std::promise<int> heard;
  threaded_desk desk;
  auto actor = spawn_on<puppet>(desk.system(), io, [&](puppet&) {
    return caf::behavior{[&](ring got) { heard.set_value(got.number); }};
  });

  caf::delayed_anon_send(actor, 1ms, ring{9});

  EXPECT_EQ(heard.get_future().get(), 9);
  end(actor);
}

TEST(SystemWallClock, KnowsTheDate) {
  system_wall_clock clock;
  auto by_hand = std::chrono::system_clock::now().time_since_epoch();

  auto difference = std::chrono::milliseconds{clock.now().value} - by_hand;

  EXPECT_LT(std::chrono::abs(difference), 1min);
}

}  // namespace
}  // namespace frontdesk
