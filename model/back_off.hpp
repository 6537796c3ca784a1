#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace frontdesk {

/// How often somebody may fall and be back at once, and how long they stay away beyond that.
struct back_off_limits {
  std::size_t falls_free = 3;
  std::chrono::milliseconds window{10'000};
  /// The pause after the first fall that is not free; it doubles with each further one.
  std::chrono::milliseconds pause_min{100};
  std::chrono::milliseconds pause_max{5000};
};

/// The pause before the `nth` attempt (from 1): the least, doubled with each, up to the most.
std::chrono::milliseconds doubled_pause(std::chrono::milliseconds least, std::size_t nth,
                                        std::chrono::milliseconds most) noexcept;

/// A supervisor that gives up takes its siblings along, which is right for the parts of a node and
/// wrong for its guests: a tenant whose actors fail again and again, or one conversation, must cost
/// nobody else anything, and must come back when it is well. So there is no end here, only a pause
/// that grows while the falls go on.
class back_off {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit back_off(const back_off_limits& limits = {}) : limits_(limits) {}

  /// Counts a fall, and says how long to stay away. `now` never goes back.
  std::chrono::milliseconds pause_after_fall(time_point now);

  /// Falls of the last window; bounded, so that a storm of them costs nothing.
  std::size_t falls_count() const { return falls_.size(); }
  /// Nothing is remembered that would matter at this moment.
  bool is_forgotten(time_point now) const;

 private:
  back_off_limits limits_;
  /// Oldest first.
  std::vector<time_point> falls_;
};

}  // namespace frontdesk
