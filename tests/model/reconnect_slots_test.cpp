#include "model/reconnect_slots.hpp"

#include "model/ids.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

TEST(ReconnectSlots, LastAsLongAsTheNodeNeedsForAll) {
  EXPECT_EQ(reconnect_slots(10'000, 5000).window(), 2s);
  EXPECT_EQ(reconnect_slots(1, 5000).window(), 0s);
  EXPECT_EQ(reconnect_slots(100'000'000, 5000).window(), limits::reconnect_window_max);
  EXPECT_EQ(reconnect_slots(10'000, 0).window(), 0s);
}

TEST(ReconnectSlots, BringNoMoreAtOnceThanTheNodeTakes) {
  const reconnect_slots slots(10'000, 5000);
  std::array<unsigned, 20> by_100_ms{};

  for (std::size_t i = 0; i < 10'000; ++i) {
    const auto at = slots.of(i) - limits::reconnect_pause;
    ASSERT_GE(at, 0ms);
    ASSERT_LT(at, 2s);
    ++by_100_ms[static_cast<std::size_t>(at / 100ms)];
  }

  for (const unsigned count : by_100_ms) {
    EXPECT_EQ(count, 500U);
  }
}

TEST(ReconnectSlots, AreDrawnEvenlyByNumbersThatWereMixed) {
  const reconnect_slots slots(10'000, 5000);
  std::array<unsigned, 20> by_100_ms{};
  std::set<std::chrono::milliseconds> all;

  for (std::uint64_t id = 1; id <= 10'000; ++id) {
    const auto at = slots.drawn(mixed(id)) - limits::reconnect_pause;
    ASSERT_GE(at, 0ms);
    ASSERT_LT(at, 2s);
    ++by_100_ms[static_cast<std::size_t>(at / 100ms)];
    all.insert(at);
  }

  for (const unsigned count : by_100_ms) {
    EXPECT_NEAR(count, 500, 100);
  }
  EXPECT_GT(all.size(), 1900U) << "of 2000 milliseconds";
}

}  // namespace
}  // namespace frontdesk
