#include "node/host_gauges.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

namespace frontdesk {

namespace {

using std::chrono::microseconds;

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t value = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc{} ? std::optional{value} : std::nullopt;
}

/// Behind the first space.
std::optional<std::uint64_t> second_number_in(std::string_view text) {
  const auto space = text.find(' ');
  return space == std::string_view::npos ? std::nullopt : number_in(text.substr(space + 1));
}

microseconds time_of(const timeval& at) {
  return std::chrono::seconds{at.tv_sec} + microseconds{at.tv_usec};
}

microseconds used_by_process() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return time_of(used.ru_utime) + time_of(used.ru_stime);
}

double processors_in_mask() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  if (sched_getaffinity(0, sizeof mask, &mask) != 0) return 1;
  return std::max(1, CPU_COUNT(&mask));
}

/// The cgroup's own folder and those above it, up to the root.
std::vector<std::string> with_parents(std::string path) {
  std::vector<std::string> all{path};
  while (path.size() > 1) {
    path.erase(std::max<std::size_t>(1, path.rfind('/')));
    all.push_back(path);
    if (path == "/") break;
  }
  return all;
}

}  // namespace

host_gauges::host_gauges(std::string root) : root_(std::move(root)) {
  read_limits();
  looked_at_ = std::chrono::steady_clock::now();
  used_ = used_by_process();
}

std::optional<std::string> host_gauges::text_of(const std::string& path) const {
  std::ifstream file(root_ + path);
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>{file}, {}};
}

void host_gauges::read_limits() {
  processors_ = processors_in_mask();
  const auto pages = static_cast<std::uint64_t>(std::max(0L, sysconf(_SC_PHYS_PAGES)));
  memory_limit_ = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  // Lines are `0::/path` for version 2, `N:memory:/path` for version 1.
  std::istringstream groups{text_of("/proc/self/cgroup").value_or("")};
  for (std::string line; std::getline(groups, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string folder =
        controllers.empty() ? "/sys/fs/cgroup" : "/sys/fs/cgroup/" + controllers;
    for (const std::string& each : with_parents(line.substr(second + 1)))
      tighten_by_cgroup(folder + each);
  }
}

/// Files that do not exist, and the word `max`, say nothing.
void host_gauges::tighten_by_cgroup(const std::string& folder) {
  for (const char* name : {"/memory.max", "/memory.limit_in_bytes"}) {
    const auto limit = number_in(text_of(folder + name).value_or(""));
    if (limit && *limit > 0) memory_limit_ = std::min(memory_limit_, *limit);
  }
  const std::string both = text_of(folder + "/cpu.max").value_or("");
  auto quota = number_in(both);
  auto period = second_number_in(both);
  if (!quota) {
    quota = number_in(text_of(folder + "/cpu.cfs_quota_us").value_or(""));
    period = number_in(text_of(folder + "/cpu.cfs_period_us").value_or(""));
  }
  if (quota && period && *quota > 0 && *period > 0) {
    processors_ = std::min(processors_, static_cast<double>(*quota) / static_cast<double>(*period));
  }
}

host_load host_gauges::look() {
  host_load seen;
  const auto now = std::chrono::steady_clock::now();
  const microseconds used = used_by_process();
  const auto passed = std::chrono::duration<double>(now - looked_at_).count();
  if (passed > 0) {
    seen.cpu = std::chrono::duration<double>(used - used_).count() / passed / processors_;
  }
  looked_at_ = now;
  used_ = used;
  // The second number of statm is what is resident, in pages.
  const auto resident = second_number_in(text_of("/proc/self/statm").value_or(""));
  if (resident && memory_limit_ > 0) {
    const auto bytes = *resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    seen.memory = static_cast<double>(bytes) / static_cast<double>(memory_limit_);
  }
  return seen;
}

}  // namespace frontdesk
