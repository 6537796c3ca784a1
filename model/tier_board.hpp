#pragma once

#include "model/ids.hpp"
#include "model/limits.hpp"
#include "model/load_figure.hpp"
#include "model/posts_in_flight.hpp"
#include "model/shed_point.hpp"
#include "model/tier_rule.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace frontdesk {

class tier_board;

/// How far the desk is degraded for one tenant. Read at every shed point, on any thread, so that it
/// costs two loads. Whoever holds it keeps the board.
class tenant_tier {
 public:
  explicit tenant_tier(const tier_board& node) : node_(node) {}

  /// The tenant's own tier or the node's, whichever is higher; of a tenant that is spared, the
  /// node's counts only up to `limits::tenant_spared_tier`.
  unsigned tier() const noexcept;
  /// Memory or the store are at their end: nothing that needs more of them is begun.
  bool is_guarded() const noexcept;
  bool sheds(shed_point which) const noexcept {
    const unsigned begins = begins_at(which);
    return begins > tier_max ? is_guarded() : tier() >= begins;
  }
  /// Asks, and counts that it was so.
  bool shed(shed_point which) noexcept {
    if (!sheds(which)) return false;
    count(which);
    return true;
  }
  void count(shed_point which) noexcept {
    counts_[static_cast<std::size_t>(which)].fetch_add(1, std::memory_order_relaxed);
  }
  std::uint64_t count_of(shed_point which) const noexcept {
    return counts_[static_cast<std::size_t>(which)].load(std::memory_order_relaxed);
  }
  /// A frame was handled for this tenant: its part of the work.
  void worked() noexcept { work_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t work() const noexcept { return work_.load(std::memory_order_relaxed); }

  /// The places of the tenant's posts that wait for their answer.
  posts_in_flight& posts() noexcept { return posts_; }

  using moment = tier_rule::moment;

  unsigned own() const noexcept { return own_.load(std::memory_order_relaxed); }
  /// Since when it is in this tier.
  moment own_since() const noexcept {
    return moment{moment::duration{own_since_.load(std::memory_order_relaxed)}};
  }
  /// For the load shedder.
  void set_own(unsigned tier, moment now) noexcept {
    if (tier == own()) return;
    own_since_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
    own_.store(tier, std::memory_order_relaxed);
  }
  /// Another tenant makes the load, and this one hardly any.
  bool is_spared() const noexcept { return is_spared_.load(std::memory_order_relaxed); }
  void set_spared(bool is_so) noexcept { is_spared_.store(is_so, std::memory_order_relaxed); }

 private:
  const tier_board& node_;
  std::atomic<unsigned> own_{0};
  std::atomic<moment::rep> own_since_{0};
  std::atomic<bool> is_spared_{false};
  std::atomic<std::uint64_t> work_{0};
  std::array<std::atomic<std::uint64_t>, shed_points_count> counts_{};
  posts_in_flight posts_;
};

/// A tenant that makes too much of the load, or takes too slowly what is told it.
struct own_tier {
  tenant_id whose;
  unsigned tier = 0;
  tier_rule::moment since;
};

/// The tiers of a node and of its tenants, as they stand now. Thread-safe.
class tier_board : public std::enable_shared_from_this<tier_board> {
 public:
  using moment = tier_rule::moment;

  /// The tenant's own, made when it is first asked for and kept: there are as many as tenants.
  std::shared_ptr<tenant_tier> of(tenant_id whose) {
    const std::lock_guard guard(mutex_);
    auto& known = tenants_[whose];
    if (!known) known = std::make_unique<tenant_tier>(*this);
    return {shared_from_this(), known.get()};
  }
  std::vector<std::pair<tenant_id, std::shared_ptr<tenant_tier>>> all() {
    const std::lock_guard guard(mutex_);
    std::vector<std::pair<tenant_id, std::shared_ptr<tenant_tier>>> found;
    for (const auto& [whose, known] : tenants_)
      found.emplace_back(whose, std::shared_ptr<tenant_tier>(shared_from_this(), known.get()));
    return found;
  }

  /// Those that are in a tier of their own.
  std::vector<own_tier> own_tiers() const {
    const std::lock_guard guard(mutex_);
    std::vector<own_tier> found;
    for (const auto& [whose, known] : tenants_) {
      if (known->own() > 0) found.push_back({whose, known->own(), known->own_since()});
    }
    std::ranges::sort(found, [](const own_tier& one, const own_tier& other) {
      return one.tier != other.tier ? one.tier > other.tier : one.whose < other.whose;
    });
    return found;
  }

  /// Counts what is shed before anybody knows whose it is.
  void count(shed_point which) noexcept {
    nobodys_counts_[static_cast<std::size_t>(which)].fetch_add(1, std::memory_order_relaxed);
  }
  /// Of all tenants, and of what was nobody's.
  std::uint64_t count_of(shed_point which) const {
    const std::lock_guard guard(mutex_);
    std::uint64_t all =
        nobodys_counts_[static_cast<std::size_t>(which)].load(std::memory_order_relaxed);
    for (const auto& [whose, known] : tenants_)
      all += known->count_of(which);
    return all;
  }

  unsigned node() const noexcept { return node_.load(std::memory_order_relaxed); }
  bool is_guarded() const noexcept { return is_guarded_.load(std::memory_order_relaxed); }
  void set_node(unsigned tier) noexcept { node_.store(tier, std::memory_order_relaxed); }
  /// Since when the node is in its tier.
  moment since() const {
    const std::lock_guard guard(mutex_);
    return since_;
  }
  void set_since(moment at) {
    const std::lock_guard guard(mutex_);
    since_ = at;
  }
  void set_guarded(bool is_so) noexcept { is_guarded_.store(is_so, std::memory_order_relaxed); }

  std::optional<moment> pinned_until() const {
    const std::lock_guard guard(mutex_);
    return pinned_until_;
  }
  void set_pinned_until(std::optional<moment> until) {
    const std::lock_guard guard(mutex_);
    pinned_until_ = until;
  }

  /// What was seen last, for whoever asks why.
  load_sample sample() const {
    const std::lock_guard guard(mutex_);
    return sample_;
  }
  void set_sample(const load_sample& seen) {
    const std::lock_guard guard(mutex_);
    sample_ = seen;
  }

 private:
  std::atomic<unsigned> node_{0};
  std::atomic<bool> is_guarded_{false};
  std::array<std::atomic<std::uint64_t>, shed_points_count> nobodys_counts_{};
  mutable std::mutex mutex_;
  std::unordered_map<tenant_id, std::unique_ptr<tenant_tier>> tenants_;
  load_sample sample_;
  std::optional<moment> pinned_until_;
  moment since_;
};

inline unsigned tenant_tier::tier() const noexcept {
  const unsigned most = is_spared() ? limits::tenant_spared_tier : tier_max;
  return std::max(own(), std::min(most, node_.node()));
}

inline bool tenant_tier::is_guarded() const noexcept {
  return node_.is_guarded();
}

}  // namespace frontdesk
