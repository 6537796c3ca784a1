#include "actors/desk_system_config.hpp"

#include "actors/scheduler.hpp"

#include <caf/actor_system.hpp>
#include <caf/atom.hpp>

#include <cassert>
#include <utility>

namespace frontdesk {

desk_system_config::desk_system_config(const scheduler_options& options, failure_listener listener)
    : failures_(std::move(listener)) {
  quiet();
  set("scheduler.max-throughput", options.throughput);
  module_factories.push_back([options](caf::actor_system& system) -> caf::actor_system::module* {
    return new scheduler(system, options);
  });
}

desk_system_config::desk_system_config(virtual_time_t, failure_listener listener)
    : failures_(std::move(listener)) {
  quiet();
  set("scheduler.policy", caf::atom("testing"));
}

failure_watch& desk_system_config::failures() const noexcept {
  return failures_;
}

void desk_system_config::quiet() {
  set("logger.verbosity", caf::atom("quiet"));
}

namespace {

const desk_system_config& config_of(const caf::actor_system& system) noexcept {
  auto config = dynamic_cast<const desk_system_config*>(&system.config());
  assert(config != nullptr && "an actor system of the desk starts with a desk_system_config");
  return *config;
}

}  // namespace

failure_watch& failures_of(const caf::actor_system& system) noexcept {
  return config_of(system).failures();
}

census& census_of(const caf::actor_system& system) noexcept {
  return config_of(system).kinds();
}

}  // namespace frontdesk
