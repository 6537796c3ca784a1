#pragma once

#include "net/identity/token_identity.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace frontdesk {

/// The program itself, with a tenant, an inbox and agents, as a child on a port of its own choice.
class measured_node {
 public:
  /// `further`: words for its command line.
  measured_node(std::string program, unsigned agents_count, std::vector<std::string> further = {})
      : program_(std::move(program)), data_(folder_.path("data")), further_(std::move(further)) {
    run("tenant create acme");
    run("inbox create Shop --widget-key shop");
    for (unsigned i = 1; i <= agents_count; ++i) {
      run(fmt::format("agent create a{}@acme.example --password not-needed", i));
    }
    start();
    std::ifstream file(data_ + "/secret", std::ios::binary);
    const std::string secret{std::istreambuf_iterator<char>(file), {}};
    tokens_ = token_identity::with_secret(secret);
  }

  ~measured_node() { end(SIGTERM); }

  /// Without a word, or as an operator would.
  void end(int signal) const {
    kill(child_, signal);
    waitpid(child_, nullptr, 0);
  }
  void wish_end(int signal) const { kill(child_, signal); }
  bool has_ended() const { return waitpid(child_, nullptr, WNOHANG) == child_; }
  pid_t process() const { return child_; }

  /// Once more, on the same data and port.
  void start_again() { start(); }
  /// On the same data: somebody else may have the port by now.
  void start_again_anywhere() {
    port_ = 0;
    start();
  }

  std::uint16_t port() const { return port_; }
  /// For operators; only if it was asked for one.
  std::uint16_t internal_port() const { return internal_port_; }

  std::string visitor_token(std::uint64_t number) const {
    inbox shop;
    shop.id = inbox_id{1};
    shop.tenant = tenant_id{1};
    return tokens_->visitor_token(shop, {person_kind::visitor, number}, now());
  }

  std::string agent_token(std::uint64_t number) const {
    agent who;
    who.id = {person_kind::agent, number};
    who.tenant = tenant_id{1};
    return tokens_->access_token(who, now());
  }

  /// Microseconds of processor time that its living threads have used.
  double cpu_us() const {
    double sum_ns = 0;
    const auto threads = std::filesystem::path(fmt::format("/proc/{}/task", child_));
    for (const auto& thread : std::filesystem::directory_iterator(threads)) {
      std::ifstream file(thread.path() / "schedstat");
      double ns = 0;
      file >> ns;
      sum_ns += ns;
    }
    return sum_ns / 1000;
  }

  double resident_bytes() const {
    std::ifstream file(fmt::format("/proc/{}/statm", child_));
    double whole = 0;
    double resident = 0;
    file >> whole >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
  }

 private:
  static timestamp now() {
    const auto time = std::chrono::system_clock::now().time_since_epoch();
    return timestamp{std::chrono::duration_cast<std::chrono::milliseconds>(time).count()};
  }

  void run(const std::string& arguments) const {
    const std::string line = fmt::format("{} {} --data {} > /dev/null", program_, arguments, data_);
    if (std::system(line.c_str()) != 0) throw std::runtime_error(line + " failed");
  }

  void start() {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    child_ = fork();
    if (child_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      const std::string address = fmt::format("127.0.0.1:{}", port_);
      std::vector<std::string> words{program_,   "start", "--data",      data_,
                                     "--listen", address, "--log-level", "error"};
      words.insert(words.end(), further_.begin(), further_.end());
      std::vector<char*> arguments;
      for (std::string& word : words)
        arguments.push_back(word.data());
      arguments.push_back(nullptr);
      execv(program_.c_str(), arguments.data());
      _exit(127);
    }
    close(ends[1]);
    std::string said = line_from(ends[0]);
    if (said.starts_with("frontdesk tells operators")) {
      internal_port_ = port_in(said);
      said = line_from(ends[0]);
    }
    close(ends[0]);
    if (!said.starts_with("frontdesk is ready")) {
      end(SIGKILL);
      throw std::runtime_error("not ready: " + said);
    }
    port_ = port_in(said);
  }

  static std::string line_from(int descriptor) {
    std::string said;
    for (char c = 0; read(descriptor, &c, 1) == 1 && c != '\n';)
      said += c;
    return said;
  }
  static std::uint16_t port_in(const std::string& said) {
    return static_cast<std::uint16_t>(std::stoul(said.substr(said.rfind(':') + 1)));
  }

  const std::string program_;
  temp_folder folder_;
  const std::string data_;
  const std::vector<std::string> further_;
  std::unique_ptr<token_identity> tokens_;
  pid_t child_ = -1;
  std::uint16_t port_ = 0;
  std::uint16_t internal_port_ = 0;
};

}  // namespace frontdesk
