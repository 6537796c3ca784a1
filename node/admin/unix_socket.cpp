#include "node/admin/unix_socket.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace frontdesk {

namespace {

constexpr int backlog = 16;

trouble failed_to(std::string_view what, const std::string& path, int error) {
  const bool is_refused = error == EACCES || error == EPERM;
  return {is_refused ? exit_code::no_permission : exit_code::input_output,
          fmt::format("{} cannot be {}: {}.", path, what, std::strerror(error))};
}

/// A short name of the same socket, for as long as its directory is open.
struct short_path {
  explicit short_path(const std::string& path)
      : folder(open(std::filesystem::path(path).parent_path().c_str(),
                    O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    const std::string text = fmt::format("/proc/self/fd/{}/{}", folder.get(),
                                         std::filesystem::path(path).filename().string());
    assert(text.size() < sizeof address.sun_path);
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }

  descriptor folder;
  sockaddr_un address{};
};

}  // namespace

or_trouble<descriptor> listen_at(const std::string& path) {
  descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const short_path where(path);
  // The socket's file is made with the mode that the descriptor has.
  const bool is_listening = socket.get() >= 0 && fchmod(socket.get(), 0600) == 0 &&
                            bind(socket.get(), where.get(), sizeof where.address) == 0 &&
                            listen(socket.get(), backlog) == 0;
  if (!is_listening) {
    return failed_to("made", path, errno);
  }
  return socket;
}

or_trouble<descriptor> connect_to(const std::string& path) {
  descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const short_path where(path);
  if (socket.get() < 0 || connect(socket.get(), where.get(), sizeof where.address) != 0) {
    const bool is_absent = errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR;
    return is_absent ? trouble{exit_code::unavailable,
                               fmt::format("No node runs with the data in {}.",
                                           std::filesystem::path(path).parent_path().string())}
                     : failed_to("reached", path, errno);
  }
  return socket;
}

std::optional<socket_peer> peer_of(const descriptor& socket) {
  ucred who{};
  socklen_t size = sizeof who;
  if (getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) {
    return std::nullopt;
  }
  return socket_peer{who.pid, who.uid};
}

}  // namespace frontdesk
