#include "tests/simulation/faulty_store.hpp"

#include <cstddef>

namespace frontdesk::simulation {

fault_or<done> faulty_store::write_all(const write_set& set, durability until) {
  if (bug_ == store_bug::syncs_later) return real_.write_all(set, durability::buffered);
  if (bug_ == store_bug::tears_sets) {
    const auto half = set.begin() + static_cast<std::ptrdiff_t>(set.size() / 2);
    const auto first = real_.write_all({set.begin(), half}, until);
    return first ? real_.write_all({half, set.end()}, until) : first;
  }
  if (bug_ == store_bug::forgets_cursors) {
    write_set kept = set;
    std::erase_if(kept, [](const write& each) { return each.where == family::cursor; });
    return real_.write_all(kept, until);
  }
  return real_.write_all(set, until);
}

}  // namespace frontdesk::simulation
