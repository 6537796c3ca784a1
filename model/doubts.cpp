#include "model/doubts.hpp"

#include <algorithm>

namespace frontdesk {

bool doubts::add(const conversation_name& name) {
  const auto at = waiting_.find(name.tenant);
  const bool is_known = at != waiting_.end() && at->second.contains(name.conversation);
  if (is_known) return true;
  const std::size_t of_tenant = at == waiting_.end() ? 0 : at->second.size();
  if (count_ >= limits_.waiting_max || of_tenant >= limits_.waiting_tenant_max) return false;
  waiting_[name.tenant].insert(name.conversation);
  ++count_;
  return true;
}

std::vector<conversation_name> doubts::next_round() {
  std::vector<conversation_name> round;
  for (std::size_t turns = waiting_.size(); turns > 0 && round.size() < limits_.round_max;
       --turns) {
    auto at = waiting_.upper_bound(last_);
    if (at == waiting_.end()) at = waiting_.begin();
    last_ = at->first;
    std::set<conversation_id>& names = at->second;
    const std::size_t most = std::min(limits_.round_tenant_max, limits_.round_max - round.size());
    for (std::size_t i = 0; i < most && !names.empty(); ++i) {
      round.push_back({last_, *names.begin()});
      names.erase(names.begin());
    }
    if (names.empty()) waiting_.erase(at);
  }
  count_ -= round.size();
  return round;
}

}  // namespace frontdesk
