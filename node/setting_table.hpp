#pragma once

#include "node/config.hpp"

#include <span>
#include <string>
#include <vector>

namespace frontdesk {

/// A line of the table of settings with what only the reading of them needs: how its values, which
/// are texts wherever they come from, become the setting.
struct setting_line {
  setting_name what;
  /// Puts the values, at least one, into the settings. Empty, or what they should have been: "is
  /// not …".
  std::string (*put)(settings&, const std::vector<std::string>& values);
};

std::span<const setting_line> setting_table();

}  // namespace frontdesk
