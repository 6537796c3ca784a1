#pragma once

#include "actors/pinned_actor.hpp"

#include <caf/event_based_actor.hpp>

#include <functional>
#include <utility>

namespace frontdesk {

/// An actor of which each test writes the inside.
class puppet : public pinned_actor<caf::event_based_actor> {
 public:
  using script = std::function<caf::behavior(puppet&)>;

  puppet(caf::actor_config& config, script begin)
      : pinned_actor(config), begin_(std::move(begin)) {}
  const char* name() const override { return "puppet"; }

  using pinned_actor::ask;
  using pinned_actor::forget;
  using pinned_actor::now;
  using pinned_actor::remind;
  using pinned_actor::tell;

  std::function<void(caf::down_msg&)> down;
  std::function<void(caf::exit_msg&)> wish;
  std::function<void()> stopped;

 protected:
  caf::behavior make_behavior() override { return begin_(*this); }
  void on_down(caf::down_msg& message) override {
    if (down) down(message);
  }
  void on_exit_wish(caf::exit_msg& message) override {
    wish ? wish(message) : pinned_actor::on_exit_wish(message);
  }
  void on_stopped() override {
    if (stopped) stopped();
  }

 private:
  script begin_;
};

/// The actor behind a handle, for what only its own class offers.
template <class Actor, class Handle>
Actor& inside(const Handle& handle) {
  return *static_cast<Actor*>(caf::actor_cast<caf::abstract_actor*>(handle));
}

}  // namespace frontdesk
