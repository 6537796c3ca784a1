#include "node/commands/directory_command.hpp"

#include <CLI/CLI.hpp>

namespace frontdesk {

namespace {

void add_create(CLI::App& tenant, command& run) {
  CLI::App* const create = tenant.add_subcommand("create", "Make a tenant");
  const auto flags = add_directory_flags(*create);
  const auto wish = std::make_shared<admin_json::create_tenant>();
  create->add_option("name", wish->name, "Lower-case letters, digits and hyphens")->required();
  create->callback([=, &run] { run = [=] { return run_request(*flags, *wish); }; });
}

void add_list(CLI::App& tenant, command& run) {
  CLI::App* const list = tenant.add_subcommand("list", "List the tenants");
  const auto flags = add_directory_flags(*list);
  list->callback(
      [=, &run] { run = [=] { return run_list(*flags, admin_json::listed_kind::tenants); }; });
}

}  // namespace

void add_tenant(CLI::App& line, command& run) {
  CLI::App* const tenant = line.add_subcommand("tenant", "Owners of data");
  tenant->require_subcommand(1);
  add_create(*tenant, run);
  add_list(*tenant, run);
}

}  // namespace frontdesk
