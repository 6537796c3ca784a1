#include "node/stats_view.hpp"

#include <gmock/gmock.h>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

/// What a node says every second.
class StatsView : public testing::Test {
 protected:
  void sees(std::uint64_t connection_messages, std::uint64_t person_messages) {
    stats_json::digest now;
    now.version = "0.1.0";
    now.uptime_ms = uptime_ms_ += 1000;
    now.is_ready = true;
    now.is_guarded = is_guarded;
    now.actors = {{"connection", 12'345, 20'000, 0, connection_messages, 1, 40, 1500, 2'500'000},
                  {"visitor", 7, 7, 1, person_messages, 900, 901, 100, 200}};
    view_.see(std::move(now), time_ += 1s);
  }
  std::string text() const {
    std::string all;
    for (const std::string& each : view_.lines(100))
      all += each + '\n';
    return all;
  }

  bool is_guarded = false;
  stats_view view_;
  stats_view::moment time_ = stats_view::moment{} + 1h;
  std::uint64_t uptime_ms_ = 0;
};

TEST_F(StatsView, TellsRatesByWhatCameSinceTheLastLook) {
  sees(1000, 0);
  sees(1500, 20);

  EXPECT_THAT(text(), HasSubstr("messages/s    520 █"));
  EXPECT_THAT(text(), HasSubstr("connection            12k        500"));
}

TEST_F(StatsView, TellsTheGuardBesideTheTier) {
  sees(0, 0);
  EXPECT_THAT(text(), Not(HasSubstr("GUARD")));

  is_guarded = true;
  sees(0, 0);

  EXPECT_THAT(text(), HasSubstr("tier 0  GUARD: nobody is let in"));
}

TEST_F(StatsView, SortsByTheKeyThatIsPressed) {
  sees(0, 0);
  sees(10, 20);
  EXPECT_LT(text().find("visitor  "), text().find("connection  "));

  EXPECT_TRUE(view_.sort_by('c'));
  EXPECT_LT(text().find("connection  "), text().find("visitor  "));

  EXPECT_TRUE(view_.sort_by('b'));
  EXPECT_LT(text().find("visitor  "), text().find("connection  "));

  EXPECT_FALSE(view_.sort_by('x'));
}

TEST_F(StatsView, BeginsAnewWithANodeThatDid) {
  sees(5000, 0);
  sees(6000, 0);
  uptime_ms_ = 0;
  sees(9000, 0);

  EXPECT_THAT(text(), HasSubstr("connection            12k          0"));
}

TEST_F(StatsView, KeepsToItsLinesAndColumns) {
  for (std::uint64_t i = 0; i < 100; ++i)
    sees(i * 1'000'000'000, i);

  EXPECT_EQ(view_.lines(5).size(), 5U);
  for (const std::string& line : view_.lines(100)) {
    const auto characters = std::ranges::count_if(
        line, [](char c) { return (static_cast<unsigned>(c) & 0xC0U) != 0x80U; });
    EXPECT_LE(characters, 80) << line;
  }
}

TEST(ShortSpan, HasTheUnitThatIsRead) {
  EXPECT_EQ(short_span(850), "850 ns");
  EXPECT_EQ(short_span(1500), "1.5 µs");
  EXPECT_EQ(short_span(12'000), "12 µs");
  EXPECT_EQ(short_span(1'200'000), "1.2 ms");
  EXPECT_EQ(short_span(3'400'000'000), "3.4 s");
}

TEST(Sparkline, ShowsTheHighestAsTheHighest) {
  EXPECT_EQ(sparkline({}), "");
  EXPECT_EQ(sparkline({0, 0}), "▁▁");
  EXPECT_EQ(sparkline({0, 50, 100}), "▁▅█");
}

}  // namespace
}  // namespace frontdesk
