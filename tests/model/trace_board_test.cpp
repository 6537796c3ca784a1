#include "model/trace_board.hpp"

#include "model/limits.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <variant>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

constexpr tenant_id shop{1};
constexpr tenant_id bank{2};
constexpr person_id ada{person_kind::visitor, 1};
constexpr person_id eve{person_kind::visitor, 2};
constexpr conversation_id talk{7};
constexpr conversation_id other{8};
constexpr trace_context flagged{{1, 2}, span_id{3}, true};
constexpr trace_context unflagged{{1, 2}, span_id{3}, false};

class some_day final : public wall_clock {
 public:
  timestamp now() const override { return at; }
  timestamp at{1'767'225'600'000};
};

class TraceBoard : public testing::Test {
 protected:
  using moment = trace_board::moment;

  void exports() {
    board_->begin_export([this] { ++woken_count_; });
  }
  span_ptr posts(person_id who = ada, const trace_context& with = {}) {
    return board_->begin_post({shop, who, talk, with}, now_);
  }
  void ends(const span_ptr& which) {
    span done{*which, now_};
    board_->end(done);
  }
  watch_id watches(const watched& whom, std::chrono::milliseconds time = 1h) {
    const auto begun = board_->watch(whom, time, now_);
    EXPECT_TRUE(begun.ok());
    return begun.ok() ? *begun : watch_id{};
  }
  watch_news news(watch_id id, std::size_t most = limits::watch_lines_max) {
    const auto read = board_->read_watch(id, most, now_);
    EXPECT_TRUE(read.ok());
    return read.ok() ? *read : watch_news{};
  }
  void opens(double part) {
    board_ = std::make_shared<trace_board>(trace_settings{part, 9}, date_);
  }

  moment now_{100h};
  some_day date_;
  int woken_count_ = 0;
  std::shared_ptr<trace_board> board_ = std::make_shared<trace_board>(trace_settings{}, date_);
};

TEST_F(TraceBoard, RecordsNothingForNobody) {
  opens(1);

  EXPECT_FALSE(board_->is_on());
  EXPECT_EQ(posts(ada, flagged), nullptr);
  EXPECT_EQ(posts(), nullptr);

  exports();
  const span_ptr begun = posts();
  ASSERT_NE(begun, nullptr);
  board_->end_export();
  ends(begun);
  EXPECT_EQ(board_->stats().spans, 0U);
}

