#include "node/commands/directory_command.hpp"
#include "node/generated_password.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace frontdesk {

namespace {

constexpr const char* password_help =
    "At least 8 bytes; none: one is made and printed, which is safer, because other programs can "
    "read a command line";

/// Asks for a password that is given, or for one that is made here and printed once.
template <class Wish>
trouble run_with_password(const directory_flags& flags, Wish wish) {
  const bool is_generated = wish.password.empty();
  if (is_generated) {
    wish.password = generated_password();
  }
  wish.tenant = flags.tenant;
  trouble ended = run_request(flags, wish);
  if (ended.code == exit_code::success && is_generated) {
    // With JSON lines on the standard output it goes where it spoils none.
    fmt::print(flags.is_json ? stderr : stdout, "password: {} (printed only now)\n", wish.password);
  }
  return ended;
}

void add_create(CLI::App& agent, command& run) {
  CLI::App* const create = agent.add_subcommand("create", "Make an agent");
  const auto flags = add_directory_flags(*create);
  add_tenant_flag(*create, *flags);
  const auto wish = std::make_shared<admin_json::create_agent>();
  create->add_option("email", wish->email, "Signs in with it")->required();
  create->add_option("--name", wish->name, "What visitors read; none: the address");
  create->add_option("--role", wish->role, "agent, supervisor, admin or owner");
  create->add_option("--password", wish->password, password_help);
  create->callback([=, &run] { run = [=] { return run_with_password(*flags, *wish); }; });
}

void add_password(CLI::App& agent, command& run) {
  CLI::App* const password = agent.add_subcommand(
      "password", "Give an agent a new password; who signed in before has to sign in again");
  const auto flags = add_directory_flags(*password);
  add_tenant_flag(*password, *flags);
  const auto wish = std::make_shared<admin_json::set_password>();
  password->add_option("email", wish->email, "Whose")->required();
  password->add_option("--password", wish->password, password_help);
  password->callback([=, &run] { run = [=] { return run_with_password(*flags, *wish); }; });
}

void add_list(CLI::App& agent, command& run) {
  CLI::App* const list = agent.add_subcommand("list", "List a tenant's agents");
  const auto flags = add_directory_flags(*list);
  add_tenant_flag(*list, *flags);
  list->callback(
      [=, &run] { run = [=] { return run_list(*flags, admin_json::listed_kind::agents); }; });
}

}  // namespace

void add_agent(CLI::App& line, command& run) {
  CLI::App* const agent = line.add_subcommand("agent", "People who answer");
  agent->require_subcommand(1);
  add_create(*agent, run);
  add_password(*agent, run);
  add_list(*agent, run);
}

}  // namespace frontdesk
