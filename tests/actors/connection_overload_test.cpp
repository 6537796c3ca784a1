#include "actors/connection.hpp"
#include "model/limits.hpp"
#include "model/reconnect_slots.hpp"
#include "tests/actors/desk_actors.hpp"
#include "tests/actors/paper_wire.hpp"

#include <fmt/format.h>

#include <set>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// Ada follows her conversation; the dispatcher alone is not real.
class CrowdedConnection : public desk_actors_test {
 protected:
  CrowdedConnection() {
    has_conversations_ = true;
    has_persons_ = true;
  }

  void SetUp() override {
    wire_ = std::make_shared<paper_wire>();
    port_ = spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{1}, wire_);
    settle();
    hears(
        fmt::format(R"({{"t":"hello","token":"{}","device":"{}"}})", to_text(ada), to_text(phone)));
    const std::string talk = to_text(talk_);
    hears(fmt::format(R"({{"t":"post","conversation":"{}","n":1,"text":"hello?"}})", talk));
    hears(fmt::format(R"({{"t":"sub","subs":[{{"conversation":"{}","after":3}}]}})", talk));
  }
  void TearDown() override {
    port_.reset();
    wire_->share = {};
    desk_actors_test::TearDown();
    EXPECT_EQ(board_.outbound().bytes(), 0U);
    EXPECT_EQ(posts().count(), 0U);
  }

  /// Those of the tenant that wait for their answer.
  posts_in_flight& posts() { return board_.tiers().of(shop)->posts(); }
  /// So many of others, for as long as they are held.
  std::vector<posts_in_flight::place> others(std::size_t count) {
    const auto whose = board_.tiers().of(shop);
    std::vector<posts_in_flight::place> held;
    for (std::size_t i = 0; i < count; ++i)
      held.push_back(posts_in_flight::take({whose, &whose->posts()}));
    return held;
  }
  void says(std::uint64_t n) {
    hears(
        fmt::format(R"({{"t":"post","conversation":"{}","n":{},"text":"hm"}})", to_text(talk_), n));
  }

  void hears(const std::string& frame) {
    port_->on_frame(frame);
    settle();
  }
  void bob_says(std::uint64_t n) {
    say wish = first_words(bob, n, fmt::format("answer {}", n));
    wish.what.conversation = talk_;
    wish.what.device = device_id{2, 1};
    wish.opens.reset();
    to_talk(talk_, wish);
    settle();
  }
  /// Of somebody else of the same tenant.
  outbound_share other() {
    return {board_.outbound().shared_from_this(), board_.outbound().of(shop), connection_id{99}};
  }
  static std::uint64_t slot_in(const std::string& bye) {
    const std::string_view key = R"("retry_after_ms":)";
    const auto at = bye.find(key);
    return at == std::string::npos ? 0 : std::stoull(bye.substr(at + key.size()));
  }

  const conversation_id talk_ = talk_of(ada);
  std::shared_ptr<paper_wire> wire_;
  std::shared_ptr<connection_port> port_;
};

TEST_F(CrowdedConnection, IsPushedNothingWhileItLagsInACrowd) {
  outbound_share crowd = other();
  crowd.settle(limits::outbound_bytes_tenant + 1);
  wire_->waiting_bytes = limits::laggard_bytes;

  bob_says(1);
  EXPECT_TRUE(wire_->of("event").empty());
  EXPECT_EQ(wire_->of("gap").size(), 1U);
  hears(fmt::format(R"({{"t":"post","conversation":"{}","n":2,"text":"hm"}})", to_text(talk_)));
  EXPECT_THAT(wire_->last("ack"), HasSubstr(R"("n":2)")) << "an answer still fits";

  crowd.settle(0);
  port_->on_pulse();
  settle();
  EXPECT_EQ(wire_->of("event").size(), 2U) << "from the store, without being asked";
}

TEST_F(CrowdedConnection, RefusesAPostThatFindsNoPlaceAmongItsTenants) {
  auto crowd = others(limits::posts_in_flight_tenant);

  says(2);

  EXPECT_THAT(wire_->last("fault"), testing::AllOf(HasSubstr(R"("busy")"), HasSubstr(R"("n":2)"),
                                                   HasSubstr(R"("retry_after_ms":1000)")));
  EXPECT_EQ(board_.tiers().count_of(shed_point::post), 1U);
  crowd.pop_back();
  says(2);
  EXPECT_THAT(wire_->last("ack"), HasSubstr(R"("n":2)")) << "the refusal consumed nothing";
  says(3);
  EXPECT_THAT(wire_->last("ack"), HasSubstr(R"("n":3)")) << "the place was given back";
}

TEST_F(CrowdedConnection, HoldsOnePlaceForAPostUntilItsAnswer) {
  log_.is_slow = true;
  says(2);
  says(2);
  EXPECT_EQ(posts().count(), 1U) << "repeated, it is the same";

  finish_commit();

  EXPECT_EQ(posts().count(), 0U);
}

