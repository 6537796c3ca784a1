#include "net/pulse_wheel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr pulse_wheel::moment start{1000s};

// Remembers when it was called, by the wheel's own time.
class bell final : public pulse_wheel::entry {
 public:
  explicit bell(std::vector<int>* log = nullptr, int name = 0) : log_(log), name_(name) {}
  int rings = 0;
  std::function<void()> then;

 private:
  void on_due() override {
    ++rings;
    if (log_ != nullptr) {
      log_->push_back(name_);
    }
    if (then) {
      then();
    }
  }
  std::vector<int>* log_;
  int name_;
};

TEST(PulseWheel, CallsNobodyEarlyAndNobodyLaterThanATick) {
  std::mt19937 random(7);
  for (int round = 0; round < 1000; ++round) {
    pulse_wheel wheel(start, 10ms, 8);
    bell one;
    const auto due = start + milliseconds(random() % 500);
    wheel.set(one, due);
    for (auto now = start; one.rings == 0; now += 1ms) {
      ASSERT_LE(now, due + 10ms + 1ms);
      wheel.advance(now);
      ASSERT_TRUE(one.rings == 0 || now >= due);
    }
  }
}

TEST(PulseWheel, CallsEachOnce) {
  pulse_wheel wheel(start, 10ms, 8);
  bell one;
  wheel.set(one, start + 30ms);
  wheel.advance(start + 1h);
  wheel.advance(start + 2h);
  EXPECT_EQ(one.rings, 1);
  EXPECT_FALSE(one.is_set());
}

TEST(PulseWheel, CallsInTheOrderOfTheDeadlinesAcrossTurns) {
  pulse_wheel wheel(start, 10ms, 4);
  std::vector<int> log;
  bell late(&log, 3);
  bell early(&log, 1);
  bell middle(&log, 2);
  wheel.set(late, start + 170ms);
  wheel.set(early, start + 10ms);
  wheel.set(middle, start + 90ms);
  wheel.advance(start + 1s);
  EXPECT_EQ(log, (std::vector<int>{1, 2, 3}));
}

TEST(PulseWheel, MovesADeadlineInPlaceOfTheOldOne) {
  pulse_wheel wheel(start, 10ms, 8);
  bell one;
  wheel.set(one, start + 20ms);
  wheel.set(one, start + 200ms);
  wheel.advance(start + 100ms);
  EXPECT_EQ(one.rings, 0);
  wheel.advance(start + 210ms);
  EXPECT_EQ(one.rings, 1);
}

TEST(PulseWheel, CallsNobodyWhoCancelled) {
  pulse_wheel wheel(start, 10ms, 8);
  bell one;
  wheel.set(one, start + 20ms);
  one.cancel();
  one.cancel();
  wheel.advance(start + 1s);
  EXPECT_EQ(one.rings, 0);
  EXPECT_EQ(wheel.next(), std::nullopt);
}

TEST(PulseWheel, LetsTheOneWhoIsCalledCancelAndDestroyTheOthers) {
  pulse_wheel wheel(start, 10ms, 8);
  std::vector<std::unique_ptr<bell>> bells;
  int rings = 0;
  for (int i = 0; i < 6; ++i) {
    bells.push_back(std::make_unique<bell>());
    wheel.set(*bells.back(), start + 20ms);
    bells.back()->then = [&] {
      ++rings;
      for (auto& one : bells) {
        if (one && one->is_set()) {
          one.reset();
        }
      }
    };
  }
  wheel.advance(start + 30ms);
  EXPECT_EQ(rings, 1);
}

TEST(PulseWheel, LetsTheOneWhoIsCalledSetItselfAgain) {
  pulse_wheel wheel(start, 10ms, 8);
  bell one;
  one.then = [&] { wheel.set(one, start); };
  wheel.set(one, start);
  wheel.advance(start + 50ms);
  EXPECT_EQ(one.rings, 5) << "a deadline that has passed is due a tick later, not at once";
}

TEST(PulseWheel, SaysWhenToComeBackAndNeverTooLate) {
  pulse_wheel wheel(start, 10ms, 8);
  EXPECT_EQ(wheel.next(), std::nullopt);
  bell far;
  bell near;
  wheel.set(far, start + 10s);
  ASSERT_TRUE(wheel.next());
  EXPECT_LE(*wheel.next(), start + 10s);
  wheel.set(near, start + 30ms);
  EXPECT_EQ(wheel.next(), start + 30ms);
  int wakings = 0;
  while (wheel.next()) {
    wheel.advance(*wheel.next());
    ++wakings;
  }
  EXPECT_EQ(near.rings + far.rings, 2);
  EXPECT_LE(wakings, 10 * 1000 / 80 + 2) << "an entry far away wakes its slot once a turn";
}

TEST(PulseWheel, LeavesItsEntriesBehindInOrder) {
  bell one;
  {
    pulse_wheel wheel(start, 10ms, 8);
    wheel.set(one, start + 20ms);
  }
  EXPECT_FALSE(one.is_set());
  one.cancel();
}

TEST(PulseWheel, HoldsManyAtACostThatDoesNotGrow) {
  pulse_wheel wheel(start);
  std::vector<std::unique_ptr<bell>> bells;
  for (int i = 0; i < 100'000; ++i) {
    bells.push_back(std::make_unique<bell>());
    wheel.set(*bells.back(), start + 25s + milliseconds(i % 5000));
  }
  wheel.advance(start + 31s);
  EXPECT_TRUE(std::ranges::all_of(bells, [](const auto& one) { return one->rings == 1; }));
}

TEST(Jitter, StaysWithinATenthAndReachesBothEnds) {
  milliseconds least = 1h;
  milliseconds most = 0ms;
  std::mt19937 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const milliseconds chosen = with_jitter(25s, static_cast<std::uint32_t>(random()));
    least = std::min(least, chosen);
    most = std::max(most, chosen);
  }
  EXPECT_GE(least, 22'500ms);
  EXPECT_LT(least, 22'600ms);
  EXPECT_LE(most, 27'500ms);
  EXPECT_GT(most, 27'400ms);
  EXPECT_EQ(with_jitter(5ms, 12345), 5ms);
}

}  // namespace
}  // namespace frontdesk
