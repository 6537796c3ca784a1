#pragma once

#include "model/limits.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

namespace frontdesk {

/// Steps of degradation. What each of them sheds is said in `shed_point.hpp`.
constexpr unsigned tier_max = 3;

/// When a desk goes to another tier. A tier that comes and goes is worse than one that stays: each
/// change is told to everybody. So it takes three bad samples to go up, a long calm to go down one
/// step, and no two changes lie closer than `limits::tier_dwell`.
///
///     load  0 ──────── 0.70 ──── 0.85 ──── 0.95 ──►     up: at once to what three samples agree on
///             tier 0    │ tier 1  │ tier 2  │ tier 3
///                      0.60      0.75      0.85         down: below this for 10 s, one step
///
/// An operator's pin overrides all of it until its time is over.
///
/// A value: time is handed in and never goes back.
class tier_rule {
 public:
  using moment = std::chrono::steady_clock::time_point;

  /// A part of the load at which a tier begins; the others keep their distance. A tenant that
  /// alone makes the load is held to an earlier one.
  explicit tier_rule(double earlier = 0) : earlier_(earlier) {}

  /// Go on from where another one stood.
  void take_over(unsigned tier, moment since, std::optional<moment> pinned_until);

  /// One sample of the load, about every `limits::load_look`. True: the tier has changed.
  bool look(moment now, double load);

  /// Stay at this tier until then, whatever the load.
  void pin(unsigned tier, moment until);
  void unpin() { pinned_until_.reset(); }

  /// Of the node: below this it may leave the tier.
  static constexpr double calm_below(unsigned tier) { return begins.at(tier - 1) - calmer; }

  unsigned tier() const { return tier_; }
  bool is_pinned() const { return pinned_until_.has_value(); }
  std::optional<moment> pinned_until() const { return pinned_until_; }

 private:
  static constexpr std::array<double, tier_max> begins{0.70, 0.85, 0.95};
  static constexpr double calmer = 0.10;
  static constexpr unsigned samples_to_rise = 3;

  unsigned tier_for(double load) const;
  bool go_to(moment now, unsigned tier);

  double earlier_;
  unsigned tier_ = 0;
  std::optional<moment> changed_at_;
  std::optional<moment> pinned_until_;
  /// Of the last samples, the newest first.
  std::array<double, samples_to_rise> recent_{};
  /// Since when the load is low enough to go down a step.
  std::optional<moment> calm_since_;
};

}  // namespace frontdesk
