#include "actors/supervisor.hpp"

#include "tests/actors/virtual_desk.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace frontdesk {
namespace {

using frontdesk::stays_on_its_node;
using namespace std::chrono_literals;

struct fail {};
struct depart {};
struct linger {
  std::chrono::milliseconds time;
};
struct lingered {};

using diary = std::vector<std::string>;

/// A child that writes down when it starts and ends, and ends in every way that a test wishes.
class member_state final : public pinned_actor<caf::event_based_actor> {
 public:
  member_state(caf::actor_config& config, std::string name, diary& lines)
      : pinned_actor(config), name_(std::move(name)), lines_(lines) {
    lines_.push_back("+" + name_);
  }
  const char* name() const override { return name_.c_str(); }

 protected:
  caf::behavior make_behavior() override {
    return {
        [](fail) { throw std::runtime_error("member"); },
        [this](depart) { quit(); },
        [this](linger how) { linger_ = how.time; },
        [this](lingered) { quit(caf::exit_reason::user_shutdown); },
    };
  }
  void on_exit_wish(caf::exit_msg& wish) override {
    if (linger_ == 0ms) return pinned_actor::on_exit_wish(wish);
    lines_.push_back("?" + name_);
    remind(linger_, lingered{});
  }
  void on_stopped() override { lines_.push_back("-" + name_); }

 private:
  std::string name_;
  diary& lines_;
  std::chrono::milliseconds linger_{0};
};

constexpr placement anywhere{worker_kind::control, 0};
constexpr restart_limits three_in_five_seconds{3, 5s, 100ms, 2s};
/// Longer than the pause before the third restart.
constexpr auto a_while = 500ms;

/// A desk with one supervisor and the members under it.
class family : public virtual_desk {
 public:
  using virtual_desk::virtual_desk;
  // Before the diary goes, in which the members write to the last.
  ~family() { end(); }

  /// A child named `name`, which can be found in `members` again after each restart.
  child_spec member(std::string name, restart_kind kind = restart_kind::permanent) {
    return {name, kind, [this, name] { return enter(name); }, 1s};
  }

  /// A child that fails to start as long as its name is in `broken`.
  caf::strong_actor_ptr enter(const std::string& name) {
    if (std::find(broken.begin(), broken.end(), name) != broken.end()) {
      lines.push_back("!" + name);
      throw std::runtime_error("broken");
    }
    members[name] = spawn_on<member_state>(system(), anywhere, name, lines);
    return caf::actor_cast<caf::strong_actor_ptr>(members[name]);
  }

  caf::actor begin(restart_strategy strategy, std::vector<child_spec> children) {
    auto root = supervise(system(), anywhere,
                          {"root", strategy, three_in_five_seconds, std::move(children)});
    settle();
    return root;
  }

  caf::actor begin_three(restart_strategy strategy) {
    auto root = begin(strategy, {member("a"), member("b"), member("c")});
    lines.clear();
    return root;
  }

  /// What has been written since this was called last.
  diary news() {
    settle();
    return std::exchange(lines, {});
  }

  template <class Wish>
  void ask_of(const std::string& name, Wish wish) {
    tell(members.at(name), std::move(wish));
    settle();
  }

