#include "node/admin/admin_socket.hpp"

#include "node/admin/answer_request.hpp"
#include "node/admin/unix_socket.hpp"
#include "wire/admin_json.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <list>
#include <thread>
#include <utility>
#include <vector>

namespace frontdesk {

namespace {

using moment = std::chrono::steady_clock::time_point;

/// One operator's connection. Nothing here waits for the other side.
struct caller {
  descriptor socket;
  moment due;
  std::string asked = {};
  std::string answer = {};
  bool is_over = false;
};

class running_socket final : public admin_socket {
 public:
  running_socket(std::string path, descriptor listening, administration& with,
                 const wall_clock& time)
      : path_(std::move(path)),
        listening_(std::move(listening)),
        ends_(eventfd(0, EFD_CLOEXEC)),
        with_(with),
        time_(time),
        thread_([this] { run(); }) {}

  ~running_socket() override {
    eventfd_write(ends_.get(), 1);
    thread_.join();
    unlink(path_.c_str());
  }

 private:
  void run();
  void accept_one();
  void hear(caller&);
  void tell(caller&);
  void answer(caller&, std::string_view line);

  const std::string path_;
  const descriptor listening_;
  const descriptor ends_;
  administration& with_;
  const wall_clock& time_;
  std::list<caller> callers_;
  /// The last member: it begins when all others are there.
  std::thread thread_;
};

void running_socket::run() {
  for (;;) {
    // A full house is not asked for more; whoever waits in the kernel's queue comes later.
    const bool is_full = callers_.size() >= connections_max;
    std::vector<pollfd> waits{{ends_.get(), POLLIN, 0},
                              {is_full ? -1 : listening_.get(), POLLIN, 0}};
    for (const caller& each : callers_) {
      waits.push_back(
          {each.socket.get(), static_cast<short>(each.answer.empty() ? POLLIN : POLLOUT), 0});
    }
    poll(waits.data(), waits.size(), callers_.empty() ? -1 : 250);
    if (waits[0].revents != 0) {
      return;
    }
    std::size_t at = 2;
    for (caller& each : callers_) {
      if (waits[at++].revents != 0) {
        each.answer.empty() ? hear(each) : tell(each);
      }
    }
    const moment now = std::chrono::steady_clock::now();
    callers_.remove_if([now](const caller& c) { return c.is_over || now >= c.due; });
    if (waits[1].revents != 0) {
      accept_one();
    }
  }
}

void running_socket::accept_one() {
  descriptor socket(accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (socket.get() < 0) {
    // Without descriptors it would be asked again at once, and again.
    std::this_thread::sleep_for(limits::accept_pause);
    return;
  }
  callers_.push_back({std::move(socket), std::chrono::steady_clock::now() + deadline});
}

void running_socket::hear(caller& from) {
  std::array<char, 4096> room{};
  const ssize_t size = read(from.socket.get(), room.data(), room.size());
  if (size <= 0) {
    from.is_over = size == 0 || errno != EAGAIN;
    return;
  }
  from.asked.append(room.data(), static_cast<std::size_t>(size));
  const std::size_t end = from.asked.find('\n');
  if (end != std::string::npos && end <= line_bytes_max) {
    const std::string line = from.asked.substr(0, end);
    from.asked.erase(0, end + 1);
    answer(from, line);
  } else if (from.asked.size() > line_bytes_max) {
    from.answer = admin_json::to_json(fault{fault_code::too_large}) + '\n';
    tell(from);
    from.is_over = true;
  }
}

void running_socket::answer(caller& to, std::string_view line) {
  to.answer = answer_request(line, with_, time_.now()) + '\n';
  // What was asked is done; the time to take the answer begins now.
  to.due = std::chrono::steady_clock::now() + deadline;
  tell(to);
}

void running_socket::tell(caller& to) {
  const ssize_t size = send(to.socket.get(), to.answer.data(), to.answer.size(), MSG_NOSIGNAL);
  if (size < 0) {
    to.is_over = errno != EAGAIN;
    return;
  }
  to.answer.erase(0, static_cast<std::size_t>(size));
  const std::size_t end = to.answer.empty() ? to.asked.find('\n') : std::string::npos;
  if (end != std::string::npos) {
    const std::string line = to.asked.substr(0, end);
    to.asked.erase(0, end + 1);
    answer(to, line);
  }
}

}  // namespace

or_trouble<std::unique_ptr<admin_socket>> admin_socket::open(const std::string& path,
                                                             administration& with,
                                                             const wall_clock& time) {
  unlink(path.c_str());
  auto listening = listen_at(path);
  if (!listening) {
    return listening.why();
  }
  return std::unique_ptr<admin_socket>(
      std::make_unique<running_socket>(path, std::move(*listening), with, time));
}

}  // namespace frontdesk
