#include "tests/process/connected_device.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/program.hpp"
#include "tests/storage/temp_folder.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>

namespace frontdesk::process {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr const char* mia = "mia@acme.example";
constexpr const char* leo = "leo@acme.example";

/// What somebody is given who signs in.
struct session {
  unsigned status = 0;
  std::string token;
  std::string refresh_token;
};

session session_in(const http_said& said) {
  session found{said.status, {}, {}};
  if (said.status == 201) {
    const json::value body = json::parse(said.body);
    found.token = body.at("token").as_string();
    found.refresh_token = body.at("refresh_token").as_string();
  }
  return found;
}

class NewPassword : public testing::Test {
 protected:
  NewPassword() : node_(folder_.path("data")) { furnish(node_.data()); }

  ended gives(words more) {
    words all{"agent", "password"};
    all.insert(all.end(), more.begin(), more.end());
    all.insert(all.end(), {"--data", node_.data()});
    return run(all);
  }
  /// The password that a command printed.
  static std::string printed_in(const ended& it) {
    const std::size_t begin = it.printed.find("password: ");
    return begin == std::string::npos ? "" : it.printed.substr(begin + 10, 12);
  }

  session signs_in(const std::string& email, const std::string& password) const {
    const json::object wish{{"email", email}, {"password", password}};
    return session_in(post_json({node_.port()}, "/v1/sessions", json::serialize(wish)));
  }
  unsigned status_of_refresh(const session& before) const {
    const json::object wish{{"refresh_token", before.refresh_token}};
    return post_json({node_.port()}, "/v1/sessions/refresh", json::serialize(wish)).status;
  }
  /// The code with which a hello with this token ends, or 0: it is welcome.
  unsigned end_of_hello(const session& before) {
    std::string heard;
    socket_link link(loop_, {node_.port()},
                     {.on_open = {},
                      .on_text = [&heard](std::string_view text) { heard += text; },
                      .on_closed = {}});
    link.send(json::serialize(
        json::object{{"t", "hello"}, {"token", before.token}, {"device", device_name(1)}}));
    EXPECT_TRUE(loop_.turn_until(
        [&] { return link.is_gone() || heard.find("welcome") != std::string::npos; }, patience));
    return link.is_gone() ? link.close_code() : 0;
  }

  temp_folder folder_;
  node_process node_;
  socket_loop loop_;
};

TEST_F(NewPassword, IsMadeAndPrintedAndHoldsAtARunningNode) {
  node_.start();

  const ended it = gives({mia});

  EXPECT_EQ(it.code, 0) << it.said;
  EXPECT_THAT(it.printed, MatchesRegex("1  mia@acme.example .*\npassword: [a-hj-km-np-z2-9]{12} "
                                       "\\(printed only now\\)\n"));
  EXPECT_EQ(signs_in(mia, furniture::password).status, 401U);
  EXPECT_EQ(signs_in(mia, printed_in(it)).status, 201U);
  EXPECT_EQ(signs_in(leo, furniture::password).status, 201U);
  EXPECT_THAT(node_.log(), Not(HasSubstr(printed_in(it))));
}

TEST_F(NewPassword, IsGivenToAStoppedDirectory) {
  const ended it = gives({"Mia@ACME.example", "--password", "a new one for mia"});
  EXPECT_EQ(it.code, 0) << it.said;
  EXPECT_THAT(it.printed, Not(HasSubstr("password:")));

  node_.start();

  EXPECT_EQ(signs_in(mia, furniture::password).status, 401U);
  EXPECT_EQ(signs_in(mia, "a new one for mia").status, 201U);
}

TEST_F(NewPassword, HoldsAlsoAfterARestart) {
  node_.start();
  const ended it = gives({mia});
  EXPECT_EQ(node_.stop(), 0);

  node_.start();

  EXPECT_EQ(signs_in(mia, furniture::password).status, 401U);
  EXPECT_EQ(signs_in(mia, printed_in(it)).status, 201U);
}

TEST_F(NewPassword, MakesTheTokensBeforeItWorthless) {
  node_.start();
  const session before = signs_in(mia, furniture::password);
  const session another = signs_in(leo, furniture::password);
  EXPECT_EQ(end_of_hello(before), 0U);

  EXPECT_EQ(gives({mia, "--password", "a new one for mia"}).code, 0);

  EXPECT_EQ(end_of_hello(before), 4400U);
  EXPECT_EQ(status_of_refresh(before), 401U);
  EXPECT_EQ(end_of_hello(signs_in(mia, "a new one for mia")), 0U);
  EXPECT_EQ(end_of_hello(another), 0U);
}

TEST_F(NewPassword, IsRefusedForWhoIsNotThereOrIfItIsTooShort) {
  EXPECT_EQ(gives({"nobody@acme.example"}).code, 65);
  EXPECT_EQ(gives({mia, "--password", "short"}).code, 65);
  EXPECT_EQ(gives({mia, "--tenant", "none"}).code, 65);
  EXPECT_EQ(gives({}).code, 64);

  node_.start();
  EXPECT_EQ(signs_in(mia, furniture::password).status, 201U);
}

TEST_F(NewPassword, StandsOnNoJsonLine) {
  const ended it = gives({mia, "--json"});

  EXPECT_EQ(it.code, 0);
  EXPECT_EQ(json::parse(it.printed).at("email").as_string(), mia);
  EXPECT_THAT(it.printed, Not(HasSubstr("argon2")));
  EXPECT_THAT(it.said, HasSubstr("password: "));
}

}  // namespace
}  // namespace frontdesk::process