  diary lines;
  std::map<std::string, caf::actor> members;
  std::vector<std::string> broken;
};

class Supervisor : public testing::Test, public family {
 protected:
  void TearDown() override { end_test(*this); }
};

// ---- Starting and restarting.

TEST_F(Supervisor, StartsItsChildrenInOrder) {
  auto root = begin(restart_strategy::one_for_one, {member("a"), member("b"), member("c")});
  EXPECT_EQ(news(), (diary{"+a", "+b", "+c"}));
}

TEST_F(Supervisor, RestartsTheFailedChildAlone) {
  auto root = begin_three(restart_strategy::one_for_one);

  ask_of("b", fail{});
  advance(a_while);

  EXPECT_EQ(news(), (diary{"-b", "+b"}));
}

TEST_F(Supervisor, RestartsAllForOneAndStopsTheLastOneFirst) {
  auto root = begin_three(restart_strategy::one_for_all);

  ask_of("b", fail{});
  advance(a_while);

  EXPECT_EQ(news(), (diary{"-b", "-c", "-a", "+a", "+b", "+c"}));
}

TEST_F(Supervisor, RestartsTheRestForOne) {
  auto root = begin_three(restart_strategy::rest_for_one);

  ask_of("b", fail{});
  advance(a_while);

  EXPECT_EQ(news(), (diary{"-b", "-c", "+b", "+c"}));
}

TEST_F(Supervisor, PausesLongerBeforeEachRestart) {
  auto root = begin_three(restart_strategy::one_for_one);
  for (auto pause : {100ms, 200ms, 400ms}) {
    ask_of("a", fail{});
    EXPECT_EQ(news(), (diary{"-a"}));

    advance(pause - 1ms);
    EXPECT_EQ(news(), diary{});
    advance(1ms);
    EXPECT_EQ(news(), (diary{"+a"}));
  }
}

TEST_F(Supervisor, RestartsAPermanentChildThatLeaves) {
  auto root = begin(restart_strategy::one_for_one, {member("a")});
  ask_of("a", depart{});
  advance(a_while);
  EXPECT_EQ(news(), (diary{"+a", "-a", "+a"}));
}

TEST_F(Supervisor, LetsATransientChildLeaveButNotFail) {
  auto root = begin(restart_strategy::one_for_one, {member("left", restart_kind::transient),
                                                    member("failed", restart_kind::transient)});
  news();

  ask_of("left", depart{});
  ask_of("failed", fail{});
  advance(a_while);

  EXPECT_EQ(news(), (diary{"-left", "-failed", "+failed"}));
}

TEST_F(Supervisor, DoesNotRestartATemporaryChild) {
  auto root =
      begin(restart_strategy::one_for_all, {member("a"), member("brief", restart_kind::temporary)});
  news();

  ask_of("brief", fail{});
  advance(a_while);

  EXPECT_EQ(news(), (diary{"-brief"}));
}

TEST_F(Supervisor, StopsATemporaryChildWithItsSiblingsForGood) {
  auto root =
      begin(restart_strategy::one_for_all, {member("a"), member("brief", restart_kind::temporary)});
  news();

  ask_of("a", fail{});
  advance(a_while);

  EXPECT_EQ(news(), (diary{"-a", "-brief", "+a"}));
}

TEST_F(Supervisor, LeavesNoTimerBehindAfterARestart) {
  auto root = begin_three(restart_strategy::one_for_all);

  ask_of("b", fail{});
  advance(a_while);

  EXPECT_EQ(timers_pending(), 0U);
}

TEST_F(Supervisor, WaitsForASlowSiblingBeforeItRestarts) {
  auto root = begin_three(restart_strategy::one_for_all);
  ask_of("c", linger{900ms});

  ask_of("a", fail{});
  advance(899ms);
  EXPECT_EQ(news(), (diary{"-a", "?c"}));
  advance(1ms);
  EXPECT_EQ(news(), (diary{"-c", "-b"}));
  advance(100ms);

  EXPECT_EQ(news(), (diary{"+a", "+b", "+c"}));
}

TEST_F(Supervisor, JoinsAnEarlierChildThatFailsDuringARestart) {
  auto root = begin_three(restart_strategy::rest_for_one);
  ask_of("c", linger{900ms});

  ask_of("b", fail{});
  ask_of("a", fail{});
  advance(900ms);
  EXPECT_EQ(news(), (diary{"-b", "?c", "-a", "-c"}));
  advance(200ms);

  EXPECT_EQ(news(), (diary{"+a", "+b", "+c"}));
}

TEST_F(Supervisor, JoinsAnEarlierChildThatFailsDuringThePause) {
  auto root = begin_three(restart_strategy::rest_for_one);

  ask_of("b", fail{});
  advance(50ms);
  ask_of("a", fail{});
  advance(199ms);
  EXPECT_EQ(news(), (diary{"-b", "-c", "-a"}));
  advance(1ms);

  EXPECT_EQ(news(), (diary{"+a", "+b", "+c"}));
}

TEST_F(Supervisor, DoesNotCountASiblingThatFailsWhileItWaitsForItsStop) {
  auto root = begin_three(restart_strategy::one_for_all);
  ask_of("c", linger{900ms});

  ask_of("a", fail{});
  ask_of("b", fail{});
  advance(1s);

  EXPECT_EQ(news(), (diary{"-a", "?c", "-b", "-c", "+a", "+b", "+c"}));
}

TEST_F(Supervisor, TriesAgainWhenAChildDoesNotStart) {
  broken = {"b"};
  auto root = begin(restart_strategy::one_for_one, {member("a"), member("b"), member("c")});
  EXPECT_EQ(news(), (diary{"+a", "!b", "+c"}));
  EXPECT_EQ(failed().at(0).actor, "root");

  broken.clear();
  advance(100ms);

  EXPECT_EQ(news(), (diary{"+b"}));
}

TEST_F(Supervisor, StartsNothingOnTopOfAChildThatDoesNotStart) {
  broken = {"b"};
  auto root = begin(restart_strategy::rest_for_one, {member("a"), member("b"), member("c")});
  EXPECT_EQ(news(), (diary{"+a", "!b"}));

  broken.clear();
  advance(100ms);

  EXPECT_EQ(news(), (diary{"+b", "+c"}));
}

TEST_F(Supervisor, TakesAnEmptyHandleForAFailure) {
  int starts_count = 0;
  auto root = begin(restart_strategy::one_for_one, {{"nobody", restart_kind::permanent,
                                                     [&] {
                                                       ++starts_count;
                                                       return caf::strong_actor_ptr{};
                                                     },
                                                     1s}});

  advance(10s);

  EXPECT_EQ(starts_count, 4);
  EXPECT_TRUE(has_ended(root));
}

// ---- Giving up.

TEST_F(Supervisor, GivesUpWithTheReasonOfOneFailureTooMany) {
  auto root = begin_three(restart_strategy::one_for_one);
  for (int restart = 0; restart < 3; ++restart) {
    ask_of("a", fail{});
    advance(a_while);
  }
  EXPECT_FALSE(has_ended(root));
  news();

  ask_of("a", fail{});

  EXPECT_EQ(news(), (diary{"-a", "-c", "-b"}));
  EXPECT_EQ(reason_of_end(root), caf::sec::runtime_error);
}

TEST_F(Supervisor, BearsFailuresThatAreFarApart) {
  auto root = begin_three(restart_strategy::one_for_one);
  for (int failure = 0; failure < 20; ++failure) {
    ask_of("a", fail{});
    advance(2s);
  }
  EXPECT_FALSE(has_ended(root));
}

TEST_F(Supervisor, HandsAFailureToTheSupervisorAbove) {
  child_spec branch{
      "branch", restart_kind::permanent,
      [this] {
        auto inner = supervise(
            system(), anywhere,
            {"branch", restart_strategy::one_for_one, {0, 1s, 1ms, 1ms}, {member("leaf")}});
        return caf::actor_cast<caf::strong_actor_ptr>(inner);
      },
      1s};
  auto root = begin(restart_strategy::one_for_one, {member("a"), branch});
  news();

  ask_of("leaf", fail{});
  advance(a_while);

  EXPECT_EQ(news(), (diary{"-leaf", "+leaf"}));
  EXPECT_FALSE(has_ended(root));
}

// ---- Stopping.

TEST_F(Supervisor, StopsInReverseOrderAndWaitsForEach) {
  auto root = begin_three(restart_strategy::one_for_one);
  ask_of("c", linger{900ms});

  stop(root);
  EXPECT_EQ(news(), (diary{"?c"}));
  EXPECT_FALSE(has_ended(root));
  advance(900ms);

  EXPECT_EQ(news(), (diary{"-c", "-b", "-a"}));
  EXPECT_EQ(reason_of_end(root), caf::exit_reason::user_shutdown);
  EXPECT_EQ(timers_pending(), 0U);
}

TEST_F(Supervisor, KillsAChildThatTakesTooLong) {
  auto root = begin_three(restart_strategy::one_for_one);
  ask_of("c", linger{1h});

  stop(root);
  advance(999ms);
  EXPECT_EQ(news(), (diary{"?c"}));
  advance(1ms);

  EXPECT_EQ(news(), (diary{"-c", "-b", "-a"}));
  EXPECT_TRUE(has_ended(root));
}

TEST(SupervisorInAnyOrder, BlamesNoChildForThePatienceThatAnotherOneUsedUp) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    family home{seed};
    auto root = home.begin_three(restart_strategy::one_for_one);
    // Ends in the same moment as the patience; in some orders it is just in time.
    home.ask_of("c", linger{1s});
    home.ask_of("b", linger{900ms});

