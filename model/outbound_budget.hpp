#pragma once

#include "model/ids.hpp"
#include "model/limits.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

/// The problem: each socket may keep `limits::outbound_bytes_max` waiting. A hundred thousand of
/// them that stop reading on the same afternoon, or a tenth of that of one tenant, are more memory
/// than the node has, and none of them has done anything that is forbidden.
///
/// The answer: what waits is counted by tenant and by node. Above a budget nothing more is pushed
/// to whoever has something waiting (the store keeps it), and whoever has nothing waiting goes on.
/// Above twice the budget the heaviest laggard is sent away, one at a time.
///
///     bytes  0 ────────── budget ─────────────── 2 × budget ──►
///             all is pushed │ laggards wait for    │ the heaviest is closed
///                           │ the store            │ with `overload`
namespace frontdesk {

/// 0: no limit.
struct outbound_bounds {
  std::size_t tenant_bytes = limits::outbound_bytes_tenant;
  std::size_t node_bytes = limits::outbound_bytes_node;
};

class outbound_account;
class outbound_share;

/// What waits for all sockets of one node. Thread-safe. Owned by its accounts, too.
class outbound_budget : public std::enable_shared_from_this<outbound_budget> {
 public:
  /// Has to close this connection, soon, with `overload`. Any thread, no lock held.
  using closer = std::function<void(connection_id)>;

  outbound_budget(const outbound_bounds& bounds, closer close)
      : bounds_(bounds), close_(std::move(close)) {}

  /// The tenant's own, made when it is first asked for and kept: there are as many as tenants.
  std::shared_ptr<outbound_account> of(tenant_id);

  std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

  /// Whoever has the most waiting, if anybody is a laggard at all.
  void send_heaviest_away();

  /// Nobody is closed any more: the owner ends.
  void silence() {
    const std::lock_guard guard(mutex_);
    close_ = nullptr;
  }

 private:
  friend class outbound_account;
  friend class outbound_share;

  struct laggard {
    const outbound_account* whose = nullptr;
    std::size_t bytes = 0;
    bool is_leaving = false;
  };

  static bool is_over(std::size_t bytes, std::size_t bound, std::size_t times) {
    return bound != 0 && bytes > bound * times;
  }
  void note(const outbound_account&, connection_id, std::size_t bytes);
  void relieve(const outbound_account&);
  connection_id heaviest_of(const outbound_account*) const;
  /// Gives the lock up before it tells.
  void send_away(connection_id heaviest, std::unique_lock<std::mutex>);

  const outbound_bounds bounds_;
  std::atomic<std::size_t> bytes_{0};
  std::mutex mutex_;
  closer close_;
  std::unordered_map<tenant_id, std::shared_ptr<outbound_account>> accounts_;
  /// Those who have at least `limits::laggard_bytes` waiting: whoever keeps up never comes here.
  std::unordered_map<connection_id, laggard> laggards_;
};

/// One tenant's part.
class outbound_account {
 public:
  explicit outbound_account(outbound_budget& node) : node_(node) {}

  std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

  /// Laggards have to wait for the store.
  bool is_crowded() const noexcept {
    const outbound_bounds& bounds = node_.bounds_;
    return outbound_budget::is_over(bytes(), bounds.tenant_bytes, 1) ||
           outbound_budget::is_over(node_.bytes(), bounds.node_bytes, 1);
  }

 private:
  friend class outbound_budget;
  friend class outbound_share;

  bool is_overfull() const noexcept {
    const outbound_bounds& bounds = node_.bounds_;
    return outbound_budget::is_over(bytes(), bounds.tenant_bytes, 2) ||
           outbound_budget::is_over(node_.bytes(), bounds.node_bytes, 2);
  }

  outbound_budget& node_;
  std::atomic<std::size_t> bytes_{0};
};

/// What one transport has waiting, as its account knows it. Whatever happens to the transport, its
/// share goes with it, and takes its bytes along.
class outbound_share {
 public:
  outbound_share() = default;
  outbound_share(std::shared_ptr<outbound_budget> node, std::shared_ptr<outbound_account> account,
                 connection_id id)
      : node_(std::move(node)), account_(std::move(account)), id_(id) {}
  outbound_share(outbound_share&& other) noexcept
      : node_(std::move(other.node_)),
        account_(std::move(other.account_)),
        id_(other.id_),
        bytes_(std::exchange(other.bytes_, 0)) {}
  outbound_share& operator=(outbound_share&& other) noexcept {
    outbound_share gone(std::move(other));
    std::swap(node_, gone.node_);
    std::swap(account_, gone.account_);
    std::swap(id_, gone.id_);
    std::swap(bytes_, gone.bytes_);
    return *this;
  }
  ~outbound_share() { settle(0); }

  /// So much waits now. Whoever never has anything waiting between two turns of its thread never
  /// touches what is shared.
  void settle(std::size_t bytes);

 private:
  std::shared_ptr<outbound_budget> node_;
  std::shared_ptr<outbound_account> account_;
  connection_id id_;
  std::size_t bytes_ = 0;
};

}  // namespace frontdesk
