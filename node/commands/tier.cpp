#include "model/limits.hpp"
#include "model/tier_rule.hpp"
#include "node/admin/asking.hpp"
#include "node/commands/directory_command.hpp"
#include "node/quantity.hpp"
#include "node/time_text.hpp"
#include "wire/json_writer.hpp"
#include "wire/stats_json.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <optional>
#include <string>

namespace frontdesk {

namespace {

struct tier_flags {
  std::string tier;
  std::string time = "10m";
};

/// None: it is not one of what may be said.
std::optional<admin_json::pin_tier> wish_of(const tier_flags& asked) {
  if (asked.tier == "auto") return admin_json::pin_tier{};
  const auto tier = count_from_text(asked.tier);
  if (!tier || *tier > tier_max) return std::nullopt;
  return admin_json::pin_tier{*tier, 0};
}

/// The tier as it stands, and until when somebody holds it.
void print(const stats_json::digest& now) {
  std::string line = fmt::format("tier {}", now.tier);
  // An older node does not say until when.
  if (now.is_pinned && now.pinned_until_ms == 0) line += ", pinned";
  if (now.is_pinned && now.pinned_until_ms > 0) {
    const timestamp until{static_cast<std::int64_t>(now.pinned_until_ms)};
    line += fmt::format(", pinned until {}", text_of_time(until));
  }
  fmt::print("{}{}\n", line, now.is_guarded ? ", and the guard stands" : "");
  for (const auto& each : now.tenants) {
    fmt::print("tenant {} ({}): tier {}\n", each.tenant, each.name, each.tier);
  }
  if (now.tenants_left_out > 0) {
    fmt::print("{} more tenants in a tier of their own\n", now.tenants_left_out);
  }
}

void print_json(const stats_json::digest& now) {
  json_writer out(256);
  out.open();
  out.number("tier", now.tier);
  out.flag("guarded", now.is_guarded);
  out.flag("pinned", now.is_pinned);
  if (now.is_pinned) {
    out.number("pinned_for_ms", now.pinned_for_ms);
    out.number("pinned_until", now.pinned_until_ms);
  }
  out.open_list("tenants");
  for (const auto& each : now.tenants) {
    out.open();
    out.number("tenant", each.tenant);
    out.text("name", each.name);
    out.number("tier", each.tier);
    out.number("lasted_ms", each.lasted_ms);
    out.close();
  }
  out.close_list();
  out.number("tenants_left_out", now.tenants_left_out);
  out.close();
  fmt::print("{}\n", out.take());
}

trouble tell(const directory_flags& flags) {
  const auto chosen = settings_of(flags.settings);
  if (!chosen) {
    return chosen.why();
  }
  const auto now = ask_stats(chosen->data);
  if (!now) {
    return now.why();
  }
  flags.is_json ? print_json(*now) : print(*now);
  return success();
}

/// What was wished, and is so.
void print_wish(const directory_flags& flags, const admin_json::pin_tier& wish,
                const std::string& time) {
  if (!flags.is_json) {
    fmt::print("{}\n", wish.tier ? fmt::format("tier {} for {}", *wish.tier, time)
                                 : std::string{"by the load"});
    return;
  }
  json_writer out(64);
  out.open();
  out.flag("pinned", wish.tier.has_value());
  if (wish.tier) {
    out.number("tier", *wish.tier);
    out.number("pinned_for_ms", wish.ms);
  }
  out.close();
  fmt::print("{}\n", out.take());
}

trouble pin(const directory_flags& flags, const tier_flags& asked) {
  auto wish = wish_of(asked);
  if (!wish) {
    return {exit_code::usage,
            fmt::format("\"{}\" is not a tier: say 0, 1, 2, 3, or auto.", asked.tier)};
  }
  if (wish->tier) {
    const auto time = duration_from_text(asked.time);
    if (!time || time->count() == 0 || *time > limits::tier_pin_max) {
      return {exit_code::usage,
              fmt::format("\"{}\" is not a time up to 24h, such as 10m.", asked.time)};
    }
    wish->ms = static_cast<std::uint64_t>(time->count());
  }
  if (auto done = run_request(flags, *wish); done.code != exit_code::success) return done;
  print_wish(flags, *wish, asked.time);
  return success();
}

}  // namespace

void add_tier(CLI::App& line, command& run) {
  CLI::App* const tier =
      line.add_subcommand("tier", "Say a running node's tier of degradation, or keep it in one");
  const auto flags = add_directory_flags(*tier);
  const auto asked = std::make_shared<tier_flags>();
  tier->add_option("tier", asked->tier,
                   "0 (all), 1, 2, 3 (the least), or auto: by the load; none: say how it stands");
  const CLI::Option* const time =
      tier->add_option("--for", asked->time, "For how long; at most 24h")->capture_default_str();
  tier->callback([=, &run] {
    run = [=] {
      const bool is_held = !asked->tier.empty() && asked->tier != "auto";
      if (time->count() > 0 && !is_held) {
        return trouble{exit_code::usage, "--for goes with a tier: 0, 1, 2, 3."};
      }
      return asked->tier.empty() ? tell(*flags) : pin(*flags, *asked);
    };
  });
}

}  // namespace frontdesk
