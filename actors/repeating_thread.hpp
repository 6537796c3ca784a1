#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace frontdesk {

/// Calls a function again and again on a thread of its own, from one interval after it was made
/// until it is destroyed, which waits for a call that is under way.
class repeating_thread {
 public:
  repeating_thread(std::chrono::milliseconds interval, std::function<void()> what);
  repeating_thread(const repeating_thread&) = delete;
  repeating_thread& operator=(const repeating_thread&) = delete;
  ~repeating_thread();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_ending_ = false;
  /// The last member: it begins when all others are there.
  std::thread thread_;
};

}  // namespace frontdesk
