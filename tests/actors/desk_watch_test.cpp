#include "actors/desk_watch.hpp"

#include "actors/message_name.hpp"
#include "model/limits.hpp"
#include "tests/actors/puppet.hpp"
#include "tests/actors/threaded_desk.hpp"

#include <gmock/gmock.h>

#include <future>
#include <optional>
#include <stdexcept>

namespace frontdesk {

struct parcel {
  std::shared_future<void> until;
};
struct question_to_nobody {};

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

/// Actors on real threads; who looks at them does so when the test says.
class DeskWatch : public testing::Test {
 protected:
  DeskWatch() { until_ = release_.get_future().share(); }
  ~DeskWatch() override {
    for (const auto& each : made_)
      caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  }

  caf::actor makes(puppet::script inside, placement where = io) {
    made_.push_back(spawn_on<puppet>(desk_.system(), where, std::move(inside)));
    return made_.back();
  }
  /// An actor that hangs in each parcel.
  caf::actor makes_sleeper() {
    return makes([this](puppet&) -> caf::behavior {
      return {[this](const parcel& what) {
                began_.set_value();
                what.until.wait();
              },
              [](int) {}};
    });
  }
  /// Everybody but the one who is held gives a sign of life between two looks.
  void looks(int times, std::optional<placement> held = std::nullopt) {
    while (times-- > 0) {
      watch_.look(time_ += limits::watch_interval);
      for (std::size_t kind = 0; kind < worker_kinds_count; ++kind) {
        const placement each{static_cast<worker_kind>(kind), 0};
        if (!held || held->kind != each.kind) desk_.catch_up(each);
      }
    }
  }
  desk_stats stats() { return watch_.stats(time_); }
  actor_kind_stats puppets() {
    for (auto& each : stats().actors) {
      if (each.name == "puppet") return each;
    }
    return {};
  }

