#include "bench/measures.hpp"

#include <algorithm>

namespace frontdesk::bench {

const delivery_book::delivery* delivery_book::acked(conversation_id where, sequence seq,
                                                    person_kind by, moment due) {
  page& at = pages_[where];
  at.head = std::max(at.head, seq);
  const auto it = at.open.try_emplace(seq.value).first;
  it->second.due = due;
  it->second.by = by;
  return complete(at, it);
}

const delivery_book::delivery* delivery_book::seen(conversation_id where, sequence seq,
                                                   moment now) {
  page& at = pages_[where];
  at.head = std::max(at.head, seq);
  const auto it = at.open.try_emplace(seq.value).first;
  it->second.seen = now;
  return complete(at, it);
}

const delivery_book::delivery* delivery_book::complete(page& at,
                                                       std::map<std::uint64_t, half>::iterator it) {
  if (it->second.due == moment{} || it->second.seen == moment{}) return nullptr;
  last_ = {it->second.due, it->second.seen, it->second.by};
  at.open.erase(it);
  return &last_;
}

sequence delivery_book::head(conversation_id where) const {
  const auto it = pages_.find(where);
  return it == pages_.end() ? sequence{} : it->second.head;
}

void delivery_book::heard_of(conversation_id where, sequence seq) {
  page& at = pages_[where];
  at.head = std::max(at.head, seq);
}

void measures::spoke(moment due, moment now) {
  if (counts(due)) lateness_us.record(microseconds_between(due, now));
}

void measures::acked(conversation_id where, sequence seq, person_kind by, moment due, moment now) {
  ++acks_count;
  add(acks_us, by, due, now);
  add(where, deliveries.acked(where, seq, by, due));
}

void measures::delivered(conversation_id where, sequence seq, moment now) {
  add(where, deliveries.seen(where, seq, now));
}

void measures::add(conversation_id where, const delivery_book::delivery* both) {
  if (both == nullptr) return;
  add(deliveries_us, both->by, both->due, both->seen);
  if (on_delivery && counts(both->due)) on_delivery(where, both->due, both->seen);
}

void measures::add(latencies& to, person_kind by, moment due, moment now) const {
  if (!counts(due)) return;
  const bool is_by_the_clock = by == person_kind::visitor;
  to.record_corrected(microseconds_between(due, now), is_by_the_clock ? expected_interval_us : 0);
}

checker::body_hash hash_of(const heard_event& what) {
  if (what.kind == event_kind::message) return checker::hash_of(what.text);
  return {static_cast<std::uint64_t>(what.kind)};
}

}  // namespace frontdesk::bench
