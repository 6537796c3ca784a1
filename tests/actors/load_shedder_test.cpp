#include "actors/load_shedder.hpp"

#include "actors/connection.hpp"
#include "model/limits.hpp"
#include "tests/actors/desk_actors.hpp"
#include "tests/actors/paper_wire.hpp"

#include <fmt/format.h>

#include <array>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

/// The load shedder in virtual time, with a machine that says what the test says.
class LoadShedder : public desk_actors_test {
 protected:
  LoadShedder() { has_persons_ = true; }

  void SetUp() override {
    shedder_ = spawn_load_shedder(system(), {worker_kind::control, 0}, board_);
    board_.serve(shedder_);
    settle();
  }
  void TearDown() override {
    shedder_ = load_shedder_actor{};
    desk_actors_test::TearDown();
  }
  unsigned tier() { return board_.tiers().node(); }
  void pins(std::optional<unsigned> which, std::chrono::milliseconds time) {
    tell(shedder_, pin_tier{which, time, nullptr});
    settle();
  }

  void falls() {
    stop(shedder_, caf::exit_reason::kill);
    shedder_ = spawn_load_shedder(system(), {worker_kind::control, 0}, board_);
    board_.serve(shedder_);
    settle();
  }
  /// So many that have been greeted, all of whom tell this one.
  void come(tenant_id whose, std::uint64_t first, std::uint64_t count, heard& told) {
    const connection_actor who{
        spawn_on<double_actor<connection_actor>>(system(), placement{worker_kind::io, 0}, told)};
    for (std::uint64_t id = first; id < first + count; ++id) {
      board_.connected().note(connection_id{id}, who, transport_kind::websocket);
      board_.connected().note_tenant(connection_id{id}, whose);
    }
  }
  void all_leave(std::uint64_t last) {
    for (std::uint64_t id = 1; id <= last; ++id)
      board_.connected().strike(connection_id{id});
  }

  load_shedder_actor shedder_;
};

TEST_F(LoadShedder, FollowsTheProcessorUpAndDown) {
  host_.cpu = 1;
  advance(12s);
  EXPECT_EQ(tier(), 3U);
  host_.cpu = 0.1;
  advance(1min);
  EXPECT_EQ(tier(), 0U);
  ASSERT_GE(tier_changes_.size(), 4U) << "down one step at a time";
  EXPECT_EQ(tier_changes_.back().to, 0U);
  EXPECT_EQ(tier_changes_.front().tightest, load_input::cpu);
}

TEST_F(LoadShedder, SeesACommitThatHangs) {
  log_.is_slow = true;
  board_.commits().begins(now());
  advance(2s);
  EXPECT_EQ(tier(), 3U);
  EXPECT_FALSE(board_.tiers().is_guarded());
  advance(limits::guard_stall);
  EXPECT_TRUE(board_.tiers().is_guarded());
}

/// Else nobody could post, and no commit would ever show that the disk is well.
TEST_F(LoadShedder, DoesNotWaitForTheCommitOfARecorderThatHasEnded) {
  has_conversations_ = true;
  log_.is_slow = true;
  to_talk(talk_of(ada), first_words(ada, 1, "hello?"));
  settle();
  stop(recorder(), caf::exit_reason::kill);

  advance(limits::guard_stall * 2);

  EXPECT_FALSE(board_.tiers().is_guarded());
}

TEST_F(LoadShedder, SeesBytesThatDoNotDrain) {
  outbound_share share{board_.outbound().shared_from_this(), board_.outbound().of(shop),
                       connection_id{9}};
  board_.tiers().of(shop);
  share.settle(limits::outbound_bytes_tenant);
  advance(2s);
  EXPECT_EQ(tier(), 0U);
  EXPECT_EQ(board_.tiers().of(shop)->tier(), 3U) << "the tenant's own budget is full";
}

TEST_F(LoadShedder, SendsTheHeaviestAwayUnderGuard) {
  const auto wire = std::make_shared<paper_wire>();
  const auto port =
      spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{1}, wire);
  settle();
  outbound_share share{board_.outbound().shared_from_this(), board_.outbound().of(shop),
                       connection_id{1}};
  share.settle(limits::laggard_bytes);
  host_.memory = limits::guard_memory;
  advance(1s);

  EXPECT_EQ(wire->closed, close_code::overload);
}

TEST_F(LoadShedder, ObeysAnOperator) {
  pins(2, 10min);
  EXPECT_EQ(tier(), 2U);
  EXPECT_TRUE(tier_changes_.back().is_pinned);
  EXPECT_TRUE(board_.tiers().pinned_until());
  host_.cpu = 1;
  advance(9min);
  EXPECT_EQ(tier(), 2U);
  advance(2min);
  EXPECT_EQ(tier(), 3U);
}

TEST_F(LoadShedder, AnswersAnOperatorWhenItIsAsWished) {
  std::optional<unsigned> found;
  const auto reply = std::make_shared<pin_reply>([&](const fault_or<done>&) { found = tier(); });

  tell(shedder_, pin_tier{2, 1h, reply});
  settle();

  EXPECT_EQ(found, 2U);
}

