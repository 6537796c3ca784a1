#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

/// The shipped program, run as somebody at a terminal or another program runs it: with arguments,
/// an environment, two streams of output, signals and an exit code.
namespace frontdesk::process {

using words = std::vector<std::string>;

/// The program of `FRONTDESK_BINARY`, running. It is killed with its object. Reads wait for a
/// minute at most.
class program {
 public:
  /// `output`: a file that is its standard output, instead of a pipe that is read here.
  explicit program(const words& arguments, const words& environment = {},
                   const char* output = nullptr);
  program(const program&) = delete;
  program& operator=(const program&) = delete;
  ~program();

  /// Reads until the standard output has the line's beginning and its end; the rest of the line.
  std::string after(const std::string& beginning);
  /// Where a node that was started serves: returns when it is ready.
  std::string address() { return after("frontdesk is ready on "); }
  /// Reads until the standard error has this.
  void says(const std::string& what);

  void signal(int which) const;
  /// Fills the pipe that is its standard error: whoever writes to it waits until it is read.
  void chokes();
  /// Waits for its end without reading what it says; false: it is still there after a minute.
  bool ends_unheard() const;
  /// Without waiting.
  bool is_running() const;
  pid_t id() const { return id_; }

  /// Its exit code, once it has ended by itself; negative: the signal that ended it.
  int wait();
  const std::string& printed() const { return printed_; }
  /// On its standard error.
  const std::string& said() const { return said_; }

 private:
  bool read_more();
  bool has_ended_within(int wait_ms) const;

  pid_t id_ = -1;
  int out_ = -1;
  int err_ = -1;
  bool is_out_open_ = true;
  bool is_err_open_ = true;
  std::string printed_;
  std::string said_;
};

struct ended {
  int code = -1;
  std::string printed;
  std::string said;
};

/// Runs the program to its end.
ended run(const words& arguments, const words& environment = {});

}  // namespace frontdesk::process
