#pragma once

#include "actors/interfaces.hpp"
#include "actors/pinned_actor.hpp"

#include <vector>

namespace frontdesk {

/// A historian whose pages the test hands over itself, in an order of its own.
class held_historian final : public pinned_actor<historian_actor::base> {
 public:
  using pages = std::vector<caf::typed_response_promise<events_read>>;

  held_historian(caf::actor_config& config, pages& asked) : pinned_actor(config), asked_(asked) {}
  const char* name() const override { return "held_historian"; }

 protected:
  behavior_type make_behavior() override {
    return {
        [this](const read_events&) {
          asked_.push_back(make_response_promise<events_read>());
          return asked_.back();
        },
        [](const read_versions&) { return versions_read{}; },
        [](const read_roster&) { return roster_read{}; },
        [](const read_list&) { return list_read{}; },
        [](const read_open&) { return open_read{}; },
    };
  }

 private:
  pages& asked_;
};

}  // namespace frontdesk
