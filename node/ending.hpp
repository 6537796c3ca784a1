#pragma once

#include "node/exit_code.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

/// The problem: a node is told to end, or to read something again, by a signal, which may come to
/// any thread at any moment, or finds out on some thread that it cannot go on; and the one thread
/// that can end it in order is waiting, or still starts it, for as long as a disk takes.
///
/// The answer: another one waits for a descriptor that both can write to. No code ever runs in a
/// signal handler.
///
///     SIGHUP          ──► wait() calls `reload`    ──► waits on
///     SIGTERM, SIGINT ──► wait() returns `success` ──► stops in order
///     wish()          ──► wait() returns the wish  ──► stops in order
///     another one of them after that ──► the process ends at once, whatever it does; what was
///                                        acknowledged is on disk
///
/// The SIGHUP of a terminal that is closed means what it meant before there were daemons: the end.
namespace frontdesk {

/// A signal, and which user sent it; of a terminal's key, whoever runs the process.
struct received_signal {
  int number = 0;
  std::uint32_t uid = 0;
};

/// Where a second signal is written down; empty: nowhere. Outlives the end of all else.
struct second_note {
  std::mutex mutex;
  std::string path;
};

/// One per process, made before its first other thread, because threads inherit which signals they
/// leave alone.
class ending {
 public:
  ending();
  ending(const ending&) = delete;
  ending& operator=(const ending&) = delete;
  ~ending();

  /// The process should end. Any thread; the first wish holds.
  void wish(exit_code, std::string sentence);

  /// Waits for a signal or a wish; a sentence is empty if there is nothing to tell. `reload` is
  /// called on this thread, which hears nothing meanwhile: it only passes the word on.
  trouble wait(const std::function<void(const received_signal&)>& reload);

  /// The signal that ended the waiting; none: a wish did. Once it has ended.
  const std::optional<received_signal>& ended_by() const { return ended_by_; }

  /// Where a second signal, which leaves time for nothing else, is written down for the next start
  /// (`take_note`).
  void note_second_in(const std::string& path);

  /// Whether a signal that ends it was heard, or a wish. Any thread.
  bool has_come() const { return has_come_.load(std::memory_order_acquire); }

 private:
  bool has_lost_terminal() const;

  std::mutex mutex_;
  std::optional<trouble> wished_;
  std::atomic<bool> has_come_{false};
  std::optional<received_signal> ended_by_;
  const std::shared_ptr<second_note> note_ = std::make_shared<second_note>();
  int signals_;
  int wishes_;
  const bool had_terminal_;
};

/// The second signal that ended the process before this one, if one did; the note is gone then.
std::optional<received_signal> take_note(const std::string& path);

}  // namespace frontdesk
