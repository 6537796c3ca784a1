#include "node/audit/node_deeds.hpp"

#include "node/audit/audit_author.hpp"
#include "node/program_version.hpp"

#include <csignal>
#include <string>
#include <utility>

namespace frontdesk {

namespace {

constexpr const char* failed = "failed";

std::string name_of_signal(int number) {
  switch (number) {
    case SIGTERM:
      return "SIGTERM";
    case SIGINT:
      return "SIGINT";
    case SIGHUP:
      return "SIGHUP";
    default:
      return std::to_string(number);
  }
}

audit_entry entry_of(std::string action, audit_author who) {
  audit_entry made;
  made.who = std::move(who);
  made.action = std::move(action);
  return made;
}

audit_entry entry_of(std::string action, const received_signal& by) {
  audit_entry made = entry_of(std::move(action), author_of(audit_origin::signal, by.uid));
  made.with("signal", name_of_signal(by.number));
  return made;
}

// What cannot be recorded is in the log, and the node goes on with what it is at.
void note(audit_log& in, const audit_entry& what,
          std::chrono::milliseconds patience = audit_log::mending_max) {
  if (!in.note(what, patience)) {
    return;
  }
}

}  // namespace

void note_start(audit_log& in, const settings& chosen, const std::string& note_path) {
  if (const auto before = take_note(note_path)) {
    note(in, entry_of("node.stop_at_once", *before));
  }
  audit_entry start = entry_of("node.start", own_author(audit_origin::command_line));
  start.with("version", program_version());
  for (const auto& [name, text] : chosen.differing) {
    start.with(name, text);
  }
  note(in, start);
}

void note_stop(audit_log& in, const std::optional<received_signal>& by, const trouble& why) {
  audit_entry stop =
      by ? entry_of("node.stop", *by) : entry_of("node.stop", own_author(audit_origin::node));
  stop.with("why", why.sentence);
  note(in, stop, audit_log::ending_max);
}

void note_reload(audit_log& in, const received_signal& by, const or_trouble<done>& outcome) {
  audit_entry reload = entry_of("node.reload", by);
  if (!outcome) {
    reload.outcome = failed;
    reload.with("why", outcome.why().sentence);
  }
  note(in, reload);
}

}  // namespace frontdesk
