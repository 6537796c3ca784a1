#include "actors/spawn.hpp"
#include "storage/local_log.hpp"
#include "storage/memory_store.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <mutex>
#include <optional>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

class some_morning final : public wall_clock {
 public:
  timestamp now() const override { return timestamp{1'700'000'000'000}; }
};

class closed_door final : public authenticator {
 public:
  fault_or<identity> identify(std::string_view, const directory&, timestamp) const override {
    return fault_code::bad_token;
  }
};

/// Overload is told by how long the workers' queues are, so somebody must look at them.
TEST(RunningDesk, SeesABusyThreadAlsoWhereNothingIsCounted) {
  memory_store rows;
  const auto log = make_local_log(rows, [] { return false; });
  const some_morning time;
  const closed_door proof;
  desk_foundation foundation{rows, *log, time, proof, {}};
  std::promise<tier_change> told;
  std::once_flag once;
  foundation.on_tier = [&](const tier_change& change) {
    std::call_once(once, [&] { told.set_value(change); });
  };
  desk_settings settings;
  settings.is_counting = false;
  settings.io_workers = 2;
  auto opened = desk::open(foundation, settings);
  ASSERT_TRUE(opened.ok());
  std::promise<void> release;
  // The other one is the registry's.
  (*opened)->io(1).post([until = release.get_future().share()] { until.wait(); });

  auto change = told.get_future();
  ASSERT_EQ(change.wait_for(1min), std::future_status::ready);
  EXPECT_EQ(change.get().tightest, load_input::event_loop);
  release.set_value();
  (*opened)->stop();
}

TEST(RunningDesk, SaysThatATierIsHeldWhenItIs) {
  memory_store rows;
  const auto log = make_local_log(rows, [] { return false; });
  const some_morning time;
  const closed_door proof;
  auto opened = desk::open({rows, *log, time, proof, {}}, {});
  ASSERT_TRUE(opened.ok());
  desk& here = **opened;

  std::promise<unsigned> held;
  here.pin_tier(3, 1h, [&](const fault_or<done>&) { held.set_value(here.tiers().node()); });

  EXPECT_EQ(held.get_future().get(), 3U);
  here.stop();
  std::promise<fault_or<done>> too_late;
  here.pin_tier(0, 1h, [&](const fault_or<done>& said) { too_late.set_value(said); });
  EXPECT_EQ(too_late.get_future().get().error().code, fault_code::not_ready);
}

}  // namespace
}  // namespace frontdesk
