#include "node/admin/asking.hpp"
#include "node/commands/directory_command.hpp"
#include "node/stats_view.hpp"
#include "node/terminal.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace frontdesk {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds refresh = std::chrono::seconds{1};
/// How long keys are not looked at, at most.
constexpr std::chrono::milliseconds let_in_max{50};
constexpr const char* keys = "sort by (m)essages (c)ount mail(b)ox (t)ime (n)ame    (q)uit";
constexpr const char* keys_before = "(q)uit";

/// Others ask it, too, and it answers none of them; or it has gone, which the next question finds.
bool may_answer_later(const trouble& why) {
  return why.code == exit_code::temporary;
}

trouble print_once(const std::string& data) {
  auto seen = ask_stats(data);
  if (!seen) {
    return seen.why();
  }
  stats_view view;
  view.see(std::move(*seen), steady::now());
  // Whoever reads it elsewhere than at a terminal can do with long lines.
  constexpr auto all = static_cast<std::size_t>(-1);
  for (const std::string& line : view.lines(all, terminal::columns().value_or(all))) {
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
  constexpr std::size_t usual = 80;
  const std::size_t rows = on.rows();
  const std::size_t columns = terminal::columns().value_or(usual);
  auto lines = view.lines(rows > 1 ? rows - 1 : 1, columns);
  lines.resize(rows > 1 ? rows - 1 : 1);
  lines.push_back(cut_line(view.has_seen() ? keys : keys_before, columns));
  on.draw(lines);
}

/// Asks the node once a second. One that does not answer is waited for, and keeps nobody from
/// leaving: what is asked and what is pressed are waited for together.
class live_view {
 public:
  explicit live_view(const std::string& data) : data_(data) {}

  trouble run() {
    heard_at_ = due_ = steady::now();
    // Before the terminal is taken: where no node runs, there is nothing to draw.
    if (auto asked = ask_again(); !asked) {
      return asked.why();
    }
    terminal own;
    for (;;) {
      draw(own, view_);
      due_ += refresh;
      while (steady::now() < due_) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(due_ - steady::now());
        const auto pressed = own.key(left, asked_ ? asked_->readable() : -1);
        if (pressed == 'q') {
          return success();
        }
        const auto heard = listen();
        if (!heard) {
          return heard.why();
        }
        if (*heard || (pressed && view_.sort_by(*pressed))) {
          draw(own, view_);
        }
      }
      if (auto asked = ask_again(); !asked) {
        return asked.why();
      }
    }
  }

 private:
  /// True: there is news to draw.
  or_trouble<bool> listen() {
    const auto said = asked_ ? asked_->take() : std::nullopt;
    if (!said) {
      return false;
    }
    asked_.reset();
    if (!*said) {
      return may_answer_later(said->why()) ? or_trouble<bool>{false} : said->why();
    }
    auto seen = stats_in(**said);
    if (!seen) {
      return seen.why();
    }
    heard_at_ = steady::now();
    view_.see(std::move(*seen), heard_at_);
    return true;
  }

  /// Unless it was asked and has yet to answer.
  or_trouble<done> ask_again() {
    // After a pause, such as one of our own by Ctrl-Z, seconds are not made up for.
    due_ = std::max(due_, steady::now() - refresh);
    const auto silence = std::chrono::floor<std::chrono::milliseconds>(steady::now() - heard_at_);
    view_.is_silent_for(silence);
    if (asked_) {
      return done{};
    }
    auto asked = awaited_document::ask(data_, admin_json::read_stats{}, let_in_max);
    if (asked) {
      asked_ = std::move(*asked);
    }
    const bool is_well = asked || may_answer_later(asked.why());
    return is_well ? or_trouble<done>{done{}} : asked.why();
  }

  const std::string data_;
  stats_view view_;
  std::optional<awaited_document> asked_;
  steady::time_point heard_at_;
  steady::time_point due_;
};

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
      return *is_once || !terminal::is_there() ? print_once(chosen->data)
                                               : live_view(chosen->data).run();
    };
  });
}

}  // namespace frontdesk
