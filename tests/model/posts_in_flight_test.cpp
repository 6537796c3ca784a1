#include "model/posts_in_flight.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace frontdesk {
namespace {

using place = posts_in_flight::place;

TEST(PostsInFlight, AreAsManyAsThereArePlaces) {
  const auto all = std::make_shared<posts_in_flight>(2);
  const place first = posts_in_flight::take(all);
  const place second = posts_in_flight::take(all);

  EXPECT_TRUE(first && second);
  EXPECT_FALSE(posts_in_flight::take(all));
  EXPECT_EQ(all->count(), 2U) << "whoever got none took none";
}

TEST(PostsInFlight, GiveTheirPlaceBackWhenTheyEnd) {
  const auto all = std::make_shared<posts_in_flight>(1);
  { const place held = posts_in_flight::take(all); }

  EXPECT_EQ(all->count(), 0U);
  EXPECT_TRUE(posts_in_flight::take(all));
}

TEST(PostsInFlight, KeepOnePlaceWhereverItIsMoved) {
  const auto all = std::make_shared<posts_in_flight>(9);
  std::vector<place> held;
  for (int i = 0; i < 5; ++i)
    held.push_back(posts_in_flight::take(all));
  EXPECT_EQ(all->count(), 5U);

  held[0] = std::move(held[1]);
  EXPECT_EQ(all->count(), 4U);
  held.erase(held.begin(), held.begin() + 2);
  EXPECT_EQ(all->count(), 3U);
  held.clear();
  EXPECT_EQ(all->count(), 0U);
}

TEST(PostsInFlight, NeverTakeOneTooManyOnSeveralThreads) {
  const auto all = std::make_shared<posts_in_flight>(3);
  std::atomic<std::size_t> held_now{0};
  std::atomic<bool> was_over{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20'000; ++round) {
        const place held = posts_in_flight::take(all);
        if (!held) continue;
        if (++held_now > 3) was_over = true;
        --held_now;
      }
    });
  }
  for (std::thread& each : threads)
    each.join();

  EXPECT_FALSE(was_over);
  EXPECT_EQ(all->count(), 0U);
}

}  // namespace
}  // namespace frontdesk
