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
    json::object found = json::parse(it.printed).as_object();
    expect_objectives(scenario, found);
    return found;
  }
  /// Whatever is measured can be asked for: only the address is wrong here.
  static void expect_objectives(const std::string& scenario, const json::object& found) {
    std::string all = "lost=0";
    for (const auto& [name, value] : found.at("figures").as_object())
      all += "," + std::string(name) + ">=0";
    for (const auto& [name, value] : found.at("latencies").as_object())
      all += "," + std::string(name) + ".p99=1s";
    const ended it = run({"bench", scenario, "--node", "foo", "--slo", all});
    EXPECT_EQ(it.code, 64);
    EXPECT_THAT(it.said, HasSubstr("\"foo\" is no address"));
  }
  /// Kills the node when the bench says this; what the bench found then.
  json::object found_without_node(const std::string& scenario, words more, const char* when) {
    more.insert(more.end(), {"--data", data(), "--slo", "lost=0"});
    program it(line(scenario, more));
    it.says(when);
    node_->signal(SIGKILL);
    EXPECT_EQ(it.wait(), 1) << it.said();
    return json::parse(it.printed()).as_object();
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

TEST_F(Bench, SharesATenantWithAnotherBench) {
  start();
  program other(line("relay", {"--data", data(), "--shared", "--pairs", "2", "--seconds", "600",
                               "--slo", "lost=0,faults=0"}));
  other.says("measuring");

  const auto found = measured("desk", {"--shared", "--conversations", "1", "--agents", "1",
                                       "--capacity", "10", "--seconds", "1"});

  other.signal(SIGINT);
  EXPECT_EQ(other.wait(), 0) << other.printed();
  EXPECT_TRUE(found.at("clean").as_bool());
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

  const auto found = found_without_node("relay", {"--pairs", "2", "--seconds", "4"}, "measuring");

  EXPECT_TRUE(found.at("checker").is_null());
  EXPECT_FALSE(found.at("incomplete").as_array().empty());
}

TEST_F(Bench, JudgesNoSilenceOfANodeThatHasDied) {
  start();

  const auto found = found_without_node("idle", {"--visitors", "5", "--seconds", "4"}, "holding");

  EXPECT_TRUE(found.at("checker").is_null());
  EXPECT_FALSE(found.at("incomplete").as_array().empty());
  EXPECT_FALSE(found.at("slo").at(0).at("kept").as_bool());
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

TEST_F(Bench, SaysNoMoreToThoseAwayThanItsBounds) {
  start();

  // Opening their conversations takes five.
  const auto few = measured("offline", {"--visitors", "5", "--messages", "40", "--count", "12"});
  const auto brief =
      measured("offline", {"--visitors", "5", "--messages", "100", "--seconds", "1"});

  EXPECT_EQ(at(few, "checker", "posts"), 12);
  EXPECT_EQ(at(few, "figures", "events_drained"), 12 - 5);
  EXPECT_THAT(few.at("cut_short").as_string().c_str(), HasSubstr("7 of 200 messages: 12"));
  // One device says something each 60 ms.
  EXPECT_LE(at(brief, "figures", "events_drained"), 17);
  EXPECT_GE(at(brief, "figures", "events_drained"), 1);
  EXPECT_THAT(brief.at("cut_short").as_string().c_str(), HasSubstr("--seconds"));
}

TEST_F(Bench, IsNotContentWithARunThatDidNothing) {
  start();

  for (const char* scenario : {"storm", "offline", "relay"}) {
    const char* const who = std::string(scenario) == "relay" ? "--pairs" : "--visitors";
    const ended it = bench(scenario, {"--data", data(), who, "5", "--count", "5"});
    EXPECT_EQ(it.code, 1) << scenario << it.said;
    EXPECT_THAT(it.printed, HasSubstr("nothing was done: 5 messages were said")) << scenario;
  }
}

TEST_F(Bench, SaysHowManyRoundsItHadTimeFor) {
  start();

  // Five messages come before the first round, one with each.
  const auto found = measured("storm", {"--visitors", "5", "--rounds", "4", "--count", "7"});

  EXPECT_THAT(found.at("setting").as_string().c_str(), HasSubstr("2 times"));
  EXPECT_THAT(found.at("cut_short").as_string().c_str(), HasSubstr("2 of 4 rounds: 7"));
}

TEST_F(Bench, HelpsWithTheSecondsOfEachScenario) {
  const std::vector<std::pair<const char*, const char*>> all{{"relay", "10"},    {"desk", "10"},
                                                             {"offline", "120"}, {"storm", "120"},
                                                             {"idle", "10"},     {"tiers", "180"}};
  for (const auto& [scenario, seconds] : all) {
    const ended it = run({"bench", scenario, "--help"});
    EXPECT_THAT(it.printed, HasSubstr(std::string("86400]=") + seconds + "\n")) << scenario;
  }
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

TEST_F(Bench, RefusesAnAddressThatIsNone) {
  for (const char* node : {"foo", "127.0.0.1:70000", "localhost:", "https://a:1"}) {
    const ended it = run({"bench", "relay", "--data", data(), "--node", node});
    EXPECT_EQ(it.code, 64) << node << it.said;
  }
}

TEST_F(Bench, RefusesAnObjectiveOfNoScenarioAtOnce) {
  const ended it = run({"bench", "relay", "--data", data(), "--slo", "lost=0,foo=1"});

  EXPECT_EQ(it.code, 64);
  EXPECT_THAT(it.said, testing::AllOf(HasSubstr("\"foo\""), HasSubstr("messages_per_s")));
}

}  // namespace
}  // namespace frontdesk::process
