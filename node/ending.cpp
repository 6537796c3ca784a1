#include "node/ending.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <csignal>
#include <thread>
#include <utility>

namespace frontdesk {

namespace {

// What a shell says of a program that a signal ended.
constexpr int ended_by_signal = 128;

// Waits for the next signal.
int next_signal(int signals) {
  signalfd_siginfo what{};
  while (read(signals, &what, sizeof what) != static_cast<ssize_t>(sizeof what)) {
  }
  return static_cast<int>(what.ssi_signo);
}

}  // namespace

ending::ending() : had_terminal_(isatty(STDIN_FILENO) == 1) {
  // A peer that closes its socket is no reason to end; nor is a file that may not grow, which
  // whoever writes it is told as well.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  sigset_t which;
  sigemptyset(&which);
  sigaddset(&which, SIGTERM);
  sigaddset(&which, SIGINT);
  sigaddset(&which, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &which, nullptr);
  signals_ = signalfd(-1, &which, SFD_CLOEXEC);
  wishes_ = eventfd(0, EFD_CLOEXEC);
  assert(signals_ >= 0 && wishes_ >= 0);
}

// The descriptor of signals stays: the thread that waits for another one may read it to the last.
ending::~ending() {
  close(wishes_);
}

void ending::wish(exit_code code, std::string sentence) {
  {
    const std::lock_guard guard(mutex_);
    if (wished_) {
      return;
    }
    wished_ = trouble{code, std::move(sentence)};
  }
  has_come_.store(true, std::memory_order_release);
  eventfd_write(wishes_, 1);
}

// A terminal that is gone fails every question.
bool ending::has_lost_terminal() const {
  return had_terminal_ && isatty(STDIN_FILENO) != 1;
}

trouble ending::wait(const std::function<void()>& reload) {
  std::array<pollfd, 2> both{{{signals_, POLLIN, 0}, {wishes_, POLLIN, 0}}};
  trouble why{exit_code::success, {}};
  for (bool is_over = false; !is_over;) {
    if (poll(both.data(), both.size(), -1) <= 0) {
      continue;
    }
    if ((both[1].revents & POLLIN) != 0) {
      const std::lock_guard guard(mutex_);
      why = *wished_;
      is_over = true;
    } else if (next_signal(signals_) != SIGHUP || has_lost_terminal()) {
      is_over = true;
    } else {
      reload();
    }
  }
  has_come_.store(true, std::memory_order_release);
  std::thread([signals = signals_] {
    int signal = SIGHUP;
    while (signal == SIGHUP) {
      signal = next_signal(signals);
    }
    _exit(ended_by_signal + signal);
  }).detach();
  return why;
}

}  // namespace frontdesk
