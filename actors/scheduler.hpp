#pragma once

#include "actors/activity.hpp"
#include "actors/census.hpp"
#include "actors/desk_system_config.hpp"
#include "actors/io_thread.hpp"
#include "model/wait_meter.hpp"

#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/execution_unit.hpp>
#include <caf/fwd.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

namespace frontdesk {

class desk_clock;
class pinned;
class worker_clock;

/// What a worker is for. Storage blocks in `fsync`, so it has threads of its own; supervisors and
/// the load shedder must breathe when I/O is full, so they have, too. Files have theirs, because to
/// sync a large one takes longer than any post should wait.
enum class worker_kind : std::uint8_t { io = 0, storage = 1, control = 2, files = 3 };
inline constexpr std::size_t worker_kinds_count = 4;

/// The name of a worker. The index is taken modulo the number of workers of that kind, so the hash
/// of whatever shall stay together (a tenant, a visitor) will do, with any number of threads.
struct placement {
  worker_kind kind = worker_kind::io;
  std::size_t index = 0;
};

/// "io.0"
std::string name_of(placement);

/// What a worker has done since it started, and what it has to do now.
struct worker_load {
  /// Turns given to actors, and messages that were handled in a turn of a socket.
  std::uint64_t executed_count = 0;
  /// How often another thread had to wake this one.
  std::uint64_t remote_wakeups_count = 0;
  /// Actors that wait for their turn. Not in it: what other threads have just handed over.
  std::uint64_t ready_length = 0;
  /// Timeouts, reminders and delayed messages that wait for their time.
  std::uint64_t timers_length = 0;
};

/// CAF's own scheduler beside Asio's threads costs about half of the CPU per message, because each
/// message changes threads twice. So one worker is everything at once: one thread, one
/// `io_context`, one execution unit of CAF, one clock. Callbacks of sockets and turns of actors
/// alternate on it, and an actor may touch the sockets of its worker without a lock.
///
/// Fairness: a drain runs what was ready when it began, then sockets have a turn, then it goes on.
/// Nothing is stolen by other workers; whoever places an actor balances the load.
///
/// Life: made and started with the actor system, joined by its end. What is handed over after that
/// is ended without running.
class worker final : public caf::execution_unit, public io_thread {
 public:
  worker(caf::actor_system& system, placement, const scheduler_options&);
  ~worker() override;

  /// The worker whose thread calls, or null.
  static worker* current() noexcept;

  boost::asio::io_context& io_context() noexcept override;
  void post(std::function<void()> what) override;
  bool is_here() const noexcept override { return current() == this; }

  /// Takes over one reference. From any thread, which is more than CAF promises its own units.
  void exec_later(caf::resumable* job) override;

  placement place() const noexcept { return place_; }
  /// From any thread; the figures are each exact, but not of the same instant.
  worker_load load() const noexcept;

  /// While this exists, an actor of this worker handles a message, outside of the ready queue.
  class turn {
   public:
    explicit turn(worker& owner) noexcept;
    ~turn();
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;

   private:
    worker& owner_;
  };
  /// Does an actor have its turn right now? Own thread only.
  bool is_taking_turns() const noexcept { return in_turn_; }

  /// While this exists, a message is being handled: it is counted, and others can see it.
  class handling;
  bool is_counting() const noexcept { return is_counting_; }

  /// @name For whoever watches; any thread
  /// @{
  /// Null: no actor of this kind had a message here.
  const kind_tally* tally_of(kind_index which) const noexcept {
    return tallies_[which].load(std::memory_order_acquire);
  }
  activity& doing() noexcept { return doing_; }
  /// Asks for a sign of life, once through the callbacks and once through the ready queue, and
  /// measures both. Nothing happens while an earlier one is awaited.
  void probe();
  bool is_probe_awaited() const noexcept { return is_probed_.load(std::memory_order_acquire); }
  const stats_tally& loop_lag() const noexcept { return loop_lag_; }
  const stats_tally& queue_delay() const noexcept { return queue_delay_; }
  wait_meter& loop_wait() noexcept { return loop_wait_; }
  wait_meter& queue_wait() noexcept { return queue_wait_; }
  /// @}

