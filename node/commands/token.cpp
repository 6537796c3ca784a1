#include "node/commands/directory_command.hpp"

#include <CLI/CLI.hpp>

namespace frontdesk {

namespace {

struct token_flags {
  bool is_visitor = false;
  bool is_vip = false;
  std::string widget_key;
  std::string email;
};

trouble print_token(const directory_flags& flags, const token_flags& asked) {
  if (asked.is_visitor == !asked.email.empty() || asked.is_visitor == asked.widget_key.empty()) {
    return {exit_code::usage,
            "Say whose token: --visitor --widget-key KEY, or --agent EMAIL [--tenant NAME]."};
  }
  if (asked.is_visitor) {
    return run_request(flags, admin_json::visitor_token{asked.widget_key, asked.is_vip});
  }
  return run_request(flags, admin_json::agent_token{flags.tenant, asked.email});
}

}  // namespace

void add_token(CLI::App& line, command& run) {
  CLI::App* const token = line.add_subcommand("token", "Print a token, for tests and bots");
  const auto flags = add_directory_flags(*token);
  add_tenant_flag(*token, *flags);
  const auto asked = std::make_shared<token_flags>();
  token->add_flag("--visitor", asked->is_visitor, "Of a new visitor");
  token->add_flag("--vip", asked->is_vip, "The visitor's conversations come first");
  token->add_option("--widget-key", asked->widget_key, "The inbox where the visitor comes in");
  token->add_option("--agent", asked->email, "Of the agent with this address");
  token->callback([=, &run] { run = [=] { return print_token(*flags, *asked); }; });
}

}  // namespace frontdesk
