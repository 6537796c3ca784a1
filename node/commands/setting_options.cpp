#include "node/commands/setting_options.hpp"

#include <CLI/CLI.hpp>

namespace frontdesk {

std::shared_ptr<const given_flags> add_settings(CLI::App& to) {
  const auto given = std::make_shared<given_flags>();
  for (const setting_name& each : all_settings()) {
    const auto take = [given, name = std::string(each.name)](const CLI::results_t& values) {
      (*given)[name] = values;
      return true;
    };
    if (each.is_flag) {
      to.add_flag_callback(
          flag_of(each.name), [take] { take({"true"}); }, std::string(each.help));
      continue;
    }
    CLI::Option* const option = to.add_option(flag_of(each.name), take, std::string(each.help));
    option->type_name("")->expected(1, each.is_list ? CLI::detail::expected_max_vector_size : 1);
  }
  to.add_option_function<std::string>(
      "--config", [given](const std::string& path) { (*given)["config"] = {path}; },
      "Configuration file (TOML); the environment and flags hold over it");
  return given;
}

}  // namespace frontdesk
