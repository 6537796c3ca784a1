#include "net/socket_thread.hpp"

#include <utility>

namespace frontdesk {

socket_thread::socket_thread(desk& actors, std::size_t index, const socket_limits& bounds,
                             std::shared_ptr<admission> door)
    : desk_(actors),
      index_(index),
      home_(actors.io(index)),
      limits_(bounds),
      door_(std::move(door)),
      wheel_(now(), bounds.tick),
      timer_(home_.io_context()),
      random_(std::random_device{}()) {}

void socket_thread::set(pulse_wheel::entry& e, std::chrono::milliseconds after) {
  const auto due = now() + after;
  wheel_.set(e, due);
  // Most deadlines are later than the earliest: then the timer stays as it is.
  if (!armed_for_ || due < *armed_for_) {
    arm();
  }
}

void socket_thread::set_about(pulse_wheel::entry& e, std::chrono::milliseconds after) {
  set(e, with_jitter(after, static_cast<std::uint32_t>(random_())));
}

void socket_thread::enter(std::shared_ptr<stoppable> who) {
  stoppable* const key = who.get();
  guests_.emplace(key, std::move(who));
}

void socket_thread::stop_guests() {
  is_stopping_ = true;
  // They leave while they stop, so the list is taken away first.
  for (const auto& [key, guest] : std::exchange(guests_, {})) {
    guest->stop_now();
  }
}

void socket_thread::arm() {
  // Nothing waits, nothing wakes: an idle thread sleeps.
  armed_for_ = wheel_.next();
  if (!armed_for_) {
    return;
  }
  timer_.expires_at(*armed_for_);
  // A timer that is set again cancels its old wait, which says so and does nothing.
  timer_.async_wait([me = shared_from_this()](boost::system::error_code error) {
    if (!error) {
      me->on_timer();
    }
  });
}

void socket_thread::on_timer() {
  wheel_.advance(now());
  arm();
}

}  // namespace frontdesk
