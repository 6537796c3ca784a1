#include "tests/actors/puppet.hpp"
#include "tests/actors/threaded_desk.hpp"
#include "tests/actors/virtual_desk.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace frontdesk {
namespace {

using frontdesk::stays_on_its_node;

struct frame {
  int number = 0;
};
struct mailed {
  int number = 0;
};

/// A puppet on the I/O worker that keeps what it hears; a frame of -1 is answered by a throw, one
/// of -2 by quitting, one of -3 by calling itself back with 31 and then taking 30.
class HandleNow : public testing::Test {
 protected:
  HandleNow() {
    actor = spawn_on<puppet>(desk.system(), io, [this](puppet& self) {
      return caf::behavior{
          [this, &self](frame got) { on_frame(self, got.number); },
          [this](mailed got) { heard.push_back(got.number); },
      };
    });
    desk.catch_up(io);
  }
  ~HandleNow() override { caf::anon_send_exit(actor, caf::exit_reason::kill); }

  void on_frame(puppet& self, int number) {
    ran_on = worker::current();
    if (number == -1) throw std::runtime_error("bad frame");
    if (number == -2) return self.quit(caf::exit_reason::user_shutdown);
    if (number == -3) {
      self.handle_now(frame{31});
      number = 30;
    }
    heard.push_back(number);
  }

  puppet& self() { return inside<puppet>(actor); }

  /// What was heard when the calls returned, made from outside of any turn on the actor's worker.
  std::vector<int> heard_at_once(std::vector<int> numbers) {
    return desk.on(io, [this, numbers] {
      for (auto number : numbers)
        self().handle_now(frame{number});
      return heard;
    });
  }

  caf::error reason_of_end() {
    caf::scoped_actor watcher{desk.system()};
    watcher->monitor(actor);
    caf::error reason;
    watcher->receive([&](caf::down_msg& down) { reason = std::move(down.reason); });
    return reason;
  }

  threaded_desk desk;
  std::vector<int> heard;
  worker* ran_on = nullptr;
  caf::actor actor;
};

TEST_F(HandleNow, HandlesAtOnceOnTheOwnWorker) {
  EXPECT_EQ(heard_at_once({1, 2, 3}), (std::vector{1, 2, 3}));
}

TEST_F(HandleNow, HandlesLaterWhenAnotherThreadCalls) {
  self().handle_now(frame{1});
  desk.catch_up(io);

  EXPECT_EQ(heard, std::vector{1});
  EXPECT_EQ(ran_on, &desk.threads().at(io));
}

TEST_F(HandleNow, HandlesLaterWhenAnotherWorkerCalls) {
  desk.on(storage, [this] { self().handle_now(frame{1}); });
  desk.catch_up(io);

  EXPECT_EQ(heard, std::vector{1});
  EXPECT_EQ(ran_on, &desk.threads().at(io));
}

TEST_F(HandleNow, DoesNotReenterAHandler) {
  EXPECT_EQ(heard_at_once({-3}), std::vector{30});
  desk.catch_up(io);
  EXPECT_EQ(heard, (std::vector{30, 31}));
}

TEST_F(HandleNow, KeepsTheOrderOfItsCallsWhenOneHadToWait) {
  EXPECT_EQ(heard_at_once({-3, 32}), std::vector{30});
  desk.catch_up(io);
  EXPECT_EQ(heard, (std::vector{30, 31, 32}));
}

TEST_F(HandleNow, HandlesAtOnceAgainWhenNothingWaits) {
  heard_at_once({-3});
  desk.catch_up(io);
  EXPECT_EQ(heard_at_once({33}), (std::vector{30, 31, 33}));
}

TEST_F(HandleNow, DoesNotInterruptAnotherActor) {
  std::vector<int> heard_in_turn{-1};
  auto other = spawn_on<puppet>(desk.system(), io, [&](puppet&) {
    self().handle_now(frame{1});
    heard_in_turn = heard;
    return caf::behavior{[](mailed) {}};
  });
  desk.catch_up(io);

  EXPECT_TRUE(heard_in_turn.empty());
  EXPECT_EQ(heard, std::vector{1});
  caf::anon_send_exit(other, caf::exit_reason::kill);
}

TEST_F(HandleNow, EndsTheActorWhenTheHandlerThrows) {
  EXPECT_EQ(heard_at_once({1, -1, 2}), std::vector{1});
  EXPECT_EQ(reason_of_end(), caf::sec::runtime_error);
  EXPECT_EQ(desk.failed().at(0).what, "bad frame");
}

TEST_F(HandleNow, MayEndTheActor) {
  EXPECT_EQ(heard_at_once({1, -2, 2}), std::vector{1});
  EXPECT_EQ(reason_of_end(), caf::exit_reason::user_shutdown);
}

TEST_F(HandleNow, LeavesTheMailboxToItsTurn) {
  auto at_once = desk.on(io, [this] {
    caf::anon_send(actor, mailed{100});
    self().handle_now(frame{1});
    return heard;
  });
  desk.catch_up(io);

  EXPECT_EQ(at_once, std::vector{1});
  EXPECT_EQ(heard, (std::vector{1, 100}));
}

TEST_F(HandleNow, StartsAnActorThatHadNoTurnYet) {
  auto heard_by_new = desk.on(io, [this] {
    std::vector<int> got;
    auto fresh = spawn_on<puppet>(desk.system(), io, [&got](puppet&) {
      return caf::behavior{[&got](frame what) { got.push_back(what.number); }};
    });
    inside<puppet>(fresh).handle_now(frame{1});
    caf::anon_send_exit(fresh, caf::exit_reason::kill);
    return got;
  });
  EXPECT_EQ(heard_by_new, std::vector{1});
}

TEST(HandleNowInVirtualTime, PutsTheMessageIntoTheMailbox) {
  std::vector<int> got;
  virtual_desk desk;
  auto actor = spawn_on<puppet>(desk.system(), io, [&](puppet&) {
    return caf::behavior{[&](frame what) { got.push_back(what.number); }};
  });

  for (int number : {1, 2, 3})
    inside<puppet>(actor).handle_now(frame{number});
  EXPECT_TRUE(got.empty());
  desk.settle();

  EXPECT_EQ(got, (std::vector{1, 2, 3}));
}

}  // namespace
}  // namespace frontdesk
