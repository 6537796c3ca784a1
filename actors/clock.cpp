#include "actors/clock.hpp"

#include "actors/pinned_actor.hpp"
#include "actors/scheduler.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/group.hpp>
#include <caf/mailbox_element.hpp>

#include <utility>

namespace frontdesk {

namespace {

/// Only for actors that set a timer, and therefore live; never for one that cancels.
caf::strong_actor_ptr keep(caf::abstract_actor* self) {
  return caf::strong_actor_ptr{self->ctrl()};
}

}  // namespace

// ---- one worker's

worker_clock::worker_clock(boost::asio::io_context& context) : timer_(context) {}

void worker_clock::rearm() {
  if (schedule_.empty()) return;
  auto due = schedule_.begin()->first;
  if (is_armed_ && armed_for_ <= due) return;
  is_armed_ = true;
  armed_for_ = due;
  timer_.expires_at(due);
  timer_.async_wait([this](boost::system::error_code fault) {
    // Set anew for an earlier entry; that wait goes on in its own callback.
    if (fault) return;
    is_armed_ = false;
    trigger_expired_timeouts();
    rearm();
  });
}

void worker_clock::cancel_ordinary(caf::actor_id actor, caf::atom_value type) {
  handle(ordinary_timeout_cancellation{actor, type});
}

void worker_clock::cancel_request(caf::actor_id actor, caf::message_id request) {
  handle(request_timeout_cancellation{actor, request});
}

void worker_clock::cancel_of(caf::actor_id actor) {
  handle(timeouts_cancellation{actor});
}

void worker_clock::drop_all() {
  // Out of the member first: entries are the last references to some actors, whose end comes back
  // to this clock.
  actor_lookup_.clear();
  auto dropped = std::exchange(schedule_, {});
}

// ---- all workers'

desk_clock::desk_clock(const std::vector<std::unique_ptr<worker>>& workers) : workers_(workers) {}

void desk_clock::close() {
  is_closed_ = true;
  for (auto& each : workers_)
    each->clock_->drop_all();
}

worker& desk_clock::worker_of(caf::abstract_actor* self) const noexcept {
  if (auto ours = dynamic_cast<pinned*>(self)) return *ours->home();
  // Always the same one for the same actor, so that a cancellation finds its timer.
  return *workers_[self->id() % workers_.size()];
}

template <class Change>
void desk_clock::change(worker& owner, Change what) {
  if (is_closed_) return;
  // Actors set timers in their turns, which are here; anybody else pays for a wake-up.
  if (owner.is_here()) return what(*owner.clock_);
  boost::asio::post(owner.io_context(), [clock = owner.clock_.get(),
                                         what = std::move(what)]() mutable { what(*clock); });
}

void desk_clock::set_ordinary_timeout(time_point due, caf::abstract_actor* self,
                                      caf::atom_value type, std::uint64_t id) {
  change(worker_of(self), [=, self = keep(self)](worker_clock& clock) {
    clock.set_ordinary_timeout(due, self->get(), type, id);
    clock.rearm();
  });
}

void desk_clock::set_multi_timeout(time_point due, caf::abstract_actor* self, caf::atom_value type,
                                   std::uint64_t id) {
  change(worker_of(self), [=, self = keep(self)](worker_clock& clock) {
    clock.set_multi_timeout(due, self->get(), type, id);
    clock.rearm();
  });
}

void desk_clock::set_request_timeout(time_point due, caf::abstract_actor* self,
                                     caf::message_id request) {
  change(worker_of(self), [=, self = keep(self)](worker_clock& clock) {
    clock.set_request_timeout(due, self->get(), request);
    clock.rearm();
  });
}

void desk_clock::cancel_ordinary_timeout(caf::abstract_actor* self, caf::atom_value type) {
  change(worker_of(self),
         [id = self->id(), type](worker_clock& clock) { clock.cancel_ordinary(id, type); });
}

void desk_clock::cancel_request_timeout(caf::abstract_actor* self, caf::message_id request) {
  change(worker_of(self),
         [id = self->id(), request](worker_clock& clock) { clock.cancel_request(id, request); });
}

void desk_clock::cancel_timeouts(caf::abstract_actor* self) {
  // Called for every actor that ends. On another thread than its own it ends because nothing refers
  // to it, so no timer does either, and waking that thread would be for nothing.
  auto& owner = worker_of(self);
  if (owner.is_here() && !is_closed_) owner.clock_->cancel_of(self->id());
}

void desk_clock::schedule_message(time_point due, caf::strong_actor_ptr receiver,
                                  caf::mailbox_element_ptr content) {
  auto& owner = worker_of(receiver->get());
  change(owner, [due, receiver = std::move(receiver),
                 content = std::move(content)](worker_clock& clock) mutable {
    clock.schedule_message(due, std::move(receiver), std::move(content));
    clock.rearm();
  });
}

void desk_clock::schedule_message(time_point due, caf::group target, caf::strong_actor_ptr sender,
                                  caf::message content) {
  // Nothing of ours uses groups; CAF's interface wants it.
  change(*workers_.front(), [=](worker_clock& clock) {
    clock.schedule_message(due, target, sender, content);
    clock.rearm();
  });
}

void desk_clock::cancel_all() {
  close();
}

}  // namespace frontdesk
