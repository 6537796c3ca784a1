#include "wire/stats_json.hpp"

#include "tests/wire/golden.hpp"
#include "wire/json_document.hpp"

#include <gmock/gmock.h>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

spread spread_of(std::initializer_list<std::uint64_t> all,
                 std::initializer_list<std::uint64_t> recent) {
  spread made;
  for (const auto each : all)
    made.all.record(each);
  for (const auto each : recent)
    made.recent.record(each);
  return made;
}

supervised one(std::string id, std::vector<supervised> children = {}) {
  supervised made;
  made.id = std::move(id);
  made.state = supervised_state::running;
  made.children = std::move(children);
  return made;
}
/// The recorder fell twelve seconds ago.
supervised tree() {
  supervised recorder = one("recorder");
  recorder.restarts_count = 2;
  recorder.failures_count = 3;
  recorder.last_failure = "no room";
  recorder.last_failure_at = timestamp{1'699'999'988'000};
  return one("node", {one("storage", {recorder}), one("registry")});
}

/// One of everything.
desk_stats sample() {
  desk_stats all;
  all.recent = 10s;
  all.sampled_one_in = 16;
  all.node = {"desk-1", "0.1.0", "0123456789abcdef", 90s,
              true,     1.5,     1U << 30U,          timestamp{1'700'000'000'000}};
  all.tier = {1,
              false,
              true,
              3s,
              {{"cpu", 0.714}, {"memory", 0.2}},
              {{"typing", 12}},
              9min,
              {{tenant_id{7}, 2, 90s, "acme"}}};
  actor_kind_stats kind;
  kind.name = "connection";
  kind.count = 2;
  kind.spawned = 5;
  kind.crashed = 1;
  kind.failed = 2;
  kind.timeouts = 3;
  kind.stuck = 4;
  kind.messages = 1000;
  kind.messages_per_second = 99.6;
  kind.mailbox_now = 6;
  kind.mailbox_max = 40;
  kind.mailbox = spread_of({1, 1, 40}, {1});
  kind.handling = spread_of({900, 5000}, {900, 5000});
  all.actors = {kind};
  all.stuck = {{"io.0", "connection", 17, "frame_received", 512ms}};
  all.workers = {{"io.0", 10, 11, 12, 13, spread_of({100}, {100}), spread_of({200}, {200})}};
  all.recorder = {7,
                  1,
                  70,
                  7000,
                  3,
                  spread_of({10}, {10}),
                  spread_of({1000}, {1000}),
                  spread_of({2'000'000}, {2'000'000})};
  all.traffic = {{{"busy", 3}, {"forbidden", 1}},
                 {{"drain", 2}},
                 spread_of({3'000'000}, {3'000'000}),
                 spread_of({400'000}, {400'000})};
  all.traces = {9, 8, 7, 6, 5, 4};
  all.connections = {{std::nullopt, transport_kind::websocket, 1},
                     {tenant_id{1}, transport_kind::poll, 2}};
  all.queues = {{tenant_id{1}, team_id{2}, 3, 4s, 5, 6, "acme"}};
  all.agents_present = 1;
  all.visitors_present = 2;
  all.conversations_awake = 3;
  all.outbound_bytes = 4;
  all.ignored_errors = 5;
  all.quarantined = 6;
  all.supervision = tree();
  return all;
}

TEST(StatsJson, SaysAllThatIsKnown) {
  golden::expect_text("stats.json", stats_json::to_json(sample()));
}

