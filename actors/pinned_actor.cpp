#include "actors/pinned_actor.hpp"

#include "actors/failure_watch.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

namespace frontdesk {

namespace {

void add_one(std::atomic<std::uint64_t>& count) {
  count.fetch_add(1, std::memory_order_relaxed);
}

bool is_peaceful(const caf::error& reason) {
  return !reason || reason == caf::exit_reason::normal ||
         reason == caf::exit_reason::user_shutdown || reason == caf::exit_reason::unreachable;
}

}  // namespace

void pinned::note_begin(caf::actor_system& system, const char* kind) {
  kind_ = census_of(system).kind_of(kind);
  add_one(census_of(system).life(kind_).spawned);
}

void pinned::note_end(caf::actor_system& system, const caf::error& reason) const noexcept {
  kind_life& life = census_of(system).life(kind_);
  add_one(life.ended);
  if (!is_peaceful(reason)) add_one(life.failed);
}

std::string pinned::what_was_thrown(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& known) {
    return known.what();
  } catch (...) {
    return "not a std::exception";
  }
}

caf::error pinned::report_thrown(caf::local_actor& self, const std::exception_ptr& thrown,
                                 failure known) const noexcept {
  known.actor = self.name();
  known.id = self.id();
  known.what = what_was_thrown(thrown);
  add_one(census_of(self.home_system()).life(kind_).crashed);
  failures_of(self.home_system()).report(known);
  return caf::make_error(caf::sec::runtime_error, std::move(known.what));
}

caf::result<caf::message> pinned::refuse_unknown(caf::scheduled_actor* self, caf::message_view&) {
  if (self->current_message_id().is_request()) return caf::sec::unexpected_message;
  // An error would be sent even to a sender that does not wait for one.
  return caf::delegated<caf::message>{};
}

}  // namespace frontdesk
