#include "tests/process/node_process.hpp"
#include "tests/process/talking_desk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

namespace frontdesk::process {
namespace {

using std::chrono::milliseconds;

/// The node stands still for longer than anybody waits for it: devices give their links up, agents
/// count as gone, and when it wakes, all of its own deadlines have passed at once.
TEST(FrozenNode, LosesAndDoublesNothingThatItAcknowledged) {
  const std::uint64_t seed = number_from("FRONTDESK_SEED", std::random_device{}());
  const std::uint64_t freezes = number_from("FRONTDESK_FREEZES", 1);
  const milliseconds length{number_from("FRONTDESK_FREEZE_MS", 1500)};
  SCOPED_TRACE(fmt::format("FRONTDESK_SEED={} FRONTDESK_FREEZES={}", seed, freezes));
  const temp_folder folder;
  node_process node(folder.path("data"),
                    {"--ping-interval", "200ms", "--agent-grace", "1s", "--passivate-after", "1s"});
  furnish(node.data());
  node.start();
  talking_desk desk({node.port()},
                    {.seed = seed, .has_plain = true, .silence_max = length.count() / 2});
  ASSERT_TRUE(desk.opens()) << desk.complaint() << node.log();

  for (std::uint64_t i = 0; i < freezes; ++i) {
    desk.talks_for(milliseconds{100 + desk.random()() % 400});
    node.freeze();
    const std::size_t before = desk.connections_count();
    desk.talks_for(length);
    node.thaw();
    EXPECT_TRUE(desk.talks_until([&] { return desk.connections_count() > before; }));
  }
  EXPECT_TRUE(desk.comes_to_rest()) << desk.complaint() << node.log();
  EXPECT_EQ(node.stop(), 0) << node.log();

  const checker::report found = desk.judged(node.data());
  EXPECT_TRUE(found.is_clean()) << found.text();
  EXPECT_GT(found.seen.acked, 50U);
  fmt::print("seed {}: frozen {} times for {} ms, {} links, {}\n", seed, freezes, length.count(),
             desk.connections_count(), found.summary());
}

}  // namespace
}  // namespace frontdesk::process
