#include "model/limits.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/program.hpp"
#include "tests/process/small_disk.hpp"
#include "tests/process/socket_link.hpp"
#include "tests/storage/temp_folder.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace frontdesk::process {
namespace {

namespace json = boost::json;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// Given in commands, and to be found nowhere behind them.
constexpr const char* secret = "Corvus-corax-9481";

struct deed {
  std::uint64_t number = 0;
  std::string what;
  json::object whole;
};

class Audit : public testing::Test {
 protected:
  ended does(words what) {
    what.insert(what.end(), {"--data", node_.data()});
    return run(what);
  }
  std::vector<deed> audit(const std::string& data, words more = {"--limit", "0"}) {
    words all{"audit", "--json", "--data", data};
    all.insert(all.end(), more.begin(), more.end());
    std::istringstream lines(output_of(all));
    std::vector<deed> found;
    for (std::string line; std::getline(lines, line);) {
      const json::object one = json::parse(line).as_object();
      found.push_back(
          {json::value_to<std::uint64_t>(one.at("number")),
           fmt::format("{} {} {}", text(one, "action"), text(one, "target"), text(one, "outcome")),
           one});
    }
    return found;
  }
  std::vector<std::string> deeds(words more = {"--limit", "0"}) {
    std::vector<std::string> found;
    for (const deed& each : audit(node_.data(), std::move(more)))
      found.push_back(each.what);
    return found;
  }
  static std::string text(const json::object& of, std::string_view name) {
    return std::string(of.at(name).as_string());
  }
  static std::string parameter(const deed& of, std::string_view name) {
    const json::object& all = of.whole.at("parameters").as_object();
    return all.contains(name) ? std::string(all.at(name).as_string()) : "";
  }
  bool comes_that(const std::function<bool()>& it_is_so) {
    return loop_.turn_until(it_is_so, patience);
  }

