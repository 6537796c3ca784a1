#include "node/commands/directory_command.hpp"

#include "node/admin/asking.hpp"
#include "node/audit/audit_log.hpp"
#include "node/time_text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace frontdesk {

namespace {

std::string plain_line(const tenant& t) {
  return fmt::format("{}  {}", t.id.value, t.name);
}
std::string plain_line(const inbox& i) {
  return fmt::format("{}  {}  widget key {}", i.id.value, i.name, i.widget_key);
}
std::string plain_line(const agent& a) {
  return fmt::format("{}  {}  {}  {}{}", a.id.value, a.email, a.name, name_of(a.role),
                     a.active ? "" : "  (not active)");
}

/// What would move a terminal's cursor is shown as a point.
std::string printable(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '.');
  return text;
}

std::string plain_line(const audit_entry& e) {
  const std::string who = e.who.user.empty() ? fmt::format("uid {}", e.who.uid)
                                             : fmt::format("{}({})", e.who.user, e.who.uid);
  std::string line = fmt::format("{}  {}  {} by {}  {}", e.number.value, text_of_time(e.time), who,
                                 name_of(e.who.origin), e.action);
  for (const std::string& each : {e.target, parameters_text(e)}) {
    if (!each.empty()) line += "  " + each;
  }
  line += "  " + e.outcome;
  if (e.times > 1) line += fmt::format("  {} times until {}", e.times, text_of_time(e.last));
  return printable(std::move(line));
}

std::string plain_line(const quarantined& q) {
  std::string line =
      fmt::format("{}  {}  tenant {}  {} ended a {} twice: {}", q.id.value, text_of_time(q.time),
                  q.tenant.value, q.message, q.actor, q.thrown);
  if (q.conversation) {
    line += fmt::format("  conversation {}", to_text(q.conversation));
  }
  if (q.person) {
    line += fmt::format("  of {}", to_text(q.person));
  }
  if (q.device) {
    line += fmt::format("  device {} n {}", to_text(q.device), q.n.value);
  }
  return q.text.empty() ? line : line + '\n' + q.text;
}

}  // namespace

std::string line_of(const admin_json::entry& one, bool is_json) {
  return is_json ? admin_json::to_json(one)
                 : std::visit([](const auto& known) { return plain_line(known); }, one);
}

std::shared_ptr<directory_flags> add_directory_flags(CLI::App& line) {
  auto flags = std::make_shared<directory_flags>();
  for (const auto& [name, help] : {std::pair{"data", "Directory of all that is kept"},
                                   std::pair{"config", "Configuration file (TOML)"}}) {
    line.add_option_function<std::string>(
        flag_of(name),
        [flags, key = std::string(name)](const std::string& value) {
          flags->settings[key] = {value};
        },
        help);
  }
  line.add_flag("--json", flags->is_json, "Print JSON lines");
  return flags;
}

void add_tenant_flag(CLI::App& line, directory_flags& flags) {
  line.add_option("--tenant", flags.tenant, "Name of the tenant; not needed if there is only one");
}

trouble run_request(const directory_flags& flags, const admin_json::request& wish) {
  const auto chosen = settings_of(flags.settings);
  if (!chosen) {
    return chosen.why();
  }
  const auto said = ask(chosen->data, wish);
  if (!said) {
    return said.why();
  }
  for (const admin_json::entry& each : said->entries) {
    fmt::print("{}\n", line_of(each, flags.is_json));
  }
  if (!said->token.empty()) {
    fmt::print("{}\n", said->token);
  }
  return success();
}

trouble run_list(const directory_flags& flags, admin_json::listed_kind what) {
  const auto chosen = settings_of(flags.settings);
  if (!chosen) {
    return chosen.why();
  }
  const auto all = ask_all(chosen->data, {what, flags.tenant, 0});
  if (!all) {
    return all.why();
  }
  for (const admin_json::entry& each : *all) {
    fmt::print("{}\n", line_of(each, flags.is_json));
  }
  return success();
}

}  // namespace frontdesk
