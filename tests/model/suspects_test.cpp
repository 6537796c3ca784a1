#include "model/suspects.hpp"

#include "model/limits.hpp"

#include <gtest/gtest.h>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using verdict = suspects::verdict;

message_identity post_of(std::uint64_t n, std::uint64_t content = 1) {
  return {tenant_id{1}, conversation_id{2}, {person_kind::visitor, 3}, 6, {4, 5}, post_number{n},
          content};
}

class Suspects : public testing::Test {
 protected:
  suspects known_;
  suspects::time_point now_{1h};
};

TEST_F(Suspects, TakeOnceForChance) {
  EXPECT_EQ(known_.has_ended_one(post_of(1), now_), verdict::innocent);
  EXPECT_EQ(known_.of(post_of(1), now_), verdict::innocent);
}

TEST_F(Suspects, ConfineWhatHasEndedTwo) {
  known_.has_ended_one(post_of(1), now_);

  EXPECT_EQ(known_.has_ended_one(post_of(1), now_), verdict::confined);
  EXPECT_EQ(known_.of(post_of(1), now_), verdict::confined);
}

TEST_F(Suspects, DropWhatIsDeadlyEvenWhenItIsConfined) {
  known_.has_ended_one(post_of(1), now_);
  known_.has_ended_one(post_of(1), now_);

  EXPECT_EQ(known_.has_ended_one(post_of(1), now_), verdict::deadly);
}

TEST_F(Suspects, DoNotTakeAnotherPostForIt) {
  known_.has_ended_one(post_of(1), now_);
  known_.has_ended_one(post_of(1), now_);

  EXPECT_EQ(known_.of(post_of(2), now_), verdict::innocent);
  EXPECT_EQ(known_.of(post_of(1, 7), now_), verdict::innocent);
}

TEST_F(Suspects, ForgetWhatIsLongAgo) {
  known_.has_ended_one(post_of(1), now_);

  EXPECT_EQ(known_.has_ended_one(post_of(1), now_ + limits::suspicion_max + 1ms),
            verdict::innocent);
}

TEST_F(Suspects, LetGoWhatWasConfinedWhenNothingElseFalls) {
  known_.has_ended_one(post_of(1), now_);
  known_.has_ended_one(post_of(1), now_);
  EXPECT_TRUE(known_.confines_any());

  EXPECT_EQ(known_.of(post_of(1), now_ + limits::suspicion_max), verdict::confined);
  EXPECT_EQ(known_.of(post_of(1), now_ + limits::suspicion_max + 1ms), verdict::innocent);

  EXPECT_FALSE(known_.confines_any());
}

TEST_F(Suspects, LetEachGoInItsTime) {
  for (int end = 0; end < 2; ++end) {
    known_.has_ended_one(post_of(1), now_);
    known_.has_ended_one(post_of(2), now_ + 1min);
  }

  EXPECT_EQ(known_.of(post_of(1), now_ + limits::suspicion_max + 1ms), verdict::innocent);
  EXPECT_EQ(known_.of(post_of(2), now_ + limits::suspicion_max + 1min), verdict::confined);
  EXPECT_EQ(known_.of(post_of(2), now_ + limits::suspicion_max + 1min + 1ms), verdict::innocent);
}

TEST_F(Suspects, ConfineNothingThatHasEndedOnlyOne) {
  known_.has_ended_one(post_of(1), now_);

  EXPECT_FALSE(known_.confines_any());
}

TEST_F(Suspects, KnowThatTheConfinedOneWasForgottenForAnother) {
  known_.has_ended_one(post_of(0), now_);
  known_.has_ended_one(post_of(0), now_);
  for (std::uint64_t n = 1; n <= limits::suspects_max; ++n)
    known_.has_ended_one(post_of(n), now_ + 1ms);

  EXPECT_FALSE(known_.confines_any());
}

TEST_F(Suspects, ForgetTheOldestBeyondTheBound) {
  for (std::uint64_t n = 1; n <= limits::suspects_max; ++n)
    known_.has_ended_one(post_of(n), now_ + std::chrono::milliseconds{n});

  const auto later = now_ + std::chrono::milliseconds{limits::suspects_max + 1};
  known_.has_ended_one(post_of(limits::suspects_max + 1), later);

  EXPECT_EQ(known_.has_ended_one(post_of(2), later), verdict::confined);
  EXPECT_EQ(known_.has_ended_one(post_of(1), later), verdict::innocent);
}

}  // namespace
}  // namespace frontdesk
