#include "actors/scheduler.hpp"

#include "actors/clock.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <caf/detail/set_thread_name.hpp>
#include <caf/logger.hpp>
#include <caf/scheduled_actor.hpp>

#include <algorithm>
#include <cassert>
#include <exception>
#include <string>

namespace frontdesk {

namespace asio = boost::asio;

namespace {

using steady = std::chrono::steady_clock;

std::uint64_t nanoseconds_of(steady::duration span) {
  return static_cast<std::uint64_t>(std::chrono::nanoseconds{span}.count());
}

thread_local worker* current_worker = nullptr;

constexpr std::size_t position(worker_kind kind) {
  return static_cast<std::size_t>(kind);
}

/// Ends a job without giving it a turn, as if it had been asked to end in its last one. CAF's own
/// `cleanup_and_release` would not call `on_exit`, so handles and sockets would stay.
void end_job(caf::resumable* job, caf::execution_unit& context) {
  auto kind = job->subtype();
  if (kind == caf::resumable::scheduled_actor || kind == caf::resumable::io_actor) {
    auto actor = static_cast<caf::scheduled_actor*>(job);
    // Its last words go to this worker, from which they are taken in turn.
    actor->context(&context);
    actor->quit(caf::exit_reason::user_shutdown);
    actor->finalize();
  }
  caf::intrusive_ptr_release(job);
}

}  // namespace

std::string name_of(placement place) {
  constexpr std::array<const char*, worker_kinds_count> names{"io", "storage", "control", "files"};
  return names[position(place.kind)] + std::string{"."} + std::to_string(place.index);
}

// ---- worker

class worker::context : public asio::io_context {
 public:
  // The hint of 1 promises one thread that runs the context; posting from others stays safe.
  context() : asio::io_context(1) {}

