#include "storage/synced_mark.hpp"

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cstddef>

namespace frontdesk {

namespace {

constexpr std::uint64_t magic = 0x6b72'616d'6b73'6466;  // "fdskmark"

/// A number and what only the same number gives: half of a mark is none.
using words = std::array<std::uint64_t, 3>;

words words_of(std::uint64_t sequence) {
  return {magic, sequence, ~sequence};
}

}  // namespace

synced_mark::synced_mark(const std::string& file)
    : descriptor_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (descriptor_ < 0) return;
  last_ = read(file).value_or(0);
  // Its block is taken now, so that a full disk does not matter later.
  is_kept_ = posix_fallocate(descriptor_, 0, sizeof(words)) == 0;
}

synced_mark::~synced_mark() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::optional<std::uint64_t> synced_mark::read(const std::string& file) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  words found{};
  const ssize_t size = pread(descriptor, found.data(), sizeof found, 0);
  close(descriptor);
  if (size != static_cast<ssize_t>(sizeof found) || found != words_of(found[1])) {
    return std::nullopt;
  }
  return found[1];
}

void synced_mark::raise(std::uint64_t sequence) {
  const std::lock_guard lock{mutex_};
  if (sequence <= last_ || !is_kept_) return;
  last_ = sequence;
  const words now = words_of(sequence);
  is_kept_ = pwrite(descriptor_, now.data(), sizeof now, 0) == static_cast<ssize_t>(sizeof now);
}

bool synced_mark::is_kept() const {
  const std::lock_guard lock{mutex_};
  return is_kept_;
}

}  // namespace frontdesk
