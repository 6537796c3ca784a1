#include "node/process_figures.hpp"

#include <limits.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

namespace frontdesk {

namespace {

/// /proc/self/stat behind the program's name, which may have anything in it: field 3 is the first.
struct stat_line {
  std::uint64_t threads = 0;
  std::uint64_t start_ticks = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t resident_pages = 0;
};

stat_line own_stat() {
  std::ifstream file("/proc/self/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t name_end = text.rfind(')');
  stat_line found;
  if (name_end == std::string::npos) {
    return found;
  }
  std::istringstream fields(text.substr(name_end + 1));
  std::string field;
  for (int number = 3; number <= 24 && fields >> field; ++number) {
    const auto value = [&] { return std::strtoull(field.c_str(), nullptr, 10); };
    if (number == 20) found.threads = value();
    if (number == 22) found.start_ticks = value();
    if (number == 23) found.virtual_bytes = value();
    if (number == 24) found.resident_pages = value();
  }
  return found;
}

double boot_seconds() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word;) {
    if (word == "btime") {
      double seconds = 0;
      file >> seconds;
      return seconds;
    }
  }
  return 0;
}

std::uint64_t descriptors_open() {
  std::error_code failed;
  const std::filesystem::directory_iterator all("/proc/self/fd", failed);
  if (failed) {
    return 0;
  }
  // The one with which this is read is among them.
  const auto count = std::distance(begin(all), end(all));
  return count > 0 ? static_cast<std::uint64_t>(count - 1) : 0;
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

process_figures own_process_figures() {
  process_figures found;
  rusage used{};
  if (getrusage(RUSAGE_SELF, &used) == 0) {
    found.cpu_seconds = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
  }
  const stat_line stat = own_stat();
  found.threads = stat.threads;
  found.virtual_bytes = stat.virtual_bytes;
  found.resident_bytes = stat.resident_pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  const auto ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  found.start_seconds = boot_seconds() + static_cast<double>(stat.start_ticks) / ticks_per_second;
  rlimit allowed{};
  if (getrlimit(RLIMIT_NOFILE, &allowed) == 0 && allowed.rlim_cur != RLIM_INFINITY) {
    found.descriptors_max = allowed.rlim_cur;
  }
  found.descriptors_open = descriptors_open();
  return found;
}

std::string own_host_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

}  // namespace frontdesk
