#include "node/node_watch.hpp"

#include "actors/desk_time.hpp"

#include <gmock/gmock.h>

namespace frontdesk {
namespace {

using testing::HasSubstr;

/// A desk of which nothing is asked but how it is.
class quiet_desk final : public desk {
 public:
  std::size_t io_threads() const override { return 0; }
  io_thread& io(std::size_t) override { std::abort(); }
  std::shared_ptr<connection_port> connect(std::size_t, std::shared_ptr<transport>) override {
    return nullptr;
  }
  directory_ptr directory_now() const override { return nullptr; }
  void change(directory_change, std::function<void(fault_or<directory_change>)>) override {}
  void serve_file(const identity&, file_wish, std::function<void(fault_or<file_told>)>) override {}
  const std::string& history() const override { return history_; }
  bool is_ready() const override { return records; }
  desk_stats stats() const override {
    ++asked_for_stats;
    return figures;
  }
  tier_board& tiers() override { return *tiers_; }
  trace_board& traces() override { return *traces_; }
  void pin_tier(std::optional<unsigned>, std::chrono::milliseconds,
                std::function<void(fault_or<done>)>) override {}
  void on_ruin(std::function<void(std::string_view)>) override {}
  void stop() override {}

  bool records = true;
  desk_stats figures;
  mutable int asked_for_stats = 0;

 private:
  system_wall_clock date_;
  const std::shared_ptr<tier_board> tiers_ = std::make_shared<tier_board>();
  const std::shared_ptr<trace_board> traces_ =
      std::make_shared<trace_board>(trace_settings{}, date_);
  std::string history_;
};

/// A node that has started.
class NodeWatch : public testing::Test {
 protected:
  NodeWatch() {
    watch_.has_desk(desk_);
    watch_.has_started();
  }

  /// What does not hold; empty if all does.
  std::string complaint() const {
    std::string all;
    for (const health_check& check : watch_.readiness().checks) {
      if (!check.holds) all += check.name + ": " + check.says + "\n";
    }
    return all;
  }

  log_book log_{log_level::error, log_format::console};
  quiet_desk desk_;
  node_watch watch_{log_};
};

TEST_F(NodeWatch, IsReadyWhenAllHolds) {
  EXPECT_EQ(complaint(), "");
  EXPECT_TRUE(watch_.startup().holds());
}

TEST_F(NodeWatch, IsNotReadyWhileItStops) {
  watch_.drains();

  EXPECT_THAT(complaint(), HasSubstr("staying: the node is stopping"));
  EXPECT_TRUE(watch_.startup().holds());
}

TEST_F(NodeWatch, SaysWhatIsWrongWithTheStore) {
  watch_.note_store(store_condition::full, "no space left");
  EXPECT_THAT(complaint(), HasSubstr("store: is full, and waits for room: no space left"));
  watch_.note_store(store_condition::broken, "sync failed");
  EXPECT_THAT(complaint(), HasSubstr("store: can no longer write, so the node ends: sync failed"));
  watch_.note_store(store_condition::sound, "");
  EXPECT_EQ(complaint(), "");
}

TEST_F(NodeWatch, IsNotReadyWhenItsActorsCannotRecord) {
  desk_.records = false;
  EXPECT_THAT(complaint(), HasSubstr("actors: cannot record now"));
  watch_.note_ruin("recorder");
  EXPECT_THAT(complaint(), HasSubstr("actors: failed again and again: recorder"));
}

TEST_F(NodeWatch, IsNotReadyUnderGuard) {
  desk_.tiers().set_node(3);
  EXPECT_EQ(complaint(), "");
  desk_.tiers().set_guarded(true);
  EXPECT_THAT(complaint(), HasSubstr("load: memory or the store are at their end"));
}

TEST_F(NodeWatch, SaysThatItsTierIsPinned) {
  desk_.tiers().set_node(2);
  desk_.tiers().set_pinned_until(tier_board::moment::clock::now() + std::chrono::hours{1});

  EXPECT_THAT(watch_.readiness().checks.back().says,
              testing::MatchesRegex("tier 2, pinned for 3[56][0-9][0-9] s more"));
}

// A probe comes every two seconds, and wants to know one bool.
TEST_F(NodeWatch, BuildsTheStatisticsOnlyForThem) {
  watch_.readiness();
  watch_.figures();
  EXPECT_EQ(desk_.asked_for_stats, 0);

  watch_.stats();
  EXPECT_EQ(desk_.asked_for_stats, 1);
}

TEST_F(NodeWatch, SaysInItsStatisticsWhatItsReadinessSays) {
  EXPECT_TRUE(watch_.stats().node.is_ready);
  desk_.tiers().set_guarded(true);
  EXPECT_FALSE(watch_.stats().node.is_ready);
}

/// A disk that answers once, and would hang then.
class asked_disk final : public disk {
 public:
  std::optional<disk_room> room() override {
    ++asked;
    return disk_room{1ULL << 30U, 1ULL << 33U};
  }
  std::uint64_t reserved() override { return 0; }
  bool reserve(std::uint64_t) override { return true; }
  void release() override {}

  int asked = 0;
};

TEST_F(NodeWatch, ShowsTheRoomThatWasSeenLastAndNeverAsksTheDisk) {
  asked_disk disk;
  const space_watch space(disk);
  watch_.has_disk(space);

  const node_figures found = watch_.figures();

  EXPECT_EQ(found.disk.free_bytes, 1ULL << 30U);
  EXPECT_EQ(found.disk.total_bytes, 1ULL << 33U);
  EXPECT_EQ(disk.asked, 1);
}

TEST_F(NodeWatch, AsksNobodyWhoHasGone) {
  desk_.figures.agents_present = 3;
  EXPECT_EQ(watch_.stats().agents_present, 3U);

  watch_.lets_go();

  EXPECT_EQ(watch_.stats().agents_present, 0U);
  EXPECT_THAT(complaint(), HasSubstr("actors: "));
}

TEST(NodeWatchBeforeTheStart, SaysTheStep) {
  log_book log(log_level::error, log_format::console);
  node_watch watch(log);
  watch.begins("opens the store");

  EXPECT_EQ(watch.readiness().checks.front().says, "the node opens the store");
  EXPECT_FALSE(watch.startup().holds());
}

TEST(NodeWatchFigures, KnowTheProcess) {
  log_book log(log_level::error, log_format::console);
  log.info("something");
  const node_figures found = node_watch(log).figures();

  EXPECT_GT(found.process.resident_bytes, 1'000'000U);
  EXPECT_GT(found.process.descriptors_open, 2U);
  EXPECT_GE(found.process.threads, 1U);
  EXPECT_GT(found.process.start_seconds, 1'500'000'000);
  EXPECT_EQ(found.log_lines[1], 1U);
}

}  // namespace
}  // namespace frontdesk
