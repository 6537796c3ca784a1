#include "net/http/routes.hpp"

#include "tests/net/running_server.hpp"

#include <chrono>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

// Of "correct horse", with the interactive limits.
constexpr const char* horse_hash =
    "$argon2id$v=19$m=65536,t=2,p=1$qnqW1bYJjdF3mlKAeh2deg$"
    "wPUZVRwB7SiYwE5FwqxBWfByqOSm/Y5ABZS6shICwew";
const std::string open_visit = R"({"widget_key":"open"})";
const std::string shop_visit = R"({"widget_key":"shop"})";
const std::string ann =
    R"({"tenant":"acme","email":"ann@acme.example","password":"correct horse"})";

std::string value_of(const std::string& json, const std::string& name) {
  const std::string start = "\"" + name + "\":\"";
  const std::size_t at = json.find(start);
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t begin = at + start.size();
  return json.substr(begin, json.find('"', begin) - begin);
}

class Visitors : public RunningServer {};

TEST_F(Visitors, AreGivenATokenThatNamesThem) {
  const auto answer = asks(post("/v1/visitors", open_visit));
  ASSERT_EQ(answer.status, 201U);
  EXPECT_EQ(answer.field("Content-Type"), "application/json");
  EXPECT_EQ(answer.field("Cache-Control"), "no-store");
  EXPECT_NE(answer.body.find(R"("inbox":{"name":"Acme","accent":"#123456",)"
                             R"("greeting":"Hello \"you\"","locale":"en"})"),
            std::string::npos);
  const auto who = tokens_->identify(value_of(answer.body, "token"), *desk_.people, clock_.at);
  ASSERT_TRUE(who);
  EXPECT_EQ(to_text(who->who.person), value_of(answer.body, "visitor"));
  EXPECT_EQ(who->inbox, inbox_id{1});
}

TEST_F(Visitors, AreDifferentEachTime) {
  const auto one = asks(post("/v1/visitors", open_visit));
  const auto other = asks(post("/v1/visitors", open_visit));
  EXPECT_NE(value_of(one.body, "visitor"), value_of(other.body, "visitor"));
}

TEST_F(Visitors, AreRefusedForWhatTheirBodySays) {
  const auto code = [&](std::string_view body) {
    const auto answer = asks(post("/v1/visitors", body));
    return std::to_string(answer.status) + " " + value_of(answer.body, "code");
  };
  EXPECT_EQ(code(R"({"widget_key":"none"})"), "404 unknown_inbox");
  EXPECT_EQ(code(R"({"widget_key":"open"})"
                 "x"),
            "400 not_json");
  EXPECT_EQ(code(""), "400 not_json");
  EXPECT_EQ(code("[]"), "400 not_json");
  EXPECT_EQ(code("{}"), "400 bad_frame");
  EXPECT_EQ(code(R"({"widget_key":7})"), "400 bad_frame");
  EXPECT_EQ(code(R"({"widget_key":"open","widget_key":"open"})"), "400 bad_frame");
  EXPECT_EQ(code(R"({"widget_key":""})"), "400 bad_value");
  EXPECT_EQ(code(R"({"widget_key":")" + std::string(65, 'x') + "\"}"), "400 bad_value");
  EXPECT_EQ(code(R"({"other":[1,{}],"widget_key":"open"})"), "201 ");
}

TEST_F(Visitors, MustSendJson) {
  auto request = post("/v1/visitors", open_visit);
  request.replace(request.find("application/json"), 16, "text/plain; a=bc");
  EXPECT_EQ(asks(request).status, 415U);
  request.replace(request.find("text/plain; a=bc"), 16, "APPLICATION/json");
  EXPECT_EQ(asks(request).status, 201U);
}

TEST_F(Visitors, ComeFromAPageOnTheirInboxesList) {
  const auto status = [&](const std::string& body, std::string_view origin) {
    return asks(post("/v1/visitors", body, "Origin: " + std::string(origin) + "\r\n")).status;
  };
  EXPECT_EQ(status(shop_visit, "https://shop.example"), 201U);
  EXPECT_EQ(status(shop_visit, "https://evil.example"), 403U);
  EXPECT_EQ(status(shop_visit, "http://shop.example"), 403U);
  EXPECT_EQ(status(shop_visit, "https://desk.example"), 201U) << "the widget's own page";
  EXPECT_EQ(status(open_visit, "https://evil.example"), 201U);
  EXPECT_EQ(asks(post("/v1/visitors", shop_visit)).status, 201U) << "not a browser";
}

