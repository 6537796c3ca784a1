#include "node/terminal.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace frontdesk {

namespace {

volatile sig_atomic_t is_ending = 0;

void wish_end(int) {
  is_ending = 1;
}

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

bool terminal::is_there() {
  return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
}

terminal::terminal() {
  tcgetattr(STDIN_FILENO, &before_);
  struct sigaction ends {};
  ends.sa_handler = wish_end;
  for (const int each : {SIGINT, SIGTERM, SIGHUP}) {
    sigaction(each, &ends, nullptr);
  }
  termios raw = before_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  // The other screen, and no cursor.
  print("\x1b[?1049h\x1b[?25l");
}

terminal::~terminal() {
  print("\x1b[?25h\x1b[?1049l");
  tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

std::size_t terminal::rows() const {
  constexpr std::size_t usual = 24;
  winsize size{};
  const bool is_known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0;
  return is_known ? size.ws_row : usual;
}

void terminal::draw(const std::vector<std::string>& lines) {
  // From the top, each line to its end and then all below: nothing flickers.
  std::string picture = "\x1b[H";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    picture += (i == 0 ? "" : "\r\n") + lines[i] + "\x1b[K";
  }
  print(picture + "\x1b[J");
}

std::optional<char> terminal::key(std::chrono::milliseconds patience) {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  const int ready = poll(&input, 1, static_cast<int>(patience.count()));
  if (is_ending != 0) {
    return 'q';
  }
  if (ready <= 0) {
    return std::nullopt;
  }
  char pressed = 0;
  return read(STDIN_FILENO, &pressed, 1) == 1 ? pressed : 'q';
}

}  // namespace frontdesk
