#include "net/otlp_exporter.hpp"

#include "actors/desk_time.hpp"
#include "tests/net/fake_collector.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

class OtlpExporter : public testing::Test {
 protected:
  void opens(std::uint16_t port) {
    how_.host = "127.0.0.1";
    how_.port = port;
    how_.who = {"1.2.3", "some-host", "some-life"};
    how_.every = 10ms;
    how_.answer_max = 20s;
    how_.pause_min = 1ms;
    how_.pause_max = 2ms;
    how_.flush_max = 20s;
    how_.on_change = [this](std::string_view why) { note(why); };
    exporter_ = otlp_exporter::open(board_, how_);
  }
  void ends(std::size_t count = 1) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto now = std::chrono::steady_clock::now();
      const span_ptr begun = board_->begin_post(
          {tenant_id{1}, {person_kind::visitor, 2}, conversation_id{3}, {}}, now);
      ASSERT_NE(begun, nullptr);
      span done{*begun, now + 3ms};
      done.conversation = conversation_id{3};
      done.result = "busy";
      board_->end(done);
    }
  }
  /// What is under way comes to its end.
  trace_stats comes_to_an_end() {
    exporter_.reset();
    return board_->stats();
  }
  void waits_for_changes(std::size_t count) {
    std::unique_lock guard(mutex_);
    EXPECT_TRUE(changed_.wait_for(guard, std::chrono::milliseconds{collector_patience_ms},
                                  [&] { return changes_.size() >= count; }));
  }
  std::vector<std::string> changes() {
    const std::lock_guard guard(mutex_);
    return changes_;
  }
  void note(std::string_view why) {
    const std::lock_guard guard(mutex_);
    changes_.emplace_back(why);
    changed_.notify_all();
  }

  system_wall_clock date_;
  std::shared_ptr<trace_board> board_ = std::make_shared<trace_board>(trace_settings{1, 7}, date_);
  otlp_options how_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> changes_;
  std::unique_ptr<otlp_exporter> exporter_;
};

TEST_F(OtlpExporter, TellsTheCollectorWhatHasEnded) {
  fake_collector collector;
  opens(collector.port);
  ends(2);

  const std::string request = collector.hears(1).front();

  EXPECT_TRUE(request.starts_with("POST /v1/traces HTTP/1.1\r\n"));
  EXPECT_THAT(
      request,
      AllOf(HasSubstr(fmt::format("Host: 127.0.0.1:{}\r\n", collector.port)),
            HasSubstr("Content-Type: application/json\r\n"),
            HasSubstr(R"("stringValue":"frontdesk")"), HasSubstr(R"("stringValue":"1.2.3")"),
            HasSubstr(R"("stringValue":"some-host")"), HasSubstr(R"("stringValue":"some-life")"),
            HasSubstr(R"("name":"post")")));
  EXPECT_EQ(comes_to_an_end().exported, 2U);
  EXPECT_EQ(board_->stats().left_out, 0U);
}

TEST_F(OtlpExporter, SendsAFullBatchAtOnce) {
  fake_collector collector;
  how_.every = 1h;
  how_.flush_max = 20s;
  how_.host = "127.0.0.1";
  how_.port = collector.port;
  exporter_ = otlp_exporter::open(board_, how_);

  ends(limits::spans_per_export_max);

  collector.hears(1);
  EXPECT_EQ(comes_to_an_end().exported, limits::spans_per_export_max);
}

TEST_F(OtlpExporter, SaysTheSameAgainToACollectorThatHasNoTime) {
  fake_collector collector(
      [](std::size_t number) { return fake_collector::answer(number < 2 ? 503 : 200, ""); });
  opens(collector.port);
  ends();

  const auto heard = collector.hears(3);

  EXPECT_EQ(heard[0], heard[2]);
  EXPECT_EQ(comes_to_an_end().exported, 1U);
  EXPECT_EQ(board_->stats().failed_exports, 2U);
  EXPECT_THAT(changes(), testing::ElementsAre("it answers 503", ""));
}

