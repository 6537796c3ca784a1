#pragma once

#include "node/config.hpp"
#include "node/exit_code.hpp"

#include <functional>
#include <string>

namespace CLI {
class App;
}

/// The commands of `frontdesk`, one file each. Each adds itself to the command line, and sets `run`
/// if it is the one that was asked for.
namespace frontdesk {

/// What the command line asks for. The answer's sentence, if there is one, is still to be printed.
using command = std::function<trouble()>;

void add_start(CLI::App&, command& run);
void add_doctor(CLI::App&, command& run);
void add_version(CLI::App&, command& run);
void add_tenant(CLI::App&, command& run);
void add_inbox(CLI::App&, command& run);
void add_agent(CLI::App&, command& run);
void add_token(CLI::App&, command& run);
void add_inspect(CLI::App&, command& run);
void add_tier(CLI::App&, command& run);
void add_trace(CLI::App&, command& run);
void add_backup(CLI::App&, command& run);
void add_restore(CLI::App&, command& run);
void add_stats(CLI::App&, command& run);
void add_bench(CLI::App&, command& run);
void add_quarantine(CLI::App&, command& run);
void add_audit(CLI::App&, command& run);

/// What a command without trouble answers.
inline trouble success() {
  return {exit_code::success, {}};
}

}  // namespace frontdesk