TEST_F(Visitors, AreReadByTheirPageAlone) {
  desk_.people = acme({}, false);
  const auto allowed = asks(post("/v1/visitors", shop_visit, "Origin: https://shop.example\r\n"));
  EXPECT_EQ(allowed.field("Access-Control-Allow-Origin"), "https://shop.example");
  EXPECT_EQ(allowed.field("Vary"), "Origin");
  EXPECT_EQ(allowed.field("Access-Control-Allow-Credentials"), "");
  const auto refused = asks(post("/v1/visitors", shop_visit, "Origin: https://evil.example\r\n"));
  EXPECT_EQ(refused.status, 403U);
  EXPECT_EQ(refused.field("Access-Control-Allow-Origin"), "");
}

TEST_F(Visitors, ArePreflighted) {
  desk_.people = acme({}, false);
  const auto preflight = [&](std::string_view origin) {
    return asks("OPTIONS /v1/visitors HTTP/1.1\r\nHost: desk.example\r\nOrigin: " +
                std::string(origin) + "\r\nAccess-Control-Request-Method: POST\r\n\r\n");
  };
  const auto allowed = preflight("https://shop.example");
  EXPECT_EQ(allowed.status, 204U);
  EXPECT_EQ(allowed.field("Access-Control-Allow-Origin"), "https://shop.example");
  EXPECT_EQ(allowed.field("Access-Control-Allow-Methods"), "POST");
  EXPECT_EQ(allowed.field("Access-Control-Allow-Headers"), "Content-Type");
  EXPECT_EQ(allowed.field("Content-Length"), "");
  EXPECT_EQ(preflight("https://evil.example").status, 403U);
}

TEST_F(Visitors, AreNewOnlySoOftenFromOneAddress) {
  options_.door.visitors_per_second = 0.6;
  options_.door.visitors_burst = 2;
  EXPECT_EQ(asks(post("/v1/visitors", open_visit)).status, 201U);
  EXPECT_EQ(asks(post("/v1/visitors", open_visit)).status, 201U);
  const auto refused = asks(post("/v1/visitors", open_visit));
  EXPECT_EQ(refused.status, 429U);
  EXPECT_EQ(value_of(refused.body, "code"), "rate_limited");
  EXPECT_NE(refused.body.find(R"("retry":true,"retry_after_ms":1)"), std::string::npos);
}

class Sessions : public RunningServer {
 protected:
  Sessions() {
    desk_.people = acme(horse_hash);
    options_.door.logins_burst = 100;
  }

  std::string code(const std::string& body) {
    const auto answer = asks(post("/v1/sessions", body));
    return std::to_string(answer.status) + " " + value_of(answer.body, "code");
  }
};

TEST_F(Sessions, BeginWithAPassword) {
  const auto answer = asks(post("/v1/sessions", ann));
  ASSERT_EQ(answer.status, 201U);
  EXPECT_NE(answer.body.find(R"("expires_in":3600,)"
                             R"("agent":{"ref":"agent:0000000000000007","name":"Ann",)"
                             R"("role":"admin"}})"),
            std::string::npos)
      << answer.body;
  const auto who = tokens_->identify(value_of(answer.body, "token"), *desk_.people, clock_.at);
  ASSERT_TRUE(who);
  EXPECT_EQ(who->name, "Ann");
  const auto refresh = value_of(answer.body, "refresh_token");
  EXPECT_FALSE(tokens_->identify(refresh, *desk_.people, clock_.at));

  const auto again = asks(post("/v1/sessions/refresh", R"({"refresh_token":")" + refresh + "\"}"));
  ASSERT_EQ(again.status, 201U);
  EXPECT_TRUE(tokens_->identify(value_of(again.body, "token"), *desk_.people, clock_.at));
}

TEST_F(Sessions, NeedNoTenantWhereThereIsOnlyOne) {
  EXPECT_EQ(code(R"({"email":"Ann@Acme.Example","password":"correct horse"})"), "201 ");
}

TEST_F(Sessions, SayTheSameWhateverIsWrong) {
  EXPECT_EQ(code(R"({"tenant":"acme","email":"ann@acme.example","password":"wrong horse"})"),
            "401 bad_credentials");
  EXPECT_EQ(code(R"({"tenant":"acme","email":"bob@acme.example","password":"correct horse"})"),
            "401 bad_credentials");
  EXPECT_EQ(code(R"({"tenant":"none","email":"ann@acme.example","password":"correct horse"})"),
            "401 bad_credentials");
}

TEST_F(Sessions, AreNotForAgentsWhoWereSentAway) {
  directory people = *desk_.people;
  agent gone = *people.agent_by_email(tenant_id{1}, "ann@acme.example");
  gone.active = false;
  people.put(gone);
  desk_.people = std::make_shared<const directory>(people);
  EXPECT_EQ(code(ann), "401 bad_credentials");
}

