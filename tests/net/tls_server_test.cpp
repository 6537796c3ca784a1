#include "tests/net/running_server.hpp"
#include "tests/net/self_signed.hpp"
#include "tests/storage/temp_folder.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using opcodes = websocket_opcode;

std::shared_ptr<const tls_certificate> certificate_of(const std::string& name) {
  const temp_folder folder;
  const auto files = make_self_signed(folder.path(""), {.name = name});
  return tls_certificate::load({files.certificate, files.key}).certificate;
}

class TlsServer : public RunningServer {
 protected:
  TlsServer() { options_.certificate = certificate_of("first"); }

  test_client stranger(const tls_offer& offer = {}) { return {desk_, port(), offer}; }
  heard_answer asks(std::string_view request) { return stranger().asks(request); }
};

TEST_F(TlsServer, AnswersAndTellsBrowsersToStay) {
  for (const auto version : {tls_offer::versions::tls_1_2, tls_offer::versions::tls_1_3}) {
    auto client = stranger({.version = version});
    const auto answer = client.asks(get("/"));
    EXPECT_EQ(answer.status, 302U);
    EXPECT_EQ(answer.field("Strict-Transport-Security"), "max-age=15552000");
    EXPECT_EQ(client.asks("nonsense\r\n\r\n").field("Strict-Transport-Security"),
              "max-age=15552000");
  }
}

TEST_F(TlsServer, CarriesAWebsocket) {
  desk_.answers = [](fake_port& port, std::string_view frame) { port.says(std::string(frame)); };
  auto client = stranger();
  client.upgrades();
  for (const std::size_t size : {0U, 1U, 8000U, 16'384U, 65'536U}) {
    client.sends(client_frame(opcodes::text, std::string(size, 'x')));
    EXPECT_EQ(client.hears_frame().payload.size(), size);
  }
}

TEST_F(TlsServer, CarriesMoreThanAPeerTakesAtOnce) {
  auto client = stranger();
  auto& port = client.upgrades();
  const auto frame = std::make_shared<const std::string>(60'000, 'x');
  for (int i = 0; i < 300; ++i) {  // More than the kernel's buffers hold.
    port.line->send(frame);
    desk_.thread.turns();
  }
  client.sends(client_frame(opcodes::ping, "?"));
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(client.hears_frame().payload.size(), frame->size()) << i;
  }
  EXPECT_EQ(client.hears_frame().opcode, opcodes::pong);
}

TEST_F(TlsServer, EndsInOrderThoughItsPeerHasTakenNothing) {
  auto client = stranger();
  auto& port = client.upgrades();
  // So small that a record holds many of them.
  constexpr std::size_t sent = 20'000;
  for (std::size_t i = 0; i < sent; ++i) {
    port.line->send(std::make_shared<const std::string>(1000, static_cast<char>('a' + i % 26)));
  }
  desk_.thread.turns();
  client.sends(client_close(1000));
  server_frame last;
  std::size_t count = 0;
  for (last = client.hears_frame(); last.opcode == opcodes::text; last = client.hears_frame()) {
    ASSERT_EQ(last.payload, std::string(1000, static_cast<char>('a' + count % 26)));
    ++count;
  }
  EXPECT_EQ(last.code(), 1000) << "what was encrypted came whole, and then the close";
  EXPECT_LT(count, sent) << "what was not, was dropped";
}

TEST_F(TlsServer, TakesAPageWithoutTlsForAStranger) {
  desk_.people = acme({}, false);
  EXPECT_EQ(asks(upgrade_request("Origin: https://desk.example\r\n")).status, 101U);
  EXPECT_EQ(asks(upgrade_request("Origin: http://desk.example\r\n")).status, 403U);
}

TEST_F(TlsServer, TellsPlainHttpWhatItSpeaks) {
  auto lost = visitor();
  const auto answer = lost.asks(get("/"));
  EXPECT_EQ(answer.status, 400U);
  EXPECT_NE(answer.body.find("https://"), std::string::npos);
  EXPECT_TRUE(lost.hears_end());
}

TEST_F(TlsServer, GivesNewcomersTheNewCertificate) {
  auto old = stranger();
  old.upgrades();
  EXPECT_EQ(old.tls().name(), "first");
  server_->change_certificate(certificate_of("second"));

  auto young = stranger();
  young.asks(get("/"));
  EXPECT_EQ(young.tls().name(), "second");
  old.sends(client_frame(opcodes::text, "still here"));
  EXPECT_TRUE(passes_until([&] { return desk_.ports[0]->frames.size() == 1; }));
}

TEST_F(TlsServer, GivesAHandshakeUpThatTakesTooLong) {
  options_.sockets.handshake_max = 50ms;
  auto silent = stranger();
  auto slow = stranger();
  const std::string half = slow.tls().says().substr(0, 100);
  slow.sends_raw(half);
  EXPECT_TRUE(silent.hears_end());
  EXPECT_TRUE(slow.hears_end());
  EXPECT_TRUE(passes_until([&] { return server_->counts().connections == 0; }));
}

TEST_F(TlsServer, GivesASilentPeerUpBehindItsHandshake) {
  options_.sockets.handshake_max = 50ms;
  auto client = stranger();
  client.sends("");
  EXPECT_TRUE(client.hears_end());
  EXPECT_TRUE(client.tls().is_ready());
  EXPECT_TRUE(client.tls().has_heard_goodbye());
}

TEST_F(TlsServer, BoundsHandshakesThatAreUnderWay) {
  options_.door.handshakes_max = 10;
  options_.sockets.handshake_max = 1s;
  std::vector<std::unique_ptr<test_client>> flood;
  for (int i = 0; i < 30; ++i) {
    flood.push_back(std::make_unique<test_client>(desk_, port(), tls_offer{}));
    flood.back()->sends_raw(flood.back()->tls().says().substr(0, 50));
    desk_.thread.turns();
  }
  ASSERT_TRUE(passes_until([&] { return server_->counts().accepted == 30; }));
  EXPECT_EQ(server_->counts().handshakes, 10U);
  EXPECT_EQ(server_->counts().refused, 20U);
  EXPECT_TRUE(flood.back()->hears_end()) << "without the handshake that a word would cost";
  ASSERT_TRUE(passes_until([&] { return server_->counts().handshakes == 0; }));
  EXPECT_EQ(asks(get("/")).status, 302U);
}

TEST_F(TlsServer, BoundsHandshakesOfOneAddress) {
  options_.door.tls_handshakes_per_second = 0.01;
  options_.door.tls_handshakes_burst = 2;
  EXPECT_EQ(asks(get("/")).status, 302U);
  EXPECT_EQ(asks(get("/")).status, 302U);
  auto third = stranger();
  third.sends(get("/"));
  EXPECT_TRUE(third.hears_end());
  EXPECT_FALSE(third.tls().is_ready());
}

}  // namespace
}  // namespace frontdesk
