#include "bench/checker/history.hpp"
#include "model/ids.hpp"
#include "tests/net/fake_collector.hpp"
#include "tests/process/connected_device.hpp"
#include "tests/process/desk_door.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/program.hpp"
#include "tests/process/talking_desk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk::process {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view trace = "0af7651916cd43dd8448eb211c80319c";
constexpr std::string_view words = "the words that nobody else may read";

/// A visitor of a desk, who has a device that stays, and posts from another by plain requests.
class Tracing : public testing::Test {
 protected:
  Tracing() { furnish(data_); }

  place door(const node_process& node) const { return {node.port()}; }

  void comes(const node_process& node) {
    visitor_ = new_visitor(door(node), furniture::widget_key);
    talk_ = to_text(
        opening_id({tenant_id{1}, person_from_text(visitor_.person).value()}, inbox_id{1}, 1));
    EXPECT_EQ(posts(node, 1).status, 200U);
    staying_.emplace(loop_, seen_, visitor_setup(visitor_, device_name(2)));
    staying_->keep_alive(door(node));
    EXPECT_TRUE(loop_.turn_until([this] { return has_seen(3); }, patience)) << "the first message";
  }
  bool has_seen(std::uint64_t seq) const {
    const auto& all = staying_->client().conversations();
    const auto at = all.find(talk_);
    return at != all.end() && at->second.visible.position >= seq;
  }
  http_said posts(const node_process& node, std::uint64_t n, std::string_view more = "") const {
    const std::string body =
        fmt::format(R"({{"t":"post","conversation":"{}","n":{},"text":"{}"}})", talk_, n, words);
    return ask(door(node),
               fmt::format("POST /v1/frames HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
                           "Authorization: Bearer {}\r\nFrontdesk-Device: {}\r\n"
                           "Content-Type: application/x-ndjson\r\n"
                           "Content-Length: {}\r\nConnection: close\r\n{}\r\n{}",
                           node.port(), visitor_.token, device_name(1), body.size(), more, body));
  }

  temp_folder folder_;
  const std::string data_ = folder_.path("data");
  socket_loop loop_;
  checker::history seen_;
  signed_in visitor_;
  std::string talk_;
  std::optional<connected_device> staying_;
};

