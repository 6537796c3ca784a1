#pragma once

#include "storage/commit_log.hpp"
#include "storage/store.hpp"
#include "tests/simulation/bugs.hpp"

#include <caf/actor_control_block.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace frontdesk::simulation {

/// How a commit goes.
struct commit_weather {
  /// Before the entries are written, and again before the outcome is known. While it lasts, a
  /// recorder may end, and another may claim its shards.
  std::chrono::milliseconds before_write{0};
  std::chrono::milliseconds before_outcome{0};
  /// `unknown` is the outcome, whatever became of the entries.
  bool is_outcome_lost = false;
  /// They never reach the log.
  bool is_write_lost = false;
};

/// What a faulty log asks of the simulation around it.
struct log_surroundings {
  std::function<commit_weather()> weather;
  /// Does it later, while this very process runs.
  std::function<void(std::chrono::milliseconds, std::function<void()>)> later;
  /// Who appends: nobody is called back who has ended.
  std::function<caf::strong_actor_ptr()> caller;
};

/// A commit log over another one, as slow and as forgetful as a log that lies beyond a network: an
/// append takes its time, may arrive when its writer has been replaced, and its outcome may stay
/// unknown, written or not.
class faulty_log final : public commit_log {
 public:
  faulty_log(store& rows, std::unique_ptr<commit_log> real, log_surroundings, log_bug);

  fault_or<claimed_shard> claim(shard_id shard) override { return real_->claim(shard); }
  void append(std::vector<log_entry> entries, completion done) override;
  void trim(shard_id shard, log_index last) override { real_->trim(shard, last); }

 private:
  append_outcome write(std::vector<log_entry> entries, const commit_weather&);
  append_outcome told(append_outcome) const;

  store& rows_;
  std::unique_ptr<commit_log> real_;
  log_surroundings around_;
  log_bug bug_;
};

}  // namespace frontdesk::simulation
