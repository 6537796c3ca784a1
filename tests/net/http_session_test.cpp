#include "tests/net/running_server.hpp"

#include <sys/socket.h>

#include <chrono>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using opcodes = websocket_opcode;

class HttpSession : public RunningServer {};

TEST_F(HttpSession, AnswersSeveralRequestsOnOneConnection) {
  auto client = visitor();
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.asks(get("/"));
    EXPECT_EQ(answer.status, 302U);
    EXPECT_EQ(answer.field("Connection"), "keep-alive");
  }
  EXPECT_EQ(server_->counts().accepted, 1U);
}

TEST_F(HttpSession, AnswersInOrderWhatCameInOnePiece) {
  auto client = visitor();
  client.sends(get("/") + get("/nothing") + post("/v1/visitors", R"({"widget_key":"open"})"));
  EXPECT_EQ(client.hears().status, 302U);
  EXPECT_EQ(client.hears().status, 404U);
  EXPECT_EQ(client.hears().status, 201U);
}

TEST_F(HttpSession, AnswersAThousandRequestsInOnePiece) {
  auto client = visitor();
  std::string many;
  for (int i = 0; i < 1000; ++i) {
    many += get("/");
  }
  client.sends(many);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(client.hears().status, 302U) << i;
  }
}

TEST_F(HttpSession, UpgradesBehindAnotherRequest) {
  auto client = visitor();
  client.sends(get("/") + upgrade_request() + client_frame(opcodes::text, "hello"));
  EXPECT_EQ(client.hears().status, 302U);
  EXPECT_EQ(client.hears().status, 101U);
  EXPECT_TRUE(
      passes_until([&] { return !desk_.ports.empty() && !desk_.ports[0]->frames.empty(); }));
}

TEST_F(HttpSession, EndsWhenTheClientWishesIt) {
  auto client = visitor();
  const auto answer = client.asks(get("/", "Connection: close\r\n"));
  EXPECT_EQ(answer.status, 302U);
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_TRUE(client.hears_end());
}

TEST_F(HttpSession, ServesOldHttpAndEnds) {
  auto client = visitor();
  EXPECT_EQ(client.asks("GET / HTTP/1.0\r\nHost: desk.example\r\n\r\n").status, 302U);
  EXPECT_TRUE(client.hears_end());
}

TEST_F(HttpSession, EndsAnIdleConnection) {
  options_.sockets.http_idle_max = 50ms;
  auto client = visitor();
  EXPECT_EQ(client.asks(get("/")).status, 302U);
  EXPECT_TRUE(client.hears_end());
  EXPECT_TRUE(passes_until([&] { return server_->counts().connections == 0; }));
}

TEST_F(HttpSession, SaysContinueToWhoWaitsForIt) {
  auto client = visitor();
  const std::string body = R"({"widget_key":"open"})";
  const std::string request = post("/v1/visitors", body, "Expect: 100-continue\r\n");
  client.sends(request.substr(0, request.size() - body.size()));
  EXPECT_EQ(client.hears().status, 100U);
  client.sends(body);
  EXPECT_EQ(client.hears().status, 201U);
}

TEST_F(HttpSession, ExpectsNothingElse) {
  EXPECT_EQ(asks(post("/v1/visitors", "{}", "Expect: the-unexpected\r\n")).status, 417U);
}

