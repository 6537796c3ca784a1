#include "actors/connection.hpp"
#include "actors/quarantine_keeper.hpp"
#include "model/limits.hpp"
#include "tests/actors/desk_actors.hpp"
#include "tests/actors/paper_wire.hpp"

#include <fmt/format.h>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

/// Connections are real; what is behind them are doubles, but persons. Ada is at the other end.
class QuarantinedFrame : public desk_actors_test {
 protected:
  QuarantinedFrame() {
    has_persons_ = true;
    board_.serve(spawn_quarantine_keeper(system(), {worker_kind::storage, 0}, board_));
  }
  void TearDown() override {
    port_.reset();
    desk_actors_test::TearDown();
  }

  void comes() {
    wire_ = std::make_shared<paper_wire>();
    port_ = spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{++connections_},
                             wire_);
    settle();
  }
  void hears(const std::string& frame) {
    port_->on_frame(frame);
    settle();
  }
  static std::string hello(std::string_view token) {
    return fmt::format(R"({{"t":"hello","token":"{}","device":"{}"}})", token, to_text(phone));
  }
  void ends_two(const std::string& frame) {
    for (int i = 0; i < 2; ++i) {
      comes();
      wire_->is_broken = true;
      hears(frame);
    }
    ASSERT_GE(failed().size(), 2U);
  }
  bool lies_anywhere(std::string_view words) {
    bool is_found = false;
    for (std::size_t i = 0; i < families_count; ++i) {
      const key_range all{static_cast<family>(i), "", std::string(64, '\xff')};
      EXPECT_TRUE(rows_
                      .scan(all,
                            [&](std::string_view, std::string_view value) {
                              is_found |= value.find(words) != std::string_view::npos;
                              return true;
                            })
                      .ok());
    }
    return is_found;
  }
  std::vector<quarantined> kept() { return reader{rows_}.read_quarantine(shop).value(); }

  std::uint64_t connections_ = 0;
  std::shared_ptr<paper_wire> wire_;
  std::shared_ptr<connection_port> port_;
};

TEST_F(QuarantinedFrame, IsAHelloThatEndsItsConnectionAsItsSenderGetsKnown) {
  ends_two(hello(to_text(ada)));

  comes();
  hears(hello(to_text(ada)));
  EXPECT_EQ(wire_->closed, close_code::internal);
  EXPECT_THAT(wire_->of("welcome"), IsEmpty());

  ASSERT_EQ(kept().size(), 1U);
  EXPECT_EQ(kept().front().actor, "connection");
  EXPECT_FALSE(lies_anywhere(to_text(ada)));
}

TEST_F(QuarantinedFrame, IsAHelloThatEndsItsConnectionBeforeItsSenderIsKnown) {
  ends_two(hello("secret"));

  comes();
  hears(hello("secret"));
  EXPECT_EQ(wire_->closed, close_code::internal);

  EXPECT_THAT(kept(), IsEmpty());
  EXPECT_FALSE(lies_anywhere("secret"));
}

TEST_F(QuarantinedFrame, IsTakenAgainWhenItsTimeIsOver) {
  ends_two(hello(to_text(ada)));
  advance(limits::suspicion_max + 1ms);

  comes();
  hears(hello(to_text(ada)));

  EXPECT_THAT(wire_->of("welcome"), testing::SizeIs(1));
}

/// It must find this answer also when the node, which was started again, knows nothing of it and
/// asks the keeper for the file.
TEST_F(QuarantinedFrame, NamesItsFileWhenItIsAPost) {
  constexpr file_id picture{3, 4};
  const std::string post =
      fmt::format(R"({{"t":"post","conversation":"{}","n":1,"text":"look","file":"{}"}})",
                  to_text(talk_of(ada)), to_text(picture));
  const auto by = suspect_of(frame_sender{{shop, ada}, phone}, shop, encoding::json, post);
  board_.quarantine().has_ended("connection", by, "why", now());
  board_.quarantine().has_ended("connection", by, "why", now());
  comes();
  hears(hello(to_text(ada)));

  hears(post);

  const auto said = heard_by(talk_of(ada)).of<say>();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].what.refused, fault_code::quarantined);
  EXPECT_EQ(said[0].what.text, "look");
  ASSERT_TRUE(said[0].what.file);
  EXPECT_EQ(said[0].what.file->id, picture);
}

}  // namespace
}  // namespace frontdesk
