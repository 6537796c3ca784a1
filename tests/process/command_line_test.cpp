#include "tests/process/program.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

namespace {

using namespace frontdesk::process;
using frontdesk::temp_folder;

class CommandLine : public testing::Test {
 protected:
  words with_data(words arguments) const {
    arguments.insert(arguments.end(), {"--data", data()});
    return arguments;
  }
  words start(const words& more = {}) const {
    words arguments = with_data({"start", "--listen", "127.0.0.1:0"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  std::string data() const { return folder_.path("data"); }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(folder_.path(name)) << text;
    return folder_.path(name);
  }
  std::string make_desk() const {
    EXPECT_EQ(run(with_data({"tenant", "create", "acme"})).code, 0);
    EXPECT_EQ(run(with_data({"inbox", "create", "Shop", "--widget-key", "shop"})).code, 0);
    const ended agent = run(with_data({"agent", "create", "Ann@acme.example", "--name", "Ann"}));
    EXPECT_EQ(agent.code, 0) << agent.said;
    return agent.printed;
  }
  void expect_desk() const {
    EXPECT_EQ(run(with_data({"tenant", "list"})).printed, "1  acme\n");
    EXPECT_EQ(run(with_data({"inbox", "list"})).printed, "1  Shop  widget key shop\n");
    EXPECT_EQ(run(with_data({"agent", "list"})).printed, "1  ann@acme.example  Ann  agent\n");
  }

  temp_folder folder_;
};

unsigned mode_of(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 ? found.st_mode & 0777U : 0;
}

}  // namespace

TEST_F(CommandLine, SaysItsVersion) {
  const ended it = run({"version"});

  EXPECT_EQ(it.code, 0);
  EXPECT_THAT(it.printed, MatchesRegex("frontdesk [0-9]+\\.[0-9]+\\.[0-9]+ .*\n"));
}

TEST_F(CommandLine, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(run({}).code, 64);
  EXPECT_EQ(run({"strat"}).code, 64);
  EXPECT_EQ(run({"start", "--lisen", "127.0.0.1:0"}).code, 64);
  EXPECT_EQ(run({"start", "--listen", "nowhere"}).code, 64);
}

TEST_F(CommandLine, StartsAndEndsInOrder) {
  program node(start());
  EXPECT_THAT(node.address(), MatchesRegex("http://127\\.0\\.0\\.1:[1-9][0-9]*"));

  node.signal(SIGTERM);

  EXPECT_EQ(node.wait(), 0) << node.said();
}

TEST_F(CommandLine, KeepsItsDataToItself) {
  program node(start());
  node.address();

  EXPECT_EQ(mode_of(data()), 0700U);
  EXPECT_EQ(mode_of(data() + "/secret"), 0600U);
  EXPECT_EQ(mode_of(data() + "/admin.sock"), 0600U);
}

TEST_F(CommandLine, StartsAgainAfterItWasKilled) {
  {
    program node(start());
    node.address();
    node.signal(SIGKILL);
    EXPECT_EQ(node.wait(), -SIGKILL);
  }

  program again(start());

  EXPECT_THAT(again.address(), HasSubstr("http://"));
}

TEST_F(CommandLine, SaysThatAPortIsInUse) {
  program first(start());
  const std::string address = first.address();
  const std::string port = address.substr(address.rfind(':') + 1);

  const ended second =
      run({"start", "--listen", "127.0.0.1:" + port, "--data", folder_.path("other")});

  EXPECT_EQ(second.code, 69);
  EXPECT_THAT(second.said, HasSubstr("port " + port));
  EXPECT_THAT(second.said, HasSubstr("--listen"));
}

TEST_F(CommandLine, SaysThatTheDataIsInUse) {
  program first(start());
  first.address();

  const ended second = run(start());

  EXPECT_EQ(second.code, 69);
  EXPECT_THAT(second.said, HasSubstr("in use by process"));
}

TEST_F(CommandLine, SaysThatTheDataIsNoDirectory) {
  const std::string path = file("data", "not a directory");

  const ended it = run(start());

  EXPECT_EQ(it.code, 74);
  EXPECT_THAT(it.said, HasSubstr(path + " is not a directory"));
}

TEST_F(CommandLine, SaysThatTheDataMayNotBeThere) {
  // Not even for root.
  const ended it = run({"start", "--listen", "127.0.0.1:0", "--data", "/sys/frontdesk"});

  EXPECT_EQ(it.code, 77);
  EXPECT_THAT(it.said, HasSubstr("/sys/frontdesk"));
  EXPECT_THAT(it.said, HasSubstr("--data"));
}

TEST_F(CommandLine, SaysThatItsOutputIsLost) {
  make_desk();

  program it(with_data({"tenant", "list"}), {}, "/dev/full");

  EXPECT_EQ(it.wait(), 74);
  EXPECT_THAT(it.said(), HasSubstr("standard output"));
}

TEST_F(CommandLine, SaysWhereTheConfigurationIsWrong) {
  const std::string config = file("desk.toml", "demo = true\nlisten_at = \"127.0.0.1:0\"\n");

  const ended it = run(start({"--config", config}));

  EXPECT_EQ(it.code, 78);
  EXPECT_THAT(it.said, HasSubstr("desk.toml, line 2, column 1: \"listen_at\" is not a setting."));
}

TEST_F(CommandLine, SaysThatAConfigurationIsNotThere) {
  const ended it = run(start({"--config", folder_.path("none.toml")}));

  EXPECT_EQ(it.code, 78);
  EXPECT_THAT(it.said, HasSubstr("none.toml"));
}

TEST_F(CommandLine, ReadsTheEnvironment) {
  const ended it = run(start(), {"FRONTDESK_IO_THREADS=many"});

  EXPECT_EQ(it.code, 78);
  EXPECT_THAT(it.said, HasSubstr("FRONTDESK_IO_THREADS"));
}

TEST_F(CommandLine, MakesADeskInAStoppedDirectory) {
  const std::string printed = make_desk();

  EXPECT_THAT(printed, HasSubstr("password: "));
  expect_desk();
}

TEST_F(CommandLine, MakesADeskForATenantAlone) {
  for (const words& what : std::vector<words>{{"tier", "2", "--for", "10m"},
                                              {"tier", "auto"},
                                              {"quarantine", "list"},
                                              {"quarantine", "show", "1"},
                                              {"quarantine", "drop", "1"},
                                              {"tenant", "list"},
                                              {"inbox", "list"},
                                              {"agent", "list"},
                                              {"inbox", "create", "Shop", "--widget-key", "shop"},
                                              {"agent", "create", "ann@acme.example"},
                                              {"token", "--agent", "ann@acme.example"},
                                              {"stats"},
                                              {"audit"}}) {
    const ended it = run(with_data(what));
    EXPECT_EQ(it.code, 69) << what[0];
    EXPECT_THAT(it.said, HasSubstr("There is no desk in " + data() + "."));
    ASSERT_FALSE(std::filesystem::exists(data())) << what[0];
  }
}

TEST_F(CommandLine, SaysThatOnlyANodeThatRunsHasATier) {
  make_desk();

  for (const char* tier : {"2", "auto"}) {
    const ended it = run(with_data({"tier", tier}));
    EXPECT_EQ(it.code, 69);
    EXPECT_THAT(it.said, HasSubstr("No node runs with the data in " + data()));
  }
  EXPECT_THAT(run(with_data({"audit"})).printed, Not(HasSubstr("tier")));
}

TEST_F(CommandLine, MakesADeskInARunningNodeThatKeepsIt) {
  {
    program node(start());
    node.address();
    make_desk();
    expect_desk();
    node.signal(SIGTERM);
    EXPECT_EQ(node.wait(), 0) << node.said();
  }

  expect_desk();
}

TEST_F(CommandLine, ServesWhatWasMadeInAStoppedDirectory) {
  make_desk();

  program node(start());
  node.address();

  expect_desk();
}

TEST_F(CommandLine, ListsMoreThanOneAnswerHolds) {
  program node(start());
  node.address();
  for (int i = 10; i < 30; ++i) {
    EXPECT_EQ(run(with_data({"tenant", "create", "t" + std::to_string(i)})).code, 0);
  }

  const ended all = run(with_data({"tenant", "list", "--json"}));

  EXPECT_THAT(all.printed, HasSubstr("\"name\":\"t10\""));
  EXPECT_THAT(all.printed, HasSubstr("\"name\":\"t29\""));
}

TEST_F(CommandLine, RefusesNamesOutOfTheirForm) {
  const ended tenant = run(with_data({"tenant", "create", "Not A Name"}));
  EXPECT_EQ(tenant.code, 65);
  make_desk();

  EXPECT_EQ(run(with_data({"tenant", "create", "acme"})).code, 65);
  EXPECT_EQ(run(with_data({"inbox", "create", "S\xff", "--widget-key", "s"})).code, 64);
  EXPECT_EQ(run(with_data({"inbox", "create", "S", "--widget-key", "shop"})).code, 65);
  EXPECT_EQ(run(with_data({"agent", "create", "b@c.example", "--password", "short"})).code, 65);
  EXPECT_EQ(run(with_data({"agent", "create", "b@c.example", "--role", "king"})).code, 65);
  EXPECT_EQ(
      run(with_data({"agent", "create", "b@c.example", "--name", std::string(129, 'x')})).code, 65);
}

TEST_F(CommandLine, PrintsTokens) {
  make_desk();

  const ended visitor = run(with_data({"token", "--visitor", "--widget-key", "shop"}));
  const ended agent = run(with_data({"token", "--agent", "ann@acme.example"}));

  EXPECT_THAT(visitor.printed, MatchesRegex("[A-Za-z0-9_.-]+\n"));
  EXPECT_THAT(agent.printed, MatchesRegex("[A-Za-z0-9_.-]+\n"));
  EXPECT_EQ(run(with_data({"token", "--visitor", "--widget-key", "none"})).code, 65);
  EXPECT_EQ(run(with_data({"token"})).code, 64);
}

TEST_F(CommandLine, PrintsTheDemosPasswordsOnceAndNeverLogsThem) {
  std::string password;
  {
    program first(start({"--demo", "--log-level", "debug"}));
    password = first.after("mia@demo.example");
    password.erase(0, password.find_first_not_of(' '));
    EXPECT_THAT(password, MatchesRegex("[a-hj-km-np-z2-9]{12}"));
    EXPECT_THAT(first.address(), HasSubstr("http://"));
    EXPECT_THAT(first.printed(), HasSubstr("/demo/"));
    EXPECT_THAT(first.printed(), HasSubstr("/console/"));
    first.signal(SIGTERM);
    EXPECT_EQ(first.wait(), 0);
    EXPECT_THAT(first.said(), Not(HasSubstr(password)));
  }

  program second(start({"--demo"}));
  second.address();

  EXPECT_THAT(second.printed(), HasSubstr("passwords were printed at the first start"));
  EXPECT_THAT(second.printed(), Not(HasSubstr(password)));
  EXPECT_EQ(run(with_data({"agent", "list"})).printed,
            "1  mia@demo.example  Mia  agent\n2  leo@demo.example  Leo  agent\n");
}
