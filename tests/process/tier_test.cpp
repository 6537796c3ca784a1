#include "tests/process/node_process.hpp"
#include "tests/process/talking_desk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>
#include <string>

namespace frontdesk::process {
namespace {

using namespace std::chrono_literals;

class Tier : public testing::Test {
 protected:
  Tier() {
    furnish(node_.data());
    node_.start();
  }

  ended_command says(std::vector<std::string> what) {
    what.insert(what.begin(), "tier");
    what.insert(what.end(), {"--data", node_.data()});
    return run_frontdesk(what);
  }
  place door() const { return {node_.port()}; }
  http_said asks_in() const {
    return post_json(door(), "/v1/visitors",
                     fmt::format(R"({{"widget_key":"{}"}})", furniture::widget_key));
  }

  temp_folder folder_;
  node_process node_{folder_.path("data")};
};

TEST_F(Tier, IsHeldByAnOperator) {
  const ended_command said = says({"3", "--for", "10m"});
  EXPECT_EQ(said.code, 0) << said.error;
  EXPECT_NE(said.out.find("tier 3"), std::string::npos);

  EXPECT_NE(node_.log().find("tier"), std::string::npos);
  const http_said answer = asks_in();
  EXPECT_EQ(answer.status, 503U);
  EXPECT_NE(answer.head.find("Retry-After"), std::string::npos);

  EXPECT_EQ(says({"0"}).code, 0);
  EXPECT_EQ(asks_in().status, 201U);
}

TEST_F(Tier, SaysHowItStandsAndUntilWhen) {
  ASSERT_EQ(says({"auto", "--json"}).out, "{\"pinned\":false}\n");
  EXPECT_EQ(says({"2", "--for", "10m", "--json"}).out,
            "{\"pinned\":true,\"tier\":2,\"pinned_for_ms\":600000}\n");

  // The wish has an answer before the load shedder has heard of it.
  ended_command said;
  const auto until = std::chrono::steady_clock::now() + patience;
  do {
    said = says({});
  } while (!said.out.starts_with("tier 2") && std::chrono::steady_clock::now() < until);
  EXPECT_THAT(said.out, testing::MatchesRegex("tier 2, pinned until [0-9-]+T[0-9:]+Z\n"));
  EXPECT_THAT(says({"--json"}).out, testing::HasSubstr("{\"tier\":2,\"guarded\":false,"
                                                       "\"pinned\":true,\"pinned_for_ms\":5"));
}

TEST_F(Tier, RefusesWhatIsNone) {
  EXPECT_NE(says({"4"}).code, 0);
  EXPECT_NE(says({"2", "--for", "25h"}).code, 0);
  EXPECT_NE(says({"2", "--for", "soon"}).code, 0);
  EXPECT_EQ(says({"--for", "5m"}).code, 64) << "which tier?";
  EXPECT_EQ(says({"auto", "--for", "5m"}).code, 64) << "it is for good";
  node_.stop();
  EXPECT_EQ(says({"2"}).code, 69) << "no node runs";
}

/// The conversations go on through every tier, up and down, in both encodings.
TEST_F(Tier, LosesNothingUpAndDown) {
  talking_desk::setup how;
  how.seed = number_from("FRONTDESK_SEED", 1);
  talking_desk desk{door(), how};
  ASSERT_TRUE(desk.opens()) << desk.complaint();
  for (const char* tier : {"1", "2", "3", "2", "3", "0"}) {
    ASSERT_EQ(says({tier}).code, 0);
    desk.talks_for(700ms);
  }
  ASSERT_TRUE(desk.comes_to_rest()) << desk.complaint();
  ASSERT_EQ(node_.stop(), 0);

  const checker::report report = desk.judged(node_.data());
  EXPECT_TRUE(report.is_clean()) << report.text();
  EXPECT_GT(report.seen.acked, 20U);
  EXPECT_GT(desk.leans_count(), 0U) << "tier 3 was real";
}

/// A conversation that comes first has its inbox's door open, when all others are closed.
TEST_F(Tier, KeepsTheDoorOfAPriorityInboxOpen) {
  ASSERT_EQ(run_frontdesk({"inbox", "create", "Gold", "--widget-key", "gold", "--vip", "--data",
                           node_.data()})
                .code,
            0);
  ASSERT_EQ(says({"3"}).code, 0);

  EXPECT_EQ(post_json(door(), "/v1/visitors", R"({"widget_key":"gold"})").status, 201U);
  EXPECT_EQ(asks_in().status, 503U);
}

}  // namespace
}  // namespace frontdesk::process
