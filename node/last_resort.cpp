#include "node/last_resort.hpp"

#include <unistd.h>

#include <thread>
#include <utility>

namespace frontdesk {

void end_within(std::chrono::milliseconds patience, exit_code code, std::function<void()> say) {
  const exit_code late = code == exit_code::success ? exit_code::software : code;
  // Both are made now, because later there may be nothing left to make a thread of.
  std::thread([patience, late] {
    std::this_thread::sleep_for(patience + last_words_max);
    _exit(static_cast<int>(late));
  }).detach();
  std::thread([patience, late, say = std::move(say)] {
    std::this_thread::sleep_for(patience);
    say();
    _exit(static_cast<int>(late));
  }).detach();
}

}  // namespace frontdesk
