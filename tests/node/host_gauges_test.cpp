#include "node/host_gauges.hpp"

#include "tests/node/affinity.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace frontdesk {
namespace {

namespace files = std::filesystem;

constexpr std::uint64_t mib = 1024 * 1024;
constexpr const char* all_there_is = "9223372036854771712";

struct file {
  std::string path;
  std::string text;
};

/// What a machine says in its files, and what follows of it. 0: no limit but the machine's.
struct machine {
  const char* name;
  std::vector<file> files;
  double processors = 0;
  std::uint64_t memory_limit = 0;
};

void PrintTo(const machine& which, std::ostream* out) {
  *out << which.name;
}

/// /proc and /sys of some machine, in a temporary folder.
class fake_root {
 public:
  fake_root() {
    std::string name = (files::temp_directory_path() / "host_gauges_XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~fake_root() { files::remove_all(path_); }

  void put(const file& what) const {
    const files::path whole = path_ + what.path;
    files::create_directories(whole.parent_path());
    std::ofstream(whole) << what.text;
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The own limits of the machine on which the test runs.
double own_processors() {
  return host_gauges(fake_root().path()).processors();
}
std::uint64_t own_memory() {
  return host_gauges(fake_root().path()).memory_limit();
}

class HostGauges : public testing::TestWithParam<machine> {};

TEST_P(HostGauges, TakeTheTightestLimit) {
  const fake_root root;
  for (const file& each : GetParam().files)
    root.put(each);

  const host_gauges gauges(root.path());

  const bool has_quota = GetParam().processors > 0;
  const bool has_limit = GetParam().memory_limit > 0;
  EXPECT_DOUBLE_EQ(gauges.processors(), has_quota ? GetParam().processors : own_processors());
  EXPECT_EQ(gauges.memory_limit(), has_limit ? GetParam().memory_limit : own_memory());
}

const std::string self = "/proc/self/cgroup";
const std::string v2 = "/sys/fs/cgroup";

INSTANTIATE_TEST_SUITE_P(
    Version2, HostGauges,
    testing::Values(machine{"own group",
                            {{self, "0::/desk\n"},
                             {v2 + "/desk/cpu.max", "50000 100000\n"},
                             {v2 + "/desk/memory.max", "67108864\n"}},
                            0.5,
                            64 * mib},
                    machine{"container, whose group is the root",
                            {{self, "0::/\n"},
                             {v2 + "/cpu.max", "25000 100000\n"},
                             {v2 + "/memory.max", "33554432\n"}},
                            0.25,
                            32 * mib},
                    machine{"outer group is tighter",
                            {{self, "0::/a/b/c\n"},
                             {v2 + "/a/cpu.max", "10000 100000\n"},
                             {v2 + "/a/b/cpu.max", "50000 100000\n"},
                             {v2 + "/a/b/c/cpu.max", "30000 100000\n"},
                             {v2 + "/memory.max", "16777216\n"},
                             {v2 + "/a/b/memory.max", "67108864\n"},
                             {v2 + "/a/b/c/memory.max", "max\n"}},
                            0.1,
                            16 * mib},
                    machine{"inner group is tighter",
                            {{self, "0::/a/b\n"},
                             {v2 + "/a/cpu.max", "80000 100000\n"},
                             {v2 + "/a/b/cpu.max", "20000 100000\n"},
                             {v2 + "/a/memory.max", "67108864\n"},
                             {v2 + "/a/b/memory.max", "8388608\n"}},
                            0.2,
                            8 * mib},
                    machine{"no limit",
                            {{self, "0::/desk\n"},
                             {v2 + "/desk/cpu.max", "max 100000\n"},
                             {v2 + "/desk/memory.max", "max\n"}}},
                    machine{"another period",
                            {{self, "0::/desk\n"}, {v2 + "/desk/cpu.max", "2500 10000\n"}},
                            0.25},
                    machine{"a group beside it says nothing",
                            {{self, "0::/desk\n"}, {v2 + "/other/memory.max", "4096\n"}}}));

INSTANTIATE_TEST_SUITE_P(
    Version1, HostGauges,
    testing::Values(machine{"own groups",
                            {{self, "5:cpu,cpuacct:/desk\n4:memory:/desk\n1:name=systemd:/init\n"},
                             {v2 + "/cpu,cpuacct/desk/cpu.cfs_quota_us", "50000\n"},
                             {v2 + "/cpu,cpuacct/desk/cpu.cfs_period_us", "100000\n"},
                             {v2 + "/memory/desk/memory.limit_in_bytes", "67108864\n"}},
                            0.5,
                            64 * mib},
                    machine{"container: its path is that of the machine, its files are at the root",
                            {{self, "5:cpu:/docker/0123\n4:memory:/docker/0123\n"},
                             {v2 + "/cpu/cpu.cfs_quota_us", "25000\n"},
                             {v2 + "/cpu/cpu.cfs_period_us", "100000\n"},
                             {v2 + "/memory/memory.limit_in_bytes", "33554432\n"}},
                            0.25,
                            32 * mib},
                    machine{"outer group is tighter",
                            {{self, "5:cpu:/a/b\n4:memory:/a/b\n"},
                             {v2 + "/cpu/a/cpu.cfs_quota_us", "10000\n"},
                             {v2 + "/cpu/a/cpu.cfs_period_us", "100000\n"},
                             {v2 + "/cpu/a/b/cpu.cfs_quota_us", "-1\n"},
                             {v2 + "/cpu/a/b/cpu.cfs_period_us", "100000\n"},
                             {v2 + "/memory/a/memory.limit_in_bytes", "16777216\n"},
                             {v2 + "/memory/a/b/memory.limit_in_bytes", all_there_is}},
                            0.1,
                            16 * mib},
                    machine{"no limit",
                            {{self, "5:cpu:/desk\n4:memory:/desk\n"},
                             {v2 + "/cpu/desk/cpu.cfs_quota_us", "-1\n"},
                             {v2 + "/cpu/desk/cpu.cfs_period_us", "100000\n"},
                             {v2 + "/memory/desk/memory.limit_in_bytes", all_there_is}}},
                    machine{"both versions side by side",
                            {{self, "4:memory:/desk\n0::/desk\n"},
                             {v2 + "/memory/desk/memory.limit_in_bytes", "67108864\n"},
                             {v2 + "/desk/cpu.max", "50000 100000\n"}},
                            0.5,
                            64 * mib}));

INSTANTIATE_TEST_SUITE_P(
    Nonsense, HostGauges,
    testing::Values(
        machine{"no files at all", {}},
        machine{"files that are empty",
                {{self, "0::/desk\n"}, {v2 + "/desk/cpu.max", ""}, {v2 + "/desk/memory.max", ""}}},
        machine{"words",
                {{self, "0::/desk\n"},
                 {v2 + "/desk/cpu.max", "some of it\n"},
                 {v2 + "/desk/memory.max", "enough\n"}}},
        machine{"a quota without a period",
                {{self, "0::/desk\n"}, {v2 + "/desk/cpu.max", "50000\n"}}},
        machine{"a period of nothing", {{self, "0::/desk\n"}, {v2 + "/desk/cpu.max", "50000 0\n"}}},
        machine{"nothing of all",
                {{self, "0::/desk\n"},
                 {v2 + "/desk/cpu.max", "0 100000\n"},
                 {v2 + "/desk/memory.max", "0\n"}}},
        machine{"a number that is none any more",
                {{self, "0::/desk\n"}, {v2 + "/desk/memory.max", "99999999999999999999999\n"}}},
        machine{"lines that are none",
                {{self, "\n0\n0:\nabc\n0::/desk\n"}, {v2 + "/desk/memory.max", "8388608\n"}},
                0,
                8 * mib},
        machine{"a line without a path",
                {{self, "0::\n"}, {v2 + "/memory.max", "8388608\n"}},
                0,
                8 * mib}));

TEST(HostGaugesOfThisMachine, CountTheProcessorsThatItMayUse) {
  const double all = own_processors();
  const one_processor only;

  EXPECT_DOUBLE_EQ(all, only.count_before());
  EXPECT_DOUBLE_EQ(own_processors(), 1);
}

TEST(HostGaugesOfThisMachine, TellResidentMemoryAsAPartOfItsLimit) {
  const fake_root root;
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  root.put({self, "0::/\n"});
  root.put({v2 + "/memory.max", std::to_string(page * 1000)});
  root.put({"/proc/self/statm", "9000 250 30 40 0 50 0\n"});
  host_gauges gauges(root.path());
  EXPECT_DOUBLE_EQ(gauges.look().memory, 0.25);

  root.put({"/proc/self/statm", "9000"});
  EXPECT_DOUBLE_EQ(gauges.look().memory, 0) << "nothing is known";
}

TEST(HostGaugesOfThisMachine, TellProcessorTimeAsAPartOfTheQuota) {
  const fake_root root;
  root.put({self, "0::/\n"});
  root.put({v2 + "/cpu.max", "1000 100000\n"});
  host_gauges gauges(root.path());
  const auto began = std::clock();
  while (std::clock() - began < CLOCKS_PER_SEC / 20) {
  }

  // One thread uses at most one processor; but only a hundredth of one was allowed.
  EXPECT_GT(gauges.look().cpu, 2);
}

}  // namespace
}  // namespace frontdesk
