#include "tests/simulation/slow_historian.hpp"

#include "actors/pinned_actor.hpp"
#include "model/limits.hpp"

#include <utility>

namespace frontdesk::simulation {

namespace {

class slow_historian final : public pinned_actor<historian_actor::base> {
 public:
  slow_historian(caf::actor_config& config, historian_actor real, read_surroundings around)
      : pinned_actor(config), real_(std::move(real)), around_(std::move(around)) {}

  const char* name() const override { return "slow_historian"; }

 protected:
  behavior_type make_behavior() override {
    return {
        [this](const read_events& wish) { return pass_on<events_read>(wish); },
        [this](const read_versions& wish) { return pass_on<versions_read>(wish); },
        [this](const read_roster& wish) { return pass_on<roster_read>(wish); },
        [this](const read_list& wish) { return pass_on<list_read>(wish); },
        [this](const read_open& wish) { return pass_on<open_read>(wish); },
    };
  }

 private:
  template <class Answer, class Wish>
  caf::typed_response_promise<Answer> pass_on(const Wish& wish) {
    auto promise = make_response_promise<Answer>();
    ask(real_, limits::answer_max, wish)
        .then([this, promise](Answer& read) { answer_later(promise, std::move(read)); },
              [promise](const caf::error& why) mutable { promise.deliver(why); });
    return promise;
  }

  template <class Answer>
  void answer_later(caf::typed_response_promise<Answer> promise, Answer read) {
    around_.later(around_.delay(),
                  [this, keep = caf::strong_actor_ptr{ctrl()}, promise = std::move(promise),
                   read = std::move(read)]() mutable {
                    // The context of the last turn is gone; without one, the answer goes through
                    // the scheduler.
                    context(nullptr);
                    promise.deliver(std::move(read));
                  });
  }

  historian_actor real_;
  read_surroundings around_;
};

}  // namespace

historian_actor spawn_slow_historian(caf::actor_system& system, historian_actor real,
                                     read_surroundings around) {
  return spawn_on<slow_historian>(system, placement{worker_kind::storage, 0}, std::move(real),
                                  std::move(around));
}

}  // namespace frontdesk::simulation