 private:
  friend class scheduler;
  friend class desk_clock;

  /// An `io_context` whose pending operations can be destroyed before it is.
  class context;

  void run();
  void interrupt();
  void drop_operations();
  bool drop_jobs();

  void take_remote();
  void drain() noexcept;
  void post_drain();
  void run_job(caf::resumable* job);
  void push_ready(caf::resumable* job);
  kind_tally& own_tally(kind_index which) {
    const auto known = tallies_[which].load(std::memory_order_relaxed);
    return known != nullptr ? *known : begin_tally(which);
  }
  kind_tally& begin_tally(kind_index);

  /// What is in the ready queue for a probe.
  struct sign_of_life final : caf::resumable {
    explicit sign_of_life(worker& whose) : owner(whose) {}
    resume_result resume(caf::execution_unit*, std::size_t) override;
    // It is a part of the worker.
    void intrusive_ptr_add_ref_impl() override {}
    void intrusive_ptr_release_impl() override {}

    worker& owner;
  };

  /// Written by the own thread alone: a relaxed load and store, about 1 ns.
  using counter = std::atomic<std::uint64_t>;
  static void add_one(counter&) noexcept;

  placement place_;
  std::size_t throughput_;
  const bool is_counting_;
  census& census_;
  std::unique_ptr<context> io_context_;
  std::unique_ptr<worker_clock> clock_;

  std::deque<caf::resumable*> ready_;
  bool is_drain_posted_ = false;
  bool in_turn_ = false;

  /// What other threads hand over. Unbounded: each entry is an actor or a function object that
  /// exists anyway, and an actor is in at most one queue.
  std::mutex remote_mutex_;
  std::vector<caf::resumable*> remote_;
  bool is_closed_ = false;
  std::vector<caf::resumable*> batch_;

  counter executed_count_{0};
  counter remote_wakeups_count_{0};
  counter ready_length_{0};
  counter timers_length_{0};

  std::array<std::atomic<kind_tally*>, census::kinds_max> tallies_{};
  std::atomic<bool> is_probed_{false};
  sign_of_life sign_{*this};
  stats_tally loop_lag_;
  stats_tally queue_delay_;
  wait_meter loop_wait_;
  wait_meter queue_wait_;
  /// On lines of its own: at each message it is written, and read by nobody.
  alignas(64) activity doing_;
};

class worker::handling {
 public:
  handling(worker& owner, kind_index kind, caf::actor_id id, const std::type_info& message)
      : owner_(owner), tally_(owner.own_tally(kind)) {
    tally_.messages.add(1);
    is_sampled_ = tally_.messages.read() % census::sampled_one_in == 0;
    if (is_sampled_) began_ = std::chrono::steady_clock::now();
    owner.doing_.begin(kind, id, message);
  }
  ~handling() {
    owner_.doing_.end();
    if (is_sampled_) {
      tally_.handling.record(static_cast<std::uint64_t>(
          std::chrono::nanoseconds{std::chrono::steady_clock::now() - began_}.count()));
    }
  }
  handling(const handling&) = delete;
  handling& operator=(const handling&) = delete;

  /// It is the first of a turn, which has found so many messages in the mailbox.
  void note_mailbox(std::size_t length) noexcept {
    const std::uint64_t second = owner_.census_.second();
    if (tally_.mailbox_second.read() != second) {
      tally_.mailbox_second.be(second);
      tally_.mailbox_latest.be(0);
    }
    tally_.mailbox_latest.be_at_least(length);
    tally_.mailbox_max.be_at_least(length);
    tally_.turns.add(1);
    if (tally_.turns.read() % census::sampled_one_in == 0) tally_.mailbox.record(length);
  }

