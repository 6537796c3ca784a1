#include "net/http/http_session.hpp"
#include "net/http/routes.hpp"
#include "tests/net/scripted_stream.hpp"
#include "tests/net/test_client.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using opcodes = websocket_opcode;

/// One life of a connection over a stream that fails at some operation: a page, a visitor, the
/// upgrade, frames in pieces, a slow peer, the close.
class StreamFailure : public testing::Test {
 protected:
  StreamFailure() {
    desk_.people = acme();
    desk_.answers = [](fake_port& port, std::string_view frame) {
      port.says(std::string(frame));
      if (frame == "bye") {
        port.close(close_code::drain);
      }
    };
  }

  // How many operations it took.
  std::size_t lives(std::size_t fails_at) {
    auto line = std::make_shared<scripted_line>(desk_.thread.io_context());
    line->fails_at = fails_at;
    arrival who;
    who.stream = std::make_unique<scripted_stream>(line);
    who.pass = door_->arrive({});
    http_session::begin(thread_, routes_, std::move(who));
    const auto says = [&](std::string_view bytes) {
      line->arrives(bytes);
      desk_.thread.turns();
    };
    says("GET / HTTP/1.1\r\nHost: desk.example\r\n\r\n");
    says(
        "POST /v1/visitors HTTP/1.1\r\nHost: desk.example\r\nExpect: 100-continue\r\n"
        "Content-Type: application/json\r\nContent-Length: 21\r\n\r\n");
    says(R"({"widget_key":"open"})");
    says(upgrade_request());
    line->takes_at_most(3);
    says(client_frame(opcodes::text, "one") + client_frame(opcodes::ping, "?"));
    says(client_frame(opcodes::text, "two", false));
    says(client_frame(opcodes::continuation, " three"));
    line->takes(3);
    desk_.thread.turns();
    line->takes(10'000);
    desk_.thread.turns();
    says(client_frame(opcodes::text, "bye"));
    says(client_close(4000));
    EXPECT_TRUE(line->is_closed) << "at " << fails_at;
    return line->operations_count;
  }

  fake_desk desk_;
  fixed_clock clock_;
  passwords checker_;
  std::shared_ptr<admission> door_ = std::make_shared<admission>(admission_limits{});
  std::unique_ptr<token_identity> tokens_ = token_identity::with_secret(test_secret);
  routes routes_{{desk_, *tokens_, clock_, checker_, *door_}, {}, {}};
  std::shared_ptr<socket_thread> thread_ =
      std::make_shared<socket_thread>(desk_, 0, socket_limits{}, door_);
};

TEST_F(StreamFailure, AtAnyOperationEndsInOrder) {
  const std::size_t all = lives(0);
  ASSERT_GT(all, 15U);
  ASSERT_EQ(desk_.ports.size(), 1U);
  EXPECT_EQ(desk_.ports[0]->frames, (std::vector<std::string>{"one", "two three", "bye"}));
  for (std::size_t n = 1; n <= all; ++n) {
    desk_.ports.clear();
    lives(n);
    desk_.thread.turns();
    EXPECT_EQ(door_->connections_count(), 0U) << n;
    EXPECT_EQ(door_->handshakes_count(), 0U) << n;
    for (const auto& port : desk_.ports) {
      const bool let_go = port->line == nullptr;
      EXPECT_TRUE(let_go) << "closed, or told so: " << n;
    }
  }
}

}  // namespace
}  // namespace frontdesk
