#include "storage/audit_trail.hpp"

#include "storage/apply.hpp"
#include "storage/layout.hpp"
#include "storage/memory_store.hpp"
#include "tests/storage/twins.hpp"

#include <gmock/gmock.h>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

audit_entry deed(std::string action, std::string target = "acme") {
  audit_entry made;
  made.who = {audit_origin::admin_socket, 1000, "ada"};
  made.action = std::move(action);
  made.target = std::move(target);
  return made;
}

/// An audit over a store, at a time that a test sets.
template <class Twin>
class AuditTrail : public testing::Test {
 protected:
  AuditTrail() { opens(); }

  void opens() { trail_.emplace(std::move(*audit_trail::open(twin_.kept(), bounds_))); }
  void writes(const batch& records) {
    ASSERT_TRUE(twin_.kept().write_all(apply(records), durability::synced));
  }
  /// Answers the entry's number.
  std::uint64_t notes(const audit_entry& what) {
    const auto noted = trail_->note(what, now_);
    if (!noted.is_repeat()) {
      writes(noted.records);
      trail_->was_recorded(noted.what.number);
    }
    return noted.what.number.value;
  }
  void notes_many(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      notes(deed("tenant.create", "t" + std::to_string(++made_)));
  }
  void passes(std::chrono::milliseconds time) { now_ = timestamp{now_.value + time.count()}; }
  audit_page page(const audit_query& asked = {}) { return *read_audit(twin_.kept(), asked); }
  std::vector<std::uint64_t> numbers(const audit_query& asked = {}) {
    std::vector<std::uint64_t> found;
    for (const audit_entry& each : page(asked).entries)
      found.push_back(each.number.value);
    return found;
  }

  Twin twin_;
  audit_bounds bounds_{.entries_max = 100, .age_max = 24h, .age_slack = 1h, .repeat_window = 60s};
  timestamp now_{1'700'000'000'000};
  std::size_t made_ = 0;
  std::optional<audit_trail> trail_;
};
TYPED_TEST_SUITE(AuditTrail, twins, twin_names);

TYPED_TEST(AuditTrail, NumbersEntriesFromOneOnAlsoAfterAReopening) {
  EXPECT_EQ(this->notes(deed("tenant.create")), 1U);
  EXPECT_EQ(this->notes(deed("inbox.create")), 2U);
  this->opens();

  EXPECT_EQ(this->notes(deed("agent.create")), 3U);
  EXPECT_EQ(this->page().entries.front().time, this->now_);
}

TYPED_TEST(AuditTrail, CountsTheSameDeedInOneEntryForAMinute) {
  this->notes(deed("token.agent"));
  this->passes(59s);
  EXPECT_EQ(this->notes(deed("token.agent")), 1U);
  EXPECT_EQ(this->page().entries.front().times, 1U) << "not recorded yet";
  EXPECT_TRUE(this->trail_->has_counts());

  this->writes(this->trail_->take_counts());
  EXPECT_EQ(this->page().entries.front().times, 2U);
  EXPECT_EQ(this->page().entries.front().last, this->now_);
  EXPECT_FALSE(this->trail_->has_counts());

  this->passes(1s);
  EXPECT_EQ(this->notes(deed("token.agent")), 2U);
}

TYPED_TEST(AuditTrail, RecordsCountsWithTheNextEntry) {
  this->notes(deed("token.agent"));
  this->notes(deed("token.agent"));

  this->notes(deed("node.stop", ""));

  EXPECT_EQ(this->page().entries.front().times, 2U);
}

TYPED_TEST(AuditTrail, DoesNotCountInAnEntryThatIsNotRecorded) {
  const auto first = this->trail_->note(deed("token.agent"), this->now_);
  const auto second = this->trail_->note(deed("token.agent"), this->now_);
  EXPECT_FALSE(second.is_repeat()) << "the first is under way";

  this->trail_->was_not_recorded();
  this->trail_->was_not_recorded();
  EXPECT_EQ(first.what.number, audit_number{1});
  EXPECT_EQ(this->notes(deed("token.agent")), 3U) << "their numbers are not given again";
}

TYPED_TEST(AuditTrail, RecordsCountsAgainThatWereLost) {
  this->notes(deed("token.agent"));
  this->notes(deed("token.agent"));
  const batch lost = this->trail_->take_counts();
  ASSERT_FALSE(lost.records.empty());

  this->trail_->was_not_recorded();

  EXPECT_EQ(this->trail_->take_counts(), lost);
}

