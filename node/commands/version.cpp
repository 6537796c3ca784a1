#include "node/commands/command.hpp"
#include "node/program_version.hpp"
#include "storage/layout.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace frontdesk {

void add_version(CLI::App& line, command& run) {
  CLI::App* const version = line.add_subcommand("version", "Print which frontdesk this is");
  version->callback([&run] {
    run = [] {
      fmt::print("frontdesk {} (data format {}, wire frontdesk.v1)\n", program_version(),
                 format_version);
      return success();
    };
  });
}

}  // namespace frontdesk
