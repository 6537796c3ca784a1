#include "node/commands/directory_command.hpp"

#include <CLI/CLI.hpp>

namespace frontdesk {

namespace {

void add_create(CLI::App& inbox, command& run) {
  CLI::App* const create = inbox.add_subcommand("create", "Make an inbox");
  const auto flags = add_directory_flags(*create);
  add_tenant_flag(*create, *flags);
  const auto wish = std::make_shared<admin_json::create_inbox>();
  create->add_option("name", wish->name, "What people read")->required();
  create->add_option("--widget-key", wish->widget_key, "Names the inbox in a web page")->required();
  create->add_option("--accent", wish->accent, "Colour, as #rrggbb");
  create->add_option("--greeting", wish->greeting, "What a visitor reads first");
  create->add_option("--locale", wish->locale, "en or zh; empty: the browser's");
  create->add_option("--origin", wish->origins,
                     "Page that may use it, such as https://shop.example; none: any");
  create->add_flag("!--no-typing-preview", wish->typing_preview,
                   "Agents do not see what visitors type before they send it");
  create->add_flag("--vip", wish->vip,
                   "Its conversations come first: in the queue, under load, at the door");
  create->callback([=, &run] {
    run = [=] {
      wish->tenant = flags->tenant;
      return run_request(*flags, *wish);
    };
  });
}

void add_list(CLI::App& inbox, command& run) {
  CLI::App* const list = inbox.add_subcommand("list", "List a tenant's inboxes");
  const auto flags = add_directory_flags(*list);
  add_tenant_flag(*list, *flags);
  list->callback(
      [=, &run] { run = [=] { return run_list(*flags, admin_json::listed_kind::inboxes); }; });
}

}  // namespace

void add_inbox(CLI::App& line, command& run) {
  CLI::App* const inbox = line.add_subcommand("inbox", "Entry points of a tenant");
  inbox->require_subcommand(1);
  add_create(*inbox, run);
  add_list(*inbox, run);
}

}  // namespace frontdesk
