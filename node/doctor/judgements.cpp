#include "node/doctor/judgements.hpp"

#include "node/descriptor_room.hpp"

#include <fmt/chrono.h>
#include <linux/magic.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace frontdesk {

namespace {

using std::chrono::microseconds;

/// Below it, even a small desk is at its end on a busy morning.
constexpr std::uint64_t descriptors_min = 4096;

/// Write buffers, the program, connections of a small desk: beside the store's cache.
constexpr std::uint64_t memory_beside_cache = 512ULL << 20U;

/// A commit waits for one sync, so this bounds how soon anybody hears that a message was sent.
constexpr microseconds sync_good{10'000};
constexpr microseconds sync_bearable{100'000};
/// No disk is as quick: the fastest that keep what they acknowledge take about 15.
constexpr microseconds sync_believable{8};

// What linux/magic.h leaves out.
constexpr std::uint64_t cifs_magic = 0xff534d42;
constexpr std::uint64_t smb2_magic = 0xfe534d42;
constexpr std::uint64_t fuse_magic = 0x65735546;
constexpr std::uint64_t xfs_magic = 0x58465342;
constexpr std::uint64_t zfs_magic = 0x2fc12fc1;

constexpr std::chrono::days soon{14};

std::string size_of(std::uint64_t bytes) {
  constexpr std::uint64_t gigabyte = 1ULL << 30U;
  return bytes >= gigabyte
             ? fmt::format("{:.1f} GB", static_cast<double>(bytes) / static_cast<double>(gigabyte))
             : fmt::format("{} MB", bytes >> 20U);
}

std::string address_text(const listen_address& where) {
  const bool is_v6 = where.host.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(is_v6 ? "[{}]:{}" : "{}:{}"), where.host, where.port);
}

std::string day_of(std::chrono::sys_seconds at) {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::chrono::system_clock::to_time_t(at)));
}

struct file_system {
  std::uint64_t magic;
  const char* name;
  verdict is;
  const char* advice;
};

constexpr const char* network_advice =
    "A sync over the network may be slow or not one at all, and a lock may not hold. Keep the data "
    "on a disk of this machine.";

const file_system* known_file_system(std::uint64_t magic) {
  static constexpr file_system all[] = {
      {EXT4_SUPER_MAGIC, "ext4", verdict::ok, ""},
      {xfs_magic, "xfs", verdict::ok, ""},
      {BTRFS_SUPER_MAGIC, "btrfs", verdict::ok, ""},
      {zfs_magic, "zfs", verdict::ok, ""},
      {F2FS_SUPER_MAGIC, "f2fs", verdict::ok, ""},
      {TMPFS_MAGIC, "tmpfs", verdict::fail,
       "It is memory: everything is gone with the machine. Choose another directory with --data."},
      {RAMFS_MAGIC, "ramfs", verdict::fail,
       "It is memory: everything is gone with the machine. Choose another directory with --data."},
      {OVERLAYFS_SUPER_MAGIC, "overlayfs", verdict::warn,
       "It is a container's own layer, and gone with the container. Mount a volume for the data."},
      {NFS_SUPER_MAGIC, "nfs", verdict::warn, network_advice},
      {cifs_magic, "cifs", verdict::warn, network_advice},
      {smb2_magic, "smb", verdict::warn, network_advice},
      {fuse_magic, "fuse", verdict::warn,
       "Make sure that the program behind it keeps what it says it has synced."},
  };
  const auto* const found = std::ranges::find(all, magic, &file_system::magic);
  return found != std::end(all) ? found : nullptr;
}

}  // namespace

finding judge_descriptors(std::uint64_t allowed, std::uint64_t connections_max) {
  const std::uint64_t wanted = descriptors_wanted(connections_max);
  if (allowed == 0 || allowed >= wanted) {
    return {"descriptors", verdict::ok,
            allowed == 0 ? "as many as are asked for"
                         : fmt::format("{} may be open, {} are needed", allowed, wanted),
            ""};
  }
  const std::uint64_t fit = allowed > files_open_max ? allowed - files_open_max : 0;
  // 0 would be no limit.
  const std::string fewer =
      fit > 0 ? fmt::format(", or set --max-connections to {} at most", fit) : "";
  return {"descriptors", allowed < descriptors_min ? verdict::fail : verdict::warn,
          fmt::format(
              "{} may be open: about {} connections, while --max-connections {}", allowed, fit,
              connections_max > 0 ? fmt::format("is {}", connections_max) : "sets no limit (0)"),
          fmt::format("Raise the hard limit to {} (systemd: LimitNOFILE={}; a container: --ulimit "
                      "nofile={}){}.",
                      wanted, wanted, wanted, fewer)};
}

