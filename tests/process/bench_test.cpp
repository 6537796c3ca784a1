#include "tests/process/program.hpp"
#include "tests/storage/temp_folder.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <string>

namespace frontdesk::process {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

constexpr const char* dialogues =
    R"({"turns":[{"by":"visitor","text":"你好"},{"by":"agent","text":"您好！"}]})"
    "\n"
    R"({"turns":[{"by":"agent","text":"May I help?"},{"by":"visitor","text":"no, thank you"}]})";

/// The bench of the shipped program against a node of it. How fast it was is nobody's business
/// here, on a machine that does other things.
class Bench : public testing::Test {
 protected:
  void start(const words& more = {}) {
    words arguments{"start", "--listen", "127.0.0.1:0", "--data", data()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    node_ = std::make_unique<program>(arguments);
    address_ = node_->address();
  }
  std::string data() const { return folder_.path("data"); }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(folder_.path(name)) << text;
    return folder_.path(name);
  }

  words line(const std::string& scenario, const words& more) const {
    words arguments{"bench", scenario, "--node", address_, "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  ended bench(const std::string& scenario, const words& more) const {
    return run(line(scenario, more));
  }
  /// With a tenant of its own, and all kept.
  json::object measured(const std::string& scenario, words more) const {
    more.insert(more.end(), {"--data", data(), "--slo", "lost=0,doubled=0,reordered=0"});
    const ended it = bench(scenario, more);
    EXPECT_EQ(it.code, 0) << it.said << it.printed;
    return json::parse(it.printed).as_object();
  }

  temp_folder folder_;
  std::unique_ptr<program> node_;
  std::string address_;
};

double at(const json::object& of, const char* part, const char* name) {
  return of.at(part).as_object().at(name).to_number<double>();
}

TEST_F(Bench, RelaysInAnOpenLoop) {
  start();

  const auto found = measured("relay", {"--pairs", "5", "--seconds", "1"});

  EXPECT_EQ(found.at("scenario"), "relay");
  EXPECT_TRUE(found.at("clean").as_bool());
  // 5 visitors each 210 ms, and as many answers.
  EXPECT_GE(at(found, "checker", "acked"), 5 * 4);
  EXPECT_EQ(at(found, "checker", "unknown"), 0);
  EXPECT_GE(found.at("latencies").at("delivery").at("count").to_number<int>(), 5 * 4);
  EXPECT_GT(at(found, "figures", "node_resident_mib"), 0);
}

TEST_F(Bench, RelaysInAClosedLoopAndProtobuf) {
  start();

  const auto found =
      measured("relay", {"--pairs", "3", "--seconds", "1", "--closed", "--protobuf"});

  EXPECT_GE(at(found, "checker", "acked"), 3 * 2);
}

TEST_F(Bench, LoadsTwoTenantsAtOnce) {
  start();
  words first = line("relay", {"--data", data(), "--tenant", "loud", "--pairs", "2", "--seconds",
                               "600", "--slo", "lost=0,doubled=0,reordered=0"});
  program loud(first);
  loud.says("posts");

  const auto found = measured("relay", {"--tenant", "quiet", "--pairs", "2", "--seconds", "1"});

  loud.signal(SIGINT);
  loud.wait();
  EXPECT_TRUE(found.at("clean").as_bool());
  const ended tenants = run({"tenant", "list", "--data", data()});
  EXPECT_THAT(tenants.printed, testing::AllOf(HasSubstr("loud"), HasSubstr("quiet")));
  EXPECT_THAT(tenants.printed, testing::Not(HasSubstr("bench")));
}

TEST_F(Bench, PlaysDialoguesAtTheDesk) {
  start();

  const auto found =
      measured("desk", {"--conversations", "4", "--agents", "2", "--pace-ms", "210", "--arrivals",
                        "100", "--seconds", "3", "--corpus", file("corpus", dialogues)});

  EXPECT_TRUE(found.at("clean").as_bool());
  EXPECT_GE(at(found, "figures", "conversations_closed"), 4);
  EXPECT_GE(found.at("latencies").at("assignment").at("count").to_number<int>(), 4);
}

TEST_F(Bench, LetsVisitorsQueueForAnAgentWhoIsFull) {
  start();

  const auto found =
      measured("desk", {"--conversations", "4", "--agents", "1", "--capacity", "1", "--pace-ms",
                        "210", "--seconds", "4", "--corpus", file("corpus", dialogues)});

  // Whoever waits has waited for the dialogues before.
  EXPECT_GE(found.at("latencies").at("assignment").at("max_ms").to_number<double>(), 400);
}

TEST_F(Bench, GoesThroughTheTiersAndBack) {
  start();

  const auto found = measured("tiers", {"--pairs", "10", "--seconds", "3", "--rate", "60"});

  double seconds = 0;
  double admitted = 0;
  for (const auto& [name, value] : found.at("figures").as_object()) {
    if (name.starts_with("tier") && name.ends_with("_seconds"))
      seconds += value.to_number<double>();
    if (name.starts_with("tier") && name.ends_with("_admitted")) {
      admitted += value.to_number<double>();
    }
  }
  EXPECT_NEAR(seconds, 3, 1);
  // Half of the messages a second that were named, at least.
  EXPECT_GE(admitted, 3 * 30 / 2);
}

TEST_F(Bench, NamesTheLineOfACorpusThatIsNone) {
  start();

  const ended it = bench("desk", {"--data", data(), "--corpus", file("corpus", "nonsense")});

  EXPECT_EQ(it.code, 65);
  EXPECT_THAT(it.said, HasSubstr("Line 1"));
}

TEST_F(Bench, ReadsNoDirectoryAsACorpus) {
  start();

  const ended it = bench("desk", {"--data", data(), "--corpus", data()});

  EXPECT_EQ(it.code, 74);
  EXPECT_THAT(it.said, HasSubstr("is a directory"));
}

TEST_F(Bench, SaysAtOnceThatNobodyListensThere) {
  start();
  address_ = "127.0.0.1:1";

  const ended it = bench("relay", {"--data", data(), "--pairs", "2"});

  EXPECT_EQ(it.code, 69);
  EXPECT_THAT(it.said, HasSubstr("Nobody answers at 127.0.0.1:1"));
}

TEST_F(Bench, SaysAtOnceThatAnotherNodeListensThere) {
  start();
  program other({"start", "--listen", "127.0.0.1:0", "--data", folder_.path("other")});
  address_ = other.address();

  const ended it = bench("relay", {"--data", data(), "--pairs", "2"});

  EXPECT_EQ(it.code, 64);
  EXPECT_THAT(it.said, HasSubstr("--node"));
}

TEST_F(Bench, JudgesNothingThatItCouldNotReadAgain) {
  start();
  program it(line("relay", {"--data", data(), "--pairs", "2", "--seconds", "4"}));
  it.says("measuring");

  node_->signal(SIGKILL);

  EXPECT_EQ(it.wait(), 1);
  const json::object found = json::parse(it.printed()).as_object();
  EXPECT_TRUE(found.at("checker").is_null());
  EXPECT_FALSE(found.at("incomplete").as_array().empty());
}

TEST_F(Bench, TakesNoRateThatIsNone) {
  for (const char* rate : {"-5", "0", "nan", "inf", "many"}) {
    const ended it = run({"bench", "relay", "--data", data(), "--rate", rate});
    EXPECT_EQ(it.code, 64) << rate << it.said;
  }
}

TEST_F(Bench, KeepsMessagesForThoseAway) {
  start();

  const auto found = measured("offline", {"--visitors", "5", "--messages", "4"});

  EXPECT_TRUE(found.at("clean").as_bool());
  EXPECT_EQ(at(found, "figures", "events_drained"), 5 * 4);
  EXPECT_EQ(found.at("latencies").at("return").at("count").to_number<int>(), 5);
}

TEST_F(Bench, LetsAllComeBackAtOnce) {
  start();

  const auto found = measured("storm", {"--visitors", "20", "--rounds", "2"});

  EXPECT_TRUE(found.at("clean").as_bool());
  EXPECT_EQ(found.at("latencies").at("back").at("count").to_number<int>(), 2 * 20);
}

TEST_F(Bench, HoldsVisitorsWhoSayNothing) {
  start();

  const auto found = measured("idle", {"--visitors", "20", "--seconds", "1"});

  EXPECT_EQ(found.at("latencies").at("arrival").at("count").to_number<int>(), 20);
  EXPECT_EQ(at(found, "checker", "posts"), 0);
}

TEST_F(Bench, EndsWithOneWhenAnObjectiveIsNotKept) {
  start();

  const ended it = bench(
      "relay", {"--data", data(), "--pairs", "2", "--seconds", "1", "--slo", "p50=1us,lost=0"});

  EXPECT_EQ(it.code, 1);
  EXPECT_THAT(it.said, HasSubstr("p50=1us"));
  const json::object found = json::parse(it.printed).as_object();
  EXPECT_FALSE(found.at("slo").at(0).at("kept").as_bool());
  EXPECT_TRUE(found.at("slo").at(1).at("kept").as_bool());
}

TEST_F(Bench, EndsAfterSoManyMessages) {
  start();

  const auto found = measured("relay", {"--pairs", "2", "--seconds", "600", "--count", "40"});

  EXPECT_GE(at(found, "checker", "posts"), 40);
  EXPECT_LE(at(found, "checker", "posts"), 50);
}

TEST_F(Bench, EndsWithAReportWhenInterrupted) {
  start();
  words arguments = line("relay", {"--data", data(), "--pairs", "2", "--seconds", "600"});
  program it(arguments);
  // Its first news: the stage is being set, or it measures. Either way it ends by itself.
  it.says("posts");

  it.signal(SIGINT);

  const int code = it.wait();
  EXPECT_TRUE(code == 0 || code == 69) << code << it.said();
  if (code == 0) {
    EXPECT_THAT(it.printed(), HasSubstr("\"scenario\":\"relay\""));
  }
}

TEST_F(Bench, TakesVisitorsAndAgentsAsAnyPageDoes) {
  run({"tenant", "create", "acme", "--data", data()});
  run({"inbox", "create", "Shop", "--widget-key", "shop", "--data", data()});
  const std::string password = "correct horse battery";
  run({"agent", "create", "mia@acme.example", "--password", password, "--data", data()});
  start();

  const ended it =
      bench("relay", {"--widget-key", "shop", "--agent", "mia@acme.example", "--password-file",
                      file("password", password + "\n"), "--pairs", "6", "--seconds", "1"});

  EXPECT_EQ(it.code, 0) << it.said << it.printed;
}

TEST_F(Bench, RefusesOtherMachinesWithoutAWord) {
  // An address for documentation, which is nobody's.
  const ended it = run({"bench", "relay", "--node", "192.0.2.1:80", "--widget-key", "shop"});

  EXPECT_EQ(it.code, 64);
  EXPECT_THAT(it.said, HasSubstr("--remote"));
}

TEST_F(Bench, SaysWhenNothingAnswers) {
  const ended no_node = run({"bench", "relay", "--data", data()});
  EXPECT_EQ(no_node.code, 69) << no_node.said;

  const ended no_people = run({"bench", "relay"});
  EXPECT_EQ(no_people.code, 64);

  const ended no_objective = run({"bench", "relay", "--data", data(), "--slo", "fast"});
  EXPECT_EQ(no_objective.code, 64);
}

}  // namespace
}  // namespace frontdesk::process
