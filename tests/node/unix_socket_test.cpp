#include "node/admin/unix_socket.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace frontdesk {
namespace {

TEST(UnixSocket, KnowsWhoIsAtTheOtherEnd) {
  std::array<int, 2> ends{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  const descriptor one(ends[0]);
  const descriptor other(ends[1]);

  const auto peer = peer_of(one);

  ASSERT_TRUE(peer);
  EXPECT_EQ(peer->process, getpid());
  EXPECT_EQ(peer->user, geteuid());
}

TEST(UnixSocket, KnowsNobodyBehindWhatIsNoSocket) {
  EXPECT_FALSE(peer_of(descriptor(dup(STDIN_FILENO))));
  EXPECT_FALSE(peer_of(descriptor(-1)));
}

}  // namespace
}  // namespace frontdesk
