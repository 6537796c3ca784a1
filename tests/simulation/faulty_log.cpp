#include "tests/simulation/faulty_log.hpp"

#include "storage/apply.hpp"

#include <caf/local_actor.hpp>

#include <utility>

namespace frontdesk::simulation {

namespace {

/// Calls back as if from the caller's own turn, if there still is one to call.
void tell_outcome(const caf::strong_actor_ptr& caller, const commit_log::completion& done,
                  append_outcome outcome) {
  auto* actor = caf::actor_cast<caf::abstract_actor*>(caller);
  if (actor->getf(caf::abstract_actor::is_terminated_flag)) return;
  // The context of its last turn is gone; without one, what it sends goes through the scheduler.
  static_cast<caf::local_actor*>(actor)->context(nullptr);
  done(outcome);
}

}  // namespace

faulty_log::faulty_log(store& rows, std::unique_ptr<commit_log> real, log_surroundings around,
                       log_bug bug)
    : rows_(rows), real_(std::move(real)), around_(std::move(around)), bug_(bug) {}

void faulty_log::append(std::vector<log_entry> entries, completion done) {
  const commit_weather weather = around_.weather();
  if (weather.before_write.count() == 0 && weather.before_outcome.count() == 0) {
    return done(told(write(std::move(entries), weather)));
  }
  const auto caller = around_.caller();
  around_.later(weather.before_write, [this, weather, caller, entries = std::move(entries),
                                       done = std::move(done)]() mutable {
    const append_outcome outcome = told(write(std::move(entries), weather));
    around_.later(weather.before_outcome, [caller, outcome, done = std::move(done)] {
      tell_outcome(caller, done, outcome);
    });
  });
}

append_outcome faulty_log::write(std::vector<log_entry> entries, const commit_weather& weather) {
  if (weather.is_write_lost) return append_outcome::unknown;
  const auto copies = bug_ == log_bug::takes_stale_owners ? entries : std::vector<log_entry>{};
  auto outcome = append_outcome::unknown;
  real_->append(std::move(entries), [&outcome](append_outcome o) { outcome = o; });
  if (outcome == append_outcome::fenced && bug_ == log_bug::takes_stale_owners) {
    for (const log_entry& each : copies)
      (void)rows_.write_all(apply(each.what), durability::synced);
    return append_outcome::committed;
  }
  const bool is_known = outcome == append_outcome::committed && !weather.is_outcome_lost;
  return is_known || outcome != append_outcome::committed ? outcome : append_outcome::unknown;
}

append_outcome faulty_log::told(append_outcome outcome) const {
  const bool is_doubtful = outcome == append_outcome::unknown;
  return is_doubtful && bug_ == log_bug::takes_doubt_for_truth ? append_outcome::committed
                                                               : outcome;
}

}  // namespace frontdesk::simulation
