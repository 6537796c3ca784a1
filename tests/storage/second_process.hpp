#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace frontdesk {

/// This test program once more, as a process of its own that does one thing with a data folder: a
/// lock and a kill can only be tried between two processes.
class second_process {
 public:
  /// `role`: see `play_second_process`.
  second_process(const std::string& role, const std::string& folder);
  second_process(const second_process&) = delete;
  second_process& operator=(const second_process&) = delete;
  ~second_process();

  /// The next line that it prints; nothing at its end.
  std::optional<std::string> line();
  void is_killed();

 private:
  pid_t process_ = -1;
  int output_ = -1;
};

/// What the second process does. Roles:
/// - `open`: opens the folder, prints the problem's number and sentence, or `open`.
/// - `open_as_nobody`: the same as a user that owns nothing.
/// - `hold`: opens the folder, prints `open` and waits to be killed.
/// - `write`: writes one set after the other, synced; prints the number of each when it is written
///   and the size of the write-ahead log.
/// The answer is the exit code.
int play_second_process(const std::string& role, const std::string& folder);

/// The set that the role `write` writes as its n-th: three rows and the last number.
constexpr int rows_per_set = 3;
std::string row_key(int set, int row);
constexpr const char* last_set_key = "last";

/// The newest write-ahead log in a store's folder.
std::string newest_log(const std::string& folder);

}  // namespace frontdesk
