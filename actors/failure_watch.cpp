#include "actors/failure_watch.hpp"

#include <utility>

namespace frontdesk {

failure_watch::failure_watch(failure_listener listener) : listener_(std::move(listener)) {}

void failure_watch::report(const failure& what) noexcept {
  failures_count_.fetch_add(1, std::memory_order_relaxed);
  if (!listener_) return;
  try {
    listener_(what);
  } catch (...) {
    // The listener is the last to hear of failures; there is nobody to tell of its own.
  }
}

void failure_watch::ignore_error() noexcept {
  ignored_errors_count_.fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t failure_watch::failures_count() const noexcept {
  return failures_count_.load(std::memory_order_relaxed);
}

std::uint64_t failure_watch::ignored_errors_count() const noexcept {
  return ignored_errors_count_.load(std::memory_order_relaxed);
}

}  // namespace frontdesk
