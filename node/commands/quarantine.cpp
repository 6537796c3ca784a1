#include "node/commands/directory_command.hpp"

#include <CLI/CLI.hpp>

namespace frontdesk {

namespace {

void add_list(CLI::App& quarantine, command& run) {
  CLI::App* const list =
      quarantine.add_subcommand("list", "List them, without a word of what was said");
  const auto flags = add_directory_flags(*list);
  list->add_option("--tenant", flags->tenant, "Name of a tenant; none: of all of them");
  list->callback(
      [=, &run] { run = [=] { return run_list(*flags, admin_json::listed_kind::quarantine); }; });
}

void add_show(CLI::App& quarantine, command& run) {
  CLI::App* const show = quarantine.add_subcommand("show", "Show one");
  const auto flags = add_directory_flags(*show);
  const auto wish = std::make_shared<admin_json::show_quarantined>();
  show->add_option("id", wish->id, "Which one, as list shows it")->required();
  show->add_flag("--text", wish->with_text, "Also what was said, which is a customer's");
  show->callback([=, &run] { run = [=] { return run_request(*flags, *wish); }; });
}

void add_drop(CLI::App& quarantine, command& run) {
  CLI::App* const drop = quarantine.add_subcommand("drop", "Delete one for good");
  const auto flags = add_directory_flags(*drop);
  const auto wish = std::make_shared<admin_json::drop_quarantined>();
  drop->add_option("id", wish->id, "Which one, as list shows it")->required();
  drop->callback([=, &run] { run = [=] { return run_request(*flags, *wish); }; });
}

}  // namespace

void add_quarantine(CLI::App& line, command& run) {
  CLI::App* const quarantine =
      line.add_subcommand("quarantine", "Messages that ended their reader twice, for inspection");
  quarantine->require_subcommand(1);
  add_list(*quarantine, run);
  add_show(*quarantine, run);
  add_drop(*quarantine, run);
}

}  // namespace frontdesk