  std::promise<void> release_;
  std::shared_future<void> until_;
  std::promise<void> began_;
  threaded_desk desk_;
  std::vector<caf::actor> made_;
  recorder_tally recorded_;
  traffic_board traffic_{1, true};
  std::vector<std::pair<stuck_stats, bool>> told_;
  desk_watch watch_{
      desk_.threads(), census_of(desk_.system()), recorded_, traffic_,
      [this](const stuck_stats& what, bool has_ended) { told_.emplace_back(what, has_ended); }};
  desk_watch::moment time_ = desk_watch::moment{} + 1h;
};

TEST_F(DeskWatch, NamesTheActorThatHangsAndItsMessage) {
  const caf::actor sleeper = makes_sleeper();
  caf::anon_send(sleeper, parcel{until_});
  began_.get_future().wait();

  looks(2, io);

  ASSERT_THAT(told_, SizeIs(1));
  const stuck_stats& found = told_[0].first;
  EXPECT_EQ(found.worker, "io.0");
  EXPECT_EQ(found.kind, "puppet");
  EXPECT_EQ(found.id, sleeper.id());
  EXPECT_EQ(found.message, "parcel");
  EXPECT_EQ(found.lasted, 250ms);
  EXPECT_FALSE(told_[0].second);
  EXPECT_THAT(stats().stuck, SizeIs(1));
  EXPECT_EQ(puppets().stuck, 1U);
  release_.set_value();
}

TEST_F(DeskWatch, TellsWhenTheHandlerHasEnded) {
  caf::anon_send(makes_sleeper(), parcel{until_});
  began_.get_future().wait();
  looks(5, io);

  release_.set_value();
  desk_.catch_up(io);
  looks(1);

  ASSERT_THAT(told_, SizeIs(2));
  EXPECT_TRUE(told_[1].second);
  EXPECT_EQ(told_[1].first.message, "parcel");
  EXPECT_EQ(told_[1].first.lasted, 1250ms);
  EXPECT_THAT(stats().stuck, IsEmpty());
  EXPECT_GE(puppets().handling.all.max(), 1'000'000'000U);
}

TEST_F(DeskWatch, NamesACallbackOutsideOfActors) {
  const auto release = desk_.hold(io);

  looks(4, io);

  EXPECT_THAT(told_, ElementsAre(testing::Pair(Field(&stuck_stats::kind, "callback"), false)));
}

TEST_F(DeskWatch, LetsStorageWaitForItsDisk) {
  const auto release = desk_.hold(storage);

  looks(10, storage);
  EXPECT_THAT(told_, IsEmpty());
  looks(20, storage);
  EXPECT_THAT(told_, SizeIs(1));
}

TEST_F(DeskWatch, CountsMessagesWhicheverWayTheyCome) {
  const caf::actor actor = makes([](puppet&) -> caf::behavior { return {[](int) {}}; });
  const auto before = puppets().messages;

  for (int i = 0; i < 50; ++i)
    caf::anon_send(actor, i);
  desk_.catch_up(io);
  desk_.on(io, [&] {
    for (int i = 0; i < 10; ++i)
      inside<puppet>(actor).handle_now(i);
  });

  EXPECT_EQ(puppets().messages - before, 60U);
  EXPECT_EQ(puppets().handling.all.count(), 60U / census::sampled_one_in);
}

TEST_F(DeskWatch, KnowsTheLongestMailbox) {
  const caf::actor actor = makes([](puppet&) -> caf::behavior { return {[](int) {}}; });
  desk_.catch_up(io);
  auto release = desk_.hold(io);
  for (int i = 0; i < 40; ++i)
    caf::anon_send(actor, i);
  release->set_value();
  desk_.catch_up(io);

  EXPECT_EQ(puppets().mailbox_max, 40U);
  EXPECT_EQ(puppets().mailbox_now, 40U);

  looks(12);
  EXPECT_EQ(puppets().mailbox_now, 0U);
  EXPECT_EQ(puppets().mailbox_max, 40U);
}

TEST_F(DeskWatch, CountsHowActorsComeAndGo) {
  const caf::actor good = makes([](puppet&) -> caf::behavior { return {[](int) {}}; });
  const caf::actor bad = makes(
      [](puppet&) -> caf::behavior { return {[](int) { throw std::runtime_error("broken"); }}; });
  const caf::actor ill = makes([](puppet&) -> caf::behavior { return {[](int) {}}; });
  caf::anon_send(bad, 1);
  caf::anon_send_exit(ill, caf::exit_reason::out_of_workers);
  desk_.catch_up(io);

  EXPECT_EQ(puppets().spawned, 3U);
  EXPECT_EQ(puppets().count, 1U);
  EXPECT_EQ(puppets().crashed, 1U);
  EXPECT_EQ(puppets().failed, 1U);

  caf::anon_send_exit(good, caf::exit_reason::user_shutdown);
  desk_.catch_up(io);
  EXPECT_EQ(puppets().count, 0U);
  EXPECT_EQ(puppets().failed, 1U);
}

TEST_F(DeskWatch, CountsQuestionsThatGotNoAnswerInTime) {
  const caf::actor mute = makes([](puppet& self) -> caf::behavior {
    auto kept = std::make_shared<std::vector<caf::response_promise>>();
    self.stopped = [kept] { kept->clear(); };
    return {[&self, kept](question_to_nobody) {
      kept->push_back(self.make_response_promise());
      return kept->back();
    }};
  });
  auto given_up = std::make_shared<std::promise<void>>();
  makes([mute, given_up](puppet& self) -> caf::behavior {
    self.ask(mute, 1ms, question_to_nobody{})
        .then([] {}, [given_up](const caf::error&) { given_up->set_value(); });
    return {[](int) {}};
  });
  given_up->get_future().wait();

  EXPECT_EQ(puppets().timeouts, 1U);
}

TEST_F(DeskWatch, MeasuresHowLongWorkersAreInComing) {
  auto release = desk_.hold(io);
  looks(1, io);
  EXPECT_TRUE(desk_.threads().at(io).is_probe_awaited());
  release->set_value();
  desk_.catch_up(io);
  desk_.catch_up(io);

  const worker_stats first = stats().workers.at(0);
  EXPECT_EQ(first.name, "io.0");
  EXPECT_EQ(first.loop_lag.all.count(), 1U);
  EXPECT_EQ(first.queue_delay.all.count(), 1U);
}

TEST_F(DeskWatch, CallsRecentWhatCameSinceTheOldestReading) {
  const caf::actor actor = makes([](puppet&) -> caf::behavior { return {[](int) {}}; });
  const auto sends = [&](int count) {
    for (int i = 0; i < count; ++i)
      caf::anon_send(actor, i);
    desk_.catch_up(io);
  };
  sends(60);
  looks(1);
  sends(40);
  time_ += 1s;
  EXPECT_EQ(puppets().messages_per_second, 40);
  EXPECT_EQ(stats().recent, 1s);

  // All of it lies behind the last readings.
  looks(4 * 20);
  EXPECT_EQ(puppets().messages_per_second, 0);
  EXPECT_LE(stats().recent, limits::stats_reading_every * limits::stats_readings_max);
}

TEST(MessageName, IsTheNameOfWhatIsCarried) {
  EXPECT_EQ(message_name(typeid(caf::mailbox_element_vals<parcel>)), "parcel");
  EXPECT_EQ(message_name(typeid(int)), "int");
}

TEST_F(DeskWatch, NamesEveryFaultAndEveryReasonToEndAConnection) {
  traffic_.at(0)->refused(fault_code::busy);
  traffic_.at(0)->closed(close_code::replaced);
  traffic_tally::note(traffic_.at(0)->ack, 3ms);
  traffic_tally::note(traffic_.at(0)->delivery, 2ms);

  const traffic_stats told = stats().traffic;

  EXPECT_EQ(told.faults.size(), all_faults().size());
  EXPECT_THAT(told.closes, SizeIs(18));
  for (const auto& each : told.faults)
    EXPECT_EQ(each.value, each.name == "busy" ? 1 : 0) << each.name;
  for (const auto& each : told.closes)
    EXPECT_EQ(each.value, each.name == "replaced" ? 1 : 0) << each.name;
  EXPECT_EQ(told.ack.all.max(), 3'000'000U);
  EXPECT_EQ(told.delivery.all.max(), 2'000'000U);
}

}  // namespace
}  // namespace frontdesk