    home.stop(root);
    home.advance(1s);

    ASSERT_EQ(home.news(), (diary{"?c", "-c", "?b"})) << "seed " << seed;
  }
}

TEST_F(Supervisor, GivesUpAChildThatSurvivesItsKilling) {
  caf::scoped_actor stuck{system()};
  auto root = begin(restart_strategy::one_for_one,
                    {member("a"),
                     {"stuck", restart_kind::permanent,
                      [&] { return caf::actor_cast<caf::strong_actor_ptr>(stuck); }, 1s}});
  news();

  stop(root);
  advance(2s);

  EXPECT_EQ(news(), (diary{"-a"}));
  EXPECT_TRUE(has_ended(root));
  EXPECT_EQ(failed().at(0).what, "stuck does not end, even when killed");
}

TEST_F(Supervisor, StartsNoSecondOneBesideAChildThatSurvivesItsKilling) {
  caf::scoped_actor stuck{system()};
  int starts_count = 0;
  auto root =
      begin(restart_strategy::one_for_all, {member("a"),
                                            {"stuck", restart_kind::permanent,
                                             [&] {
                                               ++starts_count;
                                               return caf::actor_cast<caf::strong_actor_ptr>(stuck);
                                             },
                                             1s}});

  ask_of("a", fail{});
  advance(1min);

  EXPECT_EQ(starts_count, 1);
  EXPECT_EQ(reason_of_end(root), caf::sec::runtime_error);
}