finding judge_memory(std::uint64_t limit, std::uint64_t store_cache_bytes) {
  if (limit == 0) {
    return {"memory", verdict::warn, "it is not known how much there may be", ""};
  }
  const std::uint64_t wanted = store_cache_bytes + memory_beside_cache;
  const std::string found = fmt::format("{} may be used, {} of it by the store's cache",
                                        size_of(limit), size_of(store_cache_bytes));
  if (limit >= wanted) {
    return {"memory", verdict::ok, found, ""};
  }
  return {"memory", limit < wanted - memory_beside_cache / 2 ? verdict::fail : verdict::warn, found,
          fmt::format("Give it {} (the limit of its container or cgroup counts), or less cache "
                      "with --store-cache.",
                      size_of(wanted))};
}

finding judge_room(const disk_seen& disk, const space_rule& rule) {
  if (!disk.room) {
    return {"disk", verdict::fail, fmt::format("{} cannot be looked at", disk.path),
            "Choose another directory with --data."};
  }
  const std::uint64_t floor = rule.floor_of(disk.room->total);
  const std::string found =
      fmt::format("{} of {} are free; posts are refused below {}", size_of(disk.room->free),
                  size_of(disk.room->total), size_of(floor));
  if (disk.room->free < floor) {
    return {"disk", verdict::fail, found, "Free some space: the desk would take no posts."};
  }
  const bool is_near = disk.room->free < 2 * floor;
  return {"disk", is_near ? verdict::warn : verdict::ok, found,
          is_near ? "Free some space, or give the data a larger disk." : ""};
}

finding judge_file_system(const disk_seen& disk) {
  const file_system* const known = known_file_system(disk.file_system);
  if (known == nullptr) {
    return {"file_system", verdict::ok, fmt::format("type {:#x}", disk.file_system), ""};
  }
  return {"file_system", known->is, known->name, known->advice};
}

finding judge_syncs(syncs_seen seen) {
  if (seen.took.empty()) {
    return {"sync", verdict::fail, fmt::format("could not be tried: {}", seen.why_not),
            "Let the user who starts frontdesk write to the data directory, or choose another one "
            "with --data."};
  }
  std::ranges::sort(seen.took);
  const microseconds median = seen.took[seen.took.size() / 2];
  const std::string found =
      fmt::format("{:.2f} ms at the median of {}, {:.2f} ms at most",
                  static_cast<double>(median.count()) / 1000, seen.took.size(),
                  static_cast<double>(seen.took.back().count()) / 1000);
  if (median < sync_believable) {
    return {"sync", verdict::warn, found,
            "No disk is so quick: something answers before anything is written. After a power cut "
            "acknowledged messages may be missing. Look at the write cache of the disk or of the "
            "virtual machine."};
  }
  if (median <= sync_good) {
    return {"sync", verdict::ok, found, ""};
  }
  return {"sync", median <= sync_bearable ? verdict::warn : verdict::fail, found,
          "Nobody hears that a message was sent before it is synced. Keep the data on an SSD, "
          "best on one with power-loss protection, and away from others who sync."};
}

finding judge_clock(const clock_seen& clock) {
  constexpr std::chrono::sys_days written = std::chrono::year{2026} / 1 / 1;
  if (clock.now < written) {
    return {"clock", verdict::fail, fmt::format("it says {}", day_of(clock.now)),
            "Set the clock: tokens and certificates are judged by it."};
  }
  if (!clock.is_synchronised) {
    return {"clock", verdict::ok, "the kernel does not say whether it is synchronised", ""};
  }
  return {"clock", *clock.is_synchronised ? verdict::ok : verdict::warn,
          *clock.is_synchronised ? "is synchronised" : "is not synchronised",
          *clock.is_synchronised
              ? ""
              : "Run chrony or systemd-timesyncd (timedatectl set-ntp true): times of messages and "
                "the end of tokens come from this clock."};
}

finding judge_port(const port_seen& port, pid_t own) {
  const std::string where = address_text(port.where);
  const std::string name = fmt::format("port {}", port.where.port);
  if (port.error == 0) {
    return {name, verdict::ok, fmt::format("{} is free", where), ""};
  }
  if (port.is_wanted_twice) {
    return {name, verdict::fail, fmt::format("{} is wanted for another address as well", where),
            "Choose another port for one of --listen and --internal-listen."};
  }
  if (port.error == EADDRINUSE && port.holder && port.holder->process == own) {
    return {name, verdict::ok, fmt::format("{} is held by this desk's node", where), ""};
  }
  if (port.error == EADDRINUSE) {
    const std::string holder =
        port.holder ? fmt::format("{} (process {})", port.holder->program, port.holder->process)
                    : "a program that this user may not see";
    return {name, verdict::fail, fmt::format("{} is held by {}", where, holder),
            "End that program, or choose another port with --listen or --internal-listen."};
  }
  const std::string_view advice =
      port.error == EACCES ? "Choose a port above 1023, or grant the program CAP_NET_BIND_SERVICE."
      : port.error == EADDRNOTAVAIL
          ? "This machine has no such address. Choose one of its own, or 0.0.0.0 for all."
          : "Choose another address.";
  return {name, verdict::fail,
          fmt::format("{} cannot be taken: {}", where, std::strerror(port.error)),
          std::string(advice)};
}

