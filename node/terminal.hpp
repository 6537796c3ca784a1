#pragma once

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
  void draw(const std::vector<std::string>& lines);
  /// The next key within this time; Ctrl-C, a hang-up and the end of the input are a 'q'.
  std::optional<char> key(std::chrono::milliseconds patience);

 private:
  termios before_{};
};

}  // namespace frontdesk
