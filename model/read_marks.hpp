#pragma once

#include "model/chat.hpp"
#include "model/ids.hpp"
#include "model/planted_bug.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace frontdesk {

/// How far the readers of one conversation are. What a reader reports only moves forward, and never
/// beyond what there is; what moved waits here until it is written.
class read_marks {
 public:
  /// Readers that are kept at hand; the others' marks are in the store.
  static constexpr std::size_t readers_max = 64;

  /// As the store has it. Does nothing for a reader who is known.
  void learn(const reader_cursor& stored) {
    if (!knows(stored.reader)) marks_.push_back({stored, false});
  }
  bool knows(person_id reader) const { return find(reader) != marks_.end(); }
  bool is_full() const { return marks_.size() >= readers_max; }

  /// A known reader reports; `head` is the last event there is. True: the mark moved.
  bool report(person_id reader, const cursor& wish, sequence head) {
    const auto known = marks_.begin() + (find(reader) - marks_.begin());
    cursor& now = known->at.at;
    const cursor before = now;
    now.read = std::max(now.read, std::min(wish.read, head));
    now.received = std::max({now.received, std::min(wish.received, head), now.read});
    if (is_planted(planted_bug::takes_marks_back)) now = wish;
    const bool has_moved = now != before;
    known->is_unwritten = known->is_unwritten || has_moved;
    return has_moved;
  }

  /// Those that moved since they were taken last.
  std::vector<reader_cursor> take_unwritten() {
    std::vector<reader_cursor> taken;
    for (mark& each : marks_) {
      if (each.is_unwritten) taken.push_back(each.at);
      each.is_unwritten = false;
    }
    return taken;
  }

  std::vector<reader_cursor> all() const {
    std::vector<reader_cursor> all;
    std::ranges::transform(marks_, std::back_inserter(all), &mark::at);
    return all;
  }

 private:
  struct mark {
    reader_cursor at;
    bool is_unwritten = false;
  };

  std::vector<mark>::const_iterator find(person_id reader) const {
    return std::ranges::find(marks_, reader, [](const mark& each) { return each.at.reader; });
  }

  std::vector<mark> marks_;
};

}  // namespace frontdesk
