#include "tests/process/folder_events.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace frontdesk::process {

namespace {

constexpr int a_while_ms = 300;
constexpr std::uint32_t changes =
    IN_CREATE | IN_DELETE | IN_MODIFY | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE;

}  // namespace

folder_events::folder_events(const std::vector<std::string>& folders)
    : notices_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  for (const std::string& each : folders)
    inotify_add_watch(notices_, each.c_str(), changes);
}

folder_events::~folder_events() {
  close(notices_);
}

std::string folder_events::next() {
  if (read_.empty()) {
    alignas(inotify_event) std::array<char, 4096> room;
    pollfd one{notices_, POLLIN, 0};
    if (poll(&one, 1, a_while_ms) <= 0) return {};
    const ssize_t size = read(notices_, room.data(), room.size());
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(room.data() + at);
      read_.emplace_back(event->len > 0 ? event->name : ".");
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
    std::ranges::reverse(read_);
  }
  if (read_.empty()) return {};
  std::string name = std::move(read_.back());
  read_.pop_back();
  return name;
}

}  // namespace frontdesk::process
