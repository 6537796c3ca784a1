#include "tests/process/program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

namespace frontdesk::process {

namespace {

constexpr int patience_ms = 60'000;

[[noreturn]] void become(const words& arguments, const words& environment) {
  const char* binary = std::getenv("FRONTDESK_BINARY");
  std::vector<char*> list{const_cast<char*>("frontdesk")};
  for (const std::string& each : arguments) {
    list.push_back(const_cast<char*>(each.c_str()));
  }
  list.push_back(nullptr);
  for (const std::string& each : environment) {
    putenv(const_cast<char*>(each.c_str()));
  }
  execv(binary == nullptr ? "" : binary, list.data());
  _exit(127);
}

bool read_some(int from, std::string& into) {
  std::array<char, 4096> room{};
  const ssize_t size = read(from, room.data(), room.size());
  into.append(room.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return size > 0;
}

}  // namespace

program::program(const words& arguments, const words& environment, const char* output) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  EXPECT_EQ(pipe2(out.data(), O_CLOEXEC), 0);
  EXPECT_EQ(pipe2(err.data(), O_CLOEXEC), 0);
  id_ = fork();
  if (id_ == 0) {
    dup2(output == nullptr ? out[1] : open(output, O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
    dup2(err[1], STDERR_FILENO);
    become(arguments, environment);
  }
  close(out[1]);
  close(err[1]);
  out_ = out[0];
  err_ = err[0];
}

program::~program() {
  if (id_ > 0) {
    kill(id_, SIGKILL);
    wait();
  }
  close(out_);
  close(err_);
}

std::string program::after(const std::string& beginning) {
  for (;;) {
    const std::size_t at = printed_.find(beginning);
    const std::size_t end = at == std::string::npos ? at : printed_.find('\n', at);
    if (end != std::string::npos) {
      return printed_.substr(at + beginning.size(), end - at - beginning.size());
    }
    if (!read_more()) {
      ADD_FAILURE() << "no line with " << beginning << " in:\n" << printed_ << said_;
      return {};
    }
  }
}

void program::says(const std::string& what) {
  while (said_.find(what) == std::string::npos) {
    if (!read_more()) {
      ADD_FAILURE() << "no " << what << " in:\n" << said_;
      return;
    }
  }
}

void program::signal(int which) const {
  kill(id_, which);
}

void program::chokes() {
  const std::string name = "/proc/" + std::to_string(id_) + "/fd/2";
  const int same = open(name.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  EXPECT_GE(same, 0);
  while (write(same, "\n", 1) == 1) {
  }
  close(same);
}

bool program::has_ended_within(int wait_ms) const {
  const int end = static_cast<int>(syscall(SYS_pidfd_open, id_, 0));
  pollfd one{end, POLLIN, 0};
  const bool has_ended = poll(&one, 1, wait_ms) > 0;
  close(end);
  return has_ended;
}

bool program::ends_unheard() const {
  return has_ended_within(patience_ms);
}

bool program::is_running() const {
  return !has_ended_within(0);
}

int program::wait() {
  while (read_more()) {
  }
  int status = 0;
  waitpid(id_, &status, 0);
  id_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool program::read_more() {
  std::array<pollfd, 2> both{
      {{is_out_open_ ? out_ : -1, POLLIN, 0}, {is_err_open_ ? err_ : -1, POLLIN, 0}}};
  if ((!is_out_open_ && !is_err_open_) || poll(both.data(), both.size(), patience_ms) <= 0) {
    return false;
  }
  is_out_open_ = is_out_open_ && (both[0].revents == 0 || read_some(out_, printed_));
  is_err_open_ = is_err_open_ && (both[1].revents == 0 || read_some(err_, said_));
  return true;
}

ended run(const words& arguments, const words& environment) {
  program it(arguments, environment);
  const int code = it.wait();
  return {code, it.printed(), it.said()};
}

}  // namespace frontdesk::process
