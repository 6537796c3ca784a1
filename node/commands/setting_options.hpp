#pragma once

#include "node/config.hpp"

#include <memory>

namespace CLI {
class App;
}

namespace frontdesk {

/// Gives a command the options of all settings and `--config`. What was given is there when the
/// command is run.
std::shared_ptr<const given_flags> add_settings(CLI::App&);

}  // namespace frontdesk
