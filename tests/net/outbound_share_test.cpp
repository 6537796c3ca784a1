#include "model/outbound_budget.hpp"
#include "net/websocket_transport.hpp"
#include "tests/net/running_server.hpp"
#include "tests/net/scripted_stream.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using opcodes = websocket_opcode;

/// A WebSocket on a scripted line, whose peer takes what the test says.
class ChargedWebsocket : public testing::Test {
 protected:
  ~ChargedWebsocket() override { line_->forgets(); }

  fake_port& begins() {
    websocket_transport::begin(thread_, std::make_unique<scripted_stream>(line_),
                               door_->arrive({}, false), encoding::json, {});
    desk_.thread.turns();
    return *desk_.ports.back();
  }
  void says(opcodes opcode, std::string_view payload) {
    line_->arrives(client_frame(opcode, payload));
    desk_.thread.turns();
  }
  std::vector<server_frame> written() {
    std::vector<server_frame> frames;
    std::string bytes = std::exchange(line_->written, {});
    for (server_frame next; take_frame(bytes, next);) {
      frames.push_back(next);
    }
    return frames;
  }
  bool passes_until(const std::function<bool()>& it_is_so) {
    return desk_.thread.turns_until(it_is_so);
  }
  static socket_limits quick() {
    socket_limits bounds;
    bounds.write_stall_max = 60ms;
    bounds.tick = 5ms;
    return bounds;
  }

  fake_desk desk_;
  std::shared_ptr<admission> door_ = std::make_shared<admission>(admission_limits{});
  std::shared_ptr<socket_thread> thread_ =
      std::make_shared<socket_thread>(desk_, 0, quick(), door_);
  std::shared_ptr<scripted_line> line_ = std::make_shared<scripted_line>(desk_.thread.io_context());
};

/// A visitor who has nothing but plain requests.
class ChargedFetch : public RunningServer {
 protected:
  std::string token() {
    const inbox* const at = desk_.people->find(tenant_id{1}, inbox_id{1});
    return tokens_->visitor_token(*at, {person_kind::visitor, 3}, clock_.at);
  }
  static std::string request(std::string_view path, const std::string& token) {
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: desk.example\r\nContent-Type: application/x-ndjson\r\n"
        "Content-Length: 0\r\nAuthorization: Bearer {}\r\nFrontdesk-Device: {:032x}\r\n\r\n",
        path, token, 1);
  }
  fake_port& first_port() {
    EXPECT_TRUE(passes_until([&] { return !desk_.ports.empty(); }));
    return *desk_.ports.at(0);
  }
};

/// A share of a tenant whose budget no test reaches.
outbound_share share_of(const std::shared_ptr<outbound_budget>& budget) {
  return {budget, budget->of(tenant_id{1}), connection_id{1}};
}

TEST_F(ChargedWebsocket, ChargesWhatThePeerDoesNotTakeAndGivesItBack) {
  const auto budget = std::make_shared<outbound_budget>(outbound_bounds{}, nullptr);
  auto& port = begins();
  port.line->charge_to(share_of(budget));

  port.says(std::string(100, 'a'));
  desk_.thread.turns();
  EXPECT_EQ(budget->bytes(), 0U) << "taken at once";

  line_->takes_at_most(10);
  port.says(std::string(100, 'b'));
  desk_.thread.turns();
  EXPECT_EQ(budget->bytes(), 92U);
  port.says(std::string(100, 'c'));
  EXPECT_EQ(budget->bytes(), 194U) << "it has to wait anyway";

  line_->takes(50);
  desk_.thread.turns();
  EXPECT_EQ(budget->bytes(), 144U);
  line_->takes(1000);
  desk_.thread.turns();
  EXPECT_EQ(budget->bytes(), 0U);
}

TEST_F(ChargedWebsocket, ChargesNothingOnceItHasEnded) {
  const auto budget = std::make_shared<outbound_budget>(outbound_bounds{}, nullptr);
  auto& port = begins();
  port.line->charge_to(share_of(budget));
  line_->takes_at_most(0);
  port.says(std::string(100, 'a'));
  desk_.thread.turns();
  ASSERT_EQ(budget->bytes(), 102U);

  EXPECT_TRUE(passes_until([&] { return port.closed_count == 1; })) << "the write stall";

  EXPECT_EQ(budget->bytes(), 0U);
}

