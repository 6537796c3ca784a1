#pragma once

#include "net/listener.hpp"
#include "node/doctor/finding.hpp"
#include "storage/rocks_build.hpp"
#include "storage/space_watch.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What each check makes of what was seen. Pure: what is seen is handed in, so that each verdict
/// has its test.
namespace frontdesk {

/// `allowed`: the hard limit, to which a node raises its own; 0: none.
finding judge_descriptors(std::uint64_t allowed, std::uint64_t connections_max);

/// `limit`: the tightest that holds for the process; 0: not known.
finding judge_memory(std::uint64_t limit, std::uint64_t store_cache_bytes);

/// What lies under the data directory.
struct disk_seen {
  std::string path;
  std::optional<disk_room> room;
  /// Of statfs(2).
  std::uint64_t file_system = 0;
};
finding judge_room(const disk_seen&, const space_rule& = {});
finding judge_file_system(const disk_seen&);

/// What syncing 4 KB took, several times, in any order. None: why it could not be tried.
struct syncs_seen {
  std::vector<std::chrono::microseconds> took;
  std::string why_not;
};
finding judge_syncs(syncs_seen);

struct clock_seen {
  std::chrono::sys_seconds now;
  /// Nothing: the kernel does not say.
  std::optional<bool> is_synchronised;
};
finding judge_clock(const clock_seen&);

/// Somebody who listens where the node wants to.
struct port_holder {
  pid_t process = 0;
  std::string program;
};
struct port_seen {
  listen_address where;
  /// Of the attempt to take it; 0: it is free.
  int error = 0;
  /// If it is not: by whom, if that can be seen.
  std::optional<port_holder> holder;
  /// By this very examination, for another of the addresses: a node would stand in its own way.
  bool is_wanted_twice = false;
};
/// `own`: the node that runs with this data directory, or 0.
finding judge_port(const port_seen&, pid_t own);

/// `given`: net.core.somaxconn; 0: not known.
finding judge_backlog(int given);

/// `why_not`: it cannot be loaded. Times in seconds since 1970.
struct certificate_seen {
  bool is_wanted = false;
  std::string why_not;
  std::chrono::sys_seconds from;
  std::chrono::sys_seconds until;
};
finding judge_certificate(const certificate_seen&, std::chrono::sys_seconds now);

finding judge_rocks(const rocks_build&);

struct folder_seen {
  std::string path;
  bool is_there = false;
  bool is_folder = false;
  uid_t owner = 0;
  mode_t mode = 0;
  /// Of the secret in it; nothing: there is none.
  std::optional<mode_t> secret_mode;
  /// Of the folder, or of the one in which it would be made.
  bool is_writable = false;
};
finding judge_folder(const folder_seen&, uid_t self);

/// The node that runs with this data directory.
struct node_seen {
  /// 0: none, or, if `why_not` says something, it is not known.
  pid_t process = 0;
  /// Whether it answered; if not, why.
  bool has_answered = false;
  std::string why_not;
};
finding judge_node(const node_seen&);

}  // namespace frontdesk
