#include "wire/metrics_text.hpp"

#include "model/limits.hpp"
#include "tests/repository.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdio>
#include <cstdlib>
#include <set>
#include <sstream>

namespace frontdesk {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

/// A desk in which everything has happened.
desk_stats busy_desk() {
  desk_stats desk;
  desk.node.version = "1.2.3";
  desk.tier.tier = 2;
  desk.tier.inputs = {{"cpu", 0.9}};
  desk.tier.shed = {{"typing", 12}};
  actor_kind_stats connection;
  connection.name = "connection";
  connection.count = 3;
  connection.spawned = 5;
  connection.crashed = 1;
  connection.messages = 400;
  connection.handling.all.record(5'000);
  connection.handling.all.record(20'000'000);
  desk.actors = {connection, {}};
  desk.actors[1].name = "recorder";
  desk.workers.resize(1);
  desk.workers[0].name = "io.0";
  desk.workers[0].turns = 7;
  desk.recorder.batches = 9;
  desk.recorder.commit.all.record(3'000'000);
  desk.recorder.appends_per_batch.all.record(40);
  desk.recorder.bytes_per_batch.all.record(9'000);
  desk.connections = {{tenant_id{1}, transport_kind::websocket, 2},
                      {std::nullopt, transport_kind::websocket, 1},
                      {tenant_id{1}, transport_kind::poll, 4}};
  desk.queues = {{tenant_id{1}, team_id{2}, 6, seconds{90}, 11, 3}};
  desk.agents_present = 4;
  desk.tier.tenants = {{tenant_id{1}, 1, {}}, {tenant_id{2}, 2, {}}, {tenant_id{3}, 1, {}}};
  desk.quarantined = 8;
  desk.traffic.faults = {{"busy", 3}};
  desk.traffic.closes = {{"slow", 2}};
  desk.traffic.ack.all.record(5'000);
  desk.traffic.delivery.all.record(6'000);
  return desk;
}

node_figures busy_node() {
  node_figures node;
  node.is_ready = true;
  node.process = {1.5, 1'790'000'000, 1 << 20, 1 << 22, 30, 1024, 8};
  node.door = {10, 2, 100, 3, 1, 2, timestamp{1'800'000'000'000}};
  node.disk = {1ULL << 30U, 1ULL << 33U, false, true};
  node.log_lines = {0, 5, 1, 2};
  return node;
}

std::size_t series_count(const std::string& text) {
  std::istringstream in(text);
  std::size_t count = 0;
  for (std::string line; std::getline(in, line);)
    count += line.starts_with('#') ? 0 : 1;
  return count;
}

TEST(MetricsText, NamesWhatTheDeskKnows) {
  const std::string text = metrics_text(busy_desk(), busy_node());

  for (const char* line : {"frontdesk_build_info{version=\"1.2.3\"} 1\n",
                           "frontdesk_ready 1\n",
                           "frontdesk_tier 2\n",
                           "frontdesk_load_ratio{input=\"cpu\"} 0.9\n",
                           "frontdesk_shed_total{point=\"typing\"} 12\n",
                           "frontdesk_tenants_in_tier{tier=\"1\"} 2\n",
                           "frontdesk_tenants_in_tier{tier=\"3\"} 0\n",
                           "frontdesk_quarantined_total 8\n",
                           "frontdesk_faults_total{code=\"busy\"} 3\n",
                           "frontdesk_closes_total{code=\"slow\"} 2\n",
                           "frontdesk_ack_seconds_sum 5e-06\n",
                           "frontdesk_delivery_seconds_count 1\n",
                           "frontdesk_actors{kind=\"connection\"} 3\n",
                           "frontdesk_actor_crashes_total{kind=\"connection\"} 1\n",
                           "frontdesk_worker_turns_total{worker=\"io.0\"} 7\n",
                           "frontdesk_recorder_batches_total 9\n",
                           "frontdesk_connections{transport=\"poll\"} 4\n",
                           "frontdesk_tenant_connections{tenant=\"1\"} 6\n",
                           "frontdesk_tenant_connections{tenant=\"none\"} 1\n",
                           "frontdesk_queue_length{tenant=\"1\",team=\"2\"} 6\n",
                           "frontdesk_queue_oldest_wait_seconds{tenant=\"1\",team=\"2\"} 90\n",
                           "frontdesk_log_lines_total{level=\"error\"} 2\n",
                           "process_open_fds 30\n",
                           "frontdesk_tls_certificate_expiry_timestamp_seconds 1800000000\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(MetricsText, GivesDurationsAsHistogramsInSeconds) {
  const std::string text = metrics_text(busy_desk(), {});

  EXPECT_THAT(text, HasSubstr("# TYPE frontdesk_actor_handling_seconds histogram\n"));
  const std::string bucket = "frontdesk_actor_handling_seconds_bucket{kind=\"connection\",le=";
  EXPECT_THAT(text, HasSubstr(bucket + "\"4.095e-06\"} 0\n"));
  EXPECT_THAT(text, HasSubstr(bucket + "\"8.191e-06\"} 1\n"));
  EXPECT_THAT(text, HasSubstr(bucket + "\"+Inf\"} 2\n"));
  EXPECT_THAT(text,
              HasSubstr("frontdesk_actor_handling_seconds_sum{kind=\"connection\"} 0.020005\n"));
}

TEST(MetricsText, TellsNothingOfTrafficThatIsNotCounted) {
  EXPECT_THAT(metrics_text({}, {}), Not(HasSubstr("frontdesk_ack_seconds")));
}

TEST(MetricsText, HasABoundedNumberOfSeriesWhateverTheDeskHas) {
  desk_stats desk;
  for (std::uint32_t i = 1; i <= 1000; ++i) {
    desk.connections.push_back({tenant_id{i}, transport_kind::websocket, 1});
    desk.queues.push_back({tenant_id{i}, team_id{1}, 2, seconds{i}, 3, 1});
  }

  const std::string text = metrics_text(desk, {});

  EXPECT_THAT(text, HasSubstr("frontdesk_tenant_connections{tenant=\"50\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("frontdesk_tenant_connections{tenant=\"other\"} 950\n"));
  EXPECT_THAT(text, Not(HasSubstr("frontdesk_tenant_connections{tenant=\"51\"}")));
  EXPECT_THAT(text, HasSubstr("frontdesk_queue_length{tenant=\"other\",team=\"other\"} 1800\n"));
  EXPECT_THAT(
      text, HasSubstr("frontdesk_queue_oldest_wait_seconds{tenant=\"other\",team=\"other\"} 1000"));
  EXPECT_LT(series_count(text), 51U + 4 * 101 + 200);
}

TEST(MetricsText, SaysEachNameOnce) {
  std::istringstream in(metrics_text(busy_desk(), busy_node()));
  std::set<std::string> names;

  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("# TYPE ")) continue;
    EXPECT_TRUE(names.insert(line.substr(7, line.find(' ', 7) - 7)).second) << line;
  }
  EXPECT_GT(names.size(), 40U);
}

// A desk in the guard tier is in some tier besides, so the guard has a name of its own.
TEST(MetricsText, TellsTheGuardBesideTheTier) {
  desk_stats desk = busy_desk();
  EXPECT_THAT(metrics_text(desk, {}), HasSubstr("frontdesk_guarded 0\n"));

  desk.tier.is_guarded = true;
  const std::string text = metrics_text(desk, {});

  EXPECT_THAT(text, HasSubstr("frontdesk_guarded 1\n"));
  EXPECT_THAT(text, HasSubstr("frontdesk_tier 2\n"));
}

// scripts/install --test takes it out of Debian's package prometheus, which is a service besides.
TEST(MetricsText, IsCleanInTheEyesOfPromtool) {
  const std::string path = "PATH=\"$PATH:" + (repository() / "build/tools").string() + "\" ";
  if (std::system((path + "promtool --version >/dev/null 2>&1").c_str()) != 0) {
    GTEST_SKIP() << "there is no promtool; scripts/install --test takes it from Debian";
  }
  FILE* const tool = popen((path + "promtool check metrics >&2").c_str(), "w");
  ASSERT_NE(tool, nullptr);
  const std::string text = metrics_text(busy_desk(), busy_node());
  std::fwrite(text.data(), 1, text.size(), tool);

  EXPECT_EQ(pclose(tool), 0);
}

}  // namespace
}  // namespace frontdesk
