#pragma once

#include "actors/desk_system_config.hpp"
#include "actors/scheduler.hpp"

#include <future>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace frontdesk {

/// An actor system on real threads. Its destructor waits for all actors, so a test ends its own.
class threaded_desk {
 public:
  explicit threaded_desk(const scheduler_options& options = {})
      : config_(options, [this](const failure& what) {
          std::lock_guard guard{mutex_};
          failed_.push_back(what);
        }) {}

  caf::actor_system& system() { return system_; }
  scheduler& threads() { return *scheduler::of(system_); }
  failure_watch& failures() { return config_.failures(); }
  std::vector<failure> failed() {
    std::lock_guard guard{mutex_};
    return failed_;
  }

  /// Runs this on a worker, outside of any turn, and waits for its value.
  template <class F>
  auto on(placement where, F what) {
    auto task = std::make_shared<std::packaged_task<decltype(what())()>>(std::move(what));
    auto done = task->get_future();
    threads().at(where).post([task] { (*task)(); });
    return done.get();
  }

  /// Waits until a worker has done what it had to do when this was called.
  void catch_up(placement where) {
    on(where, [] {});
    on(where, [] {});
  }

  /// Keeps a worker's thread busy until the returned promise is fulfilled or dropped.
  std::unique_ptr<std::promise<void>> hold(placement where) {
    auto release = std::make_unique<std::promise<void>>();
    auto holding = std::make_shared<std::promise<void>>();
    auto released = std::make_shared<std::future<void>>(release->get_future());
    threads().at(where).post([holding, released] {
      holding->set_value();
      released->wait();
    });
    holding->get_future().wait();
    return release;
  }

 private:
  std::mutex mutex_;
  std::vector<failure> failed_;
  desk_system_config config_;
  caf::actor_system system_{config_};
};

inline constexpr placement io{worker_kind::io, 0};
inline constexpr placement storage{worker_kind::storage, 0};
inline constexpr placement control{worker_kind::control, 0};

}  // namespace frontdesk
