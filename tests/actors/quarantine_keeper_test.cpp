#include "actors/quarantine_keeper.hpp"

#include "model/limits.hpp"
#include "tests/actors/desk_actors.hpp"

#include <algorithm>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

class QuarantineKeeper : public desk_actors_test {
 protected:
  QuarantineKeeper() {
    board_.serve(spawn_quarantine_keeper(system(), {worker_kind::storage, 0}, board_));
  }

  void confines(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      quarantined one;
      one.tenant = shop;
      one.message = "say";
      one.text = "a word";
      tell(board_.quarantine_keeper(), confine{one});
      settle();
    }
  }
  std::vector<quarantined> kept() { return reader{rows_}.read_quarantine(shop).value(); }
  bool drops(std::uint64_t id) {
    std::optional<fault_or<done>> answer;
    const auto reply =
        std::make_shared<quarantine_reply>([&answer](fault_or<done> said) { answer = said; });
    tell(board_.quarantine_keeper(), discard{shop, quarantine_id{id}, reply});
    settle();
    return answer && answer->ok();
  }
  std::size_t said_count(const std::string& words) {
    return static_cast<std::size_t>(std::ranges::count_if(failed(), [&words](const failure& each) {
      return each.what.find(words) != std::string::npos;
    }));
  }
};

TEST_F(QuarantineKeeper, KnowsTheOldestStillIfItCouldNotGo) {
  confines(limits::quarantined_max);
  log_.fails = append_outcome::full;

  confines(1);

  ASSERT_EQ(kept().front().id, quarantine_id{1});
  EXPECT_TRUE(drops(1));
  EXPECT_FALSE(drops(limits::quarantined_max + 1)) << "it was not recorded";
}

TEST_F(QuarantineKeeper, SaysThatAMessageIsKeptWhenItIs) {
  log_.is_slow = true;
  confines(1);
  EXPECT_TRUE(told_quarantined_.empty());

  finish_commit();

  ASSERT_EQ(told_quarantined_.size(), 1U);
  EXPECT_EQ(told_quarantined_[0].id, quarantine_id{1});
  EXPECT_EQ(told_quarantined_[0].text, "") << "nobody else needs to know";
  EXPECT_TRUE(failed().empty()) << "that is no failure of the keeper";
}

TEST_F(QuarantineKeeper, TriesAgainWhatItIsNotCertainOf) {
  log_.fails = append_outcome::unknown;
  confines(1);
  EXPECT_TRUE(kept().empty());
  EXPECT_TRUE(failed().empty());

  advance(1s);

  ASSERT_EQ(kept().size(), 1U);
  EXPECT_EQ(kept()[0].text, "a word");
  EXPECT_EQ(told_quarantined_.size(), 1U);
}

TEST_F(QuarantineKeeper, BringsNothingBackThatWasDroppedMeanwhile) {
  log_.is_slow = true;
  confines(1);
  advance(limits::answer_max);
  finish_commit();
  ASSERT_EQ(kept().size(), 1U) << "of which the keeper has not heard";

  EXPECT_TRUE(drops(1));
  advance(5s);

  EXPECT_TRUE(kept().empty());
  EXPECT_FALSE(drops(1));
}

TEST_F(QuarantineKeeper, SaysOfWhatItWasKeepingWhenItEnded) {
  log_.fails = append_outcome::unknown;
  confines(1);

  caf::anon_send_exit(board_.quarantine_keeper(), caf::exit_reason::user_shutdown);
  settle();

  EXPECT_EQ(said_count("its keeper ended before"), 1U);
}

TEST_F(QuarantineKeeper, SaysThatNobodyIsThereToRecordAMessage) {
  caf::anon_send_exit(board_.recorder(), caf::exit_reason::kill);
  settle();

  confines(1);
  EXPECT_EQ(said_count("could not be recorded"), 0U);
  advance(20s);

  EXPECT_EQ(said_count("could not be recorded"), 1U);
  EXPECT_TRUE(told_quarantined_.empty());
}

TEST_F(QuarantineKeeper, SaysThatAMessageCouldNotBeKept) {
  log_.fails = append_outcome::full;

  confines(1);

  EXPECT_TRUE(told_quarantined_.empty());
  ASSERT_EQ(said_count("could not be recorded"), 1U);
  EXPECT_EQ(failed().back().tenant, shop);
  EXPECT_EQ(said_count("a word"), 0U);
}

}  // namespace
}  // namespace frontdesk