TEST_F(LoadShedder, GoesByTheLoadAgainWhenItIsTold) {
  pins(3, 10min);
  pins(std::nullopt, {});
  advance(1min);
  EXPECT_EQ(tier(), 0U);
  EXPECT_FALSE(board_.tiers().pinned_until());
}

TEST_F(LoadShedder, TellsEveryConnectionHoweverOftenTheTierChanges) {
  constexpr std::uint64_t part = limits::told_of_tier_per_look / 2;
  std::array<heard, 7> told;
  for (std::uint64_t i = 0; i < told.size(); ++i)
    come(shop, 1 + i * part, part, told.at(i));

  for (unsigned look = 0; look < 4; ++look) {
    pins(look % 2 + 1, 10min);
    advance(limits::load_look);
  }

  for (const heard& each : told)
    EXPECT_GE(each.count<tier_moved>(), part);
  all_leave(told.size() * part);
}

TEST_F(LoadShedder, TellsOnlyTheTenantThatIsMeant) {
  constexpr tenant_id other{2};
  heard ours;
  heard theirs;
  come(shop, 1, 10, ours);
  come(other, 11, 10, theirs);
  board_.tiers().of(other);
  outbound_share share{board_.outbound().shared_from_this(), board_.outbound().of(other),
                       connection_id{99}};
  share.settle(limits::outbound_bytes_tenant);

  advance(2s);

  EXPECT_EQ(theirs.count<tier_moved>(), 10U);
  EXPECT_EQ(ours.count<tier_moved>(), 0U);
  all_leave(20);
}

TEST_F(LoadShedder, KeepsAnOperatorsTierWhenItFalls) {
  pins(3, 10min);
  advance(1min);

  falls();

  EXPECT_EQ(tier(), 3U);
  advance(8min);
  EXPECT_EQ(tier(), 3U);
  ASSERT_TRUE(board_.tiers().pinned_until());
  advance(2min);
  EXPECT_FALSE(board_.tiers().pinned_until()) << "it has not become longer";
  EXPECT_LT(tier(), 3U);
}

TEST_F(LoadShedder, StaysGuardedWhenItFalls) {
  board_.commits().begins(now());
  advance(limits::guard_stall * 2);
  ASSERT_TRUE(board_.tiers().is_guarded());

  falls();

  EXPECT_TRUE(board_.tiers().is_guarded());
  advance(1s);
  EXPECT_TRUE(board_.tiers().is_guarded());
}

TEST_F(LoadShedder, KeepsATenantsTierWhenItFalls) {
  outbound_share share{board_.outbound().shared_from_this(), board_.outbound().of(shop),
                       connection_id{9}};
  board_.tiers().of(shop);
  share.settle(limits::outbound_bytes_tenant);
  advance(2s);

  falls();
  share.settle(0);
  advance(limits::tier_calm / 2);

  EXPECT_EQ(board_.tiers().of(shop)->own(), 3U);
  advance(limits::tier_calm * 4);
  EXPECT_EQ(board_.tiers().of(shop)->own(), 0U);
}

/// It may have fallen before it had told all of a change.
TEST_F(LoadShedder, TellsAllConnectionsWhenItHasFallen) {
  heard told;
  come(shop, 1, 10, told);
  advance(1s);

  falls();
  advance(1s);

  EXPECT_EQ(told.count<tier_moved>(), 10U);
  all_leave(10);
}

TEST_F(LoadShedder, TellsAnOperatorOfAPinAndOfItsEnd) {
  pins(0, 10min);
  ASSERT_EQ(tier_changes_.size(), 1U);
  EXPECT_TRUE(tier_changes_.back().is_pinned);
  pins(std::nullopt, {});
  ASSERT_EQ(tier_changes_.size(), 2U);
  EXPECT_FALSE(tier_changes_.back().is_pinned);
}

TEST_F(LoadShedder, HoldsNoTenantWhileItIsPinned) {
  pins(0, 10min);
  outbound_share share{board_.outbound().shared_from_this(), board_.outbound().of(shop),
                       connection_id{9}};
  board_.tiers().of(shop);
  share.settle(limits::outbound_bytes_tenant);
  advance(1min);

  EXPECT_EQ(board_.tiers().of(shop)->tier(), 0U);
}

TEST_F(LoadShedder, TellsAllConnectionsOnce) {
  std::vector<std::shared_ptr<paper_wire>> wires;
  std::vector<std::shared_ptr<connection_port>> ports;
  for (std::uint64_t i = 0; i < 20; ++i) {
    wires.push_back(std::make_shared<paper_wire>());
    ports.push_back(spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{i + 1},
                                     wires.back()));
    settle();
    ports.back()->on_frame(fmt::format(R"({{"t":"hello","token":"{}","device":"{}"}})",
                                       to_text(person_id{person_kind::visitor, 10 + i}),
                                       to_text(device_id{1, 10 + i})));
    settle();
  }
  pins(1, 10min);
  advance(1s);
  for (const auto& each : wires)
    EXPECT_EQ(each->of("mode").size(), 1U);
}

}  // namespace
}  // namespace frontdesk
