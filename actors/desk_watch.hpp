#pragma once

#include "actors/census.hpp"
#include "actors/recorder_tally.hpp"
#include "actors/scheduler.hpp"
#include "actors/stuck_watch.hpp"
#include "actors/traffic_tally.hpp"
#include "model/desk_stats.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace frontdesk {

/// Told when somebody has been stuck for too long, and again when that has ended.
using stuck_listener = std::function<void(const stuck_stats&, bool has_ended)>;

/// The problem: who wants to know what the actors do must not ask them: an actor that hangs does
/// not answer, and a thousand that answer have less time for visitors.
///
/// The answer: workers count for themselves and show what they are at; here it is read, from
/// outside. `look` is called every `limits::watch_interval` on a thread that no actor can block; it
/// finds whoever is stuck, asks the workers for signs of life, and keeps a reading of all counters
/// every two seconds, so that `stats` can tell what is recent.
///
/// Thread-safe, `look` by one thread at a time. It ends before the actor system does.
/// **Size.** About 60 KB for a reading, of which six are kept.
class desk_watch {
 public:
  using moment = std::chrono::steady_clock::time_point;

  desk_watch(scheduler& threads, census& kinds, const recorder_tally& recorded,
             const traffic_board& traffic, stuck_listener listener);

  void look(moment now);

  /// Asks all workers for a sign of life and does no more, in place of a look where nothing is
  /// counted: how long a worker's queues are is what overload is told by.
  void probe();

  /// Fills in the actors, the workers, the recorder, the traffic, and who is stuck.
  desk_stats stats(moment now) const;

 private:
  /// All counters at one moment.
  struct reading {
    struct kind_part {
      std::uint64_t messages = 0;
      stats_tally::reading mailbox;
      stats_tally::reading handling;
    };
    struct worker_part {
      stats_tally::reading queue_delay;
      stats_tally::reading loop_lag;
    };

    moment at;
    std::vector<kind_part> kinds;
    std::vector<worker_part> workers;
    stats_tally::reading appends_per_batch;
    stats_tally::reading bytes_per_batch;
    stats_tally::reading commit;
    stats_tally::reading ack;
    stats_tally::reading delivery;
  };
  /// One worker, as it is watched.
  struct watched {
    stuck_watch rule;
    /// Of the last look.
    stuck_stats doing;
    kind_index kind = 0;
    bool is_stuck = false;
  };

  void look_at(worker&, watched&, moment now);
  void tell(const stuck_stats&, bool has_ended) const noexcept;
  void note_stuck(kind_index, std::chrono::milliseconds lasted);
  void note_times(moment now);
  std::shared_ptr<const reading> read(moment now) const;
  traffic_stats traffic_of(const reading& now, const reading& before) const;
  actor_kind_stats stats_of(kind_index, const reading& now, const reading& before) const;

  scheduler& threads_;
  census& kinds_;
  const recorder_tally& recorded_;
  const traffic_board& traffic_;
  const stuck_listener listener_;
  /// What was stuck took how long, by kind; null: never.
  std::array<std::unique_ptr<stats_tally>, census::kinds_max> stuck_times_;
  moment second_began_;

  /// Guards what is below.
  mutable std::mutex mutex_;
  std::vector<watched> watched_;
  /// Oldest first.
  std::deque<std::shared_ptr<const reading>> readings_;
};

}  // namespace frontdesk
