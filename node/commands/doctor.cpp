#include "node/commands/command.hpp"
#include "node/commands/setting_options.hpp"
#include "node/doctor/examination.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace frontdesk {

void add_doctor(CLI::App& line, command& run) {
  CLI::App* const doctor = line.add_subcommand(
      "doctor", "Check what a node with these settings finds here, and say what to change");
  const auto given = add_settings(*doctor);
  const auto is_json = std::make_shared<bool>(false);
  doctor->add_flag("--json", *is_json, "For programs");
  doctor->callback([given, is_json, &run] {
    run = [given, is_json] {
      const auto chosen = settings_of(*given);
      if (!chosen) {
        return chosen.why();
      }
      const std::vector<finding> all = examine(*chosen);
      fmt::print("{}{}", *is_json ? json_of(all) : text_of(all), *is_json ? "\n" : "");
      return worst_of(all) == verdict::fail
                 ? trouble{exit_code::config, "Something has to be changed: see above."}
                 : success();
    };
  });
}

}  // namespace frontdesk
