#include "tests/process/second_client.hpp"

#include "tests/repository.hpp"

#include <boost/json.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace frontdesk::process {

namespace {

namespace json = boost::json;

/// Debian's own, which has Debian's packages.
constexpr const char* python = "/usr/bin/python3";

second_client::track_place place_of(const json::value& from) {
  return {from.at(0).to_number<std::uint64_t>(), from.at(1).to_number<std::uint64_t>()};
}

second_client::report report_of(const std::string& line) {
  const json::value said = json::parse(line);
  second_client::report found;
  found.is_online = said.at("online").as_bool();
  found.waiting_count = said.at("waiting").to_number<std::size_t>();
  found.links_count = said.at("links").to_number<std::uint64_t>();
  found.changes_count = said.at("changes").to_number<std::uint64_t>();
  for (const auto& [id, tracks] : said.at("at").as_object()) {
    found.at[id] = {place_of(tracks.at("public")), place_of(tracks.at("internal"))};
  }
  return found;
}

}  // namespace

second_client::second_client(const socket_loop& loop, const setup& what) : folder_(what.folder) {
  std::filesystem::create_directories(folder_);
  const std::int64_t began = std::chrono::nanoseconds(loop.began().time_since_epoch()).count();
  std::vector<std::string> words{python,
                                 "-B",
                                 repository() / "tests/second_client/talk.py",
                                 "--person=" + what.who.person,
                                 "--token=" + what.who.token,
                                 "--record=" + folder_ + "/record",
                                 "--history=" + history_path(),
                                 fmt::format("--began={}", began),
                                 fmt::format("--seed={}", what.seed)};
  std::vector<char*> raw;
  for (std::string& each : words) {
    raw.push_back(each.data());
  }
  raw.push_back(nullptr);
  std::array<int, 2> in{-1, -1};
  std::array<int, 2> out{-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in.data()) != 0 ||
      pipe2(out.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("cannot make a pipe");
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  const int error = posix_spawn(&child_, raw[0], &actions, nullptr, raw.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);
  in_ = in[1];
  out_ = out[0];
  if (error != 0) {
    throw std::runtime_error(std::string{"cannot start "} + python);
  }
  fcntl(out_, F_SETFL, O_NONBLOCK);
}

second_client::~second_client() {
  if (child_ > 0) {
    ::kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  ::close(in_);
  ::close(out_);
}

void second_client::say(const std::string& command) {
  const std::string line = command + '\n';
  // Commands are shorter than what a socket takes at once.
  if (::send(in_, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) {
    throw std::runtime_error("the second client does not listen");
  }
}

const second_client::report& second_client::ask() {
  if (!is_asked_) say("status");
  is_asked_ = true;
  std::array<char, 4096> room;
  ssize_t got = 0;
  while ((got = ::read(out_, room.data(), room.size())) > 0) {
    line_.append(room.data(), static_cast<std::size_t>(got));
  }
  if (got == 0) throw std::runtime_error("the second client has ended");
  if (line_.ends_with('\n')) {
    last_ = report_of(line_);
    line_.clear();
    is_asked_ = false;
  }
  return last_;
}

int second_client::end() {
  say("end");
  int status = 0;
  while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace frontdesk::process
