#include "node/admin/asking.hpp"
#include "node/commands/directory_command.hpp"
#include "node/stats_view.hpp"
#include "node/terminal.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace frontdesk {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds refresh = std::chrono::seconds{1};
constexpr const char* keys = "sort by (m)essages (c)ount mail(b)ox (t)ime (n)ame    (q)uit";

trouble not_understood() {
  return {exit_code::data, "The node said something else than its statistics. Is it as new?"};
}

or_trouble<done> look(stats_view& into, const std::string& data) {
  const auto said = ask_document(data, admin_json::read_stats{});
  if (!said) {
    return said.why();
  }
  auto seen = stats_json::read_digest(*said);
  if (!seen) {
    return not_understood();
  }
  into.see(std::move(*seen), steady::now());
  return done{};
}

trouble print_once(const std::string& data) {
  stats_view view;
  if (auto seen = look(view, data); !seen) {
    return seen.why();
  }
  for (const std::string& line : view.lines(static_cast<std::size_t>(-1))) {
    fmt::print("{}\n", line);
  }
  return success();
}

trouble print_json(const std::string& data) {
  const auto said = ask_document(data, admin_json::read_stats{});
  if (!said) {
    return said.why();
  }
  fmt::print("{}\n", *said);
  return success();
}

void draw(terminal& on, const stats_view& view) {
  const std::size_t rows = on.rows();
  auto lines = view.lines(rows > 1 ? rows - 1 : 1);
  lines.resize(rows > 1 ? rows - 1 : 1);
  lines.emplace_back(keys);
  on.draw(lines);
}

trouble watch(const std::string& data) {
  stats_view view;
  // Before the terminal is taken: what is wrong has to be read.
  if (auto seen = look(view, data); !seen) {
    return seen.why();
  }
  terminal own;
  for (;;) {
    draw(own, view);
    const auto due = steady::now() + refresh;
    for (auto left = refresh; left.count() > 0;
         left = std::chrono::duration_cast<std::chrono::milliseconds>(due - steady::now())) {
      const auto pressed = own.key(left);
      if (pressed == 'q') {
        return success();
      }
      if (pressed && view.sort_by(*pressed)) {
        draw(own, view);
      }
    }
    if (auto seen = look(view, data); !seen) {
      return seen.why();
    }
  }
}

}  // namespace

void add_stats(CLI::App& line, command& run) {
  CLI::App* const stats = line.add_subcommand("stats", "Show what the node does, live");
  const auto flags = add_directory_flags(*stats);
  const auto is_once = std::make_shared<bool>(false);
  stats->add_flag("--once", *is_once, "Print it once, and end");
  stats->callback([=, &run] {
    run = [=] {
      const auto chosen = settings_of(flags->settings);
      if (!chosen) {
        return chosen.why();
      }
      if (flags->is_json) {
        return print_json(chosen->data);
      }
      return *is_once || !terminal::is_there() ? print_once(chosen->data) : watch(chosen->data);
    };
  });
}

}  // namespace frontdesk
