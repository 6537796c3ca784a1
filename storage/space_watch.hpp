#pragma once

#include "model/limits.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace frontdesk {

/// A store on a full disk cannot flush, cannot recover and, worst, cannot be opened again. So the
/// desk refuses posts while there is still room for what RocksDB has to do, and keeps a file aside
/// which it gives back when others have filled the disk all the same.

/// What a disk has for us.
struct disk_room {
  std::uint64_t free = 0;
  std::uint64_t total = 0;
};

/// When space is short. Overridden by tests.
struct space_rule {
  std::uint64_t free_bytes_min = limits::free_bytes_min;
  unsigned free_percent_min = limits::free_percent_min;
  std::uint64_t reserve_bytes = limits::reserve_bytes;
  std::uint64_t free_bytes_enough = limits::free_bytes_enough;

  /// Below so many free bytes space is short: `free_percent_min` of the disk, but no more than is
  /// enough for any compaction, and at least `free_bytes_min`, because what RocksDB needs does not
  /// shrink with the disk; and of that only as much as a tenth of the disk, because a small disk
  /// would be short when it is almost empty:
  /// ```
  /// disk      64 MB   2 GB     10 GB   20 GB   100 GB   1 TB
  /// short at  6.4 MB  200 MB   1 GB    1 GiB   5 GB     8 GiB
  /// ```
  std::uint64_t floor_of(std::uint64_t total) const;
  /// The reserve file's size: `reserve_bytes`, or a fiftieth of a small disk.
  std::uint64_t reserve_of(std::uint64_t total) const;
};

enum class space_level : std::uint8_t {
  /// Posts are taken, the reserve is kept.
  roomy,
  /// Posts are refused, the reserve is kept: there is room to flush and to compact.
  low,
  /// Less is free than the reserve has: it is given back.
  exhausted,
};

/// The level after a look at the disk. `free` counts without what the reserve file gave back, so
/// that giving it back does not look like room. A level is left for a better one only with a tenth
/// of the floor to spare, so that one write more or less does not swing it.
space_level judge(const space_rule&, disk_room, space_level before);

/// The disk under a folder, as far as the watch needs it.
class disk {
 public:
  disk() = default;
  disk(const disk&) = delete;
  disk& operator=(const disk&) = delete;
  virtual ~disk() = default;

  /// Nothing if it cannot be asked.
  virtual std::optional<disk_room> room() = 0;
  /// The size of the reserve file; 0: there is none.
  virtual std::uint64_t reserved() = 0;
  /// Makes the reserve file, whole or not at all.
  virtual bool reserve(std::uint64_t bytes) = 0;
  virtual void release() = 0;
};

/// The disk under a folder that exists; the reserve is a file `reserve` in it. The folder must not
/// be the store's own.
std::unique_ptr<disk> disk_under(const std::string& folder);

/// Looks at a disk and keeps the reserve. `check` is called by one thread every
/// `limits::space_check`; `is_short`, `level` and `room` by any.
class space_watch {
 public:
  /// `of` must outlive it. Looks once at once.
  explicit space_watch(disk& of, space_rule = {});

  /// Looks, gives the reserve back or makes it again. If the disk cannot be asked, nothing changes.
  space_level check();
  /// Gives the reserve back now: the disk proved to be full. It is made again by a later `check`.
  void release_reserve();

  space_level level() const { return level_.load(std::memory_order_acquire); }
  /// What the last look that was answered has seen; none: no look was. Any thread; never waits for
  /// the disk, which may hang.
  std::optional<disk_room> room() const;
  /// Whether posts have to be refused.
  bool is_short() const { return level() != space_level::roomy; }

 private:
  disk& disk_;
  space_rule rule_;
  std::atomic<space_level> level_{space_level::roomy};
  mutable std::mutex mutex_;
  std::optional<disk_room> room_;
};

}  // namespace frontdesk
