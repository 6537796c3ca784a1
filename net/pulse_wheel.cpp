#include "net/pulse_wheel.hpp"

#include <algorithm>
#include <cassert>

namespace frontdesk {

void pulse_wheel::entry::cancel() noexcept {
  if (link_ == nullptr) {
    return;
  }
  *link_ = next_;
  if (next_ != nullptr) {
    next_->link_ = link_;
  }
  next_ = nullptr;
  link_ = nullptr;
}

pulse_wheel::pulse_wheel(moment start, milliseconds tick, std::size_t slots_count)
    : start_(start), tick_(tick), slots_(slots_count) {
  assert(tick.count() > 0 && slots_count > 0);
}

pulse_wheel::~pulse_wheel() {
  for (entry*& slot : slots_) {
    while (slot != nullptr) {
      slot->cancel();
    }
  }
}

void pulse_wheel::set(entry& e, moment due) {
  e.cancel();
  // Rounded up: nobody is called early.
  const auto after_start = std::chrono::ceil<milliseconds>(std::max(due, start_) - start_);
  const auto ticks = static_cast<std::uint64_t>((after_start + tick_ - milliseconds{1}) / tick_);
  // Never in the slot that is being emptied, or one that sets itself again would never end.
  e.due_tick_ = std::max(ticks, now_tick_ + 1);
  link(slot_of(e.due_tick_), e);
}

void pulse_wheel::advance(moment now) {
  const auto target = static_cast<std::uint64_t>(
      std::max(now, start_) - start_ < tick_ ? 0 : (now - start_) / tick_);
  // Tick by tick, also after a long sleep of the machine: an empty slot costs a nanosecond.
  while (now_tick_ < target) {
    ++now_tick_;
    entry* due = nullptr;
    for (entry* e = slot_of(now_tick_); e != nullptr;) {
      entry* const after = e->next_;
      // The others of the slot are for a later turn of the wheel.
      if (e->due_tick_ <= now_tick_) {
        e->cancel();
        link(due, *e);
      }
      e = after;
    }
    call_all(due);
  }
}

std::optional<pulse_wheel::moment> pulse_wheel::next() const {
  // The first slot with anybody in it, due in this turn or not: to know better would cost a list.
  for (std::uint64_t tick = now_tick_ + 1; tick <= now_tick_ + slots_.size(); ++tick) {
    if (slots_[tick % slots_.size()] != nullptr) {
      return start_ + tick_ * tick;
    }
  }
  return std::nullopt;
}

void pulse_wheel::link(entry*& place, entry& e) {
  e.next_ = place;
  e.link_ = &place;
  if (place != nullptr) {
    place->link_ = &e.next_;
  }
  place = &e;
}

// Whoever is called may cancel others of the list: they leave it, wherever its head stands.
void pulse_wheel::call_all(entry*& due) {
  while (due != nullptr) {
    entry& e = *due;
    e.cancel();
    e.on_due();
  }
}

std::chrono::milliseconds with_jitter(std::chrono::milliseconds about, std::uint32_t random) {
  const std::int64_t tenth = about.count() / 10;
  return about - std::chrono::milliseconds{tenth} +
         std::chrono::milliseconds{static_cast<std::int64_t>(random) % (2 * tenth + 1)};
}

}  // namespace frontdesk
