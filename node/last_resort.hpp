#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace frontdesk {

/// The problem: an end in order waits for others, of which one may hang; and whoever started the
/// node waits for its end.
///
/// The answer: while this exists, the process has so much time. Then it says so and ends at once,
/// with `exit_code::software`; what was acknowledged is on the disk.
class last_resort {
 public:
  /// `say` is called on a thread of its own.
  last_resort(std::chrono::milliseconds patience, std::function<void()> say);
  last_resort(const last_resort&) = delete;
  last_resort& operator=(const last_resort&) = delete;
  ~last_resort();

 private:
  std::mutex mutex_;
  std::condition_variable over_;
  bool is_over_ = false;
  std::thread watch_;
};

}  // namespace frontdesk
