#include "bench/node_figures.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>

namespace frontdesk::bench {

usage usage_of(int process) {
  usage found;
  if (process <= 0) return found;
  std::error_code error;
  const std::filesystem::path threads = fmt::format("/proc/{}/task", process);
  for (const auto& thread : std::filesystem::directory_iterator(threads, error)) {
    std::ifstream file(thread.path() / "schedstat");
    double ns = 0;
    file >> ns;
    found.processor_us += ns / 1000;
  }
  std::ifstream file(fmt::format("/proc/{}/statm", process));
  double whole = 0;
  double resident = 0;
  file >> whole >> resident;
  found.resident_bytes = resident * static_cast<double>(sysconf(_SC_PAGESIZE));
  return found;
}

usage own_usage() {
  return usage_of(getpid());
}

}  // namespace frontdesk::bench
