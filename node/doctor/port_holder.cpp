#include "node/doctor/port_holder.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace frontdesk {

namespace {

namespace files = std::filesystem;

/// The state LISTEN, as /proc/net/tcp writes it.
constexpr std::string_view listening = "0A";

// "sl local_address rem_address st tx:rx tr:tm->when retrnsmt uid timeout inode": the port stands
// in hexadecimal digits behind the last colon of the second field.
void add_listeners(const char* table, std::uint16_t port, std::vector<std::string>& inodes) {
  std::ifstream file(table);
  std::string line;
  std::getline(file, line);
  const std::string ending = fmt::format(":{:04X}", port);
  while (std::getline(file, line)) {
    std::istringstream words(line);
    const std::vector<std::string> fields{std::istream_iterator<std::string>(words), {}};
    if (fields.size() > 9 && fields[1].ends_with(ending) && fields[3] == listening) {
      inodes.push_back("socket:[" + fields[9] + "]");
    }
  }
}

std::vector<std::string> listeners_at(std::uint16_t port) {
  std::vector<std::string> sockets;
  add_listeners("/proc/net/tcp", port, sockets);
  add_listeners("/proc/net/tcp6", port, sockets);
  return sockets;
}

bool holds_one(const files::path& process, const std::vector<std::string>& sockets) {
  std::error_code failed;
  for (files::directory_iterator each(process / "fd", failed), end; !failed && each != end;
       each.increment(failed)) {
    std::error_code gone;
    const files::path target = files::read_symlink(each->path(), gone);
    if (!gone && std::ranges::find(sockets, target.string()) != sockets.end()) {
      return true;
    }
  }
  return false;
}

std::optional<pid_t> process_of(const files::path& folder) {
  const std::string name = folder.filename();
  pid_t process = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), process);
  const bool is_process = read.ec == std::errc() && read.ptr == name.data() + name.size();
  return is_process ? std::optional(process) : std::nullopt;
}

}  // namespace

taken_port take_port(const listen_address& where) {
  boost::system::error_code error;
  const auto ip = boost::asio::ip::make_address(where.host, error);
  if (error) {
    return {EINVAL};
  }
  const boost::asio::ip::tcp::endpoint place(ip, where.port);
  descriptor one(socket(place.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (one.get() < 0) {
    return {errno};
  }
  const int yes = 1;
  setsockopt(one.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const auto length = static_cast<socklen_t>(place.size());
  // Two may have an address that listens on neither: only to listen takes it.
  const bool is_taken = bind(one.get(), place.data(), length) == 0 && listen(one.get(), 1) == 0;
  return {is_taken ? 0 : errno, std::move(one)};
}

std::optional<port_holder> holder_of(std::uint16_t port, pid_t besides) {
  const std::vector<std::string> sockets = listeners_at(port);
  std::error_code failed;
  for (files::directory_iterator each("/proc", failed), end;
       !sockets.empty() && !failed && each != end; each.increment(failed)) {
    const auto process = process_of(each->path());
    if (process && *process != besides && holds_one(each->path(), sockets)) {
      std::ifstream name(each->path() / "comm");
      port_holder found{.process = *process, .program = {}};
      std::getline(name, found.program);
      return found;
    }
  }
  return std::nullopt;
}

bool is_listening(pid_t process, std::uint16_t port) {
  return holds_one(files::path("/proc") / std::to_string(process), listeners_at(port));
}

}  // namespace frontdesk
