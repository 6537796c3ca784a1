#pragma once

#include "model/failure.hpp"

#include <atomic>
#include <cstdint>
#include <functional>

namespace frontdesk {

/// Told of each failure, on the thread on which it happened, while the actor still exists. Several
/// threads may call at once. It must be quick and must not throw; what it throws is dropped.
using failure_listener = std::function<void(const failure&)>;

/// An exception in an actor ends that actor alone, and its supervisor starts a new one: the desk
/// goes on so smoothly that nobody would learn of the mistake. So all failures of one actor system
/// come together here, are counted, and are told to a listener that logs them.
///
/// Errors that answer a plain send are counted too: nobody waits for them, they end nobody, but a
/// number that grows says that somebody sends what its receiver cannot do.
///
/// Counters may be read by any thread at any time.
class failure_watch {
 public:
  explicit failure_watch(failure_listener listener = {});

  void report(const failure&) noexcept;
  void ignore_error() noexcept;

  std::uint64_t failures_count() const noexcept;
  std::uint64_t ignored_errors_count() const noexcept;

 private:
  failure_listener listener_;
  std::atomic<std::uint64_t> failures_count_{0};
  std::atomic<std::uint64_t> ignored_errors_count_{0};
};

}  // namespace frontdesk
