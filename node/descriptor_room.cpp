#include "node/descriptor_room.hpp"

#include "model/limits.hpp"
#include "net/listener.hpp"
#include "node/descriptor.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace frontdesk {

namespace {

/// More than this is not prepared for: 8 MiB of the kernel's memory.
constexpr std::size_t descriptors_max = 1U << 20U;

/// Each socket is a descriptor, and the usual soft limit is 1024.
rlim_t raise_descriptor_limit(log_book& log) {
  rlimit allowed{};
  if (getrlimit(RLIMIT_NOFILE, &allowed) != 0) {
    return 0;
  }
  allowed.rlim_cur = allowed.rlim_max;
  setrlimit(RLIMIT_NOFILE, &allowed);
  log.debug("descriptors_raised", {{"limit", std::to_string(allowed.rlim_cur)}});
  return allowed.rlim_cur;
}

/// The kernel doubles a process's table of descriptors when it is full, and whoever needs the next
/// one waits up to 25 ms until no other thread reads the former table. When all come back at once
/// to a node that has just started, these waits let the listener's queues overflow. So the table
/// has room for all of them from the beginning, at 8 bytes each.
void make_room_for_descriptors(rlim_t allowed, std::size_t connections_max) {
  const rlim_t room =
      std::min({allowed, rlim_t{descriptors_wanted(connections_max)}, rlim_t{descriptors_max}});
  // Without it everything works as well, only later.
  const descriptor last(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, static_cast<int>(room) - 1));
}

}  // namespace

std::uint64_t descriptors_wanted(std::size_t connections_max) {
  return (connections_max > 0 ? connections_max : limits::connections_max) + files_open_max;
}

void make_room_for_descriptors(log_book& log, std::size_t connections_max) {
  make_room_for_descriptors(raise_descriptor_limit(log), connections_max);
}

/// Otherwise nobody learns why those who come at once have to knock again.
void tell_of_short_queues(log_book& log) {
  std::ifstream file("/proc/sys/net/core/somaxconn");
  int given = 0;
  if (file >> given && given < listener::backlog) {
    log.warning("listen_queues_short", {{"net.core.somaxconn", std::to_string(given)},
                                        {"wanted", std::to_string(listener::backlog)}});
  }
}

}  // namespace frontdesk
