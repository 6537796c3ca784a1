#include "model/trace_board.hpp"

#include "model/limits.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace frontdesk {

span_ptr trace_board::begin_post(const traced_post& post, moment now) {
  const std::uint32_t interest = interest_.load(std::memory_order_relaxed);
  if (interest == 0) return nullptr;
  const bool is_flagged = post.incoming && post.incoming.is_sampled;
  const bool is_exported = (interest & exported) != 0;
  bool is_sampled = is_exported && !post.incoming && sampler_.takes_own();
  watch_marks marks;
  if (interest > exported || (is_exported && is_flagged)) {
    const std::lock_guard guard(mutex_);
    marks = watches_.marks_of(post.tenant, post.person, post.conversation, now);
    note_interest();
    if (is_exported && is_flagged) is_sampled = sampler_.takes_flagged(now);
  }
  if (!is_sampled && marks.slots == 0) return nullptr;
  const trace_id trace = post.incoming ? post.incoming.trace : sampler_.fresh_trace();
  return std::make_shared<const open_span>(open_span{
      span_kind::post, {trace, sampler_.fresh_span(), true}, post.incoming.span, now, marks});
}

span_ptr trace_board::begin(span_kind kind, const open_span& of, moment began) {
  return std::make_shared<const open_span>(
      open_span{kind, {of.at.trace, sampler_.fresh_span(), true}, of.at.span, began, of.watched});
}

void trace_board::end(span what) {
  if (!is_on()) return;
  {
    const std::lock_guard guard(mutex_);
    what.unix_ns = anchor_.unix_ns(what.what.began, what.ended, time_.now());
    if (what.what.watched.slots != 0) watches_.add(what.what.watched, what);
    if (is_exporting_ && waiting_.size() < limits::spans_waiting_max) {
      waiting_.push_back(what);
      if (waiting_.size() == limits::spans_per_export_max && is_ready_) is_ready_();
    } else if (is_exporting_) {
      leave_out(1);
    }
  }
  ended_.fetch_add(1, std::memory_order_relaxed);
  if (told_) told_(what);
}

void trace_board::note(connection_note what) {
  const std::lock_guard guard(mutex_);
  const auto marks = watches_.marks_of(what.tenant, what.person, what.conversation, what.at);
  note_interest();
  if (marks.slots == 0) return;
  what.unix_ns = anchor_.unix_ns(what.at, what.at, time_.now());
  watches_.add(marks, what);
}

void trace_board::leave_out(std::size_t count) {
  left_out_.fetch_add(count, std::memory_order_relaxed);
}

fault_or<watch_id> trace_board::watch(const watched& what, std::chrono::milliseconds time,
                                      moment now) {
  const std::lock_guard guard(mutex_);
  auto begun = watches_.begin(what, time, now);
  note_interest();
  return begun;
}

fault_or<watch_news> trace_board::read_watch(watch_id id, std::size_t most, moment now) {
  const std::lock_guard guard(mutex_);
  auto news = watches_.read(id, most, now);
  note_interest();
  return news;
}

void trace_board::end_watch(watch_id id) {
  const std::lock_guard guard(mutex_);
  watches_.end(id);
  note_interest();
}

trace_stats trace_board::stats() const {
  trace_stats now;
  now.spans = ended_.load(std::memory_order_relaxed);
  now.exported = exported_.load(std::memory_order_relaxed);
  now.left_out = left_out_.load(std::memory_order_relaxed);
  now.failed_exports = failed_exports_.load(std::memory_order_relaxed);
  const std::lock_guard guard(mutex_);
  now.waiting = waiting_.size();
  now.watches = watches_.count();
  return now;
}

void trace_board::begin_export(std::function<void()> is_ready) {
  const std::lock_guard guard(mutex_);
  is_exporting_ = true;
  is_ready_ = std::move(is_ready);
  note_interest();
}

void trace_board::end_export() {
  const std::lock_guard guard(mutex_);
  is_exporting_ = false;
  is_ready_ = nullptr;
  leave_out(waiting_.size());
  waiting_.clear();
  note_interest();
}

std::vector<span> trace_board::take(std::size_t most) {
  const std::lock_guard guard(mutex_);
  const auto count = static_cast<std::ptrdiff_t>(std::min(most, waiting_.size()));
  std::vector<span> taken(waiting_.begin(), waiting_.begin() + count);
  waiting_.erase(waiting_.begin(), waiting_.begin() + count);
  return taken;
}

/// Under the lock.
void trace_board::note_interest() {
  const auto watches = static_cast<std::uint32_t>(watches_.count());
  interest_.store((is_exporting_ ? exported : 0U) + watches * 2, std::memory_order_relaxed);
}

}  // namespace frontdesk
