#include "net/fetch/gathering_transport.hpp"

#include "model/limits.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <utility>

namespace frontdesk {

namespace {

// FNV-1a: no secret hangs on it, and an equal name of unequal rosters costs one roster's delay.
std::uint64_t hash_of(std::string_view text, std::uint64_t from) {
  for (const char c : text) {
    from = (from ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  return from;
}

bool begins_frame(const std::string& bytes, std::string_view type) {
  constexpr std::string_view head = R"({"t":")";
  return bytes.starts_with(head) && std::string_view(bytes).substr(head.size()).starts_with(type);
}

}  // namespace

std::string name_of_roster(std::string_view snapshot) {
  // Neither of the two marks can stand within a string: its quotes would be escaped.
  const std::size_t moment = snapshot.find(R"("time":)");
  const std::size_t rest = snapshot.find(R"("ping_ms":)");
  std::uint64_t hash = hash_of(snapshot.substr(0, moment), 0xcbf29ce484222325ULL);
  if (rest != std::string_view::npos) {
    hash = hash_of(snapshot.substr(rest), hash);
  }
  return fmt::format("{:016x}", hash);
}

std::shared_ptr<gathering_transport> gathering_transport::begin(
    std::shared_ptr<socket_thread> thread, fetch_call call, reply answer) {
  desk& actors = thread->actors();
  const std::size_t index = thread->index();
  auto made =
      std::make_shared<gathering_transport>(std::move(thread), std::move(call), std::move(answer));
  made->port_ = actors.connect(index, made);
  if (!made->port_) {
    return nullptr;
  }
  const auto patience = made->is_poll() ? made->thread_->limits().poll_max : limits::errand_max;
  made->thread_->set(made->late_, patience);
  // The actor has to be settled before it is called.
  made->want_turn();
  return made;
}

gathering_transport::gathering_transport(std::shared_ptr<socket_thread> thread, fetch_call call,
                                         reply answer)
    : thread_(std::move(thread)),
      call_(std::move(call)),
      reply_(std::move(answer)),
      pulse_(*this),
      late_(*this) {}

gathering_transport::~gathering_transport() = default;

carries gathering_transport::kind() const {
  return is_poll() ? carries::downward : carries::errand;
}

void gathering_transport::abandon() {
  reply_ = nullptr;
  finish(parting::ways::gone);
}

void gathering_transport::send(frame_bytes frame) {
  if (is_over_) {
    return;
  }
  const bool is_snapshot = is_poll() && !has_snapshot_ &&
                           (begins_frame(*frame, "welcome") || begins_frame(*frame, "roster"));
  std::string& place = is_snapshot ? snapshot_ : news_;
  place += *frame;
  place += '\n';
  greeting_.end();
  share_->settle(outbound_bytes());
  // What only confirms a wish is worth no answer of its own.
  if (is_poll() && !is_snapshot && !begins_frame(*frame, "done")) {
    end_soon();
  }
}

void gathering_transport::resume() {
  if (is_over_) {
    return;
  }
  is_paused_ = false;
  if (is_poll() && is_greeted_ && !has_snapshot_) {
    end_snapshot();
  }
  want_turn();
}

void gathering_transport::end_snapshot() {
  has_snapshot_ = true;
  roster_ = name_of_roster(snapshot_);
  if (roster_ == call_.roster) {
    snapshot_.clear();
    share_->settle(outbound_bytes());
  } else {
    end_soon();
  }
}

// Not at once: the events behind a roster, and those said in the same turn, belong to one answer.
void gathering_transport::end_soon() {
  if (!is_ending_) {
    is_ending_ = true;
    thread_->set(late_, limits::poll_gather);
  }
}

void gathering_transport::close(close_code) {
  // What the actor had to say of it stands in its `bye`.
  port_.reset();
  finish(parting::ways::answered);
}

void gathering_transport::pulse_after(std::chrono::milliseconds after) {
  if (!is_over_) {
    thread_->set_about(pulse_, after);
  }
}

void gathering_transport::want_turn() {
  if (!has_turn_) {
    has_turn_ = true;
    boost::asio::post(thread_->io_context(), [me = shared_from_this()] { me->on_turn(); });
  }
}

void gathering_transport::on_turn() {
  has_turn_ = false;
  say();
}

// The port may let go of us in any of its calls.
void gathering_transport::say() {
  const auto port = port_;
  if (port && !is_greeted_ && !is_over_) {
    is_greeted_ = true;
    greeting_ = hello_gate::greeting(thread_->door().hellos);
    port->on_frame(call_.hello());
  }
  while (!is_over_ && !is_paused_ && said_count_ < call_.frames.size()) {
    port->on_frame(call_.frames[said_count_++]);
  }
  const bool has_said_all = !is_paused_ && said_count_ == call_.frames.size();
  if (port && !is_over_ && has_said_all && !std::exchange(is_all_said_, true) && !is_poll()) {
    port->on_all_said();
  }
}

void gathering_transport::on_pulse_due() {
  const auto me = shared_from_this();
  if (const auto port = port_) {
    port->on_pulse();
  }
}

void gathering_transport::on_late() {
  const auto me = shared_from_this();
  finish(parting::ways::answered);
}

void gathering_transport::finish(parting::ways why) {
  if (std::exchange(is_over_, true)) {
    return;
  }
  pulse_.cancel();
  late_.cancel();
  greeting_.end();
  if (!reply_) {
    share_ = nullptr;
  }
  // In a turn of its own: this may be a call of the port.
  if (reply_) {
    boost::asio::post(thread_->io_context(), [me = shared_from_this()] {
      if (const auto reply = std::exchange(me->reply_, nullptr)) {
        reply({me->snapshot_ + me->news_, me->roster_, std::move(me->share_)});
      }
    });
  }
  // Last of all: the actor may let go of us here.
  if (const auto port = std::exchange(port_, nullptr)) {
    port->on_closed({why});
  }
}

}  // namespace frontdesk
