#pragma once

#include "actors/desk_system_config.hpp"
#include "actors/pinned_actor.hpp"

#include <caf/scheduler/test_coordinator.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace frontdesk {

/// The seed of this run: FRONTDESK_SEED from the environment, or 1.
inline std::uint64_t seed_of_this_run() {
  auto given = std::getenv("FRONTDESK_SEED");
  return given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
}

/// An actor system on one thread in virtual time. Whose turn comes next is drawn from a seed, so
/// each seed is another interleaving, and the same seed always the same one.
///
/// Nothing runs until `settle` or `advance` is called, and then until nothing is left to do. All
/// actors that `spawn_on` made are killed at the end; what they refer to must live until `end`.
class virtual_desk {
 public:
  using duration = std::chrono::nanoseconds;

  explicit virtual_desk(std::uint64_t seed = seed_of_this_run()) : seed_(seed), random_(seed) {
    config_.on_virtual_spawn = [this](const caf::strong_actor_ptr& actor) { remember(actor); };
  }
  virtual_desk(const virtual_desk&) = delete;
  virtual_desk& operator=(const virtual_desk&) = delete;
  ~virtual_desk() { end(); }

  caf::actor_system& system() { return system_; }
  std::uint64_t seed() const { return seed_; }
  failure_watch& failures() { return config_.failures(); }
  /// What the actors threw, in order.
  const std::vector<failure>& failed() const { return failed_; }
  /// Equal for equal schedules: who had a turn, in which order.
  std::uint64_t schedule_digest() const { return digest_; }

  /// Whose turn it is; nobody's between turns.
  const caf::strong_actor_ptr& running() const { return running_; }

  moment now() { return scheduler_.clock().now(); }
  /// Timeouts, reminders and delayed messages that wait for their time.
  std::size_t timers_pending() { return scheduler_.clock().schedule().size(); }

  /// Gives turns until nobody wants one.
  void settle() {
    settle_until([] { return false; });
  }

  /// Gives turns until it is so, or nobody wants one.
  template <class Question>
  void settle_until(Question is_so) {
    for (std::size_t turns = 0; scheduler_.has_job() && !is_so(); ++turns) {
      if (turns == turns_max) {
        ADD_FAILURE() << "no end after " << turns << " turns at one point of time";
        std::abort();
      }
      auto& jobs = scheduler_.jobs;
      std::swap(jobs.front(), jobs[random_() % jobs.size()]);
      auto next = dynamic_cast<caf::local_actor*>(jobs.front());
      digest_ = mixed(digest_ ^ (next == nullptr ? 0 : next->id()));
      running_ = next == nullptr ? nullptr : caf::strong_actor_ptr{next->ctrl()};
      scheduler_.run_once();
      running_ = nullptr;
    }
  }

  /// Lets time pass from timer to timer, each exactly when it is due, and settles after each.
  void advance(duration length) {
    settle();
    auto until = now() + length;
    while (timers_pending() > 0 && next_due() <= until) {
      scheduler_.advance_time(std::max(next_due() - now(), duration{0}));
      settle();
    }
    scheduler_.advance_time(until - now());
    settle();
  }

  /// Lets time pass in which nobody has a turn, as in a process that is stopped: what falls due
  /// waits in the mailboxes.
  void sleep_through(duration length) { scheduler_.advance_time(length); }

  template <class Handle, class... Ts>
  void tell(const Handle& whom, Ts&&... message) {
    caf::anon_send(whom, std::forward<Ts>(message)...);
  }

  /// Asks from outside and settles. No answer, or an error, fails the test and gives a default.
  template <class Answer, class Handle, class... Ts>
  Answer ask(const Handle& whom, Ts&&... message) {
    caf::scoped_actor asker{system_};
    auto pending = asker->request(whom, caf::infinite, std::forward<Ts>(message)...);
    settle();
    Answer answer{};
    if (!asker->has_next_message()) {
      ADD_FAILURE() << "no answer";
      return answer;
    }
    pending.receive([&](Answer& given) { answer = std::move(given); },
                    [&](caf::error& fault) { ADD_FAILURE() << system_.render(fault); });
    return answer;
  }

