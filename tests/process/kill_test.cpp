#include "tests/process/node_process.hpp"
#include "tests/process/talking_desk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

namespace frontdesk::process {
namespace {

using std::chrono::milliseconds;

constexpr unsigned kills_default = 100;

/// A desk whose node is killed again and again while everybody talks as fast as they may.
TEST(KilledNode, LosesAndDoublesNothingThatItAcknowledged) {
  const std::uint64_t seed = number_from("FRONTDESK_SEED", std::random_device{}());
  const std::uint64_t kills = number_from("FRONTDESK_KILLS", kills_default);
  SCOPED_TRACE(fmt::format("FRONTDESK_SEED={} FRONTDESK_KILLS={}", seed, kills));
  const temp_folder folder;
  node_process node(folder.path("data"));
  furnish(node.data());
  node.start();
  talking_desk desk({node.port()}, {.seed = seed, .has_plain = true});

  ASSERT_TRUE(desk.opens()) << desk.complaint() << node.log();
  for (std::uint64_t i = 0; i < kills; ++i) {
    desk.talks_for(milliseconds{30 + desk.random()() % 271});
    node.kill();
    EXPECT_TRUE(desk.hears_the_end());
    node.start();
    desk.comes_to({node.port()});
  }
  EXPECT_TRUE(desk.comes_to_rest()) << desk.complaint() << node.log();
  EXPECT_EQ(node.stop(), 0) << node.log();

  const checker::report found = desk.judged(node.data());
  EXPECT_TRUE(found.is_clean()) << found.text();
  EXPECT_GT(found.seen.acked, kills * 10);
  EXPECT_GE(found.seen.stored, found.seen.acked);
  fmt::print("seed {}: {} kills, {}\n", seed, kills, found.summary());
}

}  // namespace
}  // namespace frontdesk::process
