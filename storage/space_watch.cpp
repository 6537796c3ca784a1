#include "storage/space_watch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

namespace frontdesk {

namespace {

class disk_under_folder final : public disk {
 public:
  explicit disk_under_folder(const std::string& folder)
      : folder_(folder), file_(folder + "/reserve") {}

  std::optional<disk_room> room() override {
    struct statvfs found {};
    if (statvfs(folder_.c_str(), &found) != 0) {
      return std::nullopt;
    }
    // f_bavail: without what is kept for root, also if we are root.
    return disk_room{found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize};
  }

  std::uint64_t reserved() override {
    struct stat found {};
    return stat(file_.c_str(), &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
  }

  bool reserve(std::uint64_t bytes) override {
    const int file = open(file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) {
      return false;
    }
    const bool made = posix_fallocate(file, 0, static_cast<off_t>(bytes)) == 0;
    close(file);
    if (!made) {
      release();
    }
    return made;
  }

  void release() override { unlink(file_.c_str()); }

 private:
  std::string folder_;
  std::string file_;
};

}  // namespace

std::uint64_t space_rule::floor_of(std::uint64_t total) const {
  const std::uint64_t part = std::min(total / 100 * free_percent_min, free_bytes_enough);
  return std::max(part, std::min(free_bytes_min, total / 10));
}

std::uint64_t space_rule::reserve_of(std::uint64_t total) const {
  return std::min(reserve_bytes, total / 50);
}

space_level judge(const space_rule& rule, disk_room now, space_level before) {
  const std::uint64_t floor = rule.floor_of(now.total);
  const std::uint64_t reserve = rule.reserve_of(now.total);
  const std::uint64_t margin = floor / 10;
  const auto is_below = [&](std::uint64_t mark, space_level level) {
    return now.free < mark + (before >= level ? margin : 0);
  };
  if (is_below(reserve, space_level::exhausted)) {
    return space_level::exhausted;
  }
  return is_below(floor, space_level::low) ? space_level::low : space_level::roomy;
}

std::unique_ptr<disk> disk_under(const std::string& folder) {
  return std::make_unique<disk_under_folder>(folder);
}

space_watch::space_watch(disk& of, space_rule rule) : disk_(of), rule_(rule) {
  check();
}

space_level space_watch::check() {
  const auto found = disk_.room();
  if (!found) {
    return level();
  }
  {
    const std::lock_guard guard(mutex_);
    room_ = found;
  }
  const std::uint64_t wanted = rule_.reserve_of(found->total);
  const std::uint64_t missing = wanted - std::min(wanted, disk_.reserved());
  // As if the reserve were still there.
  const disk_room without{found->free - std::min(found->free, missing), found->total};
  const space_level next = judge(rule_, without, level());
  if (next == space_level::exhausted) {
    disk_.release();
  } else if (missing > 0 && next == space_level::roomy) {
    disk_.reserve(wanted);
  }
  level_.store(next, std::memory_order_release);
  return next;
}

std::optional<disk_room> space_watch::room() const {
  const std::lock_guard guard(mutex_);
  return room_;
}

void space_watch::release_reserve() {
  disk_.release();
}

}  // namespace frontdesk
