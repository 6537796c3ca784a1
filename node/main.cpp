#include "node/commands/command.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <string>

namespace {

constexpr const char* output_is_lost =
    "What was to be printed could not be written to the standard output.";

int end(const frontdesk::trouble& why) {
  if (!why.sentence.empty()) {
    std::fprintf(stderr, "frontdesk: %s\n", why.sentence.c_str());
  }
  return static_cast<int>(why.code);
}

/// A list that was cut, or a password that nobody has read, must not look like success.
int end_with_output(const frontdesk::trouble& why) {
  const bool is_lost = std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
  if (is_lost && why.code == frontdesk::exit_code::success) {
    return end({frontdesk::exit_code::input_output, output_is_lost});
  }
  return end(why);
}

}  // namespace

int main(int count, char** arguments) {
  using namespace frontdesk;
  try {
    CLI::App line("Frontdesk: a customer service desk in one program", "frontdesk");
    command run;
    for (const auto add : {add_start, add_version, add_tenant, add_inbox, add_agent, add_token,
                           add_inspect, add_backup, add_restore, add_stats, add_bench, add_doctor,
                           add_quarantine, add_audit, add_tier, add_trace}) {
      add(line, run);
    }
    line.require_subcommand(1);
    try {
      line.parse(count, arguments);
    } catch (const CLI::Success& wish) {  // --help
      return line.exit(wish);
    } catch (const CLI::ParseError& error) {
      return end({exit_code::usage, std::string(error.what()) + ". Try frontdesk --help."});
    }
    return end_with_output(run());
  } catch (const std::exception& error) {
    if (std::ferror(stdout) != 0) {
      return end({exit_code::input_output, output_is_lost});
    }
    return end(
        {exit_code::software, std::string("An error that nobody expected: ") + error.what()});
  }
}