  /// Settles; why has this actor ended? Fails the test when it has not.
  template <class Handle>
  caf::error reason_of_end(const Handle& who) {
    settle();
    caf::scoped_actor watcher{system_};
    watcher->monitor(who);
    if (!watcher->has_next_message()) {
      ADD_FAILURE() << "it has not ended";
      return {};
    }
    caf::error reason;
    watcher->receive([&](caf::down_msg& down) { reason = std::move(down.reason); });
    return reason;
  }

  template <class Handle>
  bool has_ended(const Handle& who) {
    settle();
    return caf::actor_cast<caf::abstract_actor*>(who)->getf(
        caf::abstract_actor::is_terminated_flag);
  }

  /// Asks to end, as a supervisor would.
  template <class Handle>
  void stop(const Handle& who, caf::error reason = caf::exit_reason::user_shutdown) {
    caf::actor_cast<caf::abstract_actor*>(who)->eq_impl(caf::make_message_id(), nullptr, nullptr,
                                                        caf::exit_msg{{}, std::move(reason)});
    settle();
  }

  /// Shows every actor that `spawn_on` made and that is still there.
  template <class Visitor>
  void each_actor(Visitor visit) {
    for (const auto& each : std::vector<caf::actor_addr>{actors_}) {
      if (auto alive = caf::actor_cast<caf::strong_actor_ptr>(each)) visit(alive);
    }
  }

  /// Kills all actors and drops all timers.
  void end() {
    settle();
    // Ending actors may make new ones.
    for (int round = 0; round < 10 && system_.registry().running() > 0; ++round) {
      for (auto& each : std::exchange(actors_, {})) {
        auto alive = caf::actor_cast<caf::strong_actor_ptr>(each);
        if (alive) caf::anon_send_exit(alive, caf::exit_reason::kill);
      }
      settle();
    }
    scheduler_.clock().cancel_all();
    settle();
    if (auto running = system_.registry().running(); running > 0) {
      ADD_FAILURE() << running << " actors do not end";
      system_.await_actors_before_shutdown(false);
    }
  }

 private:
  static constexpr std::size_t turns_max = 10'000'000;

  moment next_due() { return scheduler_.clock().schedule().begin()->first; }

  void remember(const caf::strong_actor_ptr& actor) {
    // An address keeps its actor's memory, so those of the dead are dropped now and then.
    if (actors_.size() >= prune_at_) {
      std::erase_if(actors_,
                    [](auto& each) { return !caf::actor_cast<caf::strong_actor_ptr>(each); });
      prune_at_ = std::max<std::size_t>(1000, 2 * actors_.size());
    }
    actors_.push_back(actor->address());
  }

  std::uint64_t seed_;
  std::mt19937_64 random_;
  std::uint64_t digest_ = 0;
  caf::strong_actor_ptr running_;
  std::vector<failure> failed_;
  std::vector<caf::actor_addr> actors_;
  std::size_t prune_at_ = 1000;
  desk_system_config config_{virtual_time,
                             [this](const failure& what) { failed_.push_back(what); }};
  caf::actor_system system_{config_};
  caf::scheduler::test_coordinator& scheduler_ =
      static_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
};

/// Which date it is on a virtual desk: some morning, and on from there with the actors' clock.
class virtual_wall_clock final : public wall_clock {
 public:
  explicit virtual_wall_clock(caf::actor_system& system) : system_(system) {}

  timestamp now() const override {
    using namespace std::chrono;
    auto since_start = system_.clock().now().time_since_epoch();
    return timestamp{1'700'000'000'000 + duration_cast<milliseconds>(since_start).count()};
  }

 private:
  caf::actor_system& system_;
};

/// For the end of each test on a virtual desk: says how to run it again when it failed.
inline void end_test(virtual_desk& desk) {
  desk.end();
  if (testing::Test::HasFailure())
    std::cerr << "to repeat it: FRONTDESK_SEED=" << desk.seed() << "\n";
}

/// A test on a virtual desk.
class virtual_desk_test : public testing::Test, public virtual_desk {
 protected:
  void TearDown() override { end_test(*this); }
};

}  // namespace frontdesk
