#pragma once

#include "bench/stage.hpp"

#include <deque>
#include <map>
#include <memory>

namespace frontdesk::bench {

/// Reads every conversation again from the store, by everybody who has spoken in it: only an author
/// is told under which number something was posted. Writes it into the history as the log that all
/// else is compared with.
class auditor : public witness {
 public:
  explicit auditor(stage&);
  /// Devices may outlive it, but the run is over.
  /// Whether all could be read.
  bool read();

  void on_ready(device&) override;
  void on_answer(device&, const heard&) override;

 private:
  struct reading {
    device* reader;
    std::deque<conversation_id> open;
    sequence after;
  };
  struct stored {
    checker::event what;
    person_id author;
  };

  void ask(reading&);
  void take(const device&, const heard_event&);
  void write_down();

  stage& at_;
  std::map<const device*, reading> readings_;
  std::map<conversation_id, std::map<std::uint64_t, stored>> logs_;
  std::size_t open_count_ = 0;
  /// The loop lives longer, and takes nothing back that is due.
  const std::shared_ptr<const bool> is_here_ = std::make_shared<const bool>(true);
  moment heard_at_{};
};

}  // namespace frontdesk::bench
