#include "model/limits.hpp"
#include "model/tier_rule.hpp"
#include "node/commands/directory_command.hpp"
#include "node/quantity.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <optional>

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
  fmt::print("{}\n", wish->tier ? fmt::format("tier {} for {}", asked.tier, asked.time)
                                : std::string{"by the load"});
  return success();
}

}  // namespace

void add_tier(CLI::App& line, command& run) {
  CLI::App* const tier =
      line.add_subcommand("tier", "Keep a running node in a tier of degradation");
  const auto flags = add_directory_flags(*tier);
  const auto asked = std::make_shared<tier_flags>();
  tier->add_option("tier", asked->tier, "0 (all), 1, 2, 3 (the least), or auto: by the load")
      ->required();
  tier->add_option("--for", asked->time, "For how long; at most 24h")->capture_default_str();
  tier->callback([=, &run] { run = [=] { return pin(*flags, *asked); }; });
}

}  // namespace frontdesk
