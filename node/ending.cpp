#include "node/ending.hpp"

#include "node/descriptor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <chrono>
#include <csignal>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace frontdesk {

namespace {

// What a shell says of a program that a signal ended.
constexpr int ended_by_signal = 128;

// Waits for the next signal.
received_signal next_signal(int signals) {
  signalfd_siginfo what{};
  while (read(signals, &what, sizeof what) != static_cast<ssize_t>(sizeof what)) {
  }
  // The kernel itself has no process and no user.
  return {static_cast<int>(what.ssi_signo), what.ssi_pid != 0 ? what.ssi_uid : getuid()};
}

// What fails here is not written down, and the process ends all the same.
void write_note(second_note& where, const received_signal& what) {
  const std::lock_guard guard(where.mutex);
  const std::string& path = where.path;
  if (path.empty()) {
    return;
  }
  const std::string text = std::to_string(what.number) + ' ' + std::to_string(what.uid) + '\n';
  const descriptor file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.get() < 0 || write(file.get(), text.data(), text.size()) < 0) {
    return;
  }
}

/// The disk may be why somebody lost patience, and that is not tried again.
void write_in_time(const std::shared_ptr<second_note>& where, const received_signal& what) {
  constexpr std::chrono::milliseconds note_max{200};
  const auto written = std::make_shared<std::promise<void>>();
  try {
    std::thread([where, what, written] {
      write_note(*where, what);
      written->set_value();
    }).detach();
  } catch (const std::system_error&) {
    return;
  }
  written->get_future().wait_for(note_max);
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

void ending::note_second_in(const std::string& path) {
  const std::lock_guard guard(note_->mutex);
  note_->path = path;
}

trouble ending::wait(const std::function<void(const received_signal&)>& reload) {
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
    } else if (const auto what = next_signal(signals_);
               what.number != SIGHUP || has_lost_terminal()) {
      ended_by_ = what;
      is_over = true;
    } else {
      reload(what);
    }
  }
  has_come_.store(true, std::memory_order_release);
  std::thread([signals = signals_, note = note_] {
    received_signal what{SIGHUP};
    while (what.number == SIGHUP) {
      what = next_signal(signals);
    }
    write_in_time(note, what);
    _exit(ended_by_signal + what.number);
  }).detach();
  return why;
}

std::optional<received_signal> take_note(const std::string& path) {
  std::ifstream file(path);
  received_signal what;
  if (!(file >> what.number >> what.uid)) {
    return std::nullopt;
  }
  unlink(path.c_str());
  return what;
}

}  // namespace frontdesk
