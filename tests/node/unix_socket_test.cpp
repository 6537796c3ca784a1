#include "node/admin/unix_socket.hpp"

#include "tests/storage/temp_folder.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// Somebody else than who made the folders, as long as this lives; whoever is not root is not
/// somebody else, and is kept out by modes.
class stranger {
 public:
  stranger() { EXPECT_TRUE(self_ != 0 || seteuid(65'534) == 0); }
  stranger(const stranger&) = delete;
  stranger& operator=(const stranger&) = delete;
  ~stranger() { EXPECT_TRUE(self_ != 0 || seteuid(self_) == 0); }

 private:
  const uid_t self_ = geteuid();
};

/// What a folder of this mode says to whoever looks for a node in it.
exit_code answer_of(const std::string& folder, mode_t mode) {
  const temp_folder outside;
  EXPECT_EQ(mkdir(folder.c_str(), 0700), 0);
  const auto listening = listen_at(folder + "/admin.sock");
  EXPECT_TRUE(listening.ok());
  EXPECT_EQ(chmod(folder.c_str(), mode), 0);
  const auto found = [&] {
    const stranger other;
    return connect_to(folder + "/admin.sock");
  }();
  EXPECT_EQ(chmod(folder.c_str(), 0700), 0);
  return found ? exit_code::success : found.why().code;
}

TEST(UnixSocket, TellsNobodyFromSomebodyWhoMayNotBeAsked) {
  const temp_folder folder;
  ASSERT_EQ(chmod(folder.path("").c_str(), 0755), 0);

  EXPECT_EQ(connect_to(folder.path("admin.sock")).why().code, exit_code::unavailable);
  EXPECT_EQ(connect_to(folder.path("none/admin.sock")).why().code, exit_code::unavailable);
  EXPECT_EQ(answer_of(folder.path("closed"), 0), exit_code::no_permission);
  // Also if not even the folder can be reached.
  ASSERT_EQ(mkdir(folder.path("outer").c_str(), 0700), 0);
  EXPECT_EQ(chmod(folder.path("outer").c_str(), 0), 0);
  {
    const stranger other;
    EXPECT_EQ(connect_to(folder.path("outer/data/admin.sock")).why().code,
              exit_code::no_permission);
  }
  EXPECT_EQ(chmod(folder.path("outer").c_str(), 0700), 0);
}

TEST(UnixSocket, GivesUpOnWhoLetsNobodyIn) {
  const temp_folder folder;
  const std::string path = folder.path("admin.sock");
  const auto listening = listen_at(path);
  ASSERT_TRUE(listening.ok());

  // Nobody is ever accepted; those who still fit wait.
  std::vector<descriptor> waiting;
  auto last = connect_to(path, 10ms);
  for (int i = 0; last && i < 100; ++i) {
    waiting.push_back(std::move(*last));
    last = connect_to(path, 10ms);
  }

  ASSERT_FALSE(last.ok());
  EXPECT_EQ(last.why().code, exit_code::temporary);
  EXPECT_THAT(last.why().sentence, HasSubstr("lets nobody in"));
}

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
