#include "net/admission.hpp"

#include "model/ids.hpp"

#include <cassert>
#include <utility>

namespace frontdesk {

namespace {

bool is_over(std::size_t count, std::size_t max) {
  return max != 0 && count > max;
}

}  // namespace

rate_table::rate_table(double per_second, double burst, std::size_t capacity)
    : per_second_(per_second), burst_(burst), capacity_(capacity) {
  assert(capacity > 0);
}

std::optional<std::chrono::milliseconds> rate_table::take(std::uint64_t key, moment now,
                                                          std::size_t count) {
  // Without a limit there is nothing to remember.
  if (per_second_ <= 0) {
    return std::nullopt;
  }
  const std::lock_guard guard(mutex_);
  auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    // To be forgotten is a full bucket. Whoever can come from ten thousand addresses needs no
    // trick.
    if (by_key_.size() == capacity_) {
      by_key_.erase(by_age_.back().first);
      by_age_.pop_back();
    }
    by_age_.emplace_front(key, rate(per_second_, burst_));
    found = by_key_.emplace(key, by_age_.begin()).first;
  } else {
    by_age_.splice(by_age_.begin(), by_age_, found->second);
  }
  rate& tokens = found->second->second;
  if (tokens.take(now, count)) {
    return std::nullopt;
  }
  return tokens.wait(now, count);
}

std::size_t rate_table::size() const {
  const std::lock_guard guard(mutex_);
  return by_key_.size();
}

admission::admission(const admission_limits& bounds)
    : visitors(bounds.visitors_per_second, bounds.visitors_burst),
      logins_by_address(bounds.logins_per_second, bounds.logins_burst),
      logins_by_account(bounds.logins_per_second, bounds.logins_burst),
      sockets(bounds.sockets_per_second, bounds.sockets_burst),
      fetches(bounds.fetches_per_second, bounds.fetches_burst),
      frames_by_person(bounds.frames_per_second, bounds.frames_burst),
      uploads_by_person(bounds.uploads_per_second, bounds.uploads_burst),
      tls_handshakes(bounds.tls_handshakes_per_second, bounds.tls_handshakes_burst),
      visitors_under_load(bounds.hellos_per_second * limits::fresh_share,
                          bounds.hellos_per_second * limits::fresh_share),
      hellos_by_seat(limits::hellos_per_second_seat, limits::hellos_burst_seat),
      hellos(bounds.hellos_per_second),
      limits_(bounds) {}

admission::pass admission::arrive(client_address from, bool by_address) {
  pass given;
  // Counted first and taken back, so that two threads never both take the last place.
  const bool is_full = is_over(++connections_, limits_.connections_max);
  const bool is_crowded = is_over(++handshakes_, limits_.handshakes_max);
  if (!is_full && !is_crowded && (!by_address || enter_by_address(from))) {
    given.verdict_ = verdicts::inside;
    given.is_half_open_ = true;
    given.is_counted_by_address_ = by_address;
  } else {
    --connections_;
    --handshakes_;
    // A refusal costs a descriptor for a second; a flood must not earn as many as it likes.
    if (++refusals_ > refusals_max) {
      --refusals_;
      return given;
    }
    given.verdict_ = verdicts::refused;
  }
  // Only who holds something has a door to give it back to.
  given.door_ = this;
  given.from_ = from;
  return given;
}

bool admission::enter_by_address(client_address from) {
  const std::lock_guard guard(mutex_);
  std::size_t& count = handshakes_by_address_[from.network];
  if (is_over(count + 1, limits_.handshakes_per_address_max)) {
    return false;
  }
  ++count;
  return true;
}

void admission::leave_by_address(client_address from) noexcept {
  const std::lock_guard guard(mutex_);
  const auto found = handshakes_by_address_.find(from.network);
  assert(found != handshakes_by_address_.end());
  // No entry for who has nothing half-open, so the map is bounded by the handshakes.
  if (--found->second == 0) {
    handshakes_by_address_.erase(found);
  }
}

admission::pass::pass(pass&& other) noexcept
    : door_(std::exchange(other.door_, nullptr)),
      from_(other.from_),
      verdict_(other.verdict_),
      is_half_open_(std::exchange(other.is_half_open_, false)),
      is_counted_by_address_(std::exchange(other.is_counted_by_address_, false)) {}

// Whatever it held before goes back with `gone`.
admission::pass& admission::pass::operator=(pass&& other) noexcept {
  pass gone(std::move(other));
  std::swap(door_, gone.door_);
  std::swap(from_, gone.from_);
  std::swap(verdict_, gone.verdict_);
  std::swap(is_half_open_, gone.is_half_open_);
  std::swap(is_counted_by_address_, gone.is_counted_by_address_);
  return *this;
}

admission::pass::~pass() {
  if (door_ == nullptr) {
    return;
  }
  if (verdict_ == verdicts::refused) {
    --door_->refusals_;
    return;
  }
  // Who leaves before its first request was half-open until now.
  handshake_done();
  --door_->connections_;
}

void admission::pass::handshake_done() noexcept {
  if (!is_half_open_) {
    return;
  }
  is_half_open_ = false;
  --door_->handshakes_;
  if (is_counted_by_address_) {
    door_->leave_by_address(from_);
  }
}

}  // namespace frontdesk
