#include "actors/census.hpp"

#include <algorithm>
#include <string_view>

namespace frontdesk {

kind_index census::kind_of(const char* name) {
  const std::string_view wanted = name;
  const auto find = [&](std::size_t from, std::size_t to) {
    while (from < to && lives_[from].name != wanted)
      ++from;
    return from;
  };
  // What is counted does not change any more.
  const std::size_t known = count();
  if (const auto at = find(0, known); at < known) return static_cast<kind_index>(at);
  const std::lock_guard guard{mutex_};
  const std::size_t all = count();
  if (const auto at = find(known, all); at < all) return static_cast<kind_index>(at);
  if (all == kinds_max) return 0;
  lives_[all].name = wanted;
  count_.store(all + 1, std::memory_order_release);
  return static_cast<kind_index>(all);
}

}  // namespace frontdesk