TEST_F(HttpSession, RefusesALargeBodyAndIsHeard) {
  auto client = visitor();
  client.sends(post("/v1/visitors", std::string(100'000, ' ')));
  const auto answer = client.hears();
  EXPECT_EQ(answer.status, 413U);
  EXPECT_NE(answer.body.find("\"too_large\""), std::string::npos);
  EXPECT_TRUE(client.hears_end());
}

TEST_F(HttpSession, TakesABodyOfExactlyTheLimit) {
  std::string body = R"({"widget_key":"open"})";
  body.resize(limits::body_bytes_max, ' ');
  EXPECT_EQ(asks(post("/v1/visitors", body)).status, 201U);
  EXPECT_EQ(asks(post("/v1/visitors", body + ' ')).status, 413U);
}

TEST_F(HttpSession, SendsHeadsWithoutBodies) {
  auto client = visitor();
  client.sends("HEAD /nothing HTTP/1.1\r\nHost: desk.example\r\n\r\n" + get("/"));
  const auto head = client.hears(true);
  EXPECT_EQ(head.status, 404U) << "no route has this path";
  EXPECT_NE(head.field("Content-Length"), "0");
  EXPECT_EQ(client.hears().status, 302U) << "right behind the head";
}

TEST_F(HttpSession, SaysNothingOfTlsWithoutIt) {
  EXPECT_EQ(asks(get("/nothing")).field("Strict-Transport-Security"), "");
}

TEST_F(HttpSession, NamesTheMethodsOfAPath) {
  const auto answer = asks("DELETE /v1/visitors HTTP/1.1\r\nHost: desk.example\r\n\r\n");
  EXPECT_EQ(answer.status, 405U);
  EXPECT_EQ(answer.field("Allow"), "POST, OPTIONS");
  EXPECT_EQ(asks(post("/console/", "{}")).field("Allow"), "GET, HEAD");
}

TEST_F(HttpSession, SaysOfEachAnswerThatItsTypeIsMeant) {
  EXPECT_EQ(asks(get("/nothing")).field("X-Content-Type-Options"), "nosniff");
}

TEST_F(HttpSession, EndsAllThatAreNoWebsocketsWhenTheServerStops) {
  auto silent = visitor();
  auto idle = visitor();
  auto socket = visitor();
  idle.asks(get("/"));
  socket.upgrades();
  ASSERT_TRUE(passes_until([&] { return server_->counts().connections == 3; }));

  server_->stop();
  EXPECT_TRUE(silent.hears_end());
  EXPECT_TRUE(idle.hears_end());
  socket.sends(client_frame(opcodes::text, "still here"));
  EXPECT_TRUE(passes_until([&] { return desk_.ports[0]->frames.size() == 1; }));
}

TEST_F(HttpSession, ForgetsAClientThatLeavesInTheMidst) {
  auto client = visitor();
  client.sends("GET / HTT");
  ASSERT_TRUE(passes_until([&] { return server_->counts().connections == 1; }));
  client.closes();
  EXPECT_TRUE(passes_until([&] { return server_->counts().connections == 0; }));
}

/// WebSockets on real sockets, where the kernel decides what is taken.
class RealWebsocket : public RunningServer {};

TEST_F(RealWebsocket, CarriesFramesBothWays) {
  desk_.answers = [](fake_port& port, std::string_view frame) { port.says(std::string(frame)); };
  auto client = visitor();
  client.upgrades();
  for (const std::size_t size : {0U, 1U, 125U, 126U, 8000U, 65'535U, 65'536U}) {
    client.sends(client_frame(opcodes::text, std::string(size, 'x')));
    EXPECT_EQ(client.hears_frame().payload.size(), size);
  }
}

TEST_F(RealWebsocket, SlowsAPeerDownWhilePausedAndLosesNothing) {
  auto client = visitor();
  auto& port = client.upgrades();
  port.line->pause();
  const std::string frame = client_frame(opcodes::text, std::string(8000, 'x'));
  std::string all;
  for (int i = 0; i < 100; ++i) {
    all += frame;
  }
  client.sends(all);
  desk_.thread.turns();
  EXPECT_TRUE(port.frames.empty());
  port.line->resume();
  EXPECT_TRUE(passes_until([&] { return port.frames.size() == 100; }));
}

TEST_F(RealWebsocket, CutsOffAStalledReader) {
  options_.sockets.write_stall_max = 100ms;
  auto client = visitor();
  auto& port = client.upgrades();
  const auto frame = std::make_shared<const std::string>(60'000, 'x');
  for (int i = 0; i < 200; ++i) {  // More than the kernel's buffers hold.
    port.line->send(frame);
  }
  EXPECT_TRUE(passes_until([&] { return port.closed_count == 1; }));
  EXPECT_TRUE(passes_until([&] { return server_->counts().connections == 0; }));
}

TEST_F(RealWebsocket, TellsTheCloseToAPeerThatStillSends) {
  auto client = visitor();
  auto& port = client.upgrades();
  client.sends(client_frame(opcodes::text, "on its way"));
  port.close(close_code::bad_token);
  const auto last = client.hears_frame();
  EXPECT_EQ(last.code(), 4501);
  client.sends(client_close(4501));
  EXPECT_TRUE(client.hears_end());
}

TEST_F(RealWebsocket, RefusesAnOversizeFrameByItsHeader) {
  auto client = visitor();
  client.upgrades();
  client.sends(client_frame(opcodes::text, "hello"));
  std::string header = client_frame(opcodes::text, std::string(70'000, 'x')).substr(0, 14);
  header[2] = '\x00';
  header[5] = '\x01';  // A terabyte.
  client.sends(header);
  EXPECT_EQ(client.hears_frame().code(), 1009);
}

TEST_F(RealWebsocket, EndsWithThePeersReset) {
  auto client = visitor();
  auto& port = client.upgrades();
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(client.descriptor(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  client.closes();
  EXPECT_TRUE(passes_until([&] { return port.closed_count == 1; }));
}

}  // namespace
}  // namespace frontdesk
