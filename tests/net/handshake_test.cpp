#include "tests/net/running_server.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using opcodes = websocket_opcode;

std::string without(std::string text, std::string_view what) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? "" : text.erase(at, what.size());
}

std::string with(std::string text, std::string_view what, std::string_view instead) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? "" : text.replace(at, what.size(), instead);
}

class Handshake : public RunningServer {};

TEST_F(Handshake, AcceptsAndChoosesTheSubprotocol) {
  auto client = visitor();
  const auto answer = client.asks(upgrade_request());
  EXPECT_EQ(answer.status, 101U);
  EXPECT_EQ(answer.field("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
      << "RFC 6455, 1.3";
  EXPECT_EQ(answer.field("Sec-WebSocket-Protocol"), "frontdesk.v1.json");
  EXPECT_EQ(answer.field("Upgrade"), "websocket");
  EXPECT_EQ(answer.field("Connection"), "Upgrade");
  EXPECT_EQ(answer.field("Sec-WebSocket-Extensions"), "");
}

struct refused_upgrade {
  const char* what;
  std::string request;
  unsigned status;
};

class RefusedUpgrade : public RunningServer, public testing::WithParamInterface<refused_upgrade> {};

TEST_P(RefusedUpgrade, IsToldWhyAndTheNextOneIsServed) {
  desk_.people = acme({}, false);
  auto client = visitor();
  const auto answer = client.asks(GetParam().request);
  EXPECT_EQ(answer.status, GetParam().status) << answer.head;
  EXPECT_NE(answer.body.find("\"code\":\""), std::string::npos);
  EXPECT_NE(answer.body.find("\"retry\":false"), std::string::npos) << answer.body;
  EXPECT_TRUE(desk_.ports.empty());
  EXPECT_EQ(asks(upgrade_request()).status, 101U);
}

const std::string good = upgrade_request();

INSTANTIATE_TEST_SUITE_P(
    Each, RefusedUpgrade,
    testing::Values(
        refused_upgrade{"Post", with(good, "GET", "POST"), 405},
        refused_upgrade{"OldHttp", with(good, "HTTP/1.1", "HTTP/1.0"), 400},
        refused_upgrade{"NewHttp", with(good, "HTTP/1.1", "HTTP/2.0"), 505},
        refused_upgrade{"NoHost", without(good, "Host: desk.example\r\n"), 400},
        refused_upgrade{"TwoHosts", upgrade_request("Host: other.example\r\n"), 400},
        refused_upgrade{"EmptyHost", with(good, "desk.example", ""), 400},
        refused_upgrade{"NoKey", without(good, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"),
                        400},
        refused_upgrade{"ShortKey", with(good, "dGhlIHNhbXBsZSBub25jZQ==", "abc"), 400},
        refused_upgrade{"KeyOf15Bytes",
                        with(good, "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25j"), 400},
        refused_upgrade{"KeyOf17Bytes",
                        with(good, "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZSE="), 400},
        refused_upgrade{"KeyWithLooseBits", with(good, "ub25jZQ==", "ub25jZR=="), 400},
        refused_upgrade{"TwoKeys",
                        upgrade_request("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), 400},
        refused_upgrade{"NoUpgrade", without(good, "Upgrade: websocket\r\n"), 400},
        refused_upgrade{"OtherUpgrade", with(good, "websocket\r\n", "h2c\r\n"), 400},
        refused_upgrade{"NoConnection", without(good, "Connection: Upgrade\r\n"), 400},
        refused_upgrade{"NoVersion", without(good, "Sec-WebSocket-Version: 13\r\n"), 426},
        refused_upgrade{"OldVersion", with(good, ": 13\r\n", ": 8\r\n"), 426},
        refused_upgrade{"NoProtocol",
                        without(good, "Sec-WebSocket-Protocol: frontdesk.v1.json\r\n"), 400},
        refused_upgrade{"OtherProtocol", with(good, "v1.json", "v2.json"), 400},
        refused_upgrade{"EvilOrigin", upgrade_request("Origin: https://evil.example\r\n"), 403},
        refused_upgrade{"NullOrigin", upgrade_request("Origin: null\r\n"), 403},
        refused_upgrade{"TwoOrigins",
                        upgrade_request("Origin: https://shop.example\r\n"
                                        "Origin: https://evil.example\r\n"),
                        400},
        refused_upgrade{"LengthAndEncoding",
                        upgrade_request("Content-Length: 5\r\n"
                                        "Transfer-Encoding: chunked\r\n"),
                        400},
        refused_upgrade{"Encoding", upgrade_request("Transfer-Encoding: chunked\r\n"), 411},
        refused_upgrade{"TwoLengths",
                        upgrade_request("Content-Length: 5\r\n"
                                        "Content-Length: 5\r\n"),
                        400},
        refused_upgrade{"ListOfLengths", upgrade_request("Content-Length: 5, 5\r\n"), 400},
        refused_upgrade{"NegativeLength", upgrade_request("Content-Length: -1\r\n"), 400},
        refused_upgrade{"HugeLength", upgrade_request("Content-Length: 99999999999999999999\r\n"),
                        400},
        refused_upgrade{"Body", upgrade_request("Content-Length: 5\r\n") + "hello", 400},
        refused_upgrade{"BareLineFeed", with(good, "example\r\n", "example\n"), 400},
        refused_upgrade{"BareCarriageReturn", upgrade_request("X: a\rb\r\n"), 400},
        refused_upgrade{"SpaceBeforeColon", upgrade_request("X-Y : z\r\n"), 400},
        refused_upgrade{"FoldedLine", upgrade_request("X-Y: z\r\n  folded\r\n"), 400},
        refused_upgrade{"FoldedByTab", upgrade_request("X-Y: z\r\n\tfolded\r\n"), 400},
        refused_upgrade{"Nul", upgrade_request(std::string("X: a\0b\r\n", 8)), 400},
        refused_upgrade{"Garbage", "garbage\r\n\r\n", 400},
        refused_upgrade{"TlsHello", std::string("\x16\x03\x01\x02\x00\x01\x00", 7), 400},
        refused_upgrade{"LongHeader", upgrade_request("X: " + std::string(9000, 'x') + "\r\n"),
                        431},
        refused_upgrade{"LongTarget", with(good, "/v1/socket", "/" + std::string(64'000, 'x')),
                        414},
        refused_upgrade{"TargetJustTooLong",
                        with(good, "/v1/socket", "/v1/socket?" + std::string(2040, 'x')), 414},
        refused_upgrade{"AbsoluteTarget", with(good, "/v1/socket", "http://desk.example/v1/socket"),
                        400},
        refused_upgrade{"OtherPath", with(good, "/v1/socket", "/v1/sockets"), 404}),
    [](const auto& test) { return test.param.what; });

TEST_F(Handshake, IsNotBegunByHead) {
  EXPECT_EQ(asks(with(good, "GET", "HEAD")).status, 400U);
}

TEST_F(Handshake, NamesItsVersionToAnOldClient) {
  const auto answer = asks(with(upgrade_request(), ": 13\r\n", ": 8\r\n"));
  EXPECT_EQ(answer.field("Sec-WebSocket-Version"), "13");
}

TEST_F(Handshake, TakesAllWaysToWriteTheSame) {
  auto request = upgrade_request();
  request = with(request, "Upgrade: websocket", "uPGRADE: WebSocket, other");
  request = with(request, "Connection: Upgrade", "connection: keep-alive\r\nConnection: upgrade");
  request = with(request, ": frontdesk.v1.json", ": other,frontdesk.v1.json , third");
  EXPECT_EQ(asks(request).status, 101U);
}

TEST_F(Handshake, ChoosesTheFirstOfTheClientsSubprotocolsThatItKnows) {
  struct offer {
    std::string_view list;
    std::string_view chosen;
    encoding spoken;
  };
  constexpr std::string_view json = "frontdesk.v1.json";
  constexpr std::string_view protobuf = "frontdesk.v1.protobuf";
  for (const auto& [list, chosen, spoken] :
       {offer{": frontdesk.v1.protobuf", protobuf, encoding::protobuf},
        offer{": frontdesk.v1.protobuf, frontdesk.v1.json", protobuf, encoding::protobuf},
        offer{": frontdesk.v1.json,frontdesk.v1.protobuf", json, encoding::json},
        offer{": frontdesk.v2.protobuf, ,frontdesk.v1.protobuf", protobuf, encoding::protobuf},
        offer{": other\r\nSec-WebSocket-Protocol: frontdesk.v1.json", json, encoding::json}}) {
    auto client = visitor();
    const auto answer = client.asks(with(upgrade_request(), ": frontdesk.v1.json", list));

    EXPECT_EQ(answer.status, 101U) << list;
    EXPECT_EQ(answer.field("Sec-WebSocket-Protocol"), chosen) << list;
    ASSERT_TRUE(passes_until([&] { return !desk_.ports.empty(); })) << list;
    EXPECT_EQ(desk_.ports.back()->line->spoken(), spoken) << list;
    desk_.forgets_ports();
  }
}

TEST_F(Handshake, AcceptsTheOriginsOfAllInboxesAndItsOwn) {
  desk_.people = acme({}, false);
  EXPECT_EQ(asks(upgrade_request("Origin: https://shop.example\r\n")).status, 101U);
  EXPECT_EQ(asks(upgrade_request("Origin: https://desk.example\r\n")).status, 101U);
  EXPECT_EQ(asks(upgrade_request("Origin: http://desk.example\r\n")).status, 101U);
  EXPECT_EQ(asks(upgrade_request("Origin: https://desk.example.evil\r\n")).status, 403U);
  EXPECT_EQ(asks(upgrade_request("Origin: https://shop.example:8443\r\n")).status, 403U);
}

TEST_F(Handshake, AcceptsAnyOriginIfSomeInboxDoes) {
  EXPECT_EQ(asks(upgrade_request("Origin: https://anything.example\r\n")).status, 101U);
}

TEST_F(Handshake, FollowsAChangeOfTheDirectory) {
  EXPECT_EQ(asks(upgrade_request("Origin: https://anything.example\r\n")).status, 101U);
  desk_.people = acme({}, false);
  EXPECT_EQ(asks(upgrade_request("Origin: https://anything.example\r\n")).status, 403U);
}

TEST_F(Handshake, MayComeByteByByteWithAFrameBehindIt) {
  auto client = visitor();
  const std::string all = upgrade_request() + client_frame(opcodes::text, "hello");
  for (const char byte : all) {
    client.sends({&byte, 1});
    desk_.thread.turns();
  }
  EXPECT_EQ(client.hears().status, 101U);
  ASSERT_TRUE(
      passes_until([&] { return !desk_.ports.empty() && !desk_.ports[0]->frames.empty(); }));
  EXPECT_EQ(desk_.ports[0]->frames[0], "hello");
}

TEST_F(Handshake, MayComeInOnePieceWithItsFirstFrames) {
  auto client = visitor();
  client.sends(upgrade_request() + client_frame(opcodes::text, "hello") +
               client_frame(opcodes::text, "again"));
  EXPECT_EQ(client.hears().status, 101U);
  ASSERT_TRUE(
      passes_until([&] { return !desk_.ports.empty() && desk_.ports[0]->frames.size() == 2; }));
}

TEST_F(Handshake, MayBeCutAtEveryByte) {
  const std::string all = upgrade_request() + client_frame(opcodes::text, "hello");
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    auto client = visitor();
    client.sends(all.substr(0, cut));
    desk_.thread.turns();
    client.sends(all.substr(cut));
    const std::size_t before = desk_.ports.size();
    ASSERT_EQ(client.hears().status, 101U) << cut;
    ASSERT_TRUE(passes_until([&] {
      return desk_.ports.size() > 0 && !desk_.ports.back()->frames.empty();
    })) << cut
        << before;
    desk_.forgets_ports();
  }
}

TEST_F(Handshake, GivesASlowHeaderUpInTime) {
  options_.sockets.handshake_max = 100ms;
  auto client = visitor();
  const std::string request = upgrade_request("X: " + std::string(4000, 'x') + "\r\n");
  std::size_t sent = 0;
  const auto begin = std::chrono::steady_clock::now();
  // A byte at each turn: it never stops, and never comes to an end.
  const bool gave_up = passes_until([&] {
    client.sends(request.substr(sent, 1));
    sent = std::min(sent + 1, request.size() - 1);
    return server_->counts().connections == 0;
  });
  EXPECT_TRUE(gave_up);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
  EXPECT_EQ(client.hears().status, 408U);
}

TEST_F(Handshake, ClosesWhoSaysNothingWithoutAWord) {
  options_.sockets.handshake_max = 50ms;
  auto client = visitor();
  EXPECT_TRUE(client.hears_end());
}

TEST_F(Handshake, GivesASlowBodyUpInTime) {
  options_.sockets.handshake_max = 50ms;
  auto client = visitor();
  client.sends(without(post("/v1/visitors", "0123456789"), "789"));
  EXPECT_EQ(client.hears().status, 408U);
}

TEST_F(Handshake, RefusesPlainlyWhileAThousandSayNothingAndServesAfterwards) {
  options_.sockets.handshake_max = 1s;
  options_.door.handshakes_max = 1000;
  opens();
  std::vector<std::unique_ptr<test_client>> silent;
  for (int i = 0; i < 1000; ++i) {
    silent.push_back(std::make_unique<test_client>(desk_, port()));
    desk_.thread.turns();
  }
  ASSERT_TRUE(passes_until([&] { return server_->counts().handshakes == 1000; }));

  const auto refused = asks(upgrade_request());
  EXPECT_EQ(refused.status, 503U);
  EXPECT_THAT(refused.field("Retry-After"), testing::AnyOf("2", "3", "4"));
  EXPECT_THAT(refused.body, testing::ContainsRegex("\"retry\":true,\"retry_after_ms\":[23]"));

  ASSERT_TRUE(passes_until([&] { return server_->counts().handshakes == 0; }));
  EXPECT_EQ(asks(upgrade_request()).status, 101U);
}

TEST_F(Handshake, BoundsTheSilentOnesOfOneAddress) {
  options_.door.handshakes_per_address_max = 2;
  auto one = visitor();
  auto other = visitor();
  ASSERT_TRUE(passes_until([&] { return server_->counts().handshakes == 2; }));
  EXPECT_EQ(asks(upgrade_request()).status, 503U);
  EXPECT_EQ(one.asks(upgrade_request()).status, 101U) << "who speaks makes room";
  EXPECT_EQ(asks(upgrade_request()).status, 101U);
}

TEST_F(Handshake, BoundsConnections) {
  options_.door.connections_max = 1;
  auto one = visitor();
  one.upgrades();
  EXPECT_EQ(asks(upgrade_request()).status, 503U);
  one.closes();
  ASSERT_TRUE(passes_until([&] { return server_->counts().connections == 0; }));
  EXPECT_EQ(asks(upgrade_request()).status, 101U);
}

TEST_F(Handshake, BoundsNewSocketsOfOneAddress) {
  options_.door.sockets_per_second = 0.6;
  options_.door.sockets_burst = 2;
  EXPECT_EQ(asks(upgrade_request()).status, 101U);
  EXPECT_EQ(asks(upgrade_request()).status, 101U);
  const auto refused = asks(upgrade_request());
  EXPECT_EQ(refused.status, 429U);
  EXPECT_EQ(refused.field("Retry-After"), "2");
}

TEST_F(Handshake, BelievesOnlyAProxyThatItTrusts) {
  options_.door.sockets_per_second = 0.5;
  options_.door.sockets_burst = 1;
  options_.trusted_proxies = {"127.0.0.1"};
  const auto from = [&](std::string_view who) {
    return asks(upgrade_request("X-Forwarded-For: " + std::string(who) + "\r\n")).status;
  };
  EXPECT_EQ(from("192.0.2.1"), 101U);
  EXPECT_EQ(from("192.0.2.2"), 101U);
  EXPECT_EQ(from("198.51.100.9, 192.0.2.1"), 429U) << "only what the proxy itself has seen counts";
  EXPECT_EQ(from("2001:db8:1:2::3"), 101U);
  EXPECT_EQ(from("2001:db8:1:2:ffff::4"), 429U) << "a /64 is one client";
}

TEST_F(Handshake, BelievesNobodyElseWhoHeIs) {
  options_.door.sockets_per_second = 0.5;
  options_.door.sockets_burst = 1;
  options_.trusted_proxies = {"127.0.0.2"};
  const auto says = [&](std::string_view what) {
    return asks(upgrade_request(std::string(what) + "\r\n")).status;
  };
  EXPECT_EQ(says("X-Forwarded-For: 192.0.2.1"), 101U);
  EXPECT_EQ(says("X-Forwarded-For: 192.0.2.2"), 429U);
  EXPECT_EQ(says("Forwarded: for=192.0.2.3"), 429U);
}

TEST_F(Handshake, ComparesASchemeThatATrustedProxyKnows) {
  desk_.people = acme({}, false);
  options_.trusted_proxies = {"127.0.0.0/8"};
  const auto status = [&](std::string_view scheme, std::string_view origin) {
    return asks(upgrade_request("X-Forwarded-Proto: " + std::string(scheme) +
                                "\r\nOrigin: " + std::string(origin) + "\r\n"))
        .status;
  };
  EXPECT_EQ(status("https", "https://desk.example"), 101U);
  EXPECT_EQ(status("https", "http://desk.example"), 403U);
  EXPECT_EQ(status("http", "http://desk.example"), 101U);
  EXPECT_EQ(status("http", "https://desk.example"), 403U);
}

TEST_F(Handshake, TellsBrowsersToStayBehindAProxyWithTls) {
  options_.trusted_proxies = {"127.0.0.1"};
  auto client = visitor();
  const auto stay = [&](std::string_view more) {
    return client.asks(get("/", more)).field("Strict-Transport-Security");
  };
  EXPECT_EQ(stay("X-Forwarded-Proto: https\r\n"), "max-age=15552000");
  EXPECT_EQ(stay(""), "") << "on the same connection of the proxy";
}

TEST_F(Handshake, RefusesBeforeTheUpgradeWhenTooManyCome) {
  options_.door.hellos_per_second = 1;
  unsigned refused_count = 0;
  heard_answer refused;
  for (int i = 0; i < 8; ++i) {
    if (auto heard = asks(upgrade_request()); heard.status != 101) {
      refused = heard;
      ++refused_count;
    }
  }
  EXPECT_GE(refused_count, 5U);
  EXPECT_EQ(refused.status, 503U);
  EXPECT_NE(refused.field("Retry-After"), "");
  EXPECT_NE(refused.body.find("\"overload\""), std::string::npos);
  EXPECT_NE(refused.body.find("\"retry_after_ms\":"), std::string::npos);
  EXPECT_LE(desk_.ports.size(), 3U) << "the desk knows nothing of those who were refused";
}

TEST_F(Handshake, LetsInWhoShowsASeatBeforeStrangers) {
  options_.door.hellos_per_second = 10;
  std::string seat = tokens_->seat(clock_.now());
  const auto as_stranger = [&] { return asks(upgrade_request()).status; };
  unsigned strangers = 0;
  while (as_stranger() == 101) {
    ASSERT_LT(++strangers, 20U);
  }

  EXPECT_EQ(asks(upgrade_request("Sec-WebSocket-Protocol: frontdesk.seat." + seat + "\r\n")).status,
            101U);
  EXPECT_EQ(asks(upgrade_request("Frontdesk-Seat: " + seat + "\r\n")).status, 101U);
  EXPECT_EQ(as_stranger(), 503U);
  seat.back() = seat.back() == '0' ? '1' : '0';
  EXPECT_EQ(asks(upgrade_request("Frontdesk-Seat: " + seat + "\r\n")).status, 503U);
}

TEST_F(Handshake, TakesASeatThatManyShowForAStranger) {
  options_.door.hellos_per_second = 100;
  unsigned strangers = 0;
  while (asks(upgrade_request()).status == 101) {
    ASSERT_LT(++strangers, 150U);
  }
  const auto with_seat = [&](const std::string& seat) {
    return asks(upgrade_request("Frontdesk-Seat: " + seat + "\r\n")).status;
  };
  const std::string lent = tokens_->seat(clock_.now());

  unsigned let_in = 0;
  for (int i = 0; i < 20; ++i) {
    let_in += with_seat(lent) == 101 ? 1 : 0;
  }

  EXPECT_GE(let_in, 10U);
  EXPECT_LT(let_in, 16U);
  EXPECT_EQ(with_seat(tokens_->seat(clock_.now())), 101U) << "there was room for others";
}

}  // namespace
}  // namespace frontdesk
