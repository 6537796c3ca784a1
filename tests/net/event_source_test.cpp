#include "tests/net/running_server.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

const std::string phone = std::string(31, '0') + "1";

/// A page that has `EventSource` and nothing else, and somebody with a token who gets tickets.
class EventSource : public RunningServer {
 protected:
  std::string token(inbox_id entry = inbox_id{1}) {
    const inbox* const at = desk_.people->find(tenant_id{1}, entry);
    return tokens_->visitor_token(*at, ada_, clock_.at);
  }
  heard_answer asks_for_ticket(const std::string& with, std::string_view more = {}) {
    return asks(post("/v1/tickets", "", fmt::format("Authorization: Bearer {}\r\n{}", with, more)));
  }
  std::string ticket(inbox_id entry = inbox_id{1}) {
    const std::string body = asks_for_ticket(token(entry)).body;
    const std::size_t begin = body.find(R"("ticket":")") + 10;
    return body.substr(begin, body.find('"', begin) - begin);
  }
  std::string opening(const std::string& with, std::string_view more = {},
                      std::string_view fields = {}) {
    return get(fmt::format("/v1/events?ticket={}&device={}{}", with, phone, more), fields);
  }
  fake_port& port_after(std::size_t before) {
    EXPECT_TRUE(passes_until([&] { return desk_.ports.size() > before; }));
    return *desk_.ports.at(before);
  }
  void passes(std::chrono::milliseconds length) { clock_.at.value += length.count(); }

  const person_id ada_{person_kind::visitor, 3};
};

TEST_F(EventSource, HearsEachFrameAsAnEvent) {
  auto client = visitor();
  client.sends(opening(ticket(), "&sub=00000000000000aa.5&sub=00000000000000bb.7.2&watch=1"));
  const auto head = client.hears(true);
  EXPECT_EQ(head.status, 200U);
  EXPECT_EQ(head.field("Content-Type"), "text/event-stream");
  EXPECT_EQ(head.field("Cache-Control"), "no-store");
  EXPECT_EQ(head.field("X-Accel-Buffering"), "no");
  fake_port& port = port_after(0);
  EXPECT_EQ(port.line->kind(), carries::downward);
  ASSERT_TRUE(passes_until([&] { return port.frames.size() == 3; }));
  EXPECT_EQ(port.frames[1], R"({"t":"watch","id":0,"on":true})");
  EXPECT_EQ(port.frames[2],
            R"({"t":"sub","subs":[{"conversation":"00000000000000aa","after":5},)"
            R"({"conversation":"00000000000000bb","after":7,"internal_after":2}]})");

  port.says(R"({"t":"one"})");
  EXPECT_EQ(client.hears_line(), R"(data: {"t":"one"})");
  EXPECT_EQ(client.hears_line(), "");
  port.says(R"({"t":"two"})");
  EXPECT_EQ(client.hears_line(), R"(data: {"t":"two"})");
  EXPECT_EQ(client.hears_line(), "");
}

TEST_F(EventSource, SpeaksForThePersonOfTheTokenAndNoLonger) {
  passes(100h);
  const std::string original = token();
  auto client = visitor();
  client.sends(opening(ticket()));
  client.hears(true);
  fake_port& port = port_after(0);
  ASSERT_TRUE(passes_until([&] { return !port.frames.empty(); }));
  const std::string_view hello = port.frames[0];
  const std::size_t begin = hello.find(R"("token":")") + 9;
  const auto who = tokens_->identify(hello.substr(begin, hello.find('"', begin) - begin),
                                     *desk_.people, clock_.at);

  ASSERT_TRUE(who);
  EXPECT_EQ(who->who.person, ada_);
  EXPECT_EQ(who->expires_at, tokens_->identify(original, *desk_.people, clock_.at)->expires_at);
}

// Clients leave so much room for it in an address.
TEST_F(EventSource, GivesTicketsThatLeaveRoomForSubscriptions) {
  const auto answer = asks_for_ticket(token());
  EXPECT_EQ(answer.field("Cache-Control"), "no-store");
  EXPECT_LE(ticket().size(), 512U);

  std::string subs;
  while (subs.size() < 1400)
    subs += "&sub=00000000000000aa.5";
  auto client = visitor();
  client.sends(opening(ticket(), subs));
  EXPECT_EQ(client.hears(true).status, 200U);
}

