#include "actors/scheduler.hpp"

#include "tests/actors/puppet.hpp"
#include "tests/actors/threaded_desk.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace frontdesk {
namespace {

using frontdesk::stays_on_its_node;
using namespace std::chrono_literals;

struct step {
  int number = 0;
};
struct where {};
struct here {
  worker_kind kind = worker_kind::io;
  std::size_t index = 0;

  friend bool operator==(const here&, const here&) = default;
};

/// Asks from the test's own thread.
template <class Answer, class Handle, class Message>
Answer answer_of(threaded_desk& desk, const Handle& whom, Message message) {
  caf::scoped_actor asker{desk.system()};
  Answer answer{};
  asker->request(whom, caf::infinite, std::move(message))
      .receive([&](Answer& given) { answer = std::move(given); },
               [&](caf::error& fault) { ADD_FAILURE() << desk.system().render(fault); });
  return answer;
}

void end(const caf::actor& actor) {
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
}

/// Says on which worker it lives, which must be the one on which it runs.
caf::behavior tell_where(puppet& self) {
  return {[&self](where) {
    EXPECT_EQ(self.home(), worker::current());
    return here{self.home()->place().kind, self.home()->place().index};
  }};
}

// ---- Placement.

TEST(Scheduler, RunsAnActorOnTheWorkerThatItsSpawnNames) {
  threaded_desk desk{{2, 3, 1, 64}};
  for (auto kind : {worker_kind::io, worker_kind::storage, worker_kind::control}) {
    for (std::size_t index = 0; index < desk.threads().count(kind); ++index) {
      auto actor = spawn_on<puppet>(desk.system(), placement{kind, index}, tell_where);
      EXPECT_EQ(answer_of<here>(desk, actor, where{}), (here{kind, index}));
      end(actor);
    }
  }
}

TEST(Scheduler, TakesAnyIndexForThereAreAlwaysWorkers) {
  threaded_desk desk{{2, 1, 1, 64}};
  auto& threads = desk.threads();
  EXPECT_EQ(&threads.at(worker_kind::io, 7), &threads.at(worker_kind::io, 1));
  EXPECT_EQ(&threads.at(worker_kind::storage, 7), &threads.at(worker_kind::storage, 0));
}

TEST(SchedulerDeathTest, RefusesAnActorThatWouldInheritItsWorker) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        threaded_desk desk;
        desk.system().spawn<puppet>(tell_where);
      },
      "spawn_on");
}

TEST(Scheduler, HandsAConstructorsExceptionToTheSpawner) {
  struct unmade : puppet {
    explicit unmade(caf::actor_config& config) : puppet(config, tell_where) {
      throw std::runtime_error("unmade");
    }
  };
  threaded_desk desk;
  EXPECT_THROW(spawn_on<unmade>(desk.system(), io), std::runtime_error);
}

// ---- Messages and fairness.

TEST(Scheduler, CarriesMessagesBetweenWorkersInOrder) {
  constexpr int steps_count = 20'000;
  std::vector<int> heard;
  std::promise<void> all;
  threaded_desk desk;
  auto receiver = spawn_on<puppet>(desk.system(), storage, [&](puppet&) {
    return caf::behavior{[&](step taken) {
      heard.push_back(taken.number);
      if (heard.size() == steps_count) all.set_value();
    }};
  });
  auto sender = spawn_on<puppet>(desk.system(), io, [&](puppet& self) {
    for (int number = 0; number < steps_count; ++number)
      self.tell(receiver, step{number});
    return tell_where(self);
  });

  all.get_future().wait();

  for (int number = 0; number < steps_count; ++number)
    ASSERT_EQ(heard.at(number), number);
  end(sender);
  end(receiver);
}

TEST(Scheduler, AnswersOnIoWhileStorageBlocks) {
  threaded_desk desk;
  auto slow = spawn_on<puppet>(desk.system(), storage, tell_where);
  auto quick = spawn_on<puppet>(desk.system(), io, tell_where);

  auto release = desk.hold(storage);
  caf::anon_send(slow, where{});

  EXPECT_EQ(answer_of<here>(desk, quick, where{}), (here{worker_kind::io, 0}));
  release->set_value();
  end(slow);
  end(quick);
}

