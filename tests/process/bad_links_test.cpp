#include "tests/process/fault_proxy.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/talking_desk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace frontdesk::process {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds day{2500};

/// Everybody talks over links that die or seem to live; then the links are good again.
TEST(BadLinks, LoseAndDoubleNothingThatWasAcknowledged) {
  const std::uint64_t first = number_from("FRONTDESK_SEED", std::random_device{}());
  const std::uint64_t seeds = number_from("FRONTDESK_BAD_DAYS", 1);
  std::size_t acked = 0;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    SCOPED_TRACE(fmt::format("FRONTDESK_SEED={} FRONTDESK_BAD_DAYS=1", seed));
    const temp_folder folder;
    node_process node(folder.path("data"), {"--ping-interval", "300ms"});
    furnish(node.data());
    node.start();
    fault_proxy proxy(plans_of(seed, milliseconds{600}));
    proxy.leads_to(node.port());
    talking_desk desk({node.port()},
                      {.seed = seed, .visitors_count = 6, .has_plain = true, .silence_max = 1000});
    ASSERT_TRUE(desk.opens()) << desk.complaint() << node.log();
    desk.comes_to({proxy.port()});

    desk.talks_for(day);
    proxy.heals();
    EXPECT_TRUE(desk.comes_to_rest()) << desk.complaint() << node.log();
    EXPECT_EQ(node.stop(), 0) << node.log();

    const checker::report found = desk.judged(node.data());
    EXPECT_TRUE(found.is_clean()) << found.text();
    EXPECT_GT(found.seen.acked, 50U);
    EXPECT_GT(proxy.links_count(), 30U) << proxy.summary();
    acked += found.seen.acked;
    fmt::print("seed {}: {}; {}\n", seed, proxy.summary(), found.summary());
  }
  fmt::print("{} days over bad links, {} posts acknowledged\n", seeds, acked);
}

}  // namespace
}  // namespace frontdesk::process
