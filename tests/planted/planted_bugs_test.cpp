#include "model/planted_bug.hpp"
#include "tests/actors/virtual_desk.hpp"
#include "tests/simulation/many_days.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk::simulation {
namespace {

/// A bug that is not found on as many days is not found.
constexpr std::uint64_t days_max = 3000;

struct named_bug {
  std::string_view name;
  planted_bugs what;
};

named_bug in(planted_bug bug, std::string_view name) {
  return {name, {.in_actors = bug}};
}
named_bug in(store_bug bug, std::string_view name) {
  return {name, {.in_store = bug}};
}
named_bug in(log_bug bug, std::string_view name) {
  return {name, {.in_log = bug}};
}
named_bug in(client::client_bug bug, std::string_view name) {
  return {name, {.in_client = bug}};
}

std::vector<named_bug> all_bugs() {
  using enum planted_bug;
  return {
      in(acks_before_recorded, "a post is acknowledged before it is recorded"),
      in(tells_before_recorded, "events are told before they are recorded"),
      in(skips_end_of_page, "the last event of a catch-up page is skipped"),
      in(skips_live_at_splice, "a live event is skipped while a page is read"),
      in(hides_new_conversations, "a device is not told of a new conversation"),
      in(publishes_notes, "an internal note stands on the visible track"),
      in(forgets_requests, "a request is never answered"),
      in(takes_marks_back, "a reader's mark goes back"),
      in(tells_marks_early, "a reader's mark is told before it is recorded"),
      in(sleeps_beside_queue, "the queue is not woken by a free agent"),
      in(leaks_slots, "an agent's slot is never free again"),
      in(forgets_unsettled, "what was recorded in doubt is told to nobody"),
      in(keeps_deleted_words, "the words of a deleted message stay in the store"),
      in(store_bug::syncs_later, "a synced write is answered before the sync"),
      in(store_bug::tears_sets, "a write set is written in two pieces"),
      in(store_bug::forgets_windows, "the answers of a device are forgotten on waking"),
      in(store_bug::forgets_cursors, "a mark is answered and not written"),
      in(log_bug::takes_doubt_for_truth, "an unknown outcome is taken for recorded"),
      in(log_bug::takes_stale_owners, "a stale owner writes over what its successor wrote"),
      in(client::client_bug::lets_acks_skip, "an ack moves a position that it must not"),
      in(client::client_bug::renumbers_retries, "a retry is posted under a new number"),
      in(client::client_bug::shows_repeats, "a repeated event is shown again"),
  };
}

days_wanted days(std::uint64_t count, const planted_bugs& bugs) {
  days_wanted wanted;
  wanted.first = seed_of_this_run();
  wanted.count = count;
  wanted.bugs = bugs;
  return wanted;
}

/// The finding, without the day's troubles and counts.
std::string_view finding_in(std::string_view why) {
  const auto line = [&why] {
    const std::string_view first = why.substr(0, why.find('\n'));
    why.remove_prefix(std::min(why.size(), first.size() + 1));
    return first;
  };
  line();
  const std::string_view second = line();
  return why.empty() ? second : line();
}

TEST(PlantedBugs, AreAllCaught) {
  const auto bugs = all_bugs();
  std::size_t caught_count = 0;
  for (const named_bug& each : bugs) {
    const days_lived lived = live_days(days(days_max, each.what));

    EXPECT_TRUE(lived.has_failed) << each.name << ": not found on " << lived.days << " days";
    if (lived.has_failed) ++caught_count;
    std::cout << fmt::format("{:>5} days  {}\n             {}\n", lived.days, each.name,
                             lived.has_failed ? finding_in(lived.why) : "NOT CAUGHT");
  }
  std::cout << caught_count << " of " << bugs.size() << " planted bugs caught\n";
}

/// Posts that end whoever reads them are refused for good, and all else goes on.
TEST(PlantedPoison, IsSurvived) {
  const days_lived lived = live_days(days(300, {.in_actors = planted_bug::dies_of_poison}));

  EXPECT_FALSE(lived.has_failed) << lived.failed_seed << "\n" << lived.why;
  EXPECT_EQ(lived.days, 300U);
}

/// What is caught above is the bugs, not the soil that they are planted in.
TEST(PlantedBugs, AreNotFoundWhereThereAreNone) {
  const days_lived lived = live_days(days(200, {}));

  EXPECT_FALSE(lived.has_failed) << lived.failed_seed << "\n" << lived.why;
  EXPECT_EQ(lived.days, 200U);
}

}  // namespace
}  // namespace frontdesk::simulation