TEST_F(ChargedWebsocket, KeepsOnlyTheLastWordForAPeerThatTakesTooLittle) {
  const auto budget = std::make_shared<outbound_budget>(outbound_bounds{}, nullptr);
  auto& port = begins();
  port.line->charge_to(share_of(budget));
  line_->takes_at_most(10);
  for (const char c : {'a', 'b', 'c'}) {
    port.says(std::string(1000, c));
  }
  desk_.thread.turns();
  port.says("bye");

  port.close(close_code::overload);
  desk_.thread.turns();
  EXPECT_LT(budget->bytes(), 1100U);
  line_->takes(10'000);
  desk_.thread.turns();

  const auto frames = written();
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[0].payload, std::string(1000, 'a')) << "it was begun";
  EXPECT_EQ(frames[1].payload, "bye");
  EXPECT_EQ(frames[2].code(), 4006U);
}

TEST_F(ChargedWebsocket, CountsAHelloUntilItsFirstAnswer) {
  auto& port = begins();
  EXPECT_EQ(door_->hellos.greetings_count(), 0U) << "who says nothing waits for nothing";
  says(opcodes::text, "hello");
  EXPECT_EQ(door_->hellos.greetings_count(), 1U);
  says(opcodes::text, "and more");
  port.says("welcome");
  EXPECT_EQ(door_->hellos.greetings_count(), 0U);
}

TEST_F(ChargedWebsocket, CountsNoHelloOfOneWhoHasGone) {
  begins();
  says(opcodes::text, "hello");
  line_->ends();
  desk_.thread.turns();
  EXPECT_EQ(door_->hellos.greetings_count(), 0U);
}

TEST_F(ChargedFetch, ChargesWhatAStreamDoesNotTake) {
  const auto budget = std::make_shared<outbound_budget>(outbound_bounds{}, nullptr);
  auto client = visitor();
  client.sends(request("/v1/stream", token()));
  fake_port& port = first_port();
  port.line->charge_to({budget, budget->of(tenant_id{1}), connection_id{1}});
  for (int i = 0; i < 16; ++i) {
    port.says(std::string(1024 * 1024, 'x'));
  }
  desk_.thread.turns();
  EXPECT_GT(budget->bytes(), 1024U * 1024);
  EXPECT_EQ(budget->bytes(), port.line->outbound_bytes());

  port.says("bye");
  port.close(close_code::overload);
  desk_.thread.turns();
  EXPECT_LE(budget->bytes(), 1024U * 1024 + 5) << "what was begun, and the last word";

  client.closes();
  EXPECT_TRUE(passes_until([&] { return budget->bytes() == 0; }));
}

TEST_F(ChargedFetch, ChargesWhatAPollGathersUntilItIsWritten) {
  const auto budget = std::make_shared<outbound_budget>(outbound_bounds{}, nullptr);
  auto client = visitor();
  client.sends(request("/v1/poll", token()));
  fake_port& port = first_port();
  port.line->charge_to({budget, budget->of(tenant_id{1}), connection_id{1}});
  port.says("one");
  port.says("another");
  EXPECT_EQ(budget->bytes(), 12U) << "with their line ends";

  port.close(close_code::drain);

  EXPECT_EQ(client.hears().status, 200U);
  EXPECT_TRUE(passes_until([&] { return budget->bytes() == 0; }));
}

TEST_F(ChargedFetch, ChargesNothingForAPollWhoseAskerHasGone) {
  const auto budget = std::make_shared<outbound_budget>(outbound_bounds{}, nullptr);
  auto client = visitor();
  client.sends(request("/v1/poll", token()));
  fake_port& port = first_port();
  port.line->charge_to({budget, budget->of(tenant_id{1}), connection_id{1}});
  port.says("one");

  client.closes();

  EXPECT_TRUE(passes_until([&] { return port.closed_count == 1; }));
  EXPECT_EQ(budget->bytes(), 0U);
}

TEST_F(ChargedFetch, RefusesBeforeATokenIsReadWhenTooManyCome) {
  options_.door.hellos_per_second = 1;
  unsigned refused_count = 0;
  for (int i = 0; i < 8; ++i) {
    const auto heard = asks(request("/v1/stream", "nobody"));
    refused_count += heard.status == 503 ? 1 : 0;
    EXPECT_TRUE(heard.status == 503 || heard.status == 401);
  }
  EXPECT_GE(refused_count, 5U);
}

}  // namespace
}  // namespace frontdesk
