#pragma once

#include "bench/clock.hpp"

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace frontdesk::bench {

/// What has a descriptor and hears when it is ready, with epoll's word for how. It lives at least
/// until the turn ends in which it was removed.
class ready_listener {
 public:
  ready_listener() = default;
  ready_listener(const ready_listener&) = delete;
  ready_listener& operator=(const ready_listener&) = delete;
  virtual ~ready_listener() = default;

  virtual void on_ready(std::uint32_t what) = 0;
};

/// The one thread of a run: everybody's sockets, and what is due. It waits to the microsecond,
/// because a message that leaves a millisecond late is measured a millisecond too long.
class loop {
 public:
  loop();
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;
  ~loop();

  void add(int descriptor, ready_listener&, std::uint32_t what) const;
  void change(int descriptor, ready_listener&, std::uint32_t what) const;

  /// Calls once, when it is due; in order of time.
  void at(moment when, std::function<void()> call);

  /// Waits for what is ready or due, `longest` at most, and serves all of it.
  void turn(milliseconds longest = milliseconds{10});

 private:
  struct entry {
    moment when;
    std::uint64_t order;
    std::function<void()> call;
    bool operator<(const entry& other) const {
      return when != other.when ? when > other.when : order > other.order;
    }
  };

  void serve_due();

  const int descriptor_;
  std::priority_queue<entry> due_;
  std::uint64_t entries_count_ = 0;
};

}  // namespace frontdesk::bench
