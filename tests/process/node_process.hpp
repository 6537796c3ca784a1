#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

/// The problem: what a node promises must hold for the program that is shipped, started, killed and
/// started again like an operator's, and not only for its parts.
///
/// The answer: the program of `FRONTDESK_BINARY` as a child process. Every wait ends when something
/// happens or at a deadline; nothing sleeps.
namespace frontdesk::process {

/// Longer than anything takes on a machine that has other things to do.
constexpr std::chrono::seconds patience{60};

/// How a command ended and what it printed.
struct ended_command {
  /// 128 and more: killed by this signal, plus 128.
  int code = -1;
  std::string out;
  std::string error;
};

/// Runs the program to its end.
ended_command run_frontdesk(const std::vector<std::string>& arguments);
/// The same for a command that must succeed: throws std::runtime_error with what it said.
std::string output_of(const std::vector<std::string>& arguments);

/// What stands on a desk before its first visitor comes.
struct furniture {
  static constexpr const char* widget_key = "shop";
  static constexpr const char* password = "correct horse battery";
  /// Agents' addresses.
  std::vector<std::string> agents{"mia@acme.example", "leo@acme.example"};
  /// The only page that may show the inbox; empty: any.
  std::string origin;
};

/// Makes a tenant, an inbox and agents in a data directory that no node uses.
void furnish(const std::string& data, const furniture& what = {});

/// A node over one data directory. It may live several times, on another port each time.
class node_process {
 public:
  /// `more` are further flags of `frontdesk start`.
  explicit node_process(std::string data, std::vector<std::string> more = {});
  node_process(const node_process&) = delete;
  node_process& operator=(const node_process&) = delete;
  ~node_process();

  /// Returns when the node is ready; throws std::runtime_error with its log if it never is.
  void start();
  /// Returns at once; only `kill` may follow.
  void begin();
  /// SIGKILL: the node notices nothing of its end.
  void kill();
  /// SIGSTOP and SIGCONT: it does nothing for a while, and does not know.
  void freeze();
  void thaw();
  /// SIGHUP: it reads again what it may.
  void reload();
  /// SIGTERM: the answer is its exit code.
  int stop();

  bool is_alive();
  /// The exit code with which `is_alive` has found it ended.
  int ended_with() const { return ended_with_; }
  std::uint16_t port() const { return port_; }
  /// `http://127.0.0.1:1234`, as the node says it.
  const std::string& address() const { return address_; }
  pid_t id() const { return child_; }
  const std::string& data() const { return data_; }
  /// What it has written to its standard error in all its lives.
  std::string log() const;

 private:
  std::string log_path() const { return data_ + ".log"; }
  bool read_until_ready();
  int wait_for_end();
  void close_output();

  const std::string data_;
  const std::vector<std::string> more_;
  pid_t child_ = -1;
  int ended_with_ = -1;
  int output_ = -1;
  std::uint16_t port_ = 0;
  std::string address_;
};

}  // namespace frontdesk::process
