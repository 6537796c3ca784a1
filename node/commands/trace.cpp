#include "model/limits.hpp"
#include "node/admin/asking.hpp"
#include "node/commands/directory_command.hpp"
#include "node/quantity.hpp"
#include "wire/json_document.hpp"
#include "wire/trace_json.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <signal.h>

#include <cstdio>
#include <optional>

namespace frontdesk {

namespace {

using steady = std::chrono::steady_clock;

/// Between two looks at what the node has seen.
constexpr timespec look_every{0, 200'000'000};

/// SIGINT and SIGTERM are waited for, from now on: the watch ends with the command.
class ending_signals {
 public:
  ending_signals() {
    sigemptyset(&which_);
    sigaddset(&which_, SIGINT);
    sigaddset(&which_, SIGTERM);
    sigprocmask(SIG_BLOCK, &which_, &before_);
  }
  ending_signals(const ending_signals&) = delete;
  ending_signals& operator=(const ending_signals&) = delete;
  ~ending_signals() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

  /// Whether one came meanwhile.
  bool came_within(const timespec& time) const { return sigtimedwait(&which_, nullptr, &time) > 0; }

 private:
  sigset_t which_{};
  sigset_t before_{};
};

struct trace_flags {
  admin_json::start_trace wish;
  std::string time = "10m";
};

trouble not_understood() {
  return {exit_code::data, "The node said something else than a trace. Is it as new?"};
}

std::optional<std::uint64_t> watch_in(const std::string& said) {
  const json_document document(said);
  if (document.fault() != fault_code::none) return std::nullopt;
  const json_value* const id = document.root()->find("watch");
  if (id == nullptr || id->kind != json_kind::integer) return std::nullopt;
  return static_cast<std::uint64_t>(id->number);
}

void print(const trace_json::told_news& news, bool is_json) {
  for (const trace_json::told_line& each : news.lines) {
    fmt::print("{}\n", is_json ? each.json : each.text);
  }
  if (news.lost > 0 && is_json) {
    fmt::print("{{\"kind\":\"lost\",\"count\":{}}}\n", news.lost);
  } else if (news.lost > 0) {
    fmt::print("{} lines were left out: there was too much at once\n", news.lost);
  }
  std::fflush(stdout);
}

/// Until its time is over, a signal comes, or nobody reads what is printed.
trouble follow(const std::string& data, std::uint64_t watch, steady::time_point until,
               bool is_json) {
  const ending_signals signals;
  while (std::ferror(stdout) == 0) {
    const bool is_last = steady::now() >= until;
    const auto said = ask_document(data, admin_json::read_trace{watch});
    // The node's clock may be a little ahead.
    if (!said) return is_last ? success() : said.why();
    const auto news = trace_json::read_news(*said);
    if (!news) return not_understood();
    print(*news, is_json);
    if (news->has_more) continue;
    if (is_last || signals.came_within(look_every)) break;
  }
  const auto ended = ask(data, admin_json::end_trace{watch});
  return ended ? success() : ended.why();
}

trouble trace(const directory_flags& flags, trace_flags asked) {
  const auto time = duration_from_text(asked.time);
  if (!time || time->count() == 0 || *time > limits::watch_max) {
    return {exit_code::usage,
            fmt::format("\"{}\" is not a time up to 24h, such as 10m.", asked.time)};
  }
  const auto chosen = settings_of(flags.settings);
  if (!chosen) {
    return chosen.why();
  }
  asked.wish.tenant = flags.tenant;
  asked.wish.ms = static_cast<std::uint64_t>(time->count());
  const auto until = steady::now() + *time;
  const auto said = ask_document(chosen->data, asked.wish);
  if (!said) {
    return said.why();
  }
  const auto watch = watch_in(*said);
  if (!watch) {
    return not_understood();
  }
  if (!flags.is_json) {
    fmt::print("watching for {}; Ctrl-C ends it\n", asked.time);
    std::fflush(stdout);
  }
  return follow(chosen->data, *watch, until, flags.is_json);
}

}  // namespace

void add_trace(CLI::App& line, command& run) {
  CLI::App* const trace_line =
      line.add_subcommand("trace", "Show live what happens to somebody's messages");
  const auto flags = add_directory_flags(*trace_line);
  add_tenant_flag(*trace_line, *flags);
  const auto asked = std::make_shared<trace_flags>();
  auto* const whom = trace_line->add_option_group("whom", "One of them");
  whom->add_option("--visitor", asked->wish.visitor, "A visitor's id");
  whom->add_option("--agent", asked->wish.agent, "An agent's id or address");
  whom->add_option("--conversation", asked->wish.conversation,
                   "A conversation's id, or its number in the console; with a tenant's name in "
                   "front: acme/5c1f00d2a94be311, acme/12");
  whom->require_option(1);
  trace_line->add_option("--for", asked->time, "For how long; at most 24h")->capture_default_str();
  trace_line->callback([=, &run] { run = [=] { return trace(*flags, *asked); }; });
}

}  // namespace frontdesk
