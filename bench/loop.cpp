#include "bench/loop.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <string>
#include <utility>

namespace frontdesk::bench {

namespace {

constexpr std::size_t served_at_once = 512;
/// Timers that are served before sockets are heard again.
constexpr int due_at_once = 256;

void control(int loop, int how, int descriptor, ready_listener& who, std::uint32_t what) {
  epoll_event wish{};
  wish.events = what;
  wish.data.ptr = &who;
  if (epoll_ctl(loop, how, descriptor, &wish) != 0) {
    throw cannot_measure(std::string("A socket cannot be watched: ") + std::strerror(errno));
  }
}

}  // namespace

loop::loop() : descriptor_(epoll_create1(EPOLL_CLOEXEC)) {
  if (descriptor_ < 0) throw cannot_measure(std::string("No epoll: ") + std::strerror(errno));
}

loop::~loop() {
  close(descriptor_);
}

void loop::add(int descriptor, ready_listener& who, std::uint32_t what) const {
  control(descriptor_, EPOLL_CTL_ADD, descriptor, who, what);
}

void loop::change(int descriptor, ready_listener& who, std::uint32_t what) const {
  control(descriptor_, EPOLL_CTL_MOD, descriptor, who, what);
}

void loop::at(moment when, std::function<void()> call) {
  due_.push({when, ++entries_count_, std::move(call)});
}

void loop::serve_due() {
  for (int i = 0; i < due_at_once && !due_.empty() && due_.top().when <= clock::now(); ++i) {
    const auto call = due_.top().call;
    due_.pop();
    call();
  }
}

void loop::turn(milliseconds longest) {
  using std::chrono::nanoseconds;
  serve_due();
  nanoseconds wait = longest;
  if (!due_.empty()) {
    const auto left = std::chrono::duration_cast<nanoseconds>(due_.top().when - clock::now());
    wait = std::clamp(left, nanoseconds{0}, wait);
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait);
  const timespec patience{seconds.count(), (wait - seconds).count()};
  std::array<epoll_event, served_at_once> ready{};
  const int count =
      epoll_pwait2(descriptor_, ready.data(), static_cast<int>(ready.size()), &patience, nullptr);
  for (int i = 0; i < count; ++i) {
    const epoll_event& what = ready[static_cast<std::size_t>(i)];
    static_cast<ready_listener*>(what.data.ptr)->on_ready(what.events);
  }
  serve_due();
}

}  // namespace frontdesk::bench
