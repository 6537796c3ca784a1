#include "node/commands/command.hpp"
#include "node/commands/setting_options.hpp"
#include "node/serve.hpp"

#include <CLI/CLI.hpp>

namespace frontdesk {

void add_start(CLI::App& line, command& run) {
  CLI::App* const start = line.add_subcommand("start", "Serve, until SIGTERM or Ctrl-C");
  const auto given = add_settings(*start);
  start->callback([given, &run] {
    run = [given] {
      const auto chosen = settings_of(*given);
      return chosen ? serve(*chosen) : chosen.why();
    };
  });
}

}  // namespace frontdesk
