#include "actors/audit_keeper.hpp"

#include "model/limits.hpp"
#include "storage/audit_trail.hpp"
#include "tests/actors/desk_actors.hpp"

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

/// The audit's keeper over a real recorder, message by message.
class AuditKeeper : public desk_actors_test {
 protected:
  using reply = std::optional<fault_or<audited>>;

  void SetUp() override { begins(); }
  void TearDown() override {
    keeper_ = audit_keeper_actor{};
    desk_actors_test::TearDown();
  }
  void begins() {
    keeper_ = spawn_audit_keeper(system(), {worker_kind::storage, 0}, board_);
    board_.serve(keeper_);
    settle();
  }
  std::shared_ptr<reply> notes(std::string action, std::string target = "acme") {
    audit_entry deed;
    deed.who = {audit_origin::admin_socket, 1000, "ada"};
    deed.action = std::move(action);
    deed.target = std::move(target);
    auto heard = std::make_shared<reply>();
    tell(keeper_, audit_deed{std::move(deed),
                             std::make_shared<audit_reply>([heard](auto said) { *heard = said; })});
    settle();
    return heard;
  }
  std::vector<audit_entry> kept() { return read_audit(rows_, {})->entries; }

  audit_keeper_actor keeper_;
};

TEST_F(AuditKeeper, AnswersWhenTheEntryIsRecordedAndNotBefore) {
  log_.is_slow = true;
  const auto answer = notes("tenant.create");
  EXPECT_FALSE(*answer);
  EXPECT_TRUE(kept().empty());

  finish_commit();

  ASSERT_TRUE(*answer && (*answer)->ok());
  EXPECT_EQ((**answer)->number, audit_number{1});
  ASSERT_EQ(kept().size(), 1U);
  EXPECT_EQ(kept()[0].action, "tenant.create");
  EXPECT_EQ(kept()[0].time, time_.now());
}

TEST_F(AuditKeeper, SaysThatAnEntryWasNotRecorded) {
  log_.fails = append_outcome::full;
  EXPECT_EQ((*notes("tenant.create"))->error().code, fault_code::storage_full);
  log_.fails = append_outcome::unknown;
  EXPECT_EQ((*notes("tenant.create"))->error().code, fault_code::storage_failed);

  const auto answer = notes("tenant.create");

  ASSERT_TRUE((*answer)->ok());
  EXPECT_FALSE((**answer)->is_repeat);
  EXPECT_EQ((**answer)->number, audit_number{3}) << "the gap tells that there were two";
}

TEST_F(AuditKeeper, RecordsACountWithinASecond) {
  notes("token.agent");
  const std::size_t appends = log_.appends_count;
  for (int i = 0; i < 500; ++i) {
    const auto answer = notes("token.agent");
    ASSERT_TRUE((**answer)->is_repeat);
  }
  EXPECT_EQ(log_.appends_count, appends) << "a flood of the same costs nothing";

  advance(limits::audit_count_flush);

  EXPECT_EQ(log_.appends_count, appends + 1);
  EXPECT_EQ(kept()[0].times, 501U);
  EXPECT_EQ(timers_pending(), 0U) << "nothing to count, no timer";
}

TEST_F(AuditKeeper, RecordsACountLaterThatItCouldNot) {
  notes("token.agent");
  notes("token.agent");
  log_.fails = append_outcome::full;
  advance(limits::audit_count_flush);
  EXPECT_EQ(kept()[0].times, 1U);

  advance(limits::audit_count_flush);

  EXPECT_EQ(kept()[0].times, 2U);
}

TEST_F(AuditKeeper, RecordsCountsWithTheLastEntry) {
  notes("token.agent");
  notes("token.agent");

  notes("node.stop", "");

  EXPECT_EQ(kept()[0].times, 2U);
}

TEST_F(AuditKeeper, GoesOnWhereTheOneBeforeEnded) {
  notes("tenant.create");
  notes("inbox.create");
  stop(keeper_);

  begins();
  notes("agent.create");

  ASSERT_EQ(kept().size(), 3U);
  EXPECT_EQ(kept()[2].number, audit_number{3});
}

TEST_F(AuditKeeper, IsBusyWithAsManyAsMayWait) {
  log_.is_slow = true;
  for (std::size_t i = 0; i < limits::requests_waiting_max; ++i)
    notes("tenant.create", std::to_string(i));

  EXPECT_EQ((*notes("tenant.create", "one more"))->error().code, fault_code::busy);
  finish_commit();
  EXPECT_EQ(kept().size(), limits::requests_waiting_max);
  EXPECT_TRUE((*notes("tenant.create", "one more"))->ok());
}

}  // namespace
}  // namespace frontdesk
