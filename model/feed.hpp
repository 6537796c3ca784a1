#pragma once

#include "model/ids.hpp"
#include "model/planted_bug.hpp"

#include <algorithm>

namespace frontdesk {

/// One device follows one track of one conversation: it must get every event after its position,
/// once on this connection, in order, whether the events come live or from the store, and however
/// slow it is. A feed is the rule for that splice; its owner does the sending and the reading.
///
///     live event is the very next, nothing is being read      → push it
///     anything else                                           → it is only known that there is
///     more more is known, nothing is being read, the device keeps up → read a page behind the
///     position
///
/// So a hole cannot be pushed, a page and a live event cannot cross, and a device that is not
/// keeping up costs two numbers.
class feed {
 public:
  feed() = default;
  explicit feed(sequence after) : pushed_(after), known_(after) {}

  /// The seq of the last event that was pushed.
  sequence pushed() const { return pushed_; }
  /// Whether the device has everything that is known to be there.
  bool is_caught_up() const { return pushed_ >= known_; }

  /// A live event, and whether the device can take one now. True: push it.
  bool offer(sequence seq, bool keeps_up) {
    const bool is_next = seq == next(pushed_) && !reading_ && !looking_ && keeps_up;
    know(seq);
    if (is_next) {
      pushed_ = seq;
    }
    return is_next;
  }

  /// The track is known to reach this far.
  void know(sequence head) {
    if (is_planted(planted_bug::skips_live_at_splice) && reading_) return;
    known_ = std::max(known_, head);
  }

  bool is_reading() const { return reading_; }
  /// How far the track reaches is not known: a page shall tell.
  void look() { looking_ = true; }
  /// Whether a page behind `pushed()` should be read now.
  bool wants_page() const { return !reading_ && (looking_ || !is_caught_up()); }
  void page_begins() {
    reading_ = true;
    looking_ = false;
  }
  /// One event of the page. True: push it; false: it was pushed, or a hole precedes it.
  bool page_event(sequence seq) {
    if (seq != next(pushed_)) {
      return false;
    }
    pushed_ = seq;
    return true;
  }
  /// The page has been pushed; at the time of reading the track reached `head`.
  void page_ends(sequence head) {
    reading_ = false;
    know(head);
  }
  /// The page could not be read; another try may be made.
  void page_failed() {
    reading_ = false;
    looking_ = true;
  }

 private:
  sequence pushed_;
  sequence known_;
  bool reading_ = false;
  bool looking_ = false;
};

}  // namespace frontdesk