  temp_folder folder_;
  socket_loop loop_;
  node_process node_{folder_.path("data"), {"--log-format", "json", "--drain-max", "20s"}};
};

TEST_F(Audit, HasAnEntryOfEveryCommandWithWhoGaveIt) {
  node_.start();
  does({"tenant", "create", "acme"});
  does({"tenant", "create", "acme"});
  does({"inbox", "create", "Shop", "--widget-key", "shop"});
  does({"agent", "create", "mia@acme.example", "--password", secret});
  does({"agent", "password", "mia@acme.example", "--password", secret});
  does({"agent", "password", "nobody@acme.example", "--password", secret});
  const std::string visitor = does({"token", "--visitor", "--widget-key", "shop"}).printed;
  const std::string agent = does({"token", "--agent", "mia@acme.example"}).printed;
  does({"tier", "1"});
  does({"tier", "auto"});
  does({"quarantine", "show", "7", "--text"});
  does({"quarantine", "drop", "7"});
  EXPECT_EQ(does({"backup", folder_.path("kept")}).code, 0);
  node_.reload();
  EXPECT_TRUE(comes_that([&] { return node_.log().find("node.reload") != std::string::npos; }));
  for (const char* reads : {"tenant", "inbox", "agent", "quarantine"})
    does({reads, "list"});
  EXPECT_EQ(node_.stop(), 0);

  const auto all = audit(node_.data());
  std::vector<std::string> whats;
  for (const deed& each : all) {
    whats.push_back(each.what);
    EXPECT_EQ(each.whole.at("uid").to_number<std::uint64_t>(), getuid()) << each.what;
    EXPECT_EQ(each.number, whats.size());
  }
  EXPECT_THAT(
      whats,
      ElementsAre("node.start  done", "tenant.create acme done",
                  "tenant.create acme already_exists", "inbox.create shop done",
                  "agent.create mia@acme.example done", "agent.password mia@acme.example done",
                  "agent.password nobody@acme.example unknown_agent", "token.visitor shop done",
                  "token.agent mia@acme.example done", "tier.pin 1 done", "tier.auto  done",
                  "quarantine.show 7 not_found", "quarantine.drop 7 not_found",
                  "backup " + folder_.path("kept") + " done", "node.reload  done",
                  "node.stop  done"));
  EXPECT_EQ(text(all[0].whole, "origin"), "command_line");
  EXPECT_EQ(parameter(all[0], "drain_max"), "20s");
  EXPECT_EQ(parameter(all[0], "log_level"), "") << "the default";
  EXPECT_EQ(text(all[1].whole, "origin"), "admin_socket");
  EXPECT_EQ(parameter(all[1], "id"), "1");
  EXPECT_EQ(text(all.back().whole, "origin"), "signal");
  EXPECT_EQ(parameter(all.back(), "signal"), "SIGTERM");

  // What was secret is nowhere.
  const std::string told = output_of({"audit", "--json", "--data", node_.data()}) +
                           output_of({"audit", "--data", node_.data()}) + node_.log();
  EXPECT_THAT(told, HasSubstr("\"event\":\"audit\""));
  for (const std::string& hidden : {std::string(secret), visitor, agent}) {
    ASSERT_GT(hidden.size(), 10U);
    EXPECT_THAT(told, Not(HasSubstr(hidden.substr(0, hidden.find('\n')))));
  }
}

TEST_F(Audit, SurvivesAKilledNodeTogetherWithEachAnswer) {
  node_.start();
  for (int i = 0; i < 5; ++i) {
    const std::string name = fmt::format("t{}", i);
    ASSERT_EQ(does({"tenant", "create", name}).code, 0);
    node_.kill();
    EXPECT_EQ(deeds({"--limit", "1"}), std::vector{"tenant.create " + name + " done"});
    node_.start();
  }

  EXPECT_EQ(deeds({"--limit", "0", "--action", "node.start"}).size(), 6U);
}

TEST_F(Audit, TellsAtTheNextStartOfASecondSignal) {
  program node(words{"start", "--data", node_.data(), "--listen", "127.0.0.1:0"});
  node.address();
  // It waits for whoever reads its log, so that the second signal finds it ending.
  node.chokes();
  node.signal(SIGTERM);
  node.signal(SIGINT);
  ASSERT_TRUE(node.ends_unheard());
  if (!std::filesystem::exists(node_.data() + "/ended")) {
    GTEST_SKIP() << "it had ended before the second signal";
  }
  node_.start();

  const auto all = audit(node_.data(), {"--action", "node"});
  ASSERT_GE(all.size(), 3U);
  EXPECT_EQ(all[all.size() - 2].what, "node.stop_at_once  done");
  // Where both wait, the kernel hands out the lower number first.
  EXPECT_THAT(parameter(all[all.size() - 2], "signal"), testing::AnyOf("SIGINT", "SIGTERM"));
  EXPECT_FALSE(std::filesystem::exists(node_.data() + "/ended"));
}

TEST_F(Audit, IsInABackupAndGoesOnAfterItWasRestored) {
  does({"tenant", "create", "acme"});
  ASSERT_EQ(does({"backup", folder_.path("kept")}).code, 0);
  does({"tenant", "create", "later"});
  const std::string other = folder_.path("other");

  ASSERT_EQ(run({"restore", folder_.path("kept"), "--data", other}).code, 0);
  output_of({"inspect", "--data", other});

  std::vector<std::string> whats;
  for (const deed& each : audit(other))
    whats.push_back(each.what);
  EXPECT_THAT(whats, ElementsAre("tenant.create acme done",
                                 "restore " + folder_.path("kept") + " done", "inspect  done"));
}

TEST_F(Audit, ShowsTheLastOnesOldestFirst) {
  for (const char* name : {"a1", "b2", "c3"})
    does({"tenant", "create", name});

  EXPECT_THAT(deeds({"--limit", "2"}),
              ElementsAre("tenant.create b2 done", "tenant.create c3 done"));
  EXPECT_EQ(deeds({"--since", "1h"}).size(), 3U);
  EXPECT_EQ(deeds({"--since", "2200-01-01"}).size(), 0U);
  EXPECT_EQ(deeds({"--since", "2020-01-01T00:00:00Z", "--limit", "1"}).size(), 1U);
  EXPECT_EQ(does({"audit", "--since", "yesterday"}).code, 64);
  EXPECT_THAT(does({"audit"}).printed, AllOf(HasSubstr("tenant.create  a1"), HasSubstr("Z  ")));
}

TEST_F(Audit, CountsWhatIsAskedAgainAndAgain) {
  node_.start();
  does({"tenant", "create", "acme"});
  does({"inbox", "create", "Shop", "--widget-key", "shop"});
  for (int i = 0; i < 20; ++i)
    does({"token", "--visitor", "--widget-key", "shop"});
  EXPECT_EQ(node_.stop(), 0);

  const auto tokens = audit(node_.data(), {"--action", "token"});

  std::uint64_t times = 0;
  for (const deed& each : tokens)
    times += each.whole.contains("times") ? each.whole.at("times").to_number<std::uint64_t>() : 1;
  EXPECT_EQ(times, 20U);
  EXPECT_LE(tokens.size(), 5U) << "one a minute, however slow this machine is";
}

TEST_F(Audit, OnAFullDiskMendingGoesOnAndTheLogHasIt) {
  small_disk disk(small_disk::kinds::memory, folder_.path("disk"), 256);
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  node_process node(disk.path("data"), {"--log-format", "json"});
  furnish(node.data());
  node.start();
  disk.leaves(10 * 1024 * 1024);
  ASSERT_TRUE(comes_that([&] { return node.log().find("disk_short") != std::string::npos; }));

  const ended token = run({"token", "--agent", "mia@acme.example", "--data", node.data()});
  const ended tier = run({"tier", "1", "--data", node.data()});

  EXPECT_EQ(token.code, 75);
  EXPECT_EQ(token.printed, "") << "no token without a trace";
  EXPECT_EQ(tier.code, 0) << tier.said;
  EXPECT_THAT(node.log(),
              AllOf(HasSubstr("\"event\":\"audit_not_recorded\",\"why\":\"storage_full\""),
                    HasSubstr("\"action\":\"tier.pin\"")));
  disk.is_freed();
  EXPECT_EQ(node.stop(), 0);
}

}  // namespace
}  // namespace frontdesk::process
