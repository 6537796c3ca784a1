#include "node/commands/command.hpp"
#include "node/serve.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace frontdesk {

void add_start(CLI::App& line, command& run) {
  CLI::App* const start = line.add_subcommand("start", "Serve, until SIGTERM or Ctrl-C");
  const auto given = std::make_shared<given_flags>();
  for (const setting_name& each : all_settings()) {
    const auto take = [given, name = std::string(each.name)](const CLI::results_t& values) {
      (*given)[name] = values;
      return true;
    };
    if (each.is_flag) {
      start->add_flag_callback(
          flag_of(each.name), [take] { take({"true"}); }, std::string(each.help));
      continue;
    }
    CLI::Option* const option = start->add_option(flag_of(each.name), take, std::string(each.help));
    option->type_name("")->expected(1, each.is_list ? CLI::detail::expected_max_vector_size : 1);
  }
  start->add_option_function<std::string>(
      "--config", [given](const std::string& path) { (*given)["config"] = {path}; },
      "Configuration file (TOML); the environment and flags hold over it");
  start->callback([given, &run] {
    run = [given] {
      const auto chosen = settings_of(*given);
      return chosen ? serve(*chosen) : chosen.why();
    };
  });
}

}  // namespace frontdesk
