#include "tests/simulation/troubles.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <string_view>

namespace frontdesk::simulation {

namespace {

/// One trouble: its name, its place, and how much there is of it at most.
struct known_trouble {
  std::string_view name;
  unsigned troubles::*amount;
  unsigned most;
};

constexpr std::array all_troubles{
    known_trouble{"cut_link", &troubles::cut_link, 60},
    known_trouble{"cut_within_frame", &troubles::cut_within_frame, 40},
    known_trouble{"silent_link", &troubles::silent_link, 20},
    known_trouble{"half_open_link", &troubles::half_open_link, 20},
    known_trouble{"stall_link", &troubles::stall_link, 60},
    known_trouble{"outage", &troubles::outage, 6},
    known_trouble{"torn_frame", &troubles::torn_frame, 200},
    known_trouble{"slow_reader", &troubles::slow_reader, 300},
    known_trouble{"reload_page", &troubles::reload_page, 30},
    known_trouble{"crash_page", &troubles::crash_page, 30},
    known_trouble{"fresh_device", &troubles::fresh_device, 8},
    known_trouble{"kill_conversation", &troubles::kill_conversation, 20},
    known_trouble{"kill_person", &troubles::kill_person, 20},
    known_trouble{"kill_connection", &troubles::kill_connection, 20},
    known_trouble{"kill_dispatcher", &troubles::kill_dispatcher, 10},
    known_trouble{"kill_storage", &troubles::kill_storage, 5},
    known_trouble{"kill_registry", &troubles::kill_registry, 3},
    known_trouble{"freeze_node", &troubles::freeze_node, 8},
    known_trouble{"crash_node", &troubles::crash_node, 8},
    known_trouble{"jump_clock", &troubles::jump_clock, 20},
    known_trouble{"overload", &troubles::overload, 15},
    known_trouble{"full_disk", &troubles::full_disk, 15},
    known_trouble{"lost_write", &troubles::lost_write, 8},
    known_trouble{"secret_write", &troubles::secret_write, 8},
    known_trouble{"failed_read", &troubles::failed_read, 15},
    known_trouble{"unknown_outcome", &troubles::unknown_outcome, 20},
    known_trouble{"stalled_commit", &troubles::stalled_commit, 15},
    known_trouble{"commit_ms", &troubles::commit_ms, 400},
    known_trouble{"read_ms", &troubles::read_ms, 400},
};

}  // namespace

troubles troubles::drawn(std::mt19937_64& random) {
  troubles t;
  // Of eight troubles, this many; none at all on one day of eight.
  const std::uint64_t wildness = random() % 8;
  for (const known_trouble& each : all_troubles) {
    const bool happens = random() % 8 < wildness;
    const auto amount = static_cast<unsigned>(1 + random() % each.most);
    if (happens) t.*each.amount = amount;
  }
  return t;
}

troubles troubles::of(std::uint64_t seed) {
  std::mt19937_64 random{seed};
  return drawn(random);
}

std::string troubles::text() const {
  std::string text;
  for (const known_trouble& each : all_troubles) {
    if (this->*each.amount == 0) continue;
    fmt::format_to(std::back_inserter(text), "{}{} {}", text.empty() ? "" : ", ", each.name,
                   this->*each.amount);
  }
  return text.empty() ? "no troubles" : text;
}

}  // namespace frontdesk::simulation
