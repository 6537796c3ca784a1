#include "node/terminal.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
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
  // They come only while keys are waited for, so that none comes just before.
  sigset_t ending;
  sigemptyset(&ending);
  struct sigaction ends {};
  ends.sa_handler = wish_end;
  for (const int each : {SIGINT, SIGTERM, SIGHUP}) {
    sigaction(each, &ends, nullptr);
    sigaddset(&ending, each);
  }
  sigprocmask(SIG_BLOCK, &ending, &signals_before_);
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
  sigprocmask(SIG_SETMASK, &signals_before_, nullptr);
}

std::size_t terminal::rows() const {
  constexpr std::size_t usual = 24;
  winsize size{};
  const bool is_known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0;
  return is_known ? size.ws_row : usual;
}

std::optional<std::size_t> terminal::columns() {
  winsize size{};
  const bool is_known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? std::optional<std::size_t>{size.ws_col} : std::nullopt;
}

void terminal::draw(const std::vector<std::string>& lines) {
  // From the top, each line to its end and then all below: nothing flickers.
  std::string picture = "\x1b[H";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    picture += (i == 0 ? "" : "\r\n") + lines[i] + "\x1b[K";
  }
  print(picture + "\x1b[J");
}

std::optional<char> terminal::key(std::chrono::milliseconds patience, int other) {
  // Of a descriptor that is none, poll says nothing.
  std::array<pollfd, 2> both{pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{other, POLLIN, 0}};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(patience);
  const timespec time{seconds.count(), std::chrono::nanoseconds(patience - seconds).count()};
  // Of what a signal breaks off, nothing is said.
  if (ppoll(both.data(), both.size(), &time, &signals_before_) < 0) both = {};
  if (is_ending != 0) {
    return 'q';
  }
  if (both[0].revents == 0) {
    return std::nullopt;
  }
  char pressed = 0;
  return read(STDIN_FILENO, &pressed, 1) == 1 ? pressed : 'q';
}

}  // namespace frontdesk
