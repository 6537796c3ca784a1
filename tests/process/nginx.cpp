#include "tests/process/nginx.hpp"

#include "tests/repository.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace frontdesk::process {

namespace {

constexpr const char* program = "/usr/sbin/nginx";
/// The descriptor on which it finds its socket.
constexpr int inherited = 3;

// The nginx blocks of the page, in their order.
std::vector<std::string> documented_blocks() {
  const std::string page = contents_of(repository() / "docs/tls.md");
  constexpr std::string_view begin = "```nginx\n";
  std::vector<std::string> blocks;
  std::size_t at = page.find(begin);
  while (at != std::string::npos) {
    at += begin.size();
    const std::size_t end = page.find("```", at);
    blocks.push_back(page.substr(at, end - at));
    at = page.find(begin, end);
  }
  return blocks;
}

std::string configuration(const nginx::setup& what, std::uint16_t port) {
  const auto blocks = documented_blocks();
  std::string location = blocks.at(0);
  constexpr std::string_view example = "127.0.0.1:8080";
  location.replace(location.find(example), example.size(),
                   fmt::format("127.0.0.1:{}", what.node_port));
  std::string text = fmt::format(
      "{1}daemon off; worker_processes 1; pid {0}/pid; error_log {0}/error.log warn;\n"
      "events {{ worker_connections 1024; }}\n"
      "http {{ access_log off;\n",
      what.folder, geteuid() == 0 ? "user root; " : "");
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    text += fmt::format("{}_temp_path {}/{};\n", kind, what.folder, kind);
  }
  text += fmt::format(
      "{}server {{ listen 127.0.0.1:{} ssl; ssl_certificate {}; ssl_certificate_key {};\n"
      "proxy_bind {};\n{}}}}}\n",
      blocks.at(1), port, what.certificate, what.key, what.from, location);
  return text;
}

// A socket that listens on a port of the system's choosing: who connects to it waits for nginx.
int listen_anywhere(std::uint16_t& port) {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (bind(made, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
      listen(made, 512) != 0 || getsockname(made, reinterpret_cast<sockaddr*>(&at), &size) != 0) {
    throw std::runtime_error("cannot listen for nginx");
  }
  port = ntohs(at.sin_port);
  return made;
}

}  // namespace

nginx::nginx(const setup& what) : folder_(what.folder) {
  const int listening = listen_anywhere(port_);
  const std::string path = folder_ + "/nginx.conf";
  std::ofstream(path) << configuration(what, port_);
  std::array<std::string, 5> words{program, "-c", path, "-p", folder_};
  std::array<char*, 6> raw{};
  for (std::size_t i = 0; i < words.size(); ++i) {
    raw[i] = words[i].data();
  }
  // As an old nginx leaves its sockets to the new one at an upgrade.
  std::string socket_left = fmt::format("NGINX={};", inherited);
  std::array<char*, 2> environment{socket_left.data(), nullptr};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, listening, inherited);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, (folder_ + "/error.log").c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int error = posix_spawn(&child_, program, &files, nullptr, raw.data(), environment.data());
  posix_spawn_file_actions_destroy(&files);
  close(listening);
  if (error != 0) {
    child_ = -1;
    throw std::runtime_error("there is no nginx: scripts/install --test installs it");
  }
}

nginx::~nginx() {
  if (child_ > 0) {
    // Not SIGKILL, which would leave its worker behind.
    kill(child_, SIGTERM);
    waitpid(child_, nullptr, 0);
  }
}

std::string nginx::log() const {
  return contents_of(folder_ + "/error.log");
}

}  // namespace frontdesk::process
