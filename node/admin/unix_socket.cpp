#include "node/admin/unix_socket.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
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
                    O_PATH | O_DIRECTORY | O_CLOEXEC)),
        error(folder.get() < 0 ? errno : 0) {
    const std::string text = fmt::format("/proc/self/fd/{}/{}", folder.get(),
                                         std::filesystem::path(path).filename().string());
    assert(text.size() < sizeof address.sun_path);
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }

  descriptor folder;
  /// Of the directory's opening.
  int error;
  sockaddr_un address{};
};

/// The error, or 0. To be let in counts as writing.
int connect_within(std::chrono::milliseconds patience, const descriptor& socket,
                   const short_path& where) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(patience);
  const timeval time{seconds.count(), std::chrono::microseconds(patience - seconds).count()};
  setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  return connect(socket.get(), where.get(), sizeof where.address) == 0 ? 0 : errno;
}

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

or_trouble<descriptor> connect_to(const std::string& path, std::chrono::milliseconds patience) {
  descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) {
    return failed_to("reached", path, errno);
  }
  const short_path where(path);
  // Without a directory there is no socket in it, and why not is what its opening said.
  const int error = where.error != 0 ? where.error : connect_within(patience, socket, where);
  const std::string folder = std::filesystem::path(path).parent_path().string();
  switch (error) {
    case 0:
      return socket;
    case ENOENT:
    case ENOTDIR:
    case ECONNREFUSED:
      return trouble{exit_code::unavailable,
                     fmt::format("No node runs with the data in {}.", folder)};
    case EAGAIN:
      return trouble{exit_code::temporary,
                     fmt::format("The node with the data in {} lets nobody in: others ask it, and "
                                 "it has not answered them. Ask again; /stats on its internal port "
                                 "waits for none of them.",
                                 folder)};
    default:
      return failed_to("reached", path, error);
  }
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
