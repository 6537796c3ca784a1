#pragma once

#include <signal.h>
#include <termios.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace frontdesk {

/// The terminal of the standard input and output, taken over for a picture that changes: a screen
/// of its own, keys one by one and without an echo. Whatever ends it, also Ctrl-C, leaves the
/// terminal as it was.
class terminal {
 public:
  /// Whether both are one.
  static bool is_there();

  terminal();
  ~terminal();
  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;

  std::size_t rows() const;
  /// Of the standard output; none: it is no terminal, or one that does not say.
  static std::optional<std::size_t> columns();
  void draw(const std::vector<std::string>& lines);
  /// The next key within this time; Ctrl-C, a hang-up and the end of the input are a 'q'. Comes
  /// back earlier if there is something to read from `other`, if that is a descriptor.
  std::optional<char> key(std::chrono::milliseconds patience, int other = -1);

 private:
  termios before_{};
  sigset_t signals_before_{};
};

}  // namespace frontdesk