TEST_F(Supervisor, StopsDuringAPauseWithoutRestarting) {
  auto root = begin_three(restart_strategy::one_for_all);
  ask_of("b", fail{});
  news();

  stop(root);
  advance(1min);

  EXPECT_EQ(news(), diary{});
  EXPECT_TRUE(has_ended(root));
}

TEST_F(Supervisor, StartsNothingWhileItStops) {
  auto root = begin_three(restart_strategy::one_for_one);
  ask_of("c", linger{900ms});
  ask_of("a", fail{});

  stop(root);
  advance(1min);

  EXPECT_EQ(news(), (diary{"-a", "?c", "-c", "-b"}));
}

TEST_F(Supervisor, EndsWithTheFirstReasonThatItIsGiven) {
  auto root = begin_three(restart_strategy::one_for_one);
  ask_of("c", linger{900ms});

  stop(root, caf::sec::invalid_argument);
  stop(root, caf::sec::bad_function_call);
  advance(900ms);

  EXPECT_EQ(reason_of_end(root), caf::sec::invalid_argument);
}

TEST_F(Supervisor, StopsWhileItStopsForARestart) {
  auto root = begin_three(restart_strategy::one_for_all);
  ask_of("c", linger{900ms});
  ask_of("b", fail{});

  stop(root);
  advance(1min);

  EXPECT_EQ(news(), (diary{"-b", "?c", "-c", "-a"}));
  EXPECT_TRUE(has_ended(root));
}

TEST_F(Supervisor, KillsItsChildrenWhenItIsKilled) {
  auto root = begin_three(restart_strategy::one_for_one);

  stop(root, caf::exit_reason::kill);

  auto killed = news();
  std::sort(killed.begin(), killed.end());
  EXPECT_EQ(killed, (diary{"-a", "-b", "-c"}));
}

}  // namespace
}  // namespace frontdesk