TEST_F(Tracing, TellsACollectorTheWayOfAPostUnderTheTraceOfItsRequest) {
  fake_collector collector;
  node_process node(data_, {"--otlp-endpoint", fmt::format("http://127.0.0.1:{}", collector.port)});
  node.start();
  comes(node);

  const http_said said =
      posts(node, 2, fmt::format("traceparent: 00-{}-b7ad6b7169203331-01\r\n", trace));
  EXPECT_THAT(said.body, HasSubstr("ack"));
  EXPECT_TRUE(loop_.turn_until([this] { return has_seen(4); }, patience));
  // What was not told yet is told before the end.
  EXPECT_EQ(node.stop(), 0);

  std::string all;
  for (const std::string& request : collector.hears(1))
    all += request;
  for (const std::string_view name : {"post", "conversation", "commit", "deliver"}) {
    EXPECT_THAT(all, HasSubstr(fmt::format(R"("name":"{}")", name)));
  }
  std::size_t of_trace = 0;
  std::size_t of_any = 0;
  for (std::size_t at = 0; (at = all.find(R"("traceId":")", at)) != std::string::npos; ++at) {
    ++of_any;
    of_trace += all.compare(at + 11, trace.size(), trace) == 0 ? 1 : 0;
  }
  EXPECT_EQ(of_trace, 4U);
  EXPECT_EQ(of_any, of_trace) << "only what was flagged";
  EXPECT_THAT(all, HasSubstr(R"("parentSpanId":"b7ad6b7169203331")"));
  EXPECT_THAT(all, Not(HasSubstr(std::string{words})));
  EXPECT_THAT(all, Not(HasSubstr(visitor_.token)));
}

TEST_F(Tracing, IsShownLiveToAnOperator) {
  node_process node(data_);
  node.start();
  comes(node);
  program watching({"trace", "--conversation", talk_, "--for", "5m", "--data", data_});
  watching.after("watching");

  EXPECT_EQ(posts(node, 2).status, 200U);

  // In the order in which they end, which is not the same each time.
  watching.after("  deliver");
  for (const std::string_view name : {"post", "conversation", "commit"}) {
    EXPECT_THAT(watching.printed(), HasSubstr(fmt::format("  {}", name)));
  }
  watching.signal(SIGINT);
  EXPECT_EQ(watching.wait(), 0) << watching.said();
  EXPECT_THAT(watching.printed(), HasSubstr("out          event"));
  EXPECT_THAT(watching.printed(), Not(HasSubstr(std::string{words})));
  EXPECT_THAT(output_of({"stats", "--json", "--data", data_}), HasSubstr(R"("watches":0})"));
}

/// Whatever name of a conversation somebody has before his eyes.
TEST_F(Tracing, WatchesAConversationByEachOfItsNames) {
  node_process node(data_);
  node.start();
  comes(node);
  std::uint64_t n = 1;
  for (const std::string& name : {"acme/" + talk_, std::string{"acme/1"}, std::string{"#1"}}) {
    program watching({"trace", "--conversation", name, "--data", data_});
    watching.after("watching");
    EXPECT_EQ(posts(node, ++n).status, 200U);
    watching.after("  deliver");
    EXPECT_THAT(watching.printed(), HasSubstr("conversation " + talk_)) << name;
    watching.signal(SIGINT);
    EXPECT_EQ(watching.wait(), 0) << watching.said();
  }
}

TEST_F(Tracing, ShowsHowAConnectionWasCut) {
  node_process node(data_);
  node.start();
  comes(node);
  program watching({"trace", "--visitor", visitor_.person, "--data", data_});
  watching.after("watching");

  staying_.reset();

  // What it had not read yet makes a reset of it.
  watching.after("closed       ");
  watching.signal(SIGINT);
  EXPECT_EQ(watching.wait(), 0) << watching.said();
  EXPECT_THAT(watching.printed(),
              testing::AnyOf(HasSubstr("closed       gone"), HasSubstr("closed       broken")));
}

TEST_F(Tracing, ShowsAVisitorsConnectionsInJson) {
  node_process node(data_);
  node.start();
  comes(node);
  program watching({"trace", "--visitor", visitor_.person, "--json", "--data", data_});
  // In JSON it says nothing before there is something.
  bool is_seen = false;
  for (int i = 0; i < 200 && !is_seen; ++i) {
    is_seen = output_of({"stats", "--json", "--data", data_}).find(R"("watches":1})") !=
              std::string::npos;
  }
  ASSERT_TRUE(is_seen);
  posts(node, 99);

  watching.after(R"({"kind":"connection",)");
  watching.after(R"("event":"hello")");
  watching.after(R"("event":"refused","why":"out_of_order")");
  watching.signal(SIGTERM);
  EXPECT_EQ(watching.wait(), 0) << watching.said();
}

TEST_F(Tracing, RefusesWhatCannotBeWatched) {
  node_process node(data_);
  node.start();
  const auto code_of = [this](std::vector<std::string> what) {
    what.insert(what.begin(), "trace");
    what.insert(what.end(), {"--data", data_});
    return run_frontdesk(what).code;
  };

  EXPECT_NE(code_of({}), 0);
  EXPECT_NE(code_of({"--visitor", "nobody"}), 0);
  EXPECT_NE(code_of({"--agent", "nobody@acme.example"}), 0);
  EXPECT_NE(code_of({"--conversation", "none/5c1f00d2a94be311"}), 0);
  EXPECT_NE(code_of({"--conversation", "acme/1"}), 0) << "there is none yet";
  EXPECT_NE(code_of({"--conversation", "acme/#"}), 0);
  EXPECT_NE(code_of({"--conversation", "5c1f00d2a94be311", "--for", "25h"}), 0);
  EXPECT_NE(code_of({"--agent", furniture{}.agents[0], "--conversation", "5c1f00d2a94be311"}), 0);
  node.stop();
  EXPECT_NE(code_of({"--conversation", "5c1f00d2a94be311"}), 0) << "no node runs";
}

TEST_F(Tracing, SaysThatATenantIsMissing) {
  const std::vector<std::string> trace{"trace", "--agent", furniture{}.agents[0], "--data", data_};
  EXPECT_EQ(run_frontdesk({"tenant", "create", "other", "--data", data_}).code, 0);
  node_process node(data_);
  node.start();

  const ended_command unnamed = run_frontdesk(trace);
  EXPECT_EQ(unnamed.code, 65);
  EXPECT_THAT(unnamed.error, HasSubstr("--tenant"));
  auto misspelt = trace;
  misspelt.insert(misspelt.end(), {"--tenant", "otter"});
  EXPECT_THAT(run_frontdesk(misspelt).error, Not(HasSubstr("--tenant")));
}

/// Everything is traced, and whoever should hear of it hears nothing and says nothing.
TEST_F(Tracing, KeepsNobodyWaitingForACollectorThatHangs) {
  fake_collector collector([](std::size_t) { return std::string{}; });
  node_process node(data_, {"--trace-sample", "1", "--otlp-endpoint",
                            fmt::format("http://127.0.0.1:{}", collector.port)});
  node.start();
  talking_desk::setup how;
  how.seed = number_from("FRONTDESK_SEED", 1);
  talking_desk desk{door(node), how};
  ASSERT_TRUE(desk.opens()) << desk.complaint();
  collector.hears(1);
  desk.talks_for(2s);
  ASSERT_TRUE(desk.comes_to_rest()) << desk.complaint();
  const std::string stats = output_of({"stats", "--json", "--data", data_});
  ASSERT_EQ(node.stop(), 0);

  EXPECT_THAT(stats, Not(HasSubstr(R"("traces":{"spans":0,)")));
  EXPECT_THAT(stats, HasSubstr(R"("exported":0,)"));
  const checker::report report = desk.judged(data_);
  EXPECT_TRUE(report.is_clean()) << report.text();
  EXPECT_GT(report.seen.acked, 20U);
}

}  // namespace
}  // namespace frontdesk::process
