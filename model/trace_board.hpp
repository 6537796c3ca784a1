#pragma once

#include "model/date_anchor.hpp"
#include "model/desk_stats.hpp"
#include "model/fault.hpp"
#include "model/trace.hpp"
#include "model/trace_sampler.hpp"
#include "model/wall_clock.hpp"
#include "model/watch_table.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

/// The problem: actors on all threads have spans to tell, and whoever wants them is slow, or far
/// away, or nobody.
///
/// The answer: a board between them. To hang something on it takes a short lock and no memory of
/// anybody's who reads; what nobody fetches in time is left out and counted.
namespace frontdesk {

struct trace_settings {
  /// Of posts that come without a context, 0 … 1.
  double part = 0;
  /// What is drawn hangs on it: another one for each life of a node.
  std::uint64_t seed = 0;
};

/// A post that has come, as far as it decides whether to trace it.
struct traced_post {
  tenant_id tenant;
  person_id person;
  conversation_id conversation;
  /// What came with it; none.
  trace_context incoming;
};

/// Thread-safe. As long as nobody exports and nobody watches, nothing is recorded, and to ask
/// costs one relaxed load.
class trace_board : public std::enable_shared_from_this<trace_board> {
 public:
  using moment = open_span::moment;
  /// Is told of each span that has ended; on the thread of whoever ended it.
  using listener = std::function<void(const span&)>;

  trace_board(const trace_settings& how, const wall_clock& time, listener told = nullptr)
      : sampler_(how.part, how.seed), time_(time), told_(std::move(told)) {}

  /// Somebody wants spans.
  bool is_on() const noexcept { return interest_.load(std::memory_order_relaxed) != 0; }
  /// An operator watches live.
  bool is_watched() const noexcept { return interest_.load(std::memory_order_relaxed) > exported; }

  /// @name For actors
  /// @{
  /// Null: it is not sampled.
  span_ptr begin_post(const traced_post&, moment now);
  /// A part of what is under way. What it is begun for may have ended before.
  span_ptr begin(span_kind, const open_span& of, moment began);
  /// It has ended, just now. `unix_ns` is filled in here.
  void end(span what);
  /// Only those hear of it who watch this person or conversation.
  void note(connection_note);
  /// Spans that were left out because somebody is behind with too many.
  void leave_out(std::size_t count);
  /// @}

  /// @name For operators
  /// Faults: those of `watch_table`.
  /// @{
  fault_or<watch_id> watch(const watched&, std::chrono::milliseconds time, moment now);
  fault_or<watch_news> read_watch(watch_id, std::size_t most, moment now);
  void end_watch(watch_id);
  trace_stats stats() const;
  /// @}

  /// @name For whoever exports
  /// @{
  /// From now on spans are kept. `is_ready` is called, under the board's lock, when there are
  /// enough for one request; it must only wake somebody.
  void begin_export(std::function<void()> is_ready);
  /// What waits is forgotten.
  void end_export();
  /// The oldest that wait.
  std::vector<span> take(std::size_t most);
  void count_exported(std::size_t spans) { exported_.fetch_add(spans, std::memory_order_relaxed); }
  void count_failed_export() { failed_exports_.fetch_add(1, std::memory_order_relaxed); }
  /// @}

 private:
  static constexpr std::uint32_t exported = 1;

  void note_interest();

  trace_sampler sampler_;
  const wall_clock& time_;
  const listener told_;
  /// `exported`, and twice the number of watches.
  std::atomic<std::uint32_t> interest_{0};
  std::atomic<std::uint64_t> ended_{0};
  std::atomic<std::uint64_t> left_out_{0};
  std::atomic<std::uint64_t> exported_{0};
  std::atomic<std::uint64_t> failed_exports_{0};
  mutable std::mutex mutex_;
  date_anchor anchor_;
  watch_table watches_;
  bool is_exporting_ = false;
  std::function<void()> is_ready_;
  /// Bounded by `limits::spans_waiting_max`.
  std::deque<span> waiting_;
};

}  // namespace frontdesk
