#include "bench/measures.hpp"

#include "bench/schedule.hpp"

#include <gmock/gmock.h>

namespace frontdesk::bench {
namespace {

constexpr conversation_id room{1};
constexpr conversation_id other_room{2};
constexpr sequence first{1};
constexpr moment noon{std::chrono::hours{12}};

moment after(std::int64_t ms) {
  return noon + milliseconds{ms};
}

measures counting() {
  measures all;
  all.from = noon;
  all.until = after(1000);
  return all;
}

TEST(Measures, CountADeliveryFromWhenItWasDue) {
  measures all = counting();

  all.acked(room, first, person_kind::visitor, after(10), after(14));
  all.delivered(room, first, after(17));

  EXPECT_EQ(all.acks_us.max(), 4000U);
  EXPECT_EQ(all.deliveries_us.max(), 7000U);
}

TEST(Measures, CountADeliveryThatIsSeenBeforeItsAck) {
  measures all = counting();

  all.delivered(room, first, after(13));
  EXPECT_EQ(all.deliveries_us.count(), 0U);
  all.acked(room, first, person_kind::visitor, after(10), after(14));

  EXPECT_EQ(all.deliveries_us.max(), 3000U);
}

TEST(Measures, KeepConversationsAndSequencesApart) {
  measures all = counting();

  all.acked(room, first, person_kind::visitor, after(10), after(11));
  all.delivered(other_room, first, after(12));
  all.delivered(room, sequence{2}, after(12));

  EXPECT_EQ(all.deliveries_us.count(), 0U);
}

TEST(Measures, LeaveOutWhatWasDueOutsideTheirSpan) {
  measures all = counting();

  all.acked(room, first, person_kind::visitor, after(-1), after(5));
  all.acked(room, sequence{2}, person_kind::visitor, after(1000), after(1005));
  all.acked(room, sequence{3}, person_kind::visitor, after(999), after(1005));

  EXPECT_EQ(all.acks_us.count(), 1U);
}

TEST(Measures, CountNothingBeforeTheyBegin) {
  measures all;

  all.acked(room, first, person_kind::visitor, after(1), after(5));

  EXPECT_EQ(all.acks_us.count(), 0U);
}

TEST(Measures, CorrectAClosedLoop) {
  measures all = counting();
  all.expected_interval_us = 210'000;

  all.acked(room, first, person_kind::visitor, after(0), after(630));

  EXPECT_EQ(all.acks_us.count(), 3U);
  EXPECT_EQ(all.acks_count, 1U) << "what a correction adds are no messages";
}

TEST(Measures, CorrectNobodyWhoDoesNotSpeakByTheClock) {
  measures all = counting();
  all.expected_interval_us = 210'000;

  all.acked(room, first, person_kind::agent, after(0), after(630));

  EXPECT_EQ(all.acks_us.count(), 1U);
}

TEST(Measures, KnowTheHighestHeadOfAnybody) {
  measures all = counting();

  all.delivered(room, sequence{4}, after(1));
  all.deliveries.heard_of(room, sequence{3});

  EXPECT_EQ(all.deliveries.head(room), sequence{4});
  EXPECT_EQ(all.deliveries.head(other_room), sequence{});
}

TEST(Schedule, SpreadsTheSpeakersOverOnePause) {
  const schedule when(noon, milliseconds{200}, 4);

  EXPECT_EQ(when.due(0, 0), noon);
  EXPECT_EQ(when.due(1, 0), after(50));
  EXPECT_EQ(when.due(3, 0), after(150));
}

TEST(Schedule, IsNotMovedByALateTurn) {
  const schedule when(noon, milliseconds{200}, 4);

  EXPECT_EQ(when.due(1, 10), after(2050));
}

TEST(PaceChange, KeepsSpeakersEvenlySpread) {
  const pace_change pace{noon, milliseconds{200}, milliseconds{100}};

  EXPECT_EQ(pace.moved(after(50)), after(25));
  EXPECT_EQ(pace.moved(after(200)), after(100));
}

TEST(PaceChange, LeavesWhatIsOverdue) {
  const pace_change pace{noon, milliseconds{200}, milliseconds{400}};

  EXPECT_EQ(pace.moved(after(-30)), after(-30));
  EXPECT_EQ(pace.moved(noon), noon);
}

TEST(Measures, TellHowLateTheBenchItselfWas) {
  measures of;
  of.from = noon;
  of.spoke(after(-5), noon);
  of.spoke(after(10), after(13));

  EXPECT_EQ(of.lateness_us.count(), 1U);
  EXPECT_EQ(of.lateness_us.max(), 3000U);
}

}  // namespace
}  // namespace frontdesk::bench
