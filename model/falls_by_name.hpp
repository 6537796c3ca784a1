#pragma once

#include "model/back_off.hpp"

#include <chrono>
#include <cstddef>
#include <map>

namespace frontdesk {

/// Whoever falls may be gone before they fall again: a conversation that nothing waits for leaves
/// memory, and the next post makes another one, which falls like the one before. So what matters of
/// their falls is kept by name, and not by life.
///
/// Bounded: of more than `names_max` within a window no further one is remembered, which is then
/// back at once; whoever stands above all of them counts their falls together.
template <class Name>
class falls_by_name {
 public:
  using time_point = back_off::time_point;

  falls_by_name(const back_off_limits& limits, std::size_t names_max)
      : limits_(limits), names_max_(names_max) {}

  /// Counts a fall of this one, and says how long they stay away. `now` never goes back.
  std::chrono::milliseconds pause_after_fall(const Name& name, time_point now) {
    forget_old(now);
    const auto at = falls_.find(name);
    if (at != falls_.end()) return at->second.pause_after_fall(now);
    if (falls_.size() >= names_max_) return std::chrono::milliseconds{0};
    return falls_.try_emplace(name, limits_).first->second.pause_after_fall(now);
  }

  std::size_t names_count() const { return falls_.size(); }

 private:
  void forget_old(time_point now) {
    if (now < forget_at_) return;
    std::erase_if(falls_, [now](const auto& each) { return each.second.is_forgotten(now); });
    forget_at_ = now + limits_.window;
  }

  back_off_limits limits_;
  std::size_t names_max_;
  std::map<Name, back_off> falls_;
  time_point forget_at_;
};

}  // namespace frontdesk
