#include "actors/repeating_thread.hpp"

#include <utility>

namespace frontdesk {

repeating_thread::repeating_thread(std::chrono::milliseconds interval, std::function<void()> what)
    : thread_([this, interval, what = std::move(what)] {
        std::unique_lock lock(mutex_);
        while (!changed_.wait_for(lock, interval, [this] { return is_ending_; })) {
          lock.unlock();
          what();
          lock.lock();
        }
      }) {}

repeating_thread::~repeating_thread() {
  {
    const std::lock_guard guard(mutex_);
    is_ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

}  // namespace frontdesk