finding judge_backlog(int given) {
  if (given == 0 || given >= listener::backlog) {
    return {"backlog", verdict::ok,
            given == 0 ? "not known" : fmt::format("net.core.somaxconn is {}", given), ""};
  }
  return {"backlog", verdict::warn,
          fmt::format("net.core.somaxconn is {}, {} are wanted", given, listener::backlog),
          fmt::format("sysctl -w net.core.somaxconn={}: when all come back at once, who finds the "
                      "queue full waits a second or more.",
                      listener::backlog)};
}

finding judge_certificate(const certificate_seen& seen, std::chrono::sys_seconds now) {
  if (!seen.is_wanted) {
    return {"tls", verdict::ok, "none: a proxy in front has to speak it, or nobody does", ""};
  }
  if (!seen.why_not.empty()) {
    return {"tls", verdict::fail, seen.why_not,
            "See docs/tls.md. A node that runs keeps the certificate that it has."};
  }
  const std::string found =
      fmt::format("valid from {} to {}", day_of(seen.from), day_of(seen.until));
  if (now > seen.until) {
    return {"tls", verdict::fail, found, "It has expired: renew it, then send SIGHUP."};
  }
  if (now < seen.from) {
    return {"tls", verdict::fail, found,
            "It is not valid yet: look at the clock, or use the one before."};
  }
  const bool is_near = now > seen.until - soon;
  return {"tls", is_near ? verdict::warn : verdict::ok, found,
          is_near ? "It expires within two weeks: renew it, then send SIGHUP." : ""};
}

finding judge_rocks(const rocks_build& build) {
  if (!build.is_debug) {
    return {"rocksdb", verdict::ok, fmt::format("{}, a release build", build.version), ""};
  }
  return {"rocksdb", verdict::warn,
          fmt::format("{}, a debug build (as Debian's is)", build.version),
          "It is safe, but its commits cost about twice the processor. A release build in the "
          "library path is found by itself."};
}

finding judge_folder(const folder_seen& folder, uid_t self) {
  constexpr mode_t others = S_IRWXG | S_IRWXO;
  if (!folder.is_there) {
    return {"data", folder.is_writable ? verdict::ok : verdict::fail,
            fmt::format("{} is not there yet", folder.path),
            folder.is_writable ? "" : "This user may not make it: choose another with --data."};
  }
  if (!folder.is_folder) {
    return {"data", verdict::fail, fmt::format("{} is no directory", folder.path),
            "Choose another one with --data."};
  }
  if (!folder.is_writable) {
    return {"data", verdict::fail, fmt::format("{} may not be written by this user", folder.path),
            fmt::format("Run as user {}, or give the directory to this one.", folder.owner)};
  }
  if (folder.secret_mode && (*folder.secret_mode & others) != 0) {
    return {"data", verdict::fail,
            fmt::format("others may read {}/secret (mode {:o})", folder.path, *folder.secret_mode),
            fmt::format("chmod 600 {}/secret: whoever has it is anybody.", folder.path)};
  }
  if ((folder.mode & others) != 0 || folder.owner != self) {
    return {"data", verdict::warn,
            fmt::format("{} has mode {:o} and belongs to user {}", folder.path, folder.mode,
                        folder.owner),
            fmt::format("It should belong to the node's user alone: chmod 700 {}.", folder.path)};
  }
  return {"data", verdict::ok, fmt::format("{} belongs to this user alone", folder.path), ""};
}

finding judge_node(const node_seen& seen) {
  if (seen.process == 0 && !seen.why_not.empty()) {
    return {"node", verdict::warn,
            fmt::format("it cannot be seen whether one runs: {}", seen.why_not),
            "Ask as the user who runs the node."};
  }
  if (seen.process == 0) {
    return {"node", verdict::ok, "none runs with this data directory", ""};
  }
  if (!seen.has_answered) {
    return {"node", verdict::fail,
            fmt::format("process {} runs, but does not answer: {}", seen.process, seen.why_not),
            "Look at its log and at /readyz of its internal port. If it hangs, kill it: what was "
            "acknowledged is on the disk."};
  }
  return {"node", verdict::ok, fmt::format("process {} runs and answers", seen.process), ""};
}

}  // namespace frontdesk
