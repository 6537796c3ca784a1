#include "tests/process/node_process.hpp"
#include "tests/process/socket_link.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <string>

namespace frontdesk::process {
namespace {

/// A node that somebody has started in a terminal, as its foreground program.
class node_in_terminal {
 public:
  explicit node_in_terminal(const std::string& data) : log_(data + ".log") {
    terminal_ = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    grantpt(terminal_);
    unlockpt(terminal_);
    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    // The first terminal that the leader of a session opens is the session's own.
    posix_spawn_file_actions_addopen(&files, 0, ptsname(terminal_), O_RDWR, 0);
    posix_spawn_file_actions_addopen(&files, 1, log_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    std::array<std::string, 6> words{
        getenv("FRONTDESK_BINARY"), "start", "--data", data, "--listen", "127.0.0.1:0"};
    std::array<char*, 7> raw{};
    for (std::size_t i = 0; i < words.size(); ++i) {
      raw[i] = words[i].data();
    }
    posix_spawn(&child_, raw[0], &files, &how, raw.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
  }
  ~node_in_terminal() {
    closes_terminal();
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
  }

  void closes_terminal() {
    if (terminal_ >= 0) {
      close(terminal_);
      terminal_ = -1;
    }
  }

  /// Its exit code; -1 if it does not end.
  int ends() {
    const int end = static_cast<int>(syscall(SYS_pidfd_open, child_, 0));
    pollfd one{end, POLLIN, 0};
    const bool has_ended =
        poll(&one, 1, static_cast<int>(std::chrono::milliseconds{patience}.count())) > 0;
    close(end);
    int status = 0;
    if (!has_ended || waitpid(child_, &status, 0) != child_) {
      return -1;
    }
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  std::string log() const {
    std::ifstream in(log_);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  const std::string log_;
  int terminal_ = -1;
  pid_t child_ = -1;
};

TEST(Signals, HangupIsNoEnd) {
  const temp_folder folder;
  node_process node(folder.path("data"));
  node.start();
  node.reload();
  socket_loop loop;
  EXPECT_TRUE(loop.turn_until(
      [&] { return node.log().find("nothing_to_reload") != std::string::npos; }, patience));
  EXPECT_TRUE(node.is_alive());
  EXPECT_EQ(node.stop(), 0);
}

TEST(Signals, AClosedTerminalIsAnEndInOrder) {
  const temp_folder folder;
  node_in_terminal node(folder.path("data"));
  socket_loop loop;
  ASSERT_TRUE(loop.turn_until(
      [&] { return node.log().find("frontdesk is ready") != std::string::npos; }, patience))
      << node.log();
  node.closes_terminal();
  EXPECT_EQ(node.ends(), 0) << node.log();
  EXPECT_NE(node.log().find("stopped"), std::string::npos);
}

}  // namespace
}  // namespace frontdesk::process
