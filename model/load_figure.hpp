#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// The problem: a processor at its limit, a disk that hesitates and a queue that grows are three
/// troubles with three units, and whoever looks at one of them alone decides too late.
///
/// The answer: each is a part of what this node can take, so that all are compared: 1 is the edge
/// beyond which people wait. The figure is the largest, because the tightest place decides.
namespace frontdesk {

/// What is looked at, each as a part of its own limit.
enum class load_input : std::uint8_t {
  /// Processors used, of those that the process may use.
  cpu = 0,
  /// How long a message waits for its actor.
  actor_queue = 1,
  /// How long a socket waits for its thread.
  event_loop = 2,
  /// Memory, of the tightest limit that holds for the process.
  memory = 3,
  /// Bytes that wait for sockets.
  outbound = 4,
  /// The store: no room, or no health.
  store = 5,
  /// How long a commit takes to be durable.
  commit = 6,
};
inline constexpr std::size_t load_inputs_count = 7;

constexpr std::string_view name_of(load_input which) {
  constexpr std::array<std::string_view, load_inputs_count> names{
      "cpu", "actor_queue", "event_loop", "memory", "outbound", "store", "commit"};
  return names[static_cast<std::size_t>(which)];
}

/// One look at the node.
class load_sample {
 public:
  /// Beyond this nothing is learnt.
  static constexpr double most = 1.2;

  void set(load_input which, double part) {
    parts_[static_cast<std::size_t>(which)] = std::clamp(part, 0.0, most);
  }
  double of(load_input which) const { return parts_[static_cast<std::size_t>(which)]; }
  double figure() const { return *std::ranges::max_element(parts_); }
  load_input tightest() const {
    return static_cast<load_input>(std::ranges::max_element(parts_) - parts_.begin());
  }

 private:
  std::array<double, load_inputs_count> parts_{};
};

}  // namespace frontdesk
