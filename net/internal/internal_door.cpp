#include "net/internal/internal_door.hpp"

#include "embedded_files.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <list>
#include <thread>
#include <utility>

namespace frontdesk {

namespace {

class open_door final : public internal_door {
 public:
  open_door(const node_view& node, internal_door_options options)
      : options_(std::move(options)), routes_(node, embedded_files(), options_.hosts) {}

  ~open_door() override;

  /// Empty, or why not.
  std::string listen();

  std::uint16_t port() const override { return listener_->port(); }
  std::size_t connections_count() const override { return count_; }

 private:
  using sessions = std::list<std::shared_ptr<internal_session>>;

  void work();
  void receive(plain_socket);
  void note_heard(internal_session&);
  void forget(internal_session&);
  sessions::iterator find(const internal_session&);

  const internal_door_options options_;
  const internal_routes routes_;
  boost::asio::io_context context_{1};
  const internal_session::surroundings around_{context_, routes_, options_.patience,
                                               [this](internal_session& who) { note_heard(who); },
                                               [this](internal_session& who) { forget(who); }};
  /// Who was heard last stands first. So few that a walk costs nothing.
  sessions sessions_;
  std::atomic<std::size_t> count_{0};
  std::shared_ptr<listener> listener_;
  std::thread thread_;
};

std::string open_door::listen() {
  auto made = listener::open(options_.address, {&context_}, limits::accept_pause);
  if (!made.running) {
    return made.why_not;
  }
  listener_ = std::move(made.running);
  listener_->start([this](std::size_t, plain_socket socket) { receive(std::move(socket)); });
  thread_ = std::thread([this] { work(); });
  return {};
}

// A callback that throws ends alone, and its socket at its deadline. The listener has always
// something to wait for, until the end.
void open_door::work() {
  for (;;) {
    try {
      context_.run();
      return;
    } catch (const std::exception& error) {
      if (options_.on_failure) {
        options_.on_failure(error.what());
      }
    }
  }
}

open_door::~open_door() {
  if (!thread_.joinable()) {
    return;
  }
  boost::asio::post(context_, [this] {
    listener_->stop();
    for (const auto& one : sessions(sessions_)) {
      one->finish();
    }
  });
  thread_.join();
}

void open_door::receive(plain_socket socket) {
  if (sessions_.size() >= options_.connections_max) {
    sessions_.back()->finish();
  }
  const auto session = std::make_shared<internal_session>(around_, std::move(socket));
  sessions_.push_front(session);
  count_ = sessions_.size();
  session->begin();
}

void open_door::note_heard(internal_session& who) {
  sessions_.splice(sessions_.begin(), sessions_, find(who));
}

void open_door::forget(internal_session& who) {
  sessions_.erase(find(who));
  count_ = sessions_.size();
}

open_door::sessions::iterator open_door::find(const internal_session& who) {
  return std::ranges::find_if(sessions_, [&](const auto& one) { return one.get() == &who; });
}

}  // namespace

internal_door::opened internal_door::open(const node_view& node, internal_door_options options) {
  auto made = std::make_unique<open_door>(node, std::move(options));
  auto why_not = made->listen();
  if (!why_not.empty()) {
    return {nullptr, std::move(why_not)};
  }
  return {std::move(made), {}};
}

}  // namespace frontdesk