TEST_F(CrowdedConnection, GivesPlacesBackOfPostsThatAreNeverAnswered) {
  log_.is_slow = true;
  says(2);
  stop(made_conversations_.back(), caf::exit_reason::kill);
  EXPECT_EQ(posts().count(), 1U);

  advance(limits::post_answer_max);
  port_->on_pulse();
  settle();

  EXPECT_EQ(posts().count(), 0U);
  finish_commit();
}

TEST_F(CrowdedConnection, GivesPlacesBackWhenItEnds) {
  log_.is_slow = true;
  says(2);
  EXPECT_EQ(posts().count(), 1U);

  stop(board_.connected().all().at(0), caf::exit_reason::kill);

  EXPECT_EQ(posts().count(), 0U);
  finish_commit();
}

TEST_F(CrowdedConnection, IsPushedAllWhileItKeepsUpInACrowd) {
  outbound_share crowd = other();
  crowd.settle(limits::outbound_bytes_tenant + 1);
  wire_->waiting_bytes = limits::laggard_bytes - 1;

  bob_says(1);

  EXPECT_EQ(wire_->of("event").size(), 1U);
}

TEST_F(CrowdedConnection, WakesNobodyByFollowingFromTheHead) {
  stop(made_conversations_.back(), caf::exit_reason::kill);
  const std::size_t made = made_conversations_.size();

  hears(fmt::format(R"({{"t":"sub","subs":[{{"conversation":"{}","after":3}}]}})", to_text(talk_)));

  EXPECT_EQ(made_conversations_.size(), made);
  EXPECT_EQ(wire_->last("fault"), "");
  hears(fmt::format(R"({{"t":"sub","subs":[{{"conversation":"{}","after":1}}]}})", to_text(talk_)));
  EXPECT_EQ(wire_->of("event").size(), 2U) << "nor by following from before: the store has it";
  EXPECT_EQ(made_conversations_.size(), made);
}

TEST_F(CrowdedConnection, IsSentAwayAsTheHeaviest) {
  wire_->share.settle(limits::outbound_bytes_tenant * 2 + 1);
  settle();

  EXPECT_EQ(wire_->closed, close_code::overload);
  EXPECT_THAT(wire_->last("bye"), HasSubstr("4006"));
  EXPECT_GE(slot_in(wire_->last("bye")), 1000U);
}

TEST_F(CrowdedConnection, IsAskedBackAtTheSlotThatItWasGiven) {
  caf::anon_send(board_.connected().all().at(0), dismiss{close_code::drain, 4321});
  settle();

  EXPECT_EQ(slot_in(wire_->last("bye")), 4321U);
}

TEST_F(CrowdedConnection, IsNotAskedBackByACodeThatEndsIt) {
  caf::anon_send(board_.connected().all().at(0), dismiss{close_code::replaced});
  settle();

  EXPECT_EQ(wire_->closed, close_code::replaced);
  EXPECT_EQ(slot_in(wire_->last("bye")), 0U);
}

TEST_F(CrowdedConnection, IsAskedBackWithAllOthersAtSlotsOfTheirOwn) {
  std::vector<std::shared_ptr<paper_wire>> wires;
  std::vector<std::shared_ptr<connection_port>> ports;
  constexpr std::size_t count = 400;
  for (std::uint64_t i = 0; i < count; ++i) {
    wires.push_back(std::make_shared<paper_wire>());
    ports.push_back(spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{10 + i},
                                     wires.back()));
  }
  settle();

  for (const auto& each : board_.connected().all()) {
    caf::anon_send(each, dismiss{close_code::internal});
  }
  settle();

  std::set<std::uint64_t> slots;
  const reconnect_slots fits(count + 1, board_.settings().hellos_per_second);
  for (const auto& each : wires) {
    slots.insert(slot_in(each->last("bye")));
  }
  EXPECT_GE(*slots.begin(), 1000U);
  EXPECT_LE(*slots.rbegin(), 1000U + static_cast<std::uint64_t>(fits.window().count()));
  EXPECT_GT(slots.size(), 50U) << "of 200 milliseconds";
}

TEST_F(CrowdedConnection, PassesNoTypingOnFromTierOne) {
  to_talk(talk_, assign{team, bob_himself, the_desk});
  const auto his = std::make_shared<paper_wire>();
  auto port = spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{2}, his);
  port->on_frame(
      fmt::format(R"({{"t":"hello","token":"{}","device":"{}"}})", to_text(bob), to_text(phone)));
  settle();
  for (const unsigned tier : {1U, 0U}) {
    board_.tiers().set_node(tier);
    port->on_frame(
        fmt::format(R"({{"t":"typing","conversation":"{}","on":true}})", to_text(talk_)));
    settle();
    EXPECT_EQ(wire_->of("typing").size(), tier == 0 ? 1U : 0U);
  }
  EXPECT_EQ(board_.tiers().of(shop)->count_of(shed_point::typing), 1U);
  port.reset();
  his->share = {};
}

}  // namespace
}  // namespace frontdesk
