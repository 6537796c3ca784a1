#include "node/stats_view.hpp"

#include <fmt/format.h>
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
    now.inputs = inputs;
    now.is_pinned = pinned_for_ms > 0;
    now.pinned_for_ms = pinned_for_ms;
    now.fallen = fallen;
    now.tenants = tenants;
    now.workers = workers;
    now.actors = {{"connection", 12'345, 20'000, 0, connection_messages, 1, 40, 1500, 2'500'000},
                  {"visitor", 7, 7, 1, person_messages, 900, 901, 100, 200}};
    view_.see(std::move(now), time_ += 1s);
  }
  std::string text() const {
    std::string all;
    for (const std::string& each : view_.lines(100, columns))
      all += each + '\n';
    return all;
  }

  bool is_guarded = false;
  std::vector<std::pair<std::string, std::uint64_t>> inputs;
  std::uint64_t pinned_for_ms = 0;
  std::vector<stats_json::fallen_row> fallen;
  std::vector<stats_json::tenant_row> tenants;
  std::vector<stats_json::worker_row> workers;
  std::size_t columns = 80;
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

TEST_F(StatsView, TellsNothingOfANodeThatHasSaidNothing) {
  EXPECT_EQ(text(), "The node is asked\n");
  view_.is_silent_for(2s);
  EXPECT_EQ(text(), "NO ANSWER for 2 s\n");

  sees(0, 0);
  EXPECT_THAT(text(), testing::StartsWith("frontdesk 0.1.0"));
  view_.is_silent_for(3s);
  EXPECT_THAT(text(), testing::StartsWith("NO ANSWER for 3 s: what follows is as old\nfrontdesk"));
}

TEST_F(StatsView, TellsOfTheSlowestThreads) {
  for (std::uint64_t i = 0; i < 8; ++i)
    workers.push_back({fmt::format("io.{}", i), 1, 0, i * 1'000'000});
  sees(0, 0);

  EXPECT_LT(text().find("io.7"), text().find("io.6"));
  EXPECT_THAT(text(), HasSubstr("io.3       loop lag p99 3.0 ms, queue delay p99 0 ns, and 2"));
  EXPECT_THAT(text(), Not(HasSubstr("io.2")));

  workers.resize(3);
  sees(0, 0);
  EXPECT_LT(text().find("io.1"), text().find("io.2"));
  EXPECT_THAT(text(), Not(HasSubstr("quicker")));
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
  columns = 61;
  for (std::uint64_t i = 0; i < 100; ++i)
    sees(i * 1'000'000'000, i);

  EXPECT_EQ(view_.lines(5, columns).size(), 5U);
  for (const std::string& line : view_.lines(100, columns)) {
    const auto characters = std::ranges::count_if(
        line, [](char c) { return (static_cast<unsigned>(c) & 0xC0U) != 0x80U; });
    EXPECT_LE(characters, 61) << line;
  }
}

TEST_F(StatsView, ShowsEveryInputAtEveryWidth) {
  inputs = {{"cpu", 10},    {"memory", 20},   {"actor_queue", 30}, {"event_loop", 40},
            {"commit", 50}, {"outbound", 60}, {"disk", 1000}};
  sees(0, 0);

  for (columns = 1; columns < 200; ++columns) {
    std::string all = text();
    std::erase_if(all, [](char c) { return c == ' ' || c == '\n'; });
    for (const char* each : {"cpu1%", "memory2%", "actor_queue3%", "event_loop4%", "commit5%",
                             "outbound6%", "disk100%"}) {
      EXPECT_THAT(all, HasSubstr(each)) << columns;
    }
  }
}

TEST_F(StatsView, CallsNothingADurationThatWasNotMeasured) {
  sees(0, 0);

  EXPECT_THAT(text(), HasSubstr("commit p99      -"));
  EXPECT_THAT(text(), Not(HasSubstr(" 0 ns")));
}

TEST_F(StatsView, UsesAllColumnsOfAWideTerminal) {
  inputs.assign(7, {"some_input", 500});
  columns = 150;
  sees(0, 0);

  EXPECT_THAT(view_.lines(2, columns).back(), testing::SizeIs(6 + 7 * 16));
}

TEST_F(StatsView, TellsWhoFellLatelyAndWhy) {
  fallen = {{"storage/recorder", "running", 2, 3, "no room", 12'000},
            {"load/load_shedder", "running", 1, 1, "long ago", 7'200'000}};
  sees(0, 0);

  EXPECT_THAT(text(),
              HasSubstr("FELL       storage/recorder running, 12s ago, restarts 2: no room"));
  EXPECT_THAT(text(), Not(HasSubstr("long ago")));
}

TEST_F(StatsView, LetsNobodyMoveTheCursorByWhyItFell) {
  fallen = {{"storage/recorder", "running", 0, 1, "a\x1b[2Jb\nc\xc3\xa9", 1000}};
  sees(0, 0);

  EXPECT_THAT(text(), HasSubstr("restarts 0: a.[2Jb.c.."));
}

TEST_F(StatsView, TellsWhichTenantsAreHeldBackAndForHowLongATierIsPinned) {
  for (std::uint64_t i = 1; i <= 7; ++i)
    tenants.push_back({i, "t", 2, 90'000});
  pinned_for_ms = 599'500;
  sees(0, 0);

  EXPECT_THAT(text(), HasSubstr("tier 0 (pinned for 9m59s more)"));
  columns = 200;
  EXPECT_THAT(text(), HasSubstr("TENANTS    1 t in tier 2 for 1m30s, 2 t in tier 2 for 1m30s,"));
  EXPECT_THAT(text(), HasSubstr("5 t in tier 2 for 1m30s and 2 more"));
}

TEST_F(StatsView, SaysThatTheNodeDoesNotAnswer) {
  sees(0, 0);
  view_.is_silent_for(1500ms);
  EXPECT_THAT(text(), Not(HasSubstr("NO ANSWER")));

  view_.is_silent_for(7900ms);
  EXPECT_THAT(view_.lines(1, 80).front(), HasSubstr("NO ANSWER for 7 s"));

  sees(0, 0);
  EXPECT_THAT(text(), Not(HasSubstr("NO ANSWER")));
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
