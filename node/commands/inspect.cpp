#include "node/admin/stopped_administration.hpp"
#include "node/audit/audit_author.hpp"
#include "node/commands/directory_command.hpp"
#include "storage/reader.hpp"
#include "wire/admin_json.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace frontdesk {

namespace {

/// Reads one data directory to its end, and prints it.
class inspection {
 public:
  inspection(store& rows, bool is_json) : reader_(rows), is_json_(is_json) {}

  fault_or<done> show(const directory& known) {
    for (const tenant* each : known.tenants()) {
      fault_or<done> shown{done{}};
      const auto walked = reader_.each_conversation(each->id, [&](const head& at) {
        shown = show(*each, at);
        return shown.ok();
      });
      if (!walked || !shown) {
        return walked ? shown : walked;
      }
    }
    return done{};
  }

 private:
  fault_or<done> show(const tenant& owner, const head& at) {
    if (!is_json_) {
      fmt::print("{}  {}  number {}  {}  visible {}  internal {}\n", owner.name,
                 to_text(at.conversation), at.number, name_of(at.status), at.visible.value,
                 at.internal.value);
      return done{};
    }
    for (const track where : {track::visible, track::internal}) {
      if (auto shown = show_track({owner.id, at.conversation}, where, at.last_of(where)); !shown) {
        return shown;
      }
    }
    return done{};
  }

  fault_or<done> show_track(conversation_name what, track where, sequence last) {
    sequence after;
    while (after < last) {
      const auto page =
          reader_.read_page(what, {.where = where, .after = after, .before = {}, .limit = 0});
      if (!page) {
        return page.error();
      }
      if (page->empty()) {
        return fault_code::storage_failed;
      }
      for (const event& each : *page) {
        fmt::print("{}\n", admin_json::to_json(event_record{what.tenant, each}));
      }
      after = page->back().seq;
    }
    return done{};
  }

  const reader reader_;
  const bool is_json_;
};

trouble unreadable(const std::string& folder, const fault& why) {
  return {exit_code::data,
          fmt::format("The data in {} cannot be read to its end: {}", folder, why.sentence())};
}

bool is_refused(const trouble& why) {
  return why.code == exit_code::no_permission;
}

/// Whoever reads what customers said leaves a trace, or does not read it.
or_trouble<done> note(stopped_administration& in, bool shows_text) {
  audit_entry what;
  what.who = own_author(audit_origin::command_line);
  what.action = "inspect";
  what.with("text", shows_text ? "yes" : "no");
  const auto noted = in.audit(what, administration::answer_max);
  if (noted || !shows_text) return done{};
  return trouble{
      exit_code::temporary,
      fmt::format("It cannot be noted in the audit that you read this, so you cannot: {}",
                  noted.error().sentence())};
}

trouble show_all(store& rows, const directory& known, const directory_flags& flags,
                 const std::string& folder) {
  const auto shown = inspection(rows, flags.is_json).show(known);
  return shown ? success() : unreadable(folder, shown.error());
}

/// Whoever may only read a directory cannot leave a trace in it, and needs nobody's leave to read
/// it: so it is shown, and said that nobody will know.
trouble look_at(const data_folder& folder, const directory_flags& flags) {
  rocks_options options;
  options.folder = folder.store();
  options.reads_only = true;
  const auto opened = open_rocks_store(std::move(options));
  if (const auto* why = std::get_if<open_failure>(&opened)) {
    return trouble_of(*why);
  }
  store& rows = *std::get<std::unique_ptr<rocks_store>>(opened);
  const auto known = reader(rows).read_directory();
  if (!known) {
    return unreadable(folder.path, known.error());
  }
  fmt::print(stderr, "{} may only be read: that you look is not recorded in its audit.\n",
             folder.path);
  return show_all(rows, *known, flags, folder.path);
}

trouble inspect(const directory_flags& flags) {
  const auto chosen = settings_of(flags.settings);
  if (!chosen) {
    return chosen.why();
  }
  const auto folder = open_desk_folder(chosen->data);
  if (!folder) {
    return is_refused(folder.why()) ? look_at({chosen->data}, flags) : folder.why();
  }
  const auto stopped = stopped_administration::open(*folder);
  if (!stopped) {
    return is_refused(stopped.why()) ? look_at(*folder, flags) : stopped.why();
  }
  if (const auto noted = note(**stopped, flags.is_json); !noted) {
    return noted.why();
  }
  return show_all((*stopped)->rows(), *(*stopped)->directory_now(), flags, folder->path);
}

}  // namespace

void add_inspect(CLI::App& line, command& run) {
  CLI::App* const inspect_line =
      line.add_subcommand("inspect", "Print the conversations of a stopped data directory");
  const auto flags = add_directory_flags(*inspect_line);
  inspect_line->callback([=, &run] { run = [=] { return inspect(*flags); }; });
}

}  // namespace frontdesk
