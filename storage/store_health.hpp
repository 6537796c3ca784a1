#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>

namespace frontdesk {

/// What a store can do.
enum class store_condition : std::uint8_t {
  /// Reads and writes.
  sound,
  /// Reads; writes are refused before anything is written, until there is room again.
  full,
  /// Reads; nothing that is written from now on could be believed. For ever: only a restart, which
  /// reads what the disk really has, ends it.
  broken,
};

/// The condition of a store, as its threads learn it: the one that writes, those that flush and
/// compact, the one that recovers. It would be wrong for each to decide alone; here the rule is in
/// one place:
/// ```
///   sound <-> full        by errors of space, and their end
///   sound, full -> broken by every other error of a write, above all by a failed sync
/// ```
/// Why a failed sync is never tried again: the kernel marks the pages clean after it told the error
/// once, so the next sync succeeds without having written them.
///
/// Thread-safe. The listener is called in order, at changes only, on the thread that learned it; it
/// must be quick and must not call back.
class store_health {
 public:
  using listener = std::function<void(store_condition now, std::string_view why)>;

  explicit store_health(listener tell) : tell_(std::move(tell)) {}

  void became_full(std::string_view why);
  void has_room();
  void broke(std::string_view why);

  store_condition now() const { return now_.load(std::memory_order_acquire); }

 private:
  void become(store_condition next, std::string_view why);

  std::mutex mutex_;
  std::atomic<store_condition> now_{store_condition::sound};
  listener tell_;
};

}  // namespace frontdesk
