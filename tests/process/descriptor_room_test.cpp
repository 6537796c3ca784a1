#include "tests/process/node_process.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace frontdesk::process {
namespace {

/// How many descriptors the kernel's table of a process has room for.
std::size_t table_size_of(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string word; status >> word;) {
    if (std::size_t size = 0; word == "FDSize:" && status >> size) return size;
  }
  return 0;
}

TEST(DescriptorRoom, IsThereBeforeTheFirstOfThemComes) {
  constexpr std::size_t connections = 3000;
  rlimit allowed{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &allowed), 0);
  temp_folder folder;
  node_process node(folder.path("data"), {"--max-connections", std::to_string(connections)});

  node.start();

  EXPECT_GE(table_size_of(node.id()), std::min<std::size_t>(connections, allowed.rlim_max));
}

}  // namespace
}  // namespace frontdesk::process
