#pragma once

#include "model/load_shedding.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace frontdesk {

/// The problem: "how busy is the machine?" has another answer for a process in a container, which
/// may use a part of its processors and of its memory, and dies when it asks for more.
///
/// The answer: what this process uses, as a part of the tightest limit that holds for it: of the
/// processors its affinity mask and its cgroup's quota; of the memory its cgroups' limits (both
/// versions, up to the root) and what the machine has.
class host_gauges {
 public:
  /// `root` lies before /proc and /sys; tests have their own.
  explicit host_gauges(std::string root = {});

  /// Since the last call. One thread.
  host_load look();

  /// Processors that the process may use; a quota of half a one is 0.5.
  double processors() const { return processors_; }
  /// Bytes that the process may use.
  std::uint64_t memory_limit() const { return memory_limit_; }

 private:
  void read_limits();
  std::optional<std::string> text_of(const std::string& path) const;
  void tighten_by_cgroup(const std::string& folder);

  const std::string root_;
  double processors_ = 1;
  std::uint64_t memory_limit_ = 0;
  std::chrono::steady_clock::time_point looked_at_;
  std::chrono::microseconds used_{};
};

}  // namespace frontdesk
