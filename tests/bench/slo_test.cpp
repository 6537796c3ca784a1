#include "bench/slo.hpp"

#include <gmock/gmock.h>

namespace frontdesk::bench {
namespace {

using testing::HasSubstr;

std::vector<slo> read(std::string_view text) {
  return std::get<std::vector<slo>>(slos_of(text));
}

std::string complaint(std::string_view text) {
  const auto read = slos_of(text);
  const auto* const why = std::get_if<std::string>(&read);
  return why == nullptr ? std::string() : *why;
}

/// Deliveries of 1 … 100 ms, acks of 5 ms, one lost message.
result some_result() {
  result found;
  latencies deliveries;
  for (std::uint64_t ms = 1; ms <= 100; ++ms)
    deliveries.record(ms * 1000);
  latencies acks;
  acks.record(5000);
  found.spans = {{"delivery", deliveries}, {"ack", acks}};
  found.figures = {{"messages_per_s", 480}};
  found.faults = {{"busy", 2}, {"rate_limited", 3}};
  found.judged.emplace().counts[static_cast<std::size_t>(checker::finding_kind::lost)] = 1;
  return found;
}

bool is_kept(std::string_view wish) {
  result found = some_result();
  judge(found, read(wish));
  return found.verdicts.at(0).is_kept;
}

TEST(Slo, ReadsNamesLimitsAndUnits) {
  const auto all = read("p99=20ms,ack.max<=1.5s,lost=0,messages_per_s>=100,p50=250us");

  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[0].name, "p99");
  EXPECT_EQ(all[0].limit, 20);
  EXPECT_EQ(all[1].name, "ack.max");
  EXPECT_EQ(all[1].limit, 1500);
  EXPECT_FALSE(all[2].is_at_least);
  EXPECT_TRUE(all[3].is_at_least);
  EXPECT_EQ(all[3].wish, "messages_per_s>=100");
  EXPECT_DOUBLE_EQ(all[4].limit, 0.25);
  EXPECT_TRUE(read("").empty());
}

TEST(Slo, SaysWhatIsNone) {
  for (const char* text : {"p99", "=5", "p99=", "p99=fast", "p99=5min", "p99=-1", "p99>5", ",",
                           "p98=20ms", " p99=20ms", "ack.p98=1", "p99=nan", "p99=inf", "lost=0ms",
                           "ack.=1", ".p99=1", "ack.lost=0"}) {
    EXPECT_THAT(complaint(text), HasSubstr("is no objective")) << text;
  }
}

TEST(Slo, KnowsWhatNoScenarioMeasures) {
  for (const char* text : {"foo=1", "foo.p99=1ms", "tier4_seconds=1", "tier0_foo=1", "tier0=1",
                           "all_back_ms_=1", "all_back_ms_0=1", "all_back_ms_x=1"}) {
    EXPECT_THAT(complaint(text), HasSubstr("No scenario measures")) << text;
  }
  EXPECT_THAT(complaint("lost=0,foo=1"),
              testing::AllOf(HasSubstr("\"foo\""), HasSubstr("messages_per_s"), HasSubstr("lost"),
                             HasSubstr("p999"), HasSubstr("delivery"), HasSubstr("vip_p99_ms")));
  for (const char* text : {"faults=0", "reordered=0", "mean=1s", "back.max=1s", "tier3_us_each=1",
                           "all_back_ms_12=1", "bench_late.p99=1ms", "gaps=0"}) {
    EXPECT_EQ(complaint(text), "") << text;
  }
}

TEST(Slo, ComparesTimesInMilliseconds) {
  EXPECT_TRUE(is_kept("p50=51ms"));
  EXPECT_FALSE(is_kept("p50=49ms"));
  EXPECT_FALSE(is_kept("p99=20ms"));
  EXPECT_TRUE(is_kept("ack.p99=6ms"));
  EXPECT_FALSE(is_kept("ack.max=4ms"));
}

TEST(Slo, ComparesWhatIsCounted) {
  EXPECT_FALSE(is_kept("lost=0"));
  EXPECT_TRUE(is_kept("lost=1"));
  EXPECT_TRUE(is_kept("doubled=0"));
  EXPECT_FALSE(is_kept("faults=4"));
  EXPECT_TRUE(is_kept("faults=5"));
  EXPECT_TRUE(is_kept("messages_per_s>=480"));
  EXPECT_FALSE(is_kept("messages_per_s>=481"));
}

/// A node that answered nothing is not praised for how punctual the bench was.
TEST(Slo, DoesNotTakeTheBenchsOwnLatenessForTheNodes) {
  result found = some_result();
  found.spans.erase(found.spans.begin(), found.spans.end());
  latencies lateness;
  lateness.record(60);
  found.spans.push_back({std::string{own_lateness}, lateness});

  judge(found, read("p99=20ms,bench_late.p99=20ms"));

  EXPECT_FALSE(found.verdicts.at(0).value);
  EXPECT_TRUE(found.verdicts.at(1).is_kept);
}

TEST(Slo, IsViolatedIfNothingHasItsName) {
  result found = some_result();

  judge(found, read("closing.p99=1s,recovered_s>=0"));

  EXPECT_FALSE(found.verdicts.at(0).is_kept);
  EXPECT_THAT(found.complaints.at(0), HasSubstr("closing.p99"));
  EXPECT_FALSE(found.verdicts.at(1).is_kept);
}

TEST(Result, SaysWhatABoundHasLeftOut) {
  result found = some_result();
  EXPECT_THAT(as_text(found), testing::Not(HasSubstr("cut short")));

  found.cut_short = "2 of 3 rounds: it was interrupted";

  EXPECT_THAT(as_text(found), HasSubstr("cut short: 2 of 3 rounds: it was interrupted\n"));
  EXPECT_THAT(as_json(found), HasSubstr("\"cut_short\":\"2 of 3 rounds"));
}

TEST(Slo, IsViolatedIfNothingWasMeasured) {
  result found = some_result();
  found.spans.push_back({"closing", {}});
  found.judged.reset();

  judge(found, read("closing.p99=1ms,lost=0"));

  EXPECT_FALSE(found.verdicts.at(0).is_kept);
  EXPECT_FALSE(found.verdicts.at(0).value);
  EXPECT_FALSE(found.verdicts.at(1).is_kept);
  EXPECT_THAT(as_text(found), HasSubstr("not judged"));
  EXPECT_THAT(as_text(found), HasSubstr("slo lost=0: VIOLATED (not measured)"));
  EXPECT_FALSE(found.is_clean());
}

}  // namespace
}  // namespace frontdesk::bench
