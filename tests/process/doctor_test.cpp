#include "tests/process/program.hpp"
#include "tests/storage/temp_folder.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include <map>

namespace frontdesk::process {
namespace {

using testing::HasSubstr;

constexpr int success = 0;
constexpr int config = 78;

/// The verdicts by the names of the checks.
std::map<std::string, std::string> verdicts_of(const ended& said) {
  std::map<std::string, std::string> found;
  const boost::json::value all = boost::json::parse(said.printed);
  for (const auto& each : all.at("checks").as_array()) {
    found.emplace(each.at("name").as_string(), each.at("verdict").as_string());
  }
  return found;
}

TEST(DoctorCommand, FindsThisMachineFitForANode) {
  const temp_folder folder;
  const ended said = run({"doctor", "--data", folder.path("data"), "--listen", "127.0.0.1:0",
                          "--max-connections", "10", "--json"});

  auto found = verdicts_of(said);
  for (const char* check : {"descriptors", "memory", "disk", "file_system", "sync", "clock",
                            "backlog", "tls", "rocksdb", "data", "node", "port 0"}) {
    EXPECT_TRUE(found.contains(check)) << check;
  }
  EXPECT_EQ(found["node"], "ok");
  EXPECT_EQ(found["data"], "ok");
}

TEST(DoctorCommand, KnowsTheNodeThatRunsAndItsPort) {
  const temp_folder folder;
  const std::string data = folder.path("data");
  program node({"start", "--data", data, "--listen", "127.0.0.1:0"});
  const std::string address = node.address();
  const std::string listen = "127.0.0.1:" + address.substr(address.rfind(':') + 1);

  EXPECT_THAT(run({"doctor", "--data", data, "--listen", listen}).printed,
              HasSubstr(listen + " is held by this desk's node"));

  const ended other = run({"doctor", "--data", folder.path("other"), "--listen", listen});
  EXPECT_EQ(other.code, config);
  EXPECT_THAT(other.printed, HasSubstr(listen + " is held by frontdesk (process " +
                                       std::to_string(node.id()) + ")"));
}

TEST(DoctorCommand, EndsWithTroubleOnlyIfSomethingHasToChange) {
  const temp_folder folder;
  const ended said =
      run({"doctor", "--data", folder.path("data"), "--listen", "127.0.0.1:0", "--tls-certificate",
           folder.path("none"), "--tls-key", folder.path("none"), "--json"});

  EXPECT_EQ(verdicts_of(said)["tls"], "fail");
  EXPECT_EQ(said.code, config);
  EXPECT_EQ(run({"doctor", "--help"}).code, success);
}

}  // namespace
}  // namespace frontdesk::process