TEST(Scheduler, GivesOthersATurnAfterItsThroughput) {
  int taken = 0;
  std::promise<int> taken_before;
  threaded_desk desk{{.throughput = 50}};
  auto busy = spawn_on<puppet>(desk.system(), io,
                               [&](puppet&) { return caf::behavior{[&](step) { ++taken; }}; });
  auto patient = spawn_on<puppet>(desk.system(), io, [&](puppet&) {
    return caf::behavior{[&](step) { taken_before.set_value(taken); }};
  });
  desk.catch_up(io);

  auto release = desk.hold(io);
  for (int number = 0; number < 1000; ++number)
    caf::anon_send(busy, step{number});
  caf::anon_send(patient, step{});
  release->set_value();

  EXPECT_EQ(taken_before.get_future().get(), 50);
  end(busy);
  end(patient);
}

TEST(Scheduler, GivesSocketsATurnAmongActorsThatNeverRest) {
  constexpr int too_many = 1'000'000;
  int taken = 0;
  bool is_done = false;
  threaded_desk desk;
  auto restless = spawn_on<puppet>(desk.system(), io, [&](puppet& self) {
    return caf::behavior{[&](step) {
      if (!is_done && ++taken < too_many) self.tell(&self, step{});
    }};
  });
  caf::anon_send(restless, step{});

  auto taken_at_callback = desk.on(io, [&] {
    is_done = true;
    return taken;
  });

  EXPECT_LT(taken_at_callback, too_many);
  end(restless);
}

TEST(Scheduler, RunsPostsInOrder) {
  std::vector<int> heard;
  threaded_desk desk;
  for (int number = 0; number < 100; ++number) {
    desk.threads().at(io).post([&heard, number] { heard.push_back(number); });
  }
  desk.catch_up(io);
  for (int number = 0; number < 100; ++number)
    ASSERT_EQ(heard.at(number), number);
}

TEST(Scheduler, KnowsWhoseThreadCalls) {
  threaded_desk desk;
  io_thread& thread = desk.threads().at(io);
  EXPECT_FALSE(thread.is_here());
  EXPECT_TRUE(desk.on(io, [&] { return thread.is_here(); }));
  EXPECT_FALSE(desk.on(storage, [&] { return thread.is_here(); }));
}

TEST(Scheduler, ReportsACallbackThatThrowsAndGoesOn) {
  threaded_desk desk;
  desk.threads().at(io).post([] { throw std::runtime_error("torn socket"); });
  desk.catch_up(io);

  ASSERT_EQ(desk.failed().size(), 1U);
  EXPECT_EQ(desk.failed().at(0).actor, "io_thread");
  EXPECT_EQ(desk.failed().at(0).what, "torn socket");
}

TEST(Scheduler, EndsAnActorWhoseHandlerThrowsAndGoesOn) {
  threaded_desk desk;
  auto target = spawn_on<puppet>(desk.system(), io, [](puppet&) {
    return caf::behavior{[](step) { throw std::runtime_error("stumbled"); }};
  });
  caf::scoped_actor watcher{desk.system()};
  watcher->monitor(target);

  caf::anon_send(target, step{});

  watcher->receive([](caf::down_msg& down) { EXPECT_EQ(down.reason, caf::sec::runtime_error); });
  EXPECT_EQ(desk.failed().at(0).what, "stumbled");
  EXPECT_TRUE(desk.on(io, [] { return true; }));
}

// ---- Figures.

TEST(Scheduler, CountsTurnsAndWakeUps) {
  threaded_desk desk;
  auto actor = spawn_on<puppet>(desk.system(), storage, tell_where);
  desk.catch_up(storage);
  auto before = desk.threads().at(storage).load();

  for (int round = 0; round < 10; ++round) {
    answer_of<here>(desk, actor, where{});
    desk.catch_up(storage);
  }

  auto after = desk.threads().at(storage).load();
  EXPECT_EQ(after.executed_count - before.executed_count, 10U);
  EXPECT_EQ(after.remote_wakeups_count - before.remote_wakeups_count, 10U);
  EXPECT_EQ(after.ready_length, 0U);
  end(actor);
}

TEST(Scheduler, TellsHowManyActorsWaitForTheirTurn) {
  threaded_desk desk;
  std::vector<caf::actor> actors;
  for (int count = 0; count < 5; ++count) {
    actors.push_back(spawn_on<puppet>(desk.system(), io, tell_where));
  }
  desk.catch_up(io);

  auto length = desk.on(io, [&] {
    for (auto& each : actors)
      caf::anon_send(each, where{});
    return desk.threads().at(io).load().ready_length;
  });

  EXPECT_EQ(length, 5U);
  for (auto& each : actors)
    end(each);
}

}  // namespace
}  // namespace frontdesk
