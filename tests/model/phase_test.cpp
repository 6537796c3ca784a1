#include "model/phase.hpp"

#include <gtest/gtest.h>

#include <array>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::steady_clock::time_point noon{12h};

TEST(Phase, SpreadsThoseWhoBeginToWaitTogether) {
  std::array<unsigned, 10> ends{};
  for (std::uint64_t key = 1; key <= 1000; ++key) {
    const auto wait = time_to_phase(noon, key, 1s);
    ASSERT_GT(wait, 0ms);
    ASSERT_LE(wait, 1s);
    ++ends.at(static_cast<std::size_t>((wait.count() - 1) / 100));
  }
  for (const unsigned each : ends) {
    EXPECT_GT(each, 70U);
    EXPECT_LT(each, 130U);
  }
}

TEST(Phase, IsTheSameWheneverOneBegins) {
  const auto end = noon + time_to_phase(noon, 7, 1s);

  EXPECT_EQ(end - 500ms + time_to_phase(end - 500ms, 7, 1s), end);
  EXPECT_EQ(time_to_phase(end, 7, 1s), 1s) << "at its beginning, the next one";
  EXPECT_EQ(time_to_phase(end - 1ms, 7, 1s), 1ms);
}

}  // namespace
}  // namespace frontdesk
