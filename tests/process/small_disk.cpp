#include "tests/process/small_disk.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

namespace frontdesk::process {

namespace {

/// ext4's own way to end, as its tests do it: what is under way may end, and from then on nothing
/// is read or written. Its other ways, which wait for nobody, are of no use here: a sync that is
/// under way in that moment answers that all went well, and its bytes are gone (about one time in
/// ten in Linux 6.18). What a sync has not heard of is lost elsewhere
/// (tests/storage/power_cut_test.cpp).
constexpr unsigned long shutdown_request = _IOR('X', 125, std::uint32_t);
constexpr std::uint32_t when_all_stand_still = 0;

bool runs(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;  // NOLINT: a test's own words
}

}  // namespace

small_disk::small_disk(kinds kind, std::string folder, unsigned megabytes)
    : kind_(kind), folder_(std::move(folder)), image_(folder_ + ".image"), megabytes_(megabytes) {
  std::filesystem::create_directory(folder_);
  if (geteuid() != 0) {
    why_not_ = "only root may mount a disk";
  } else if (kind_ == kinds::image && !runs(fmt::format("truncate -s {}M {} && mkfs.ext4 -q -F {}",
                                                        megabytes_, image_, image_))) {
    why_not_ = "there is no mkfs.ext4";
  } else if (!mounts()) {
    why_not_ = fmt::format("this machine mounts nothing: {}", std::strerror(errno));
  }
}

small_disk::~small_disk() {
  if (why_not_.empty()) umount2(folder_.c_str(), MNT_DETACH);
}

bool small_disk::mounts() {
  if (kind_ == kinds::memory) {
    return mount("frontdesk", folder_.c_str(), "tmpfs", 0,
                 fmt::format("size={}m", megabytes_).c_str()) == 0;
  }
  return runs(fmt::format("mount -o loop {} {}", image_, folder_));
}

void small_disk::leaves(std::uint64_t bytes_free) const {
  is_freed();
  struct statvfs found {};
  statvfs(folder_.c_str(), &found);
  const std::uint64_t now = found.f_bavail * found.f_frsize;
  const int ballast = open(path("ballast").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  // Others write meanwhile: as much as there is.
  for (std::uint64_t wanted = now - std::min(now, bytes_free); wanted >= 4096; wanted -= 4096) {
    if (posix_fallocate(ballast, 0, static_cast<off_t>(wanted)) == 0) break;
  }
  close(ballast);
}

void small_disk::is_freed() const {
  unlink(path("ballast").c_str());
}

bool small_disk::breaks() const {
  const int root = open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  std::uint32_t how = when_all_stand_still;
  const bool broken = root >= 0 && ioctl(root, shutdown_request, &how) == 0;
  close(root);
  return broken;
}

bool small_disk::comes_back() {
  return umount2(folder_.c_str(), 0) == 0 && mounts();
}

}  // namespace frontdesk::process
