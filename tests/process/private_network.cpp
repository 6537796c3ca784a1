#include "tests/process/private_network.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace frontdesk::process {

namespace {

constexpr const char* own_network = "/proc/thread-self/ns/net";
constexpr const char* device_address = "10.77.0.1";

int this_network() {
  return open(own_network, O_RDONLY | O_CLOEXEC);
}

}  // namespace

private_network::private_network() : before_(this_network()) {
  if (unshare(CLONE_NEWNET) != 0) {
    why_not_ = fmt::format("no network of its own: {}", std::strerror(errno));
    return;
  }
  node_ = this_network();
  if (unshare(CLONE_NEWNET) != 0 || (devices_ = this_network()) < 0 || !lays_cable()) {
    why_not_ = "there is no `ip`, or it may not lay a cable";
  }
}

private_network::~private_network() {
  setns(before_, CLONE_NEWNET);
  for (const int each : {before_, devices_, node_}) {
    if (each >= 0) close(each);
  }
}

bool private_network::runs(const std::string& ip_command) const {
  return std::system(("ip " + ip_command + " 2>/dev/null").c_str()) == 0;  // NOLINT: our own words
}

bool private_network::runs_with_node(const std::string& ip_command) const {
  bool done = false;
  with_node([&] { done = runs(ip_command); });
  return done;
}

void private_network::with_node(const std::function<void()>& what) const {
  setns(node_, CLONE_NEWNET);
  what();
  setns(devices_, CLONE_NEWNET);
}

bool private_network::lays_cable() {
  return runs(fmt::format("link add devices type veth peer name node netns /proc/{}/fd/{}",
                          getpid(), node_)) &&
         runs(fmt::format("addr add {}/24 dev devices", device_address)) &&
         runs("link set devices up") && runs("link set lo up") &&
         runs_with_node(fmt::format("addr add {}/24 dev node", node_address)) &&
         runs_with_node("link set node up") && runs_with_node("link set lo up");
}

void private_network::is_cut() const {
  // The other end: this one only has no carrier, and goes on as if it had.
  runs_with_node("link set node down");
}

// Frames for a card that nobody has: sent, and heard by none.
void private_network::loses_upward() const {
  runs(fmt::format("neigh replace {} lladdr 02:00:00:00:00:99 dev devices nud permanent",
                   node_address));
}

void private_network::loses_downward() const {
  runs_with_node(fmt::format("neigh replace {} lladdr 02:00:00:00:00:99 dev node nud permanent",
                             device_address));
}

void private_network::heals() const {
  runs_with_node("link set node up");
  runs(fmt::format("neigh del {} dev devices", node_address));
  runs_with_node(fmt::format("neigh del {} dev node", device_address));
}

}  // namespace frontdesk::process
