#include "tests/actors/virtual_desk.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace frontdesk {
namespace {

using frontdesk::stays_on_its_node;
using namespace std::chrono_literals;

struct tick {};
struct says {
  char letter = 0;
};

class listener_state final : public pinned_actor<caf::event_based_actor> {
 public:
  listener_state(caf::actor_config& config, std::string& heard)
      : pinned_actor(config), heard_(heard) {}

 protected:
  caf::behavior make_behavior() override {
    return {[this](says what) { heard_ += what.letter; }};
  }

 private:
  std::string& heard_;
};

/// Says its letter to a listener, `ticks_max` times, once a second.
class ticker_state final : public pinned_actor<caf::event_based_actor> {
 public:
  ticker_state(caf::actor_config& config, caf::actor listener, char letter, int ticks_max)
      : pinned_actor(config), listener_(std::move(listener)), letter_(letter), left_(ticks_max) {}

 protected:
  caf::behavior make_behavior() override {
    on_tick();
    return {[this](tick) { on_tick(); }};
  }

 private:
  void on_tick() {
    tell(listener_, says{letter_});
    if (--left_ > 0) remind(1s, tick{});
  }

  caf::actor listener_;
  char letter_;
  int left_;
};

constexpr placement anywhere{worker_kind::io, 0};

/// What eight actors say on a desk with this seed, and the digest of who had a turn.
std::pair<std::string, std::uint64_t> story(std::uint64_t seed) {
  std::string heard;
  virtual_desk desk{seed};
  auto listener = spawn_on<listener_state>(desk.system(), anywhere, heard);
  std::vector<caf::actor> tickers;
  for (char letter = 'a'; letter < 'i'; ++letter) {
    tickers.push_back(spawn_on<ticker_state>(desk.system(), anywhere, listener, letter, 3));
  }
  desk.advance(5s);
  return {heard, desk.schedule_digest()};
}

TEST(VirtualDesk, TellsTheSameStoryForTheSameSeed) {
  EXPECT_EQ(story(7), story(7));
}

TEST(VirtualDesk, TellsAnotherStoryForAnotherSeed) {
  EXPECT_EQ(story(7).first.size(), story(8).first.size());
  EXPECT_NE(story(7), story(8));
}

TEST(VirtualDesk, TriesAllOrdersThatAreAllowed) {
  std::set<char> first;
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    first.insert(story(seed).first.front());
  EXPECT_EQ(first.size(), 8U);
}

TEST(VirtualDesk, LetsAnHourPassAtOnce) {
  virtual_desk desk;
  std::string heard;
  auto listener = spawn_on<listener_state>(desk.system(), anywhere, heard);
  auto ticker = spawn_on<ticker_state>(desk.system(), anywhere, listener, 'x', 1'000'000);

  auto before = desk.now();
  desk.advance(1h);

  EXPECT_EQ(desk.now() - before, 1h);
  EXPECT_EQ(heard.size(), 3601U);
}

TEST(VirtualDesk, EndsWhatWaitsForAnswersAndForTime) {
  std::string heard;
  virtual_desk desk;
  auto listener = spawn_on<listener_state>(desk.system(), anywhere, heard);
  spawn_on<ticker_state>(desk.system(), anywhere, listener, 'x', 10);
  caf::delayed_anon_send(listener, 1h, says{'y'});
  desk.settle();
  ASSERT_EQ(desk.timers_pending(), 2U);

  desk.end();

  EXPECT_TRUE(desk.has_ended(listener));
  EXPECT_EQ(desk.timers_pending(), 0U);
  EXPECT_EQ(desk.system().registry().running(), 0U);
}

TEST(VirtualDesk, MovesTheWallClockWithTheActors) {
  virtual_desk desk;
  virtual_wall_clock wall{desk.system()};

  auto before = wall.now();
  desk.advance(1500ms);

  EXPECT_EQ(wall.now().value - before.value, 1500);
}

}  // namespace
}  // namespace frontdesk
