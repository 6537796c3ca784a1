#pragma once

#include "model/desk_stats.hpp"
#include "model/health.hpp"
#include "model/node_figures.hpp"
#include "model/notice.hpp"
#include "model/supervision_report.hpp"

#include <cstdint>
#include <vector>

namespace frontdesk {

/// What the internal port shows. Asked on its own thread, from before the node has started until
/// after it has stopped; nothing here may wait for an actor or for an I/O thread.
class node_view {
 public:
  virtual ~node_view() = default;

  /// Whether it has started; holds from then on, also while it stops.
  virtual health startup() const = 0;
  /// Whether it may have traffic.
  virtual health readiness() const = 0;
  /// Empty before the actors are there and after they have gone.
  virtual desk_stats stats() const = 0;
  /// Who supervises whom, and how often it had to. Empty when `stats` is.
  virtual supervised tree() const = 0;
  virtual node_figures figures() const = 0;
  /// Those with a greater number.
  virtual std::vector<notice> notices(std::uint64_t after) const = 0;
};

}  // namespace frontdesk
