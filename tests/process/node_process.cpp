#include "tests/process/node_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace frontdesk::process {

namespace {

using clock = std::chrono::steady_clock;

std::string program() {
  const char* path = std::getenv("FRONTDESK_BINARY");
  if (path == nullptr) {
    throw std::runtime_error("FRONTDESK_BINARY names no program");
  }
  return path;
}

/// Where a child's standard output and error go.
struct child_output {
  int out = -1;
  int error = -1;
};

pid_t spawn(const std::vector<std::string>& arguments, child_output to) {
  std::vector<std::string> words{program()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> raw;
  for (std::string& each : words) {
    raw.push_back(each.data());
  }
  raw.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to.out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, to.error, STDERR_FILENO);
  pid_t child = -1;
  const int error = posix_spawn(&child, raw[0], &actions, nullptr, raw.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw std::runtime_error("cannot start " + words.front());
  }
  return child;
}

bool is_readable_before(int descriptor, clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
  pollfd one{descriptor, POLLIN, 0};
  return left.count() > 0 && poll(&one, 1, static_cast<int>(left.count())) > 0;
}

int code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

}  // namespace

// ---- A command.

ended_command run_frontdesk(const std::vector<std::string>& arguments) {
  // Files hold any amount of output without anybody reading along.
  const auto draft = [] {
    std::string path = "/tmp/frontdesk-output-XXXXXX";
    const int file = mkostemp(path.data(), O_CLOEXEC);
    return std::pair{file, path};
  };
  const auto [out, out_path] = draft();
  const auto [error, error_path] = draft();
  const pid_t child = spawn(arguments, {out, error});
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  ended_command ended{code_of(status), content_of(out_path), content_of(error_path)};
  for (const auto& [file, path] : {std::pair{out, out_path}, std::pair{error, error_path}}) {
    close(file);
    unlink(path.c_str());
  }
  return ended;
}

std::string output_of(const std::vector<std::string>& arguments) {
  ended_command ended = run_frontdesk(arguments);
  if (ended.code != 0) {
    throw std::runtime_error("frontdesk " + arguments.front() + " ended with " +
                             std::to_string(ended.code) + ": " + ended.error);
  }
  return std::move(ended.out);
}

void furnish(const std::string& data, const furniture& what) {
  output_of({"tenant", "create", "acme", "--data", data});
  std::vector<std::string> inbox{"inbox",         "create", "Shop", "--widget-key",
                                 what.widget_key, "--data", data};
  if (!what.origin.empty()) {
    inbox.insert(inbox.end(), {"--origin", what.origin});
  }
  output_of(inbox);
  for (const std::string& email : what.agents) {
    output_of({"agent", "create", email, "--password", what.password, "--data", data});
  }
}

// ---- A node.

node_process::node_process(std::string data, std::vector<std::string> more)
    : data_(std::move(data)), more_(std::move(more)) {}

node_process::~node_process() {
  kill();
}

void node_process::begin() {
  std::array<int, 2> pipe{-1, -1};
  if (pipe2(pipe.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("cannot make a pipe");
  }
  const int errors = open(log_path().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  std::vector<std::string> arguments{"start", "--data", data_, "--listen", "127.0.0.1:0"};
  // A machine that runs tests is loaded, and not by the node.
  if (std::ranges::find(more_, "--tier") == more_.end()) {
    arguments.insert(arguments.end(), {"--tier", "0"});
  }
  arguments.insert(arguments.end(), more_.begin(), more_.end());
  child_ = spawn(arguments, {pipe[1], errors});
  close(errors);
  close(pipe[1]);
  output_ = pipe[0];
}

void node_process::start() {
  begin();
  if (!read_until_ready()) {
    kill();
    throw std::runtime_error("the node did not become ready. Its log:\n" + log());
  }
}

bool node_process::read_until_ready() {
  constexpr std::string_view ready = "frontdesk is ready on ";
  constexpr std::string_view host = "://127.0.0.1:";
  const auto deadline = clock::now() + patience;
  std::string said;
  std::array<char, 4096> room;
  while (is_readable_before(output_, deadline)) {
    const ssize_t got = read(output_, room.data(), room.size());
    if (got <= 0) {
      return false;
    }
    said.append(room.data(), static_cast<std::size_t>(got));
    const std::size_t at = said.find(ready);
    if (at != std::string::npos && said.find('\n', at) != std::string::npos) {
      const std::size_t colon = said.find(host, at);
      address_ = said.substr(at + ready.size(), said.find('\n', at) - at - ready.size());
      port_ = static_cast<std::uint16_t>(std::stoul(said.substr(colon + host.size())));
      return true;
    }
  }
  return false;
}

void node_process::close_output() {
  if (output_ >= 0) {
    close(output_);
    output_ = -1;
  }
}

void node_process::kill() {
  if (child_ > 0) {
    ::kill(child_, SIGKILL);
    wait_for_end();
  }
  close_output();
}

void node_process::freeze() {
  ::kill(child_, SIGSTOP);
}

void node_process::thaw() {
  ::kill(child_, SIGCONT);
}

void node_process::reload() {
  ::kill(child_, SIGHUP);
}

int node_process::stop() {
  if (child_ <= 0) {
    return -1;
  }
  ::kill(child_, SIGTERM);
  // Readable once the process has ended.
  const int end = static_cast<int>(syscall(SYS_pidfd_open, child_, 0));
  const bool has_ended = is_readable_before(end, clock::now() + patience);
  close(end);
  if (!has_ended) {
    kill();
    throw std::runtime_error("the node did not end after SIGTERM. Its log:\n" + log());
  }
  const int code = wait_for_end();
  close_output();
  return code;
}

int node_process::wait_for_end() {
  int status = 0;
  while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
  return code_of(status);
}

bool node_process::is_alive() {
  int status = 0;
  if (child_ > 0 && waitpid(child_, &status, WNOHANG) == child_) {
    child_ = -1;
    ended_with_ = code_of(status);
    close_output();
  }
  return child_ > 0;
}

std::string node_process::log() const {
  return content_of(log_path());
}

}  // namespace frontdesk::process
