#include "model/outbound_budget.hpp"

namespace frontdesk {

std::shared_ptr<outbound_account> outbound_budget::of(tenant_id whose) {
  const std::lock_guard guard(mutex_);
  auto& account = accounts_[whose];
  if (!account) {
    account = std::make_shared<outbound_account>(*this);
  }
  return account;
}

void outbound_budget::note(const outbound_account& whose, connection_id id, std::size_t bytes) {
  const std::lock_guard guard(mutex_);
  if (bytes < limits::laggard_bytes) {
    laggards_.erase(id);
    return;
  }
  laggard& entry = laggards_[id];
  entry.whose = &whose;
  entry.bytes = bytes;
}

/// One at a time, and whoever is leaving already counts as gone: else each byte that is sent before
/// the first has gone would cost another one its place.
void outbound_budget::relieve(const outbound_account& whose) {
  std::unique_lock guard(mutex_);
  std::size_t leaving_node = 0;
  std::size_t leaving_tenant = 0;
  for (const auto& [id, each] : laggards_) {
    leaving_node += each.is_leaving ? each.bytes : 0;
    leaving_tenant += each.is_leaving && each.whose == &whose ? each.bytes : 0;
  }
  const auto rest = [](std::size_t all, std::size_t part) { return all - std::min(all, part); };
  const bool is_node = is_over(rest(bytes(), leaving_node), bounds_.node_bytes, 2);
  const bool is_tenant = is_over(rest(whose.bytes(), leaving_tenant), bounds_.tenant_bytes, 2);
  // A tenant that is over its own budget pays for itself.
  if (is_node || is_tenant) {
    send_away(heaviest_of(is_tenant ? &whose : nullptr), std::move(guard));
  }
}

void outbound_budget::send_heaviest_away() {
  std::unique_lock guard(mutex_);
  send_away(heaviest_of(nullptr), std::move(guard));
}

void outbound_budget::send_away(connection_id heaviest, std::unique_lock<std::mutex> guard) {
  if (!close_ || !heaviest) {
    return;
  }
  laggards_[heaviest].is_leaving = true;
  const closer close = close_;
  guard.unlock();
  close(heaviest);
}

connection_id outbound_budget::heaviest_of(const outbound_account* whose) const {
  connection_id found;
  std::size_t most = 0;
  for (const auto& [id, each] : laggards_) {
    const bool may_go = !each.is_leaving && (whose == nullptr || each.whose == whose);
    if (may_go && each.bytes > most) {
      found = id;
      most = each.bytes;
    }
  }
  return found;
}

void outbound_share::settle(std::size_t bytes) {
  if (!account_ || bytes == bytes_) {
    return;
  }
  const std::size_t before = std::exchange(bytes_, bytes);
  // Unsigned: less is more by an overflow.
  account_->bytes_.fetch_add(bytes - before, std::memory_order_relaxed);
  node_->bytes_.fetch_add(bytes - before, std::memory_order_relaxed);
  if (bytes >= limits::laggard_bytes || before >= limits::laggard_bytes) {
    node_->note(*account_, id_, bytes);
  }
  if (bytes > before && account_->is_overfull()) {
    node_->relieve(*account_);
  }
}

}  // namespace frontdesk
