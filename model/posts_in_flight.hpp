#pragma once

#include "model/limits.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

/// The problem: each device may have `limits::posts_unacked_max` posts that wait for their answer.
/// A tenant with ten thousand devices that all talk while a commit hangs keeps hundreds of
/// thousands of texts in the memory of all.
///
/// The answer: each post that waits has a place, and a tenant has so many of them. A post without a
/// place is refused before anything was done with it; its device says it again. A place goes with
/// whoever holds it, however that ends, so none is ever lost.
namespace frontdesk {

/// The places of one tenant. Thread-safe; two threads never get more than there are.
class posts_in_flight {
 public:
  /// One of them, or none; given back when it is destroyed. Keeps what it is a place of.
  class place {
   public:
    place() = default;
    place(place&& other) noexcept : of_(std::move(other.of_)) {}
    place& operator=(place&& other) noexcept {
      place gone(std::move(other));
      std::swap(of_, gone.of_);
      return *this;
    }
    ~place() {
      if (of_) of_->count_.fetch_sub(1, std::memory_order_relaxed);
    }
    explicit operator bool() const noexcept { return of_ != nullptr; }

   private:
    friend class posts_in_flight;
    explicit place(std::shared_ptr<posts_in_flight> of) noexcept : of_(std::move(of)) {}

    std::shared_ptr<posts_in_flight> of_;
  };

  explicit posts_in_flight(std::size_t bound = limits::posts_in_flight_tenant) : bound_(bound) {}

  /// None, if all are taken.
  static place take(std::shared_ptr<posts_in_flight> of) {
    const std::size_t before = of->count_.fetch_add(1, std::memory_order_relaxed);
    if (before >= of->bound_) {
      of->count_.fetch_sub(1, std::memory_order_relaxed);
      return {};
    }
    return place{std::move(of)};
  }

  std::size_t count() const noexcept { return count_.load(std::memory_order_relaxed); }

 private:
  const std::size_t bound_;
  std::atomic<std::size_t> count_{0};
};

}  // namespace frontdesk
