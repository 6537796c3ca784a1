#include "tests/process/node_process.hpp"
#include "tests/process/private_network.hpp"
#include "tests/process/talking_desk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

namespace frontdesk::process {
namespace {

using std::chrono::milliseconds;

constexpr std::uint16_t port = 7777;

/// The cable is cut, or carries one way only, for longer than a device waits; nobody is told.
TEST(CutNetwork, LosesAndDoublesNothingThatWasAcknowledged) {
  const std::uint64_t seed = number_from("FRONTDESK_SEED", std::random_device{}());
  const std::uint64_t cuts = number_from("FRONTDESK_CUTS", 3);
  SCOPED_TRACE(fmt::format("FRONTDESK_SEED={} FRONTDESK_CUTS={}", seed, cuts));
  const private_network network;
  if (!network.why_not().empty()) GTEST_SKIP() << network.why_not();
  const temp_folder folder;
  node_process node(folder.path("data"),
                    {"--ping-interval", "200ms", "--listen",
                     fmt::format("{}:{}", private_network::node_address, port)});
  furnish(node.data());
  network.with_node([&] { node.start(); });
  talking_desk desk({.port = port, .host = private_network::node_host},
                    {.seed = seed, .has_plain = true, .silence_max = 700});
  ASSERT_TRUE(desk.opens()) << desk.complaint() << node.log();

  for (std::uint64_t i = 0; i < cuts; ++i) {
    desk.talks_for(milliseconds{100 + desk.random()() % 300});
    const std::size_t before = desk.connections_count();
    switch (i % 3) {
      case 0:
        network.is_cut();
        break;
      case 1:
        network.loses_upward();
        break;
      default:
        network.loses_downward();
    }
    desk.talks_for(milliseconds{800 + desk.random()() % 500});
    network.heals();
    EXPECT_TRUE(desk.talks_until([&] { return desk.connections_count() > before; }))
        << desk.complaint();
  }
  EXPECT_TRUE(desk.comes_to_rest()) << desk.complaint() << node.log();
  EXPECT_EQ(node.stop(), 0) << node.log();

  const checker::report found = desk.judged(node.data());
  EXPECT_TRUE(found.is_clean()) << found.text();
  EXPECT_GT(found.seen.acked, 20U);
  fmt::print("seed {}: {} cuts, {} links, {}\n", seed, cuts, desk.connections_count(),
             found.summary());
}

}  // namespace
}  // namespace frontdesk::process
