#pragma once

#include "node/commands/command.hpp"
#include "wire/admin_json.hpp"

#include <memory>
#include <string>

namespace frontdesk {

/// What the commands that read or change a directory of tenants, inboxes and agents have in common.
struct directory_flags {
  given_flags settings;
  std::string tenant;
  bool is_json = false;
};

/// Adds `--data`, `--config` and `--json`.
std::shared_ptr<directory_flags> add_directory_flags(CLI::App&);
/// Adds `--tenant`.
void add_tenant_flag(CLI::App&, directory_flags&);

/// Asks, and prints the entries of the answer.
trouble run_request(const directory_flags&, const admin_json::request&);
trouble run_list(const directory_flags&, admin_json::listed_kind);

/// One line for a person, or one line of JSON.
std::string line_of(const admin_json::entry&, bool is_json);

}  // namespace frontdesk