TEST_F(OtlpExporter, LeavesOutWhatTheCollectorRefuses) {
  fake_collector collector(
      [](std::size_t number) { return fake_collector::answer(number == 0 ? 400 : 200, ""); });
  opens(collector.port);
  ends(3);
  waits_for_changes(1);
  ends();
  collector.hears(2);

  EXPECT_EQ(comes_to_an_end().left_out, 3U);
  EXPECT_EQ(board_->stats().exported, 1U);
}

TEST_F(OtlpExporter, CountsWhatACollectorSaysThatItLeftOut) {
  fake_collector collector([](std::size_t) {
    return fake_collector::answer(200, R"({"partialSuccess":{"rejectedSpans":"2"}})");
  });
  opens(collector.port);
  ends();
  collector.hears(1);

  const auto counted = comes_to_an_end();
  EXPECT_EQ(counted.left_out, 1U) << "no more than it was told";
  EXPECT_EQ(counted.exported, 0U);
}

TEST_F(OtlpExporter, GivesUpWhatACollectorAnswersWithGarbageAgainAndAgain) {
  fake_collector collector([](std::size_t) { return std::string{"SSH-2.0-what\r\n\r\n"}; });
  opens(collector.port);
  ends();
  collector.hears(how_.tries_max);

  EXPECT_EQ(comes_to_an_end().left_out, 1U);
  EXPECT_EQ(board_->stats().failed_exports, how_.tries_max);
}

TEST_F(OtlpExporter, GivesUpWhatACollectorAnswersWithoutAnEnd) {
  fake_collector collector([](std::size_t) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + std::string(1U << 16U, 'x');
  });
  opens(collector.port);
  ends();
  collector.hears(how_.tries_max);

  EXPECT_EQ(comes_to_an_end().left_out, 1U);
}

TEST_F(OtlpExporter, WaitsSoLongForAnAnswerAndNoLonger) {
  fake_collector collector([](std::size_t number) {
    return number == 0 ? std::string{} : fake_collector::answer(200, "{}");
  });
  how_.host = "127.0.0.1";
  how_.port = collector.port;
  how_.every = how_.pause_min = how_.pause_max = 1ms;
  how_.answer_max = 50ms;
  exporter_ = otlp_exporter::open(board_, how_);
  ends();

  collector.hears(2);
  EXPECT_GE(board_->stats().failed_exports, 1U);
}

TEST_F(OtlpExporter, DoesNotMindACollectorThatIsNotThere) {
  std::uint16_t port = 0;
  {
    const fake_collector gone;
    port = gone.port;
  }
  opens(port);
  ends();
  waits_for_changes(1);

  EXPECT_EQ(comes_to_an_end().left_out, 1U);
  EXPECT_THAT(changes().front(), HasSubstr("cannot be reached"));
}

TEST_F(OtlpExporter, SaysWhatIsLeftAtItsEnd) {
  fake_collector collector;
  how_.every = 1h;
  how_.flush_max = 20s;
  how_.host = "127.0.0.1";
  how_.port = collector.port;
  exporter_ = otlp_exporter::open(board_, how_);
  ends(5);

  exporter_.reset();

  EXPECT_EQ(board_->stats().exported, 5U);
  EXPECT_FALSE(board_->is_on());
}

TEST_F(OtlpExporter, EndsInTimeAlthoughTheCollectorHangs) {
  fake_collector collector([](std::size_t) { return std::string{}; });
  how_.every = 1ms;
  how_.answer_max = 1h;
  how_.host = "127.0.0.1";
  how_.port = collector.port;
  exporter_ = otlp_exporter::open(board_, how_);
  ends(5);
  collector.hears(1);
  const auto before = std::chrono::steady_clock::now();

  exporter_.reset();

  EXPECT_LT(std::chrono::steady_clock::now() - before, how_.flush_max + 10s);
  EXPECT_EQ(board_->stats().exported, 0U);
  EXPECT_EQ(board_->stats().left_out, 5U);
}

}  // namespace
}  // namespace frontdesk