TEST(StatsJson, IsReadByTheTerminal) {
  const auto read = stats_json::read_digest(stats_json::to_json(sample()));

  ASSERT_TRUE(read);
  EXPECT_EQ(read->version, "0.1.0");
  EXPECT_EQ(read->uptime_ms, 90'000U);
  EXPECT_TRUE(read->is_ready);
  EXPECT_EQ(read->processors_permille, 1500U);
  EXPECT_EQ(read->memory_limit_bytes, 1U << 30U);
  EXPECT_EQ(read->tier, 1U);
  EXPECT_EQ(read->inputs.at(0), (std::pair<std::string, std::uint64_t>{"cpu", 714}));
  ASSERT_EQ(read->actors.size(), 1U);
  EXPECT_EQ(read->actors[0].name, "connection");
  EXPECT_EQ(read->actors[0].troubles, 10U);
  EXPECT_EQ(read->actors[0].p99_ns, 5000U);
  EXPECT_EQ(read->stuck, std::vector<std::string>{"io.0 connection 17 frame_received 512 ms"});
  EXPECT_EQ(read->connections, 3U);
  EXPECT_EQ(read->queued, 3U);
  EXPECT_EQ(read->oldest_wait_ms, 4000U);
  EXPECT_EQ(read->commit_p99_ns, 2'000'000U);
  EXPECT_EQ(read->pinned_for_ms, 540'000U);
  EXPECT_EQ(read->pinned_until_ms, 1'700'000'540'000U);
  ASSERT_EQ(read->tenants.size(), 1U);
  EXPECT_EQ(read->tenants[0].tenant, 7U);
  EXPECT_EQ(read->tenants[0].name, "acme");
  EXPECT_EQ(read->tenants[0].tier, 2U);
  EXPECT_EQ(read->tenants[0].lasted_ms, 90'000U);
  EXPECT_EQ(read->refused, 4U);
  EXPECT_EQ(read->quarantined, 6U);
  EXPECT_EQ(read->ack_p99_ns, 3'000'000U);
  EXPECT_EQ(read->delivery_p99_ns, 400'000U);
  ASSERT_EQ(read->fallen.size(), 1U);
  EXPECT_EQ(read->fallen[0].path, "storage/recorder");
  EXPECT_EQ(read->fallen[0].restarts, 2U);
  EXPECT_EQ(read->fallen[0].why, "no room");
  EXPECT_EQ(read->fallen[0].ago_ms, 12'000U);
}

TEST(StatsJson, LeavesOutTheFallenGuestsOfTooMany) {
  desk_stats many;
  many.supervision = one("node", {one("registry")});
  for (std::size_t i = 0; i < stats_json::supervised_max + 2; ++i)
    many.supervision.children[0].children.push_back(one("tenant-" + std::to_string(i)));

  const std::string text = stats_json::to_json(many);

  EXPECT_THAT(text, testing::HasSubstr("\"children_left_out\":2"));
  // Who failed last stands last.
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("\"tenant-1\"")));
  EXPECT_THAT(text, testing::HasSubstr("\"tenant-101\""));
}

TEST(StatsJson, LeavesOutTheLowestOfTooManyTenantsInATier) {
  desk_stats many;
  for (std::uint32_t i = 1; i <= stats_json::rows_max + 3; ++i)
    many.tier.tenants.push_back({tenant_id{i}, i < 3 ? 1U : 2U, 1s});

  const std::string text = stats_json::to_json(many);

  EXPECT_THAT(text, testing::HasSubstr("\"tenants_left_out\":3"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("\"tier\":1,")));
}

TEST(StatsJson, TellsTheTerminalOfTheGuard) {
  desk_stats guarded = sample();
  guarded.tier.is_guarded = true;

  EXPECT_FALSE(stats_json::read_digest(stats_json::to_json(sample()))->is_guarded);
  EXPECT_TRUE(stats_json::read_digest(stats_json::to_json(guarded))->is_guarded);
}

TEST(StatsJson, IsReadAlsoWithMoreThanAStrangerMaySay) {
  desk_stats many = sample();
  many.actors.resize(30, many.actors[0]);
  for (std::uint64_t i = 0; i < 2000; ++i)
    many.actors[0].handling.all.record(i * i * i);

  const auto read = stats_json::read_digest(stats_json::to_json(many));

  ASSERT_TRUE(read);
  EXPECT_EQ(read->actors.size(), 30U);
}

TEST(StatsJson, LeavesOutTheShortestQueuesOfTooMany) {
  desk_stats many;
  for (std::uint32_t i = 1; i <= stats_json::rows_max + 3; ++i)
    many.queues.push_back({tenant_id{1}, team_id{i}, i, 0ms, 0, 0});

  const std::string text = stats_json::to_json(many);

  EXPECT_THAT(text, testing::HasSubstr("\"queues_left_out\":3"));
  EXPECT_THAT(text, testing::HasSubstr("\"team\":4,"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("\"team\":3,")));
}

TEST(StatsJson, IsNotReadOutOfSomethingElse) {
  EXPECT_FALSE(stats_json::read_digest("{\"ok\":{}}"));
  EXPECT_FALSE(stats_json::read_digest("nothing"));
}

}  // namespace
}  // namespace frontdesk