TEST_F(EventSource, TakesATicketOnce) {
  const std::string once = ticket();
  auto client = visitor();
  client.sends(opening(once));
  EXPECT_EQ(client.hears(true).status, 200U);

  const auto again = asks(opening(once));

  EXPECT_EQ(again.status, 401U);
  EXPECT_NE(again.body.find("bad_token"), std::string::npos);
}

TEST_F(EventSource, TakesATicketForHalfAMinute) {
  const std::string late = ticket();
  passes(token_identity::ticket_life + token_key::skew_max);

  const auto refused = asks(opening(late));

  EXPECT_EQ(refused.status, 401U);
  EXPECT_NE(refused.body.find("token_expired"), std::string::npos);
}

TEST_F(EventSource, TakesNoTokenForATicketAndNoTicketForAToken) {
  const agent& ann = *desk_.people->agent_by_email(tenant_id{1}, "ann@acme.example");

  EXPECT_EQ(asks(opening(token())).status, 401U);
  EXPECT_EQ(asks(opening(tokens_->access_token(ann, clock_.at))).status, 401U);
  EXPECT_EQ(asks_for_ticket(ticket()).status, 401U);
  EXPECT_EQ(asks_for_ticket(tokens_->refresh_token(ann, clock_.at)).status, 401U);
  EXPECT_EQ(asks_for_ticket("x").status, 401U);
  EXPECT_FALSE(tokens_->identify(ticket(), *desk_.people, clock_.at));
  EXPECT_FALSE(tokens_->refresh(ticket(), *desk_.people, clock_.at));
}

TEST_F(EventSource, RefusesAnAddressThatIsNotWellFormed) {
  const std::vector<std::string_view> wrong = {
      "&sub=",
      "&sub=00000000000000aa",
      "&sub=00000000000000aa.",
      "&sub=00000000000000aa.-1",
      "&sub=00000000000000aa.1.",
      "&sub=00000000000000aa.1.2.3",
      "&sub=00000000000000AA.1",
      "&sub=00000000000000aa.1\"}",
      "&sub=00000000000000aa.99999999999999999999",
      "&watch=0",
      "&watch",
      "&token=x",
      "&device=123",
  };
  for (const std::string_view more : wrong)
    EXPECT_EQ(asks(opening(ticket(), more)).status, 400U) << more;
  EXPECT_EQ(asks(get("/v1/events")).status, 401U);
  EXPECT_EQ(desk_.ports.size(), 0U);
}

TEST_F(EventSource, IsForPagesOfTheInbox) {
  const auto status = [&](std::string_view origin) {
    return asks(opening(ticket(inbox_id{2}), {}, fmt::format("Origin: {}\r\n", origin))).status;
  };
  EXPECT_EQ(status("https://evil.example"), 403U);
  EXPECT_EQ(asks_for_ticket(token(inbox_id{2}), "Origin: https://evil.example\r\n").status, 403U);

  auto client = visitor();
  client.sends(opening(ticket(inbox_id{2}), {}, "Origin: https://shop.example\r\n"));
  const auto head = client.hears(true);
  EXPECT_EQ(head.status, 200U);
  EXPECT_EQ(head.field("Access-Control-Allow-Origin"), "https://shop.example");
}

TEST_F(EventSource, IsNotUsedUpByALook) {
  const std::string kept = ticket();
  auto looker = visitor();
  looker.sends("HEAD" + opening(kept).substr(3));
  EXPECT_EQ(looker.hears(true).status, 204U);

  auto client = visitor();
  client.sends(opening(kept));
  EXPECT_EQ(client.hears(true).status, 200U);
}

TEST_F(EventSource, CountsTheRequestsOfAnAddress) {
  options_.door.fetches_burst = 2;
  options_.door.fetches_per_second = 0.001;

  EXPECT_EQ(asks_for_ticket(token()).status, 200U);
  EXPECT_EQ(asks(opening("x")).status, 401U);
  EXPECT_EQ(asks_for_ticket(token()).status, 429U);
  EXPECT_EQ(asks(opening("x")).status, 429U);
}

}  // namespace
}  // namespace frontdesk
