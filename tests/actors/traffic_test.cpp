#include "actors/connection.hpp"
#include "model/limits.hpp"
#include "tests/actors/desk_actors.hpp"
#include "tests/actors/paper_wire.hpp"

#include <fmt/format.h>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

/// Ada's connection and all behind it but the dispatcher are real.
class Traffic : public desk_actors_test {
 protected:
  Traffic() {
    has_conversations_ = true;
    has_persons_ = true;
  }

  void SetUp() override {
    wire_ = std::make_shared<paper_wire>();
    port_ = spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{1}, wire_);
    settle();
    hears(
        fmt::format(R"({{"t":"hello","token":"{}","device":"{}"}})", to_text(ada), to_text(phone)));
  }
  void TearDown() override {
    port_.reset();
    desk_actors_test::TearDown();
  }

  void hears(const std::string& frame) {
    port_->on_frame(frame);
    settle();
  }
  void ada_says(std::uint64_t n, std::string_view text = "hello?") {
    hears(fmt::format(R"({{"t":"post","conversation":"{}","n":{},"text":"{}"}})", to_text(talk_), n,
                      text));
  }
  std::string follows() const {
    return fmt::format(R"({{"t":"sub","subs":[{{"conversation":"{}","after":0}}]}})",
                       to_text(talk_));
  }
  void bob_says(std::uint64_t n) {
    say wish = first_words(bob, n, "here");
    wish.what.conversation = talk_;
    wish.what.device = device_id{2, 1};
    wish.opens.reset();
    to_talk(talk_, wish);
    settle();
  }

  const traffic_tally& counted() { return *board_.traffic().at(0); }
  std::uint64_t refused(fault_code why) {
    return counted().faults[static_cast<std::size_t>(why)].read();
  }
  /// One entry for each time.
  std::vector<close_code> closes() {
    std::vector<close_code> found;
    for (std::size_t i = 0; i < traffic_tally::closes_count; ++i)
      found.insert(found.end(), counted().closes[i].read(), traffic_tally::close_code_at(i));
    return found;
  }
  static std::chrono::nanoseconds sum(const stats_tally& of) {
    return std::chrono::nanoseconds{of.read().sum};
  }
  static std::uint64_t count(const stats_tally& of) { return of.read().all().count(); }

  const conversation_id talk_ = talk_of(ada);
  std::shared_ptr<paper_wire> wire_;
  std::shared_ptr<connection_port> port_;
};

TEST_F(Traffic, MeasuresAPostFromItsFrameToItsAck) {
  log_.is_slow = true;
  ada_says(1);
  EXPECT_EQ(count(counted().ack), 0U);

  advance(2s);
  finish_commit();

  ASSERT_FALSE(wire_->of("ack").empty());
  EXPECT_EQ(count(counted().ack), 1U);
  EXPECT_EQ(sum(counted().ack), 2s);
}

TEST_F(Traffic, MeasuresOnePostOfSixteen) {
  for (std::uint64_t n = 1; n <= 17; ++n) {
    ada_says(n);
    advance(1s);
  }

  EXPECT_EQ(wire_->of("ack").size(), 17U);
  EXPECT_EQ(count(counted().ack), 2U);
}

TEST_F(Traffic, MeasuresNoAckOfWhatIsRefused) {
  ada_says(1, "");

  EXPECT_TRUE(wire_->of("ack").empty());
  EXPECT_EQ(refused(fault_code::empty_text), 1U);
  EXPECT_EQ(count(counted().ack), 0U);
}

// Under load it is told a little later: the one thing that takes time where time is virtual.
TEST_F(Traffic, MeasuresAMessageFromItsRecordToItsFrame) {
  ada_says(1);
  hears(follows());
  board_.tiers().set_node(2);
  for (std::uint64_t n = 1; count(counted().delivery) == 0 && n <= 16; ++n) {
    bob_says(n);
    advance(limits::delayed_push_max);
  }

  EXPECT_EQ(count(counted().delivery), 1U);
  EXPECT_GT(sum(counted().delivery), 0ms);
  EXPECT_LE(sum(counted().delivery), limits::delayed_push_max);
}

// To the device that said it, the ack stands for the event; her other one is told of it.
TEST_F(Traffic, CallsNothingADeliveryThatGoesToItsAuthor) {
  ada_says(1);
  const auto tablet = std::make_shared<paper_wire>();
  const auto port =
      spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{2}, tablet);
  port->on_frame(fmt::format(R"({{"t":"hello","token":"{}","device":"{}"}})", to_text(ada),
                             to_text(device_id{7, 7})));
  settle();
  port->on_frame(follows());
  settle();
  const std::size_t before = tablet->of("event").size();
  for (std::uint64_t n = 2; n <= 18; ++n) {
    ada_says(n);
    advance(1s);
  }

  EXPECT_EQ(tablet->of("event").size(), before + 17);
  EXPECT_EQ(count(counted().delivery), 0U);
}

TEST_F(Traffic, CountsWhatIsRefusedAndWhyDevicesAreSentAway) {
  hears("garbage");
  hears(R"({"t":"nonsense"})");
  hears("garbage");

  EXPECT_EQ(refused(fault_code::not_json), 2U);
  EXPECT_EQ(refused(fault_code::unknown_frame), 1U);
  EXPECT_THAT(closes(), testing::ElementsAre(close_code::too_many_faults));
}

/// Who took nothing, or broke the protocol, was sent away without the actor.
TEST_F(Traffic, CountsWhomTheTransportSentAway) {
  port_->on_closed({parting::ways::stalled});
  settle();

  EXPECT_THAT(closes(), testing::ElementsAre(close_code::slow));
}

TEST_F(Traffic, CountsWhoBrokeTheProtocol) {
  port_->on_closed({parting::ways::breach, 1002});
  settle();

  EXPECT_THAT(closes(), testing::ElementsAre(close_code::bad_request));
}

TEST_F(Traffic, CountsNobodyWhoWent) {
  port_->on_closed({parting::ways::gone, 1000});
  settle();

  EXPECT_TRUE(closes().empty());
}

TEST(TrafficBoard, CountsNothingWhereNothingIsCounted) {
  EXPECT_EQ((traffic_board{2, false}.at(0)), nullptr);
  EXPECT_EQ((traffic_board{2, true}.at(2)), nullptr);
  EXPECT_NE((traffic_board{2, true}.at(1)), nullptr);
}

}  // namespace
}  // namespace frontdesk