TYPED_TEST(AuditTrail, ShowsInWhichOrderDeedsUndidEachOther) {
  std::vector<std::uint64_t> found;
  for (const char* tier : {"2", "3", "1", "2", "2", "3"})
    found.push_back(this->notes(deed("tier.pin", tier)));
  found.push_back(this->notes(deed("tier.auto", "")));
  found.push_back(this->notes(deed("tier.pin", "3")));

  EXPECT_THAT(found, ElementsAre(1, 2, 3, 4, 4, 5, 6, 7));
}

TYPED_TEST(AuditTrail, KnowsThatADeedWasUndoneByOneThatIsNotRecorded) {
  this->notes(deed("tier.pin", "2"));
  this->trail_->note(deed("tier.auto", ""), this->now_);
  this->trail_->was_not_recorded();

  EXPECT_EQ(this->notes(deed("tier.pin", "2")), 3U);
}

TYPED_TEST(AuditTrail, CountsADeedThatNothingBetweenHasUndone) {
  this->notes(deed("token.agent"));
  this->notes(deed("tier.pin", "2"));

  EXPECT_EQ(this->notes(deed("token.agent")), 1U);
  EXPECT_EQ(this->notes(deed("tier.pin", "2")), 2U);
}

TYPED_TEST(AuditTrail, LetsTheOldestGoBeyondItsBoundAHundredthAtOnce) {
  this->notes_many(101);
  EXPECT_EQ(this->numbers().front(), 1U);

  this->notes_many(1);

  EXPECT_EQ(this->numbers().size(), 100U);
  EXPECT_EQ(this->numbers().front(), 3U);
  this->notes_many(500);
  EXPECT_LE(this->numbers().size(), 101U);
  EXPECT_EQ(this->numbers().back(), 602U);
}

TYPED_TEST(AuditTrail, LetsWhatIsTooOldGo) {
  this->notes_many(2);
  this->passes(20h);
  this->notes_many(1);
  this->passes(4h + 30min);
  this->notes_many(1);
  EXPECT_EQ(this->numbers().size(), 4U) << "ranges of an hour at least";

  this->passes(1h);
  this->opens();
  this->notes_many(1);

  EXPECT_THAT(this->numbers(), ElementsAre(3, 4, 5));
}

TYPED_TEST(AuditTrail, ShowsPagesFromBothEnds) {
  this->notes_many(7);

  audit_query asked;
  asked.limit = 3;
  EXPECT_THAT(this->numbers(asked), ElementsAre(1, 2, 3));
  EXPECT_EQ(asked.from = this->page(asked).next, audit_number{3});
  EXPECT_THAT(this->numbers(asked), ElementsAre(4, 5, 6));
  asked.from = this->page(asked).next;
  EXPECT_THAT(this->numbers(asked), ElementsAre(7));
  EXPECT_FALSE(this->page(asked).next);

  audit_query back = asked;
  back.from = {};
  back.is_backwards = true;
  EXPECT_THAT(this->numbers(back), ElementsAre(7, 6, 5));
  back.from = this->page(back).next;
  EXPECT_THAT(this->numbers(back), ElementsAre(4, 3, 2));
  back.from = this->page(back).next;
  EXPECT_THAT(this->numbers(back), ElementsAre(1));
  EXPECT_FALSE(this->page(back).next);
}

TYPED_TEST(AuditTrail, ShowsWhatWasDoneSinceAMomentAndOfOneKind) {
  this->notes(deed("tenant.create"));
  this->notes(deed("token.agent"));
  this->passes(30s);
  this->notes(deed("token.agent"));
  this->notes(deed("tier.pin", "1"));

  audit_query lately;
  lately.since = this->now_;
  EXPECT_THAT(this->numbers(lately), ElementsAre(2, 3));
  const auto of = [this](const char* action) {
    audit_query asked;
    asked.action = action;
    return this->numbers(asked);
  };
  EXPECT_THAT(of("token"), ElementsAre(2));
  EXPECT_THAT(of("tier.pin"), ElementsAre(3));
  EXPECT_THAT(of("tie"), IsEmpty());
}

TYPED_TEST(AuditTrail, ShowsAnEntryThatCannotBeRead) {
  this->notes_many(1);
  ASSERT_TRUE(this->twin_.kept().write_all(
      {{family::audit, audit_key(audit_number{2}), "\xff\xff"}}, durability::synced));
  this->opens();

  EXPECT_EQ(this->notes(deed("tier.auto", "")), 3U);
  EXPECT_THAT(this->numbers(), ElementsAre(1, 2, 3));
  EXPECT_EQ(this->page().entries[1].action, "unreadable");
}

}  // namespace
}  // namespace frontdesk
