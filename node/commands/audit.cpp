#include "node/admin/asking.hpp"
#include "node/commands/directory_command.hpp"
#include "node/quantity.hpp"
#include "node/system_clock.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace frontdesk {

namespace {

/// Those that are shown if nobody says which.
constexpr std::uint64_t usual_limit = 100;
/// What is shown from the end is held in memory first.
constexpr std::uint64_t limit_max = 100'000;

struct audit_flags {
  std::string since;
  std::optional<std::uint64_t> limit;
  std::string action;
};

/// None: it is neither a time ago nor a date.
std::optional<timestamp> moment_of(const std::string& text) {
  if (text.empty()) return timestamp{};
  if (const auto ago = duration_from_text(text)) {
    return timestamp{std::max<std::int64_t>(0, system_clock().now().value - ago->count())};
  }
  const auto moment = moment_from_text(text);
  return moment ? std::optional{timestamp{*moment}} : std::nullopt;
}

/// Each page, until there is none or `take` has enough.
template <class Take>
trouble each_page(const std::string& data, audit_query query, Take take) {
  for (;;) {
    const auto page = ask(data, admin_json::read_audit{query});
    if (!page) return page.why();
    if (!take(page->entries) || page->next == 0) return success();
    query.from = audit_number{page->next};
  }
}

/// The last ones, which are read from the end and shown from the first.
trouble show_last(const std::string& data, audit_query query, std::size_t limit, bool is_json) {
  std::vector<admin_json::entry> last;
  query.is_backwards = true;
  query.limit = limit;
  trouble why = each_page(data, query, [&](const std::vector<admin_json::entry>& page) {
    const std::size_t taken = std::min(page.size(), limit - last.size());
    last.insert(last.end(), page.begin(), page.begin() + static_cast<std::ptrdiff_t>(taken));
    return last.size() < limit;
  });
  if (why.code != exit_code::success) return why;
  for (auto each = last.rbegin(); each != last.rend(); ++each) {
    fmt::print("{}\n", line_of(*each, is_json));
  }
  return why;
}

trouble show_all(const std::string& data, const audit_query& query, bool is_json) {
  return each_page(data, query, [&](const std::vector<admin_json::entry>& page) {
    for (const admin_json::entry& each : page) {
      fmt::print("{}\n", line_of(each, is_json));
    }
    return true;
  });
}

trouble show(const directory_flags& flags, const audit_flags& asked) {
  const auto since = moment_of(asked.since);
  if (!since) {
    return {exit_code::usage,
            fmt::format("\"{}\" is neither a time such as 90m, 24h or 30d, nor a moment such as "
                        "2026-01-31 or 2026-01-31T12:30:00Z.",
                        asked.since)};
  }
  const std::uint64_t limit = asked.limit.value_or(asked.since.empty() ? usual_limit : 0);
  if (limit > limit_max) {
    return {exit_code::usage, fmt::format("--limit is at most {}; 0: all.", limit_max)};
  }
  const auto chosen = settings_of(flags.settings);
  if (!chosen) return chosen.why();
  audit_query query;
  query.since = *since;
  query.action = asked.action;
  return limit == 0 ? show_all(chosen->data, query, flags.is_json)
                    : show_last(chosen->data, query, limit, flags.is_json);
}

}  // namespace

void add_audit(CLI::App& line, command& run) {
  CLI::App* const audit =
      line.add_subcommand("audit", "What operators did, and who they were; oldest first");
  const auto flags = add_directory_flags(*audit);
  const auto asked = std::make_shared<audit_flags>();
  audit->add_option("--since", asked->since, "A time ago (24h, 30d), or a moment in UTC");
  audit->add_option("--limit", asked->limit,
                    "The last so many; 0: all; otherwise 100, or all since --since");
  audit->add_option("--action", asked->action, "tenant.create; or tenant: all of a tenant.…");
  audit->callback([=, &run] { run = [=] { return show(*flags, *asked); }; });
}

}  // namespace frontdesk
