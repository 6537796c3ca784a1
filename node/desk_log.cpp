#include "node/desk_log.hpp"

#include <fmt/format.h>

#include <string>

namespace frontdesk {

namespace {

/// Nothing, where it is not known.
template <class Id>
std::string number_of(Id id) {
  return id ? std::to_string(id.value) : std::string{};
}
template <class Id>
std::string name_of_known(const Id& id) {
  return id ? to_text(id) : std::string{};
}

log_book::field known(std::string_view name, std::string_view value) {
  return {value.empty() ? std::string_view{} : name, value};
}

}  // namespace

void log_failure(log_book& log, const failure& what) {
  const std::string id = what.id != 0 ? std::to_string(what.id) : std::string{};
  const std::string tenant = number_of(what.tenant);
  const std::string conversation = name_of_known(what.conversation);
  const std::string person = name_of_known(what.person);
  const std::string device = name_of_known(what.device);
  const std::string n = number_of(what.n);
  log.error("actor_failed", {{"actor", what.actor},
                             known("id", id),
                             known("tenant", tenant),
                             known("conversation", conversation),
                             known("message", what.message),
                             known("person", person),
                             known("device", device),
                             known("n", n),
                             {"what", what.what},
                             known("trace", what.trace)});
}

void log_stuck(log_book& log, const stuck_stats& what, bool has_ended) {
  log.warning(has_ended ? "actor_went_on" : "actor_stuck",
              {{"worker", what.worker},
               {"actor", what.kind},
               {"id", std::to_string(what.id)},
               {"message", what.message},
               {"ms", std::to_string(what.lasted.count())}});
}

void log_quarantined(log_book& log, const quarantined& what) {
  const std::string number = std::to_string(what.id.value);
  const std::string tenant = number_of(what.tenant);
  const std::string conversation = name_of_known(what.conversation);
  const std::string person = name_of_known(what.person);
  const std::string device = name_of_known(what.device);
  const std::string n = number_of(what.n);
  log.warning("quarantined", {{"number", number},
                              known("tenant", tenant),
                              known("conversation", conversation),
                              {"message", what.message},
                              known("person", person),
                              known("device", device),
                              known("n", n),
                              {"ended", what.actor},
                              {"what", what.thrown}});
}

void log_tier(log_book& log, const tier_change& change) {
  const std::string whose = change.whose ? std::to_string(change.whose.value) : "node";
  log.warning("tier", {{"of", whose},
                       {"from", std::to_string(change.from)},
                       {"to", std::to_string(change.to)},
                       {"load", fmt::format("{:.2f}", change.figure)},
                       {"tightest", name_of(change.tightest)},
                       {"pinned", change.is_pinned ? "yes" : "no"}});
}

}  // namespace frontdesk
