#pragma once

#include "model/ids.hpp"
#include "model/restart_rule.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk {

enum class supervised_state : std::uint8_t {
  /// Not started yet.
  planned,
  running,
  /// It has failed, and is started again after a pause.
  pausing,
  /// It was asked to end.
  stopping,
  ended,
};

constexpr std::string_view name_of(supervised_state state) {
  switch (state) {
    case supervised_state::planned:
      return "planned";
    case supervised_state::running:
      return "running";
    case supervised_state::pausing:
      return "pausing";
    case supervised_state::stopping:
      return "stopping";
    case supervised_state::ended:
      return "ended";
  }
  return "ended";
}

/// What a supervisor does when a child fails.
struct supervising {
  restart_strategy strategy = restart_strategy::one_for_one;
  restart_limits limits;
};

/// One line of the supervision tree as it stands, with those below it in start order.
struct supervised {
  /// Unique among its siblings.
  std::string id;
  /// Of a supervisor.
  std::optional<supervising> how;
  /// As a child of its supervisor.
  restart_kind rule = restart_kind::permanent;
  std::chrono::milliseconds shutdown_max{0};

  supervised_state state = supervised_state::planned;
  /// How often it was started again.
  std::uint64_t restarts_count = 0;
  std::uint64_t failures_count = 0;
  /// Empty: it has never failed.
  std::string last_failure;
  timestamp last_failure_at;

  std::vector<supervised> children;
};

}  // namespace frontdesk
