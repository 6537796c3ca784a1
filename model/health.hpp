#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace frontdesk {

/// Something that must hold before a node is given traffic, and what an operator is told of it.
struct health_check {
  /// Does not change from version to version: alerts and scripts know it.
  std::string name;
  bool holds = false;
  std::string says;
};

/// The answer to "may it have traffic?", with its reasons: all checks, also those that hold.
struct health {
  std::vector<health_check> checks;

  bool holds() const { return std::ranges::all_of(checks, &health_check::holds); }
};

}  // namespace frontdesk