TEST_F(TraceBoard, SamplesThePartThatItWasTold) {
  for (const auto& [part, least, most] :
       {std::tuple{0.0, 0, 0}, std::tuple{1.0, 10'000, 10'000}, std::tuple{0.25, 2300, 2700}}) {
    opens(part);
    exports();
    int count = 0;
    for (int i = 0; i < 10'000; ++i)
      count += posts() != nullptr ? 1 : 0;
    EXPECT_GE(count, least) << part;
    EXPECT_LE(count, most) << part;
  }
}

TEST_F(TraceBoard, DrawsTheSameFromTheSameSeedAndNothingTwice) {
  const auto ids_of = [this](std::uint64_t seed) {
    board_ = std::make_shared<trace_board>(trace_settings{1, seed}, date_);
    exports();
    std::vector<trace_id> found;
    for (int i = 0; i < 1000; ++i)
      found.push_back(posts()->at.trace);
    return found;
  };
  const auto first = ids_of(4);

  EXPECT_EQ(ids_of(4), first);
  EXPECT_NE(ids_of(5), first);
  EXPECT_EQ(std::set<trace_id>(first.begin(), first.end()).size(), first.size());
}

TEST_F(TraceBoard, GoesOnWithATraceFromOutside) {
  exports();

  const span_ptr begun = posts(ada, flagged);

  ASSERT_NE(begun, nullptr);
  EXPECT_EQ(begun->at.trace, flagged.trace);
  EXPECT_EQ(begun->parent, flagged.span);
  EXPECT_NE(begun->at.span, flagged.span);
}

TEST_F(TraceBoard, LeavesAloneWhatIsNotFlagged) {
  opens(1);
  exports();

  EXPECT_EQ(posts(ada, unflagged), nullptr);
}

TEST_F(TraceBoard, HonoursFlagsFromOutsideOnlyForAWhile) {
  exports();
  int count = 0;
  for (int i = 0; i < 10'000; ++i)
    count += posts(ada, flagged) != nullptr ? 1 : 0;
  EXPECT_EQ(count, static_cast<int>(limits::traces_flagged_burst));

  now_ += 1s;
  for (int i = 0; i < 10'000; ++i)
    count += posts(ada, flagged) != nullptr ? 1 : 0;

  EXPECT_NEAR(count, limits::traces_flagged_burst + limits::traces_flagged_per_second, 1);
}

TEST_F(TraceBoard, BeginsAPartWithinItsParent) {
  opens(1);
  exports();
  const span_ptr whole = posts();
  const span_ptr part = board_->begin(span_kind::commit, *whole, now_ + 1s);

  EXPECT_EQ(part->at.trace, whole->at.trace);
  EXPECT_EQ(part->parent, whole->at.span);
  EXPECT_NE(part->at.span, whole->at.span);
  EXPECT_EQ(part->began, now_ + 1s);
}

TEST_F(TraceBoard, SaysTheDateOfASpan) {
  opens(1);
  exports();
  const span_ptr first = posts();
  now_ += 1500us;
  // The wall clock has no more than milliseconds.
  date_.at.value += 1;
  const span_ptr second = posts();
  ends(first);
  ends(second);

  const auto told = board_->take(10);

  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].lasted(), 1500us);
  EXPECT_EQ(told[1].unix_ns - told[0].unix_ns, 1'500'000);
  EXPECT_NEAR(static_cast<double>(told[0].unix_ns), 1'767'225'600'000e6, 3e6);
}

TEST_F(TraceBoard, FollowsADateThatWasSet) {
  opens(1);
  exports();
  ends(posts());
  date_.at.value += 3'600'000;
  ends(posts());

  const auto told = board_->take(10);

  EXPECT_EQ(told[1].unix_ns - told[0].unix_ns, 3'600'000'000'000);
}

TEST_F(TraceBoard, LeavesOutAndCountsWhatNobodyFetches) {
  opens(1);
  exports();
  const span_ptr one = posts();
  for (std::size_t i = 0; i < limits::spans_waiting_max + 5; ++i)
    ends(one);

  EXPECT_EQ(board_->stats().waiting, limits::spans_waiting_max);
  EXPECT_EQ(board_->stats().left_out, 5U);
  EXPECT_EQ(woken_count_, 1);
  EXPECT_EQ(board_->take(limits::spans_per_export_max).size(), limits::spans_per_export_max);
  EXPECT_EQ(board_->stats().waiting, limits::spans_waiting_max - limits::spans_per_export_max);
}

TEST_F(TraceBoard, ShowsAPersonsMessagesToWhoWatchesThem) {
  const watch_id id = watches({shop, ada, {}});
  EXPECT_TRUE(board_->is_watched());

  EXPECT_EQ(posts(eve), nullptr);
  const span_ptr hers = posts(ada);
  ASSERT_NE(hers, nullptr);
  ends(board_->begin(span_kind::commit, *hers, now_));
  ends(hers);

  const auto told = news(id);
  ASSERT_EQ(told.lines.size(), 2U);
  EXPECT_EQ(std::get<span>(told.lines[0]).what.kind, span_kind::commit);
  EXPECT_TRUE(news(id).lines.empty()) << "each is told once";
  EXPECT_EQ(board_->stats().waiting, 0U) << "nobody exports";
}

TEST_F(TraceBoard, ForcesWhatIsWatchedThoughItIsNotFlagged) {
  exports();
  watches({std::nullopt, {}, talk});

  EXPECT_NE(posts(eve, unflagged), nullptr);
}

TEST_F(TraceBoard, TellsTenantsApart) {
  watches({bank, ada, {}});

  EXPECT_EQ(posts(ada), nullptr);
}

TEST_F(TraceBoard, TellsNotesOfWhomIsWatched) {
  const watch_id id = watches({shop, {}, talk});
  connection_note said;
  said.at = now_;
  said.tenant = shop;
  said.person = ada;
  said.conversation = talk;
  board_->note(said);
  said.conversation = other;
  board_->note(said);

  EXPECT_EQ(news(id).lines.size(), 1U);
}

TEST_F(TraceBoard, CountsTheLinesThatAWatcherIsTooSlowFor) {
  const watch_id id = watches({shop, ada, {}});
  const span_ptr one = posts();
  for (std::size_t i = 0; i < limits::watch_lines_max + 7; ++i)
    ends(one);

  const watch_news first = news(id, 10);
  EXPECT_EQ(first.lines.size(), 10U);
  EXPECT_EQ(first.lost, 7U);
  EXPECT_TRUE(first.has_more);
  const watch_news rest = news(id);
  EXPECT_EQ(rest.lines.size(), limits::watch_lines_max - 10);
  EXPECT_EQ(rest.lost, 0U);
  EXPECT_FALSE(rest.has_more);
}

TEST_F(TraceBoard, TakesSoManyWatchersAndNoMore) {
  for (std::size_t i = 0; i < limits::watches_max; ++i)
    watches({shop, ada, {}});

  EXPECT_EQ(board_->watch({shop, ada, {}}, 1h, now_).error().code, fault_code::busy);
}

TEST_F(TraceBoard, RefusesAWatchOfNobodyOrForTooLong) {
  for (const watched& whom : {watched{}, watched{shop, {}, {}}, watched{shop, ada, talk}}) {
    EXPECT_EQ(board_->watch(whom, 1h, now_).error().code, fault_code::bad_value);
  }
  for (const auto time : {std::chrono::milliseconds{0}, limits::watch_max + 1ms}) {
    EXPECT_EQ(board_->watch({shop, ada, {}}, time, now_).error().code, fault_code::bad_value);
  }
}

TEST_F(TraceBoard, EndsAWatchAfterItsTime) {
  const watch_id id = watches({shop, ada, {}}, 8s);
  now_ += 4s;
  news(id);
  now_ += 4s;

  EXPECT_EQ(posts(), nullptr);
  EXPECT_FALSE(board_->is_on());
  EXPECT_EQ(board_->read_watch(id, 1, now_).error().code, fault_code::not_found);
}

TEST_F(TraceBoard, EndsAWatchForWhichNobodyAsks) {
  watches({shop, ada, {}});
  now_ += limits::watch_silence_max;

  EXPECT_EQ(posts(), nullptr);
  EXPECT_FALSE(board_->is_on());
}

TEST_F(TraceBoard, ShowsNothingOfAnEarlierWatchToTheNextInItsPlace) {
  const watch_id first = watches({shop, ada, {}});
  const span_ptr hers = posts(ada);
  board_->end_watch(first);
  const watch_id second = watches({shop, eve, {}});

  ends(hers);

  EXPECT_TRUE(news(second).lines.empty());
}

}  // namespace
}  // namespace frontdesk