 private:
  worker& owner_;
  kind_tally& tally_;
  std::chrono::steady_clock::time_point began_;
  bool is_sampled_ = false;
};

/// CAF's scheduler module of the desk: the workers, and the clock that spreads over them.
///
/// CAF finds it through `desk_system_config`. It touches what CAF 0.17.6 shows to schedulers and
/// calls its own; 0.18 differs, so all of that stays in this file, `clock.*` and `pinned_actor.*`.
///
/// Stop, in the destructor of the actor system: first that destructor waits until no actor runs
/// (supervisors are told to end before), then the threads are joined, then what is left in queues,
/// timers and pending operations is ended without another turn. Only then the contexts go, because
/// an operation of one worker may own the last handle to an actor with a socket on another. An
/// actor that only a handle cycle keeps alive is leaked; `pinned_actor::on_stopped` is the place to
/// break one.
class scheduler final : public caf::scheduler::abstract_coordinator {
 public:
  scheduler(caf::actor_system& system, const scheduler_options& options);
  ~scheduler() override;

  /// Null when the system runs in virtual time or under a scheduler of CAF's own.
  static scheduler* of(caf::actor_system& system) noexcept;

  worker& at(placement) noexcept;
  worker& at(worker_kind kind, std::size_t index) noexcept { return at(placement{kind, index}); }
  std::size_t count(worker_kind) const noexcept;
  /// Every worker: I/O first, then storage, control, files.
  const std::vector<std::unique_ptr<worker>>& workers() const noexcept { return workers_; }

  void enqueue(caf::resumable* job) override;
  caf::actor_clock& clock() noexcept override;

 protected:
  void init(caf::actor_system_config&) override;
  void start() override;
  void stop() override;

 private:
  void drop_all_jobs();

  scheduler_options options_;
  std::vector<std::unique_ptr<worker>> workers_;
  /// Where the workers of a kind begin in `workers_`; the last entry is their number.
  std::array<std::size_t, worker_kinds_count + 1> first_of_kind_{};
  std::unique_ptr<desk_clock> clock_;
  std::vector<std::thread> threads_;
  std::atomic<std::size_t> next_{0};
};

/// CAF lets a new actor inherit its parent's execution unit. Here nothing inherits a worker by
/// accident: an actor is pinned to the worker that its maker names, and this is how the name
/// reaches the constructor. It lives for the length of one `spawn_on`.
class pin final : public caf::execution_unit {
 public:
  explicit pin(worker& home);

  void exec_later(caf::resumable* job) override;

  /// The worker of a spawn that was made by `spawn_on`; null in virtual time. A pinned actor that
  /// was spawned in any other way under our scheduler is a mistake of ours, and asserted.
  static worker* home_of(const caf::actor_config&, caf::actor_system&) noexcept;

 private:
  worker& home_;
};

void tell_of_virtual_spawn(caf::actor_system&, const caf::strong_actor_ptr&);

/// Makes a pinned actor: on the worker named, or, in virtual time, on the only thread there is.
/// Any thread may call. An exception of the constructor reaches the caller; one of
/// `make_behavior` ends the actor.
template <class Actor, caf::spawn_options Options = caf::no_spawn_options, class... Ts>
caf::infer_handle_from_class_t<Actor> spawn_on(caf::actor_system& system, placement where,
                                               Ts&&... arguments) {
  static_assert(std::is_base_of_v<pinned, Actor>, "an actor of the desk is a pinned_actor");
  if (auto ours = scheduler::of(system)) {
    pin mark{ours->at(where)};
    caf::actor_config config{&mark};
    return system.spawn_class<Actor, Options>(config, std::forward<Ts>(arguments)...);
  }
  auto handle = system.spawn<Actor, Options>(std::forward<Ts>(arguments)...);
  tell_of_virtual_spawn(system, caf::actor_cast<caf::strong_actor_ptr>(handle));
  return handle;
}

}  // namespace frontdesk
