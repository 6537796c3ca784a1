#pragma once

#include "model/ids.hpp"
#include "model/load_figure.hpp"
#include "model/tier_rule.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace frontdesk {

/// What the machine says of the process.
struct host_load {
  /// Processors used since the last time it was asked, of those that it may use.
  double cpu = 0;
  /// Memory, of the tightest limit.
  double memory = 0;
};

/// How one tenant stands at one look.
struct tenant_look {
  tenant_id whose;
  /// Frames that were handled for it, ever.
  std::uint64_t work = 0;
  /// Bytes that wait for its sockets, of its budget.
  double outbound = 0;
};

/// What is looked at, every `limits::load_look`.
struct node_look {
  host_load host;
  /// The longest of all workers.
  std::chrono::microseconds actor_queue{};
  std::chrono::microseconds event_loop{};
  /// Of a commit that ended since the last look, or that runs.
  std::chrono::microseconds commit{};
  double outbound = 0;
  bool is_store_sound = true;
  std::vector<tenant_look> tenants;
};

/// A change of a tier, for the operator. `whose`: nobody's, if it is the node's. From a tier to
/// itself: the node was pinned there, or is not any more.
struct tier_change {
  tenant_id whose;
  unsigned from = 0;
  unsigned to = 0;
  double figure = 0;
  load_input tightest = load_input::cpu;
  bool is_pinned = false;
};

/// How a node stands.
struct tier_standing {
  unsigned tier = 0;
  tier_rule::moment since;
  std::optional<tier_rule::moment> pinned_until;
  bool is_guarded = false;
};

/// What follows from one look after another: the tier of the node, of each tenant, and whether the
/// guard stands. A value; time is handed in.
class load_shedding {
 public:
  using moment = tier_rule::moment;

  /// Go on from where another one stood, before the first look: the node, then its tenants.
  void take_over(moment now, const tier_standing&);
  void take_over(moment now, tenant_id, unsigned tier, bool is_spared);

  std::vector<tier_change> look(moment now, const node_look&);
  /// All tenants are in this tier, none in one of its own.
  std::vector<tier_change> pin(unsigned tier, moment until);
  std::vector<tier_change> unpin();

  const tier_rule& node() const { return node_; }
  /// The tenant's own.
  unsigned tier_of(tenant_id) const;
  /// Another makes the load, and this one is spared the node's upper tiers.
  bool is_spared(tenant_id) const;
  bool is_guarded() const { return is_guarded_; }
  const load_sample& sample() const { return sample_; }

 private:
  struct watched {
    tier_rule rule{limits::tenant_earlier};
    /// None: never seen. What it did before it was seen first is no work of lately.
    std::optional<std::uint64_t> work;
    /// Work of the last seconds, older work counting less.
    double recent = 0;
    bool is_spared = false;
    std::optional<moment> spared_changed_at;
    /// Since when it makes too much of a full node's work to be spared.
    std::optional<moment> grown_since;
  };

  void measure(const node_look&);
  void guard(moment now, const node_look&);
  void look_at_node(moment now, std::vector<tier_change>&);
  double note_work(const node_look&);
  void look_at_tenants(moment now, const node_look&, std::vector<tier_change>&);
  bool is_cause(const watched&, double all) const;
  void spare(moment now, watched&, double all, bool has_flood) const;
  unsigned tier_for(const watched&) const;
  tier_change change_of_node(unsigned from) const;

  tier_rule node_;
  std::unordered_map<tenant_id, watched> tenants_;
  load_sample sample_;
  double cpu_ = 0;
  std::optional<moment> stalled_since_;
  bool is_guarded_ = false;
};

}  // namespace frontdesk