TEST_F(Sessions, AreRefusedForWhatTheirBodySays) {
  EXPECT_EQ(code(R"({"email":"ann@acme.example"})"), "400 bad_frame");
  EXPECT_EQ(code(R"({"email":"ann@acme.example","password":""})"), "400 bad_value");
  EXPECT_EQ(code(R"({"tenant":7,"email":"a@b","password":"c"})"), "400 bad_frame");
  EXPECT_EQ(asks(post("/v1/sessions/refresh", R"({"refresh_token":"x.y.z"})")).status, 401U);
  EXPECT_EQ(asks(post("/v1/sessions/refresh", "{}")).status, 400U);
}

TEST_F(Sessions, BeginOnOurOwnPagesOnly) {
  const auto from = [&](std::string_view origin) {
    return asks(post("/v1/sessions/refresh", "{}", "Origin: " + std::string(origin) + "\r\n"));
  };
  EXPECT_EQ(from("https://shop.example").status, 403U);
  EXPECT_EQ(from("https://desk.example").status, 400U);
  EXPECT_EQ(from("https://desk.example").field("Access-Control-Allow-Origin"),
            "https://desk.example");
  EXPECT_EQ(asks(post("/v1/sessions", ann, "Origin: https://evil.example\r\n")).status, 403U);
  EXPECT_EQ(asks(post("/v1/sessions", ann, "Origin: https://desk.example\r\n"))
                .field("Access-Control-Allow-Origin"),
            "https://desk.example");
}

TEST_F(Sessions, AreTriedOnlySoOftenFromOneAddressAndOnOneAccount) {
  options_.door.logins_burst = 2;
  const std::string wrong = R"({"email":"ann@acme.example","password":"x"})";
  EXPECT_EQ(code(wrong), "401 bad_credentials");
  EXPECT_EQ(code(wrong), "401 bad_credentials");
  EXPECT_EQ(code(wrong), "429 rate_limited");
}

TEST_F(Sessions, AreTriedOnlySoOftenOnOneAccountFromManyAddresses) {
  options_.door.logins_burst = 2;
  options_.trusted_proxies = {"127.0.0.1"};
  const auto from = [&](int last) {
    const std::string wrong = R"({"email":"ann@acme.example","password":"x"})";
    return asks(post("/v1/sessions", wrong,
                     "X-Forwarded-For: 192.0.2." + std::to_string(last) + "\r\n"))
        .status;
  };
  EXPECT_EQ(from(1), 401U);
  EXPECT_EQ(from(2), 401U);
  EXPECT_EQ(from(3), 429U);
}

TEST_F(Sessions, AreForgottenIfTheClientOrTheServerLeavesMeanwhile) {
  auto client = visitor();
  client.sends(post("/v1/sessions", ann));
  auto leaving = visitor();
  leaving.sends(post("/v1/sessions", ann));
  ASSERT_TRUE(passes_until([&] { return server_->counts().connections == 2; }));
  leaving.closes();
  desk_.thread.turns();
  server_.reset();
  EXPECT_TRUE(client.hears_end());
}

class FrontPage : public RunningServer {};

TEST_F(FrontPage, LeadsToTheConsole) {
  EXPECT_EQ(asks(get("/")).field("Location"), "/console/");
}

TEST_F(FrontPage, LeadsToTheDemoIfThereIsOne) {
  options_.is_demo = true;
  EXPECT_EQ(asks(get("/?from=somewhere")).field("Location"), "/demo/");
}

TEST(OriginBook, KnowsItsOwnOrigins) {
  const auto is_own = [](std::string_view origin, std::string_view host) {
    return is_own_origin(origin, host, http_scheme::unknown);
  };
  EXPECT_TRUE(is_own("https://desk.example", "desk.example"));
  EXPECT_TRUE(is_own("http://Desk.Example:8080", "desk.example:8080"));
  EXPECT_FALSE(is_own("http://desk.example:8080", "desk.example"));
  EXPECT_FALSE(is_own("https://desk.example", ""));
  EXPECT_FALSE(is_own("https://", ""));
  EXPECT_FALSE(is_own("file://desk.example", "desk.example"));
  EXPECT_FALSE(is_own("null", "null"));
}

TEST(OriginBook, TakesAPageOfAnotherSchemeForAStranger) {
  const auto is_own = [](std::string_view origin, http_scheme scheme) {
    return is_own_origin(origin, "desk.example", scheme);
  };
  EXPECT_TRUE(is_own("https://desk.example", http_scheme::https));
  EXPECT_FALSE(is_own("http://desk.example", http_scheme::https));
  EXPECT_TRUE(is_own("http://desk.example", http_scheme::http));
  EXPECT_FALSE(is_own("https://desk.example", http_scheme::http));
}

}  // namespace
}  // namespace frontdesk
