#include "node/admin/admin_socket.hpp"

#include "node/admin/answer_request.hpp"
#include "node/admin/unix_socket.hpp"
#include "node/audit/audit_author.hpp"
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
  audit_author who;
  moment due;
  /// Beyond the line that is being answered, at most one more and a little of the next.
  std::string asked = {};
  std::string answer = {};
  bool is_over = false;

  bool has_line() const { return answer.empty() && asked.find('\n') != std::string::npos; }
};

class running_socket final : public admin_socket {
 public:
  running_socket(std::string path, descriptor listening, administration& with,
                 const wall_clock& time, std::chrono::milliseconds patience)
      : path_(std::move(path)),
        listening_(std::move(listening)),
        ends_(eventfd(0, EFD_CLOEXEC)),
        with_(with),
        time_(time),
        patience_(patience),
        thread_([this] { run(); }) {}

  ~running_socket() override {
    eventfd_write(ends_.get(), 1);
    thread_.join();
    unlink(path_.c_str());
  }

 private:
  void run();
  std::vector<pollfd> wait() const;
  void serve(caller&, bool is_ready);
  void accept_one();
  void hear(caller&);
  void tell(caller&);
  void answer_line(caller&);
  void dismiss(caller&, fault_code);

  const std::string path_;
  const descriptor listening_;
  const descriptor ends_;
  administration& with_;
  const wall_clock& time_;
  const std::chrono::milliseconds patience_;
  std::list<caller> callers_;
  /// The last member: it begins when all others are there.
  std::thread thread_;
};

void running_socket::run() {
  for (;;) {
    const std::vector<pollfd> found = wait();
    if (found[0].revents != 0) {
      return;
    }
    // Before anything is answered: that takes time, which is not the others'.
    const moment now = std::chrono::steady_clock::now();
    std::size_t at = 2;
    for (caller& each : callers_) {
      const bool is_ready = found[at++].revents != 0;
      serve(each, is_ready);
      // Whoever waited for another's answer is heard first.
      if (!each.is_over && !is_ready && now >= each.due) {
        dismiss(each, fault_code::not_json);
      }
    }
    callers_.remove_if([](const caller& c) { return c.is_over; });
    if (found[1].revents != 0) {
      accept_one();
    }
  }
}

/// Waits until somebody can be served. In this order: the end, whoever comes, those who are here.
std::vector<pollfd> running_socket::wait() const {
  std::vector<pollfd> all{{ends_.get(), POLLIN, 0}, {listening_.get(), POLLIN, 0}};
  bool is_behind = false;
  auto due = moment::max();
  for (const caller& each : callers_) {
    const int wants = each.has_line() ? 0 : each.answer.empty() ? POLLIN : POLLOUT;
    all.push_back({each.socket.get(), static_cast<short>(wants), 0});
    is_behind = is_behind || each.has_line();
    due = std::min(due, each.due);
  }
  int at_most = is_behind ? 0 : -1;
  if (!is_behind && due != moment::max()) {
    const auto left = due - std::chrono::steady_clock::now();
    at_most =
        std::max(0, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count()));
  }
  poll(all.data(), all.size(), at_most);
  return all;
}

/// One request at most, so that nobody keeps the others waiting by asking much at once.
void running_socket::serve(caller& each, bool is_ready) {
  if (is_ready && !each.has_line()) {
    each.answer.empty() ? hear(each) : tell(each);
  }
  if (!each.is_over && each.has_line()) {
    answer_line(each);
  } else if (each.answer.empty() && each.asked.size() > line_bytes_max) {
    dismiss(each, fault_code::too_large);
  }
}

void running_socket::accept_one() {
  descriptor socket(accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (socket.get() < 0) {
    // Without descriptors it would be asked again at once, and again.
    std::this_thread::sleep_for(limits::accept_pause);
    return;
  }
  const bool is_full = callers_.size() >= connections_max;
  audit_author who = author_behind(socket);
  callers_.push_back(
      {std::move(socket), std::move(who), std::chrono::steady_clock::now() + patience_});
  if (is_full) {
    dismiss(callers_.back(), fault_code::busy);
    callers_.pop_back();
  }
}

void running_socket::hear(caller& from) {
  std::array<char, 4096> room{};
  const ssize_t size = read(from.socket.get(), room.data(), room.size());
  if (size > 0) {
    from.asked.append(room.data(), static_cast<std::size_t>(size));
  } else if (size == 0 && !from.asked.empty()) {
    // Nothing more comes, so this is the whole line. (Half an object is never taken for one.)
    from.asked += '\n';
  } else {
    from.is_over = size == 0 || errno != EAGAIN;
  }
}

void running_socket::answer_line(caller& to) {
  const std::size_t end = to.asked.find('\n');
  if (end > line_bytes_max) {
    return dismiss(to, fault_code::too_large);
  }
  const std::string line = to.asked.substr(0, end);
  to.asked.erase(0, end + 1);
  to.answer = answer_request(line, with_, to.who, time_.now()) + '\n';
  // What was asked is done; the time to take the answer begins now.
  to.due = std::chrono::steady_clock::now() + patience_;
  tell(to);
}

void running_socket::tell(caller& to) {
  const ssize_t size = send(to.socket.get(), to.answer.data(), to.answer.size(), MSG_NOSIGNAL);
  if (size < 0) {
    to.is_over = errno != EAGAIN;
    return;
  }
  to.answer.erase(0, static_cast<std::size_t>(size));
}

/// Says why, unless an answer is under way, and hangs up.
void running_socket::dismiss(caller& whom, fault_code why) {
  const bool has_asked = why != fault_code::not_json || !whom.asked.empty();
  if (whom.answer.empty() && has_asked) {
    whom.answer = admin_json::to_json(fault{why}) + '\n';
    tell(whom);
  }
  whom.is_over = true;
}

}  // namespace

or_trouble<std::unique_ptr<admin_socket>> admin_socket::open(const std::string& path,
                                                             administration& with,
                                                             const wall_clock& time,
                                                             std::chrono::milliseconds patience) {
  unlink(path.c_str());
  auto listening = listen_at(path);
  if (!listening) {
    return listening.why();
  }
  return std::unique_ptr<admin_socket>(
      std::make_unique<running_socket>(path, std::move(*listening), with, time, patience));
}

}  // namespace frontdesk