  using asio::io_context::shutdown;
};

worker::worker(caf::actor_system& system, placement place, const scheduler_options& options)
    : caf::execution_unit(&system),
      place_(place),
      throughput_(options.throughput),
      is_counting_(options.is_counting),
      census_(census_of(system)),
      io_context_(std::make_unique<context>()),
      clock_(std::make_unique<worker_clock>(*io_context_)) {}

worker::~worker() {
  for (auto& each : tallies_)
    delete each.load(std::memory_order_relaxed);
}

worker* worker::current() noexcept {
  return current_worker;
}

asio::io_context& worker::io_context() noexcept {
  return *io_context_;
}

void worker::post(std::function<void()> what) {
  asio::post(*io_context_, std::move(what));
}

void worker::exec_later(caf::resumable* job) {
  // On the own thread there is nobody to lock out and nobody to wake: 200 ns for a message, where
  // a wake-up of a sleeping thread is 3 to 33 µs.
  if (is_here()) {
    push_ready(job);
    if (!is_drain_posted_) post_drain();
    return;
  }
  bool must_wake = false;
  {
    std::lock_guard guard{remote_mutex_};
    // One wake-up takes all that has come until then.
    must_wake = remote_.empty() && !is_closed_;
    remote_.push_back(job);
  }
  if (must_wake) asio::post(*io_context_, [this] { take_remote(); });
}

worker_load worker::load() const noexcept {
  auto read = [](const counter& count) { return count.load(std::memory_order_relaxed); };
  return {read(executed_count_), read(remote_wakeups_count_), read(ready_length_),
          read(timers_length_)};
}

void worker::run() {
  current_worker = this;
  // A worker without sockets has no pending operations, but must not end.
  auto stay = asio::make_work_guard(*io_context_);
  auto& failures = failures_of(system());
  for (bool ended = false; !ended;) {
    // Asio allows to run a context again after a callback has thrown. What the callback owned is
    // gone with it; the others on this thread have done nothing wrong.
    try {
      io_context_->run();
      ended = true;
    } catch (const std::exception& thrown) {
      failures.report({"io_thread", 0, thrown.what()});
    } catch (...) {
      failures.report({"io_thread", 0, "not a std::exception"});
    }
  }
  current_worker = nullptr;
}

void worker::interrupt() {
  io_context_->stop();
}

void worker::drop_operations() {
  {
    std::lock_guard guard{remote_mutex_};
    is_closed_ = true;
  }
  // Destroys what pending operations own: actors, and with them their sockets.
  io_context_->shutdown();
}

bool worker::drop_jobs() {
  std::vector<caf::resumable*> jobs(ready_.begin(), ready_.end());
  ready_.clear();
  {
    std::lock_guard guard{remote_mutex_};
    jobs.insert(jobs.end(), remote_.begin(), remote_.end());
    remote_.clear();
  }
  for (auto job : jobs)
    end_job(job, *this);
  return !jobs.empty();
}

void worker::take_remote() {
  add_one(remote_wakeups_count_);
  {
    std::lock_guard guard{remote_mutex_};
    batch_.swap(remote_);
  }
  for (auto job : batch_)
    push_ready(job);
  batch_.clear();
  if (!is_drain_posted_) drain();
}

void worker::drain() noexcept {
  is_drain_posted_ = true;
  // What becomes ready meanwhile waits for the next drain, so that sockets have a turn between.
  for (auto count = ready_.size(); count > 0; --count) {
    auto job = ready_.front();
    ready_.pop_front();
    ready_length_.store(ready_.size(), std::memory_order_relaxed);
    run_job(job);
  }
  timers_length_.store(clock_->pending_count(), std::memory_order_relaxed);
  is_drain_posted_ = false;
  if (!ready_.empty()) post_drain();
}

void worker::post_drain() {
  is_drain_posted_ = true;
  asio::post(*io_context_, [this] { drain(); });
}

void worker::run_job(caf::resumable* job) {
  caf::resumable::resume_result result{};
  {
    turn taken{*this};
    result = job->resume(this, throughput_);
  }
  switch (result) {
    // The queue's reference goes back into the queue; in the other cases it is given up.
    case caf::resumable::resume_later:
      push_ready(job);
      break;
    case caf::resumable::done:
    case caf::resumable::awaiting_message:
      caf::intrusive_ptr_release(job);
      break;
    case caf::resumable::shutdown_execution_unit:
      break;
  }
}

void worker::push_ready(caf::resumable* job) {
  ready_.push_back(job);
  ready_length_.store(ready_.size(), std::memory_order_relaxed);
}

kind_tally& worker::begin_tally(kind_index which) {
  auto made = std::make_unique<kind_tally>();
  tallies_[which].store(made.get(), std::memory_order_release);
  return *made.release();
}

void worker::probe() {
  if (is_probed_.exchange(true, std::memory_order_acq_rel)) return;
  loop_wait_.begins(steady::now());
  asio::post(*io_context_, [this] {
    const auto at = steady::now();
    loop_lag_.record(nanoseconds_of(loop_wait_.ended(at)));
    queue_wait_.begins(at);
    exec_later(&sign_);
  });
}

caf::resumable::resume_result worker::sign_of_life::resume(caf::execution_unit*, std::size_t) {
  owner.queue_delay_.record(nanoseconds_of(owner.queue_wait_.ended(steady::now())));
  owner.is_probed_.store(false, std::memory_order_release);
  return done;
}

void worker::add_one(counter& count) noexcept {
  count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

worker::turn::turn(worker& owner) noexcept : owner_(owner) {
  assert(owner.is_here() && !owner.in_turn_);
  owner.in_turn_ = true;
  add_one(owner.executed_count_);
}

worker::turn::~turn() {
  owner_.in_turn_ = false;
}

// ---- scheduler

scheduler::scheduler(caf::actor_system& system, const scheduler_options& options)
    : caf::scheduler::abstract_coordinator(system), options_(options) {}

scheduler::~scheduler() {
  drop_all_jobs();
}

scheduler* scheduler::of(caf::actor_system& system) noexcept {
  // Costs some 10 ns, and only spawns and tests ask.
  return dynamic_cast<scheduler*>(&system.scheduler());
}

worker& scheduler::at(placement where) noexcept {
  auto first = first_of_kind_[position(where.kind)];
  return *workers_[first + where.index % count(where.kind)];
}

std::size_t scheduler::count(worker_kind kind) const noexcept {
  return first_of_kind_[position(kind) + 1] - first_of_kind_[position(kind)];
}

void scheduler::enqueue(caf::resumable* job) {
  // Reached only by CAF's own actors, which have no home.
  if (auto here = worker::current()) return here->exec_later(job);
  auto count = workers_.size();
  workers_[next_.fetch_add(1, std::memory_order_relaxed) % count]->exec_later(job);
}

caf::actor_clock& scheduler::clock() noexcept {
  return *clock_;
}

void scheduler::init(caf::actor_system_config& config) {
  abstract_coordinator::init(config);
  const std::array counts{options_.io_workers, options_.storage_workers, options_.control_workers,
                          options_.files_workers};
  for (std::size_t kind = 0; kind < counts.size(); ++kind) {
    assert(counts[kind] > 0 && "every kind of work needs a thread");
    for (std::size_t index = 0; index < counts[kind]; ++index) {
      workers_.push_back(std::make_unique<worker>(
          system(), placement{static_cast<worker_kind>(kind), index}, options_));
    }
    first_of_kind_[kind + 1] = workers_.size();
  }
  // CAF's own field, for whoever asks CAF.
  num_workers_ = workers_.size();
  clock_ = std::make_unique<desk_clock>(workers_);
}

void scheduler::start() {
  for (auto& each : workers_) {
    threads_.emplace_back([this, each = each.get()] {
      CAF_SET_LOGGER_SYS(&system());
      caf::detail::set_thread_name(("desk." + name_of(each->place())).c_str());
      system().thread_started();
      each->run();
      system().thread_terminates();
    });
  }
  // Starts CAF's printer, a thread of its own, which nothing of ours uses.
  abstract_coordinator::start();
}

void scheduler::stop() {
  // CAF's printer.
  stop_actors();
  for (auto& each : workers_)
    each->interrupt();
  for (auto& thread : threads_)
    thread.join();
  // The threads are gone, so this one may touch everything. What timers and operations own ends
  // with them, and its last words make new jobs: so these come last.
  clock_->close();
  for (auto& each : workers_)
    each->drop_operations();
  drop_all_jobs();
}

void scheduler::drop_all_jobs() {
  // One after another and all of them again, until none had anything: the last words of an actor on
  // one worker may make a job for another.
  auto drop = [](auto& each) { return each->drop_jobs(); };
  while (std::count_if(workers_.begin(), workers_.end(), drop) > 0) {
  }
}

// ---- spawning

pin::pin(worker& home) : caf::execution_unit(&home.system()), home_(home) {}

void pin::exec_later(caf::resumable* job) {
  home_.exec_later(job);
}

worker* pin::home_of(const caf::actor_config& config, caf::actor_system& system) noexcept {
  if (auto mark = dynamic_cast<pin*>(config.host)) return &mark->home_;
  assert(scheduler::of(system) == nullptr && "a pinned actor is made by spawn_on");
  return nullptr;
}

void tell_of_virtual_spawn(caf::actor_system& system, const caf::strong_actor_ptr& actor) {
  auto config = dynamic_cast<const desk_system_config*>(&system.config());
  if (config != nullptr && config->on_virtual_spawn) config->on_virtual_spawn(actor);
}

}  // namespace frontdesk
