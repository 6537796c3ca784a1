#include "node/doctor/examination.hpp"

#include "net/tls/tls_certificate.hpp"
#include "node/admin/asking.hpp"
#include "node/admin/unix_socket.hpp"
#include "node/data_folder.hpp"
#include "node/descriptor.hpp"
#include "node/doctor/judgements.hpp"
#include "node/doctor/nameless_file.hpp"
#include "node/doctor/port_holder.hpp"
#include "node/host_gauges.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace frontdesk {

namespace {

namespace files = std::filesystem;
using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::steady_clock;

constexpr std::size_t syncs_count = 21;
/// A disk that takes longer for them is slow enough to be told after this.
constexpr std::chrono::seconds syncs_max{2};

/// The folder, or the nearest above it that is there: what the disk is asked about.
std::string nearest(const std::string& path) {
  std::error_code failed;
  files::path at = files::absolute(path, failed);
  while (!files::exists(at, failed) && at.has_parent_path() && at != at.parent_path()) {
    at = at.parent_path();
  }
  return at.string();
}

std::uint64_t descriptors_allowed() {
  rlimit allowed{};
  const bool is_known = getrlimit(RLIMIT_NOFILE, &allowed) == 0;
  return !is_known || allowed.rlim_max == RLIM_INFINITY ? 0 : allowed.rlim_max;
}

/// Of the kernel's queue for newcomers; 0: not known.
int backlog_given() {
  std::ifstream in("/proc/sys/net/core/somaxconn");
  int number = 0;
  return in >> number ? number : 0;
}

disk_seen look_at_disk(const std::string& path) {
  disk_seen seen{.path = path, .room = {}, .file_system = 0};
  struct statfs about {};
  if (statfs(path.c_str(), &about) == 0) {
    const auto block = static_cast<std::uint64_t>(about.f_frsize);
    seen.room = disk_room{about.f_bavail * block, about.f_blocks * block};
    seen.file_system = static_cast<std::uint64_t>(about.f_type) & 0xffffffffU;
  }
  return seen;
}

syncs_seen try_syncs(const std::string& folder) {
  const descriptor file = nameless_file(folder);
  if (file.get() < 0) {
    return {{}, std::strerror(errno)};
  }
  std::array<char, 4096> block{};
  syncs_seen seen;
  const auto until = steady_clock::now() + syncs_max;
  while (seen.took.size() < syncs_count && steady_clock::now() < until) {
    block.fill(static_cast<char>('a' + seen.took.size()));
    const auto began = steady_clock::now();
    if (::write(file.get(), block.data(), block.size()) != std::ssize(block) ||
        fdatasync(file.get()) != 0) {
      return {{}, std::strerror(errno)};
    }
    seen.took.push_back(duration_cast<microseconds>(steady_clock::now() - began));
  }
  return seen;
}

std::chrono::sys_seconds now_in_seconds() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

clock_seen look_at_clock() {
  clock_seen seen{now_in_seconds(), std::nullopt};
  timex kernel{};
  const int state = adjtimex(&kernel);
  if (state >= 0) {
    seen.is_synchronised = state != TIME_ERROR && (kernel.status & STA_UNSYNC) == 0;
  }
  return seen;
}

certificate_seen look_at_certificate(const settings& chosen) {
  certificate_seen seen{
      .is_wanted = !chosen.tls_certificate.empty(), .why_not = {}, .from = {}, .until = {}};
  if (!seen.is_wanted) {
    return seen;
  }
  const auto loaded = tls_certificate::load({chosen.tls_certificate, chosen.tls_key});
  seen.why_not = loaded.why_not;
  if (loaded.certificate) {
    const auto seconds = [](timestamp at) {
      return std::chrono::sys_seconds(std::chrono::seconds(at.value / 1000));
    };
    seen.from = seconds(loaded.certificate->valid_from());
    seen.until = seconds(loaded.certificate->valid_until());
  }
  return seen;
}

folder_seen look_at_folder(const data_folder& folder) {
  constexpr mode_t permissions = 07777;
  folder_seen seen;
  seen.path = folder.path;
  seen.is_writable = access(nearest(folder.path).c_str(), W_OK | X_OK) == 0;
  struct stat about {};
  if (stat(folder.path.c_str(), &about) != 0) {
    return seen;
  }
  seen.is_there = true;
  seen.is_folder = S_ISDIR(about.st_mode);
  seen.owner = about.st_uid;
  seen.mode = about.st_mode & permissions;
  if (stat(folder.secret().c_str(), &about) == 0) {
    seen.secret_mode = about.st_mode & permissions;
  }
  return seen;
}

node_seen look_at_node(const data_folder& folder) {
  node_seen seen;
  {
    const auto line = connect_to(folder.admin_socket());
    if (!line) {
      seen.why_not = line.why().code == exit_code::unavailable ? "" : line.why().sentence;
      return seen;
    }
    seen.process = peer_of(*line).value_or(socket_peer{}).process;
  }
  const auto answer = ask_all(folder.path, admin_json::list{});
  seen.has_answered = answer.ok();
  seen.why_not = answer ? "" : answer.why().sentence;
  return seen;
}

/// On the same port.
bool is_in_the_way(const listen_address& one, const listen_address& other) {
  const auto is_every = [](const std::string& host) { return host == "0.0.0.0" || host == "::"; };
  return one.port == other.port &&
         (one.host == other.host || is_every(one.host) || is_every(other.host));
}

/// All are taken until the last was looked at, as by a node.
std::vector<finding> look_at_ports(const std::vector<listen_address>& wanted, pid_t node) {
  std::vector<finding> all;
  std::vector<descriptor> held;
  std::vector<listen_address> taken;
  for (const listen_address& where : wanted) {
    auto [error, port] = where.port == 0 ? taken_port{} : take_port(where);
    port_seen seen{where, error, std::nullopt};
    if (error == EADDRINUSE) {
      seen.holder = holder_of(where.port, getpid());
      seen.is_wanted_twice = std::ranges::any_of(
          taken, [&where](const listen_address& each) { return is_in_the_way(each, where); });
    }
    all.push_back(judge_port(seen, node));
    if (error != 0 || where.port == 0) continue;
    held.push_back(std::move(port));
    taken.push_back(where);
  }
  return all;
}

}  // namespace

std::vector<finding> examine(const settings& chosen) {
  const data_folder folder{chosen.data};
  const std::string place = nearest(chosen.data);
  const disk_seen disk = look_at_disk(place);
  const node_seen node = look_at_node(folder);
  std::vector<finding> all{
      judge_descriptors(descriptors_allowed(), chosen.connections_max),
      judge_memory(host_gauges().memory_limit(), chosen.store_cache_bytes),
      judge_folder(look_at_folder(folder), geteuid()),
      judge_room(disk),
      judge_file_system(disk),
      judge_syncs(try_syncs(place)),
      judge_clock(look_at_clock()),
      judge_backlog(backlog_given()),
      judge_certificate(look_at_certificate(chosen), now_in_seconds()),
      judge_rocks(running_rocks()),
      judge_node(node),
  };
  std::vector<listen_address> ports = chosen.listen;
  if (chosen.internal_listen) {
    ports.push_back(*chosen.internal_listen);
  }
  std::ranges::move(look_at_ports(ports, node.process), std::back_inserter(all));
  return all;
}

}  // namespace frontdesk
