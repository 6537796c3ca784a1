#include "node/last_resort.hpp"

#include "node/exit_code.hpp"

#include <unistd.h>

#include <utility>

namespace frontdesk {

last_resort::last_resort(std::chrono::milliseconds patience, std::function<void()> say)
    : watch_([this, patience, say = std::move(say)] {
        std::unique_lock guard(mutex_);
        if (over_.wait_for(guard, patience, [this] { return is_over_; })) {
          return;
        }
        say();
        _exit(static_cast<int>(exit_code::software));
      }) {}

last_resort::~last_resort() {
  {
    const std::lock_guard guard(mutex_);
    is_over_ = true;
  }
  over_.notify_one();
  watch_.join();
}

}  // namespace frontdesk
