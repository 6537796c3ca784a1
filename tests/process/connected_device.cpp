#include "tests/process/connected_device.hpp"

#include "tests/client/protobuf_speech.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace frontdesk::process {

namespace {

constexpr std::int64_t reconnect_pause = 20;

std::string text_in(const boost::json::object& line, std::string_view name) {
  return line.contains(name) ? std::string(line.at(name).as_string()) : std::string{};
}

}  // namespace

connected_device::connected_device(socket_loop& loop, checker::history& seen, client::setup who,
                                   client::listener told, networks network)
    : loop_(loop),
      client_(std::make_unique<client::desk_client>(std::move(who), seen, std::move(told))),
      network_(network) {}

void connected_device::cut() {
  link_.reset();
  plain_.reset();
  client_->closed();
}

void connected_device::leave(const std::string& conversation) {
  const boost::json::object frame{{"t", "unsub"},
                                  {"conversations", boost::json::array{conversation}}};
  if (is_cut() || !link_) return;
  const std::string text = boost::json::serialize(frame);
  const bool is_json = client_->who().spoken == encoding::json;
  link_->send(is_json ? text : client::in_protobuf(text));
}

void connected_device::keep_alive(const place& to) {
  if (client_->tick(loop_.now()) || is_stuck()) cut();
  if (plain_) plain_->turn(loop_.now());
  if (is_cut() && to.port != 0 && loop_.now() >= connect_after_) connect(to);
}

// A door that never answers is as dead as a link that says nothing more.
bool connected_device::is_stuck() const {
  return link_ && !link_->is_open() && !link_->is_gone() &&
         loop_.now() - connected_at_ > client_->who().silence_max;
}

void connected_device::connect(const place& to) {
  connected_at_ = loop_.now();
  connect_after_ = connected_at_ + reconnect_pause;
  if (network_ != networks::websocket) return connect_plainly(to);
  socket_link::ears ears;
  ears.on_open = [this] {
    ++connections_count_;
    client_->opened([this](const std::string& frame) { link_->send(frame); }, loop_.now());
  };
  ears.on_text = [this](std::string_view text) { client_->received(text, loop_.now()); };
  ears.on_closed = [this](unsigned) { client_->closed(); };
  link_ = std::make_unique<socket_link>(loop_, to, std::move(ears), "", client_->who().spoken);
}

void connected_device::connect_plainly(const place& to) {
  const auto way = network_ == networks::poll ? fetch_link::ways::poll : fetch_link::ways::stream;
  const client::setup& who = client_->who();
  plain_ = std::make_unique<fetch_link>(
      to, fetch_link::caller{who.token, who.device, way, who.silence_max},
      fetch_link::ears{
          .on_text = [this](std::string_view text) { client_->received(text, loop_.now()); },
          .on_closed =
              [this] {
                connect_after_ = std::max(connect_after_, loop_.now() + plain_->retry_after());
                client_->closed();
              }});
  ++connections_count_;
  client_->opened([this](const std::string& frame) { plain_->send(frame); }, loop_.now());
}

client::setup visitor_setup(const signed_in& who, std::string device) {
  return {false, who.person, std::move(device), who.token};
}

client::setup agent_setup(const signed_in& who, std::string device) {
  return {true, who.person, std::move(device), who.token};
}

client::setup in_turns(client::setup who, std::size_t number) {
  who.spoken = number % 2 == 0 ? encoding::json : encoding::protobuf;
  who.knows_lean = number / 2 % 2 == 0;
  return who;
}

std::size_t add_stored(checker::history& seen, const std::string& inspected) {
  std::istringstream lines(inspected);
  std::size_t count = 0;
  for (std::string text; std::getline(lines, text); ++count) {
    const boost::json::object line = boost::json::parse(text).as_object();
    checker::event what;
    what.conversation = seen.conversation(text_in(line, "conversation"));
    what.track = text_in(line, "track") == "internal" ? checker::track_kind::internal
                                                      : checker::track_kind::public_;
    what.seq = {line.at("seq").to_number<std::uint64_t>()};
    const auto target = line.contains("target") ? line.at("target").to_number<std::uint64_t>() : 0;
    what.hash =
        checker::hash_of(client::body_of(text_in(line, "kind"), target, text_in(line, "text")));
    // The words of what was deleted are gone, and prove nothing.
    if (line.contains("deleted")) {
      seen.add(checker::message_deleted{what.conversation, what.track, what.seq, {}});
    }
    if (line.contains("device")) {
      what.author =
          checker::authorship{seen.device(text_in(line, "author"), text_in(line, "device")),
                              {line.at("n").to_number<std::uint64_t>()}};
    }
    seen.add(checker::event_stored{what});
  }
  return count;
}

}  // namespace frontdesk::process
