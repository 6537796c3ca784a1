#include "node/audit/audit_author.hpp"

#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>

namespace frontdesk {

namespace {

/// Of a user of whom the kernel says nothing.
constexpr std::uint32_t nobody = 65534;

std::string name_of_user(std::uint32_t uid) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen("/etc/passwd", "re"), &std::fclose);
  std::array<char, 4096> room{};
  passwd line{};
  passwd* found = nullptr;
  while (file != nullptr && fgetpwent_r(file.get(), &line, room.data(), room.size(), &found) == 0) {
    if (found->pw_uid == uid) {
      return found->pw_name;
    }
  }
  return {};
}

}  // namespace

audit_author author_of(audit_origin origin, std::uint32_t uid) {
  return {origin, uid, name_of_user(uid)};
}

audit_author author_behind(const descriptor& socket) {
  ucred who{};
  socklen_t size = sizeof who;
  const bool is_known = getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &who, &size) == 0;
  return author_of(audit_origin::admin_socket, is_known ? who.uid : nobody);
}

audit_author own_author(audit_origin origin) {
  return author_of(origin, getuid());
}

}  // namespace frontdesk
