#include "tests/process/fetch_link.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace frontdesk::process {

namespace json = boost::json;

namespace {

std::string text_in(const json::object& frame, std::string_view name) {
  const json::value* found = frame.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string{};
}

std::uint64_t number_in(const json::object& frame, std::string_view name) {
  const json::value* found = frame.if_contains(name);
  return found != nullptr ? found->to_number<std::uint64_t>() : 0;
}

bool is_waiting() {
  return errno == EAGAIN || errno == ENOTCONN || errno == EINPROGRESS;
}

}  // namespace

plain_request::plain_request(const place& to, std::string request)
    : descriptor_(connect_to(to)), out_(std::move(request)) {}

plain_request::~plain_request() {
  end();
}

void plain_request::end() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

void plain_request::turn() {
  if (descriptor_ < 0) return;
  while (!out_.empty()) {
    const ssize_t sent = ::send(descriptor_, out_.data(), out_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && is_waiting()) return;
    if (sent < 0) break;
    out_.erase(0, static_cast<std::size_t>(sent));
  }
  std::array<char, 16 * 1024> room;
  ssize_t got = 0;
  while ((got = ::recv(descriptor_, room.data(), room.size(), MSG_DONTWAIT)) > 0) {
    in_.append(room.data(), static_cast<std::size_t>(got));
  }
  const bool has_ended = got == 0 || !is_waiting();
  const std::size_t end_of_head = in_.find("\r\n\r\n");
  if (head_.empty() && end_of_head != std::string::npos) {
    head_ = in_.substr(0, end_of_head + 2);
    in_.erase(0, end_of_head + 4);
    const std::string length = field("Content-Length");
    body_bytes_ = length.empty() ? ~std::size_t{0} : std::stoul(length);
  }
  const bool is_whole = !head_.empty() && in_.size() >= body_bytes_;
  if (has_ended || is_whole) {
    is_over_ = true;
    end();
  }
}

unsigned plain_request::status() const {
  return head_.size() < 12 ? 0 : static_cast<unsigned>(std::stoul(head_.substr(9, 3)));
}

std::string plain_request::field(std::string_view name) const {
  const std::string start = fmt::format("\r\n{}: ", name);
  const std::size_t at = head_.find(start);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + start.size();
  return head_.substr(begin, head_.find('\r', begin) - begin);
}

bool plain_request::take_line(std::string& line) {
  const std::size_t end = in_.find('\n');
  if (head_.empty() || end == std::string::npos) return false;
  line = in_.substr(0, end);
  in_.erase(0, end + 1);
  // What was taken does not count any more.
  if (body_bytes_ != ~std::size_t{0}) body_bytes_ -= end + 1;
  return true;
}

fetch_link::fetch_link(const place& to, caller who, ears told)
    : to_(to), who_(std::move(who)), ears_(std::move(told)), has_changed_(true) {}

std::string fetch_link::request(std::string_view path, const std::string& body) const {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer {}\r\n"
      "Frontdesk-Device: {}\r\n{}Content-Type: application/x-ndjson\r\nContent-Length: {}\r\n"
      "Connection: close\r\n\r\n{}",
      path, to_.port, who_.token, who_.device,
      roster_.empty() ? "" : fmt::format("Frontdesk-Roster: {}\r\n", roster_), body.size(), body);
}

void fetch_link::send(std::string_view text) {
  const json::object frame = json::parse(text).as_object();
  const std::string t = text_in(frame, "t");
  if (t == "hello") return;
  if (t == "sub") return follow(text);
  said_.emplace_back(text);
}

void fetch_link::follow(std::string_view text) {
  const json::value wish = json::parse(text);
  for (const json::value& each : wish.at("subs").as_array()) {
    const json::object& sub = each.as_object();
    followed_[text_in(sub, "conversation")] = {number_in(sub, "after"),
                                               number_in(sub, "internal_after")};
  }
  has_changed_ = true;
}

void fetch_link::turn(std::int64_t now) {
  if (is_gone_) return;
  if (has_changed_) ask_again();
  turn_up(now);
  if (!is_gone_) turn_down();
}

void fetch_link::ask_again() {
  has_changed_ = false;
  std::string body;
  for (const auto& [id, at] : followed_) {
    const json::object sub{
        {"conversation", id}, {"after", at.visible}, {"internal_after", at.internal}};
    body += json::serialize(json::object{{"t", "sub"}, {"subs", json::array{sub}}}) + "\n";
  }
  const bool polls = who_.way == ways::poll;
  down_ = std::make_unique<plain_request>(to_, request(polls ? "/v1/poll" : "/v1/stream", body));
}

void fetch_link::turn_up(std::int64_t now) {
  if (!up_ && !said_.empty()) {
    std::string body;
    for (std::size_t i = 0; i < 16 && !said_.empty(); ++i) {
      body += said_.front() + "\n";
      said_.pop_front();
    }
    up_ = std::make_unique<plain_request>(to_, request("/v1/frames", body));
    up_since_ = now;
  }
  if (!up_) return;
  up_->turn();
  if (!up_->is_over()) {
    if (now - up_since_ > who_.errand_max) close();
    return;
  }
  const auto over = std::exchange(up_, nullptr);
  std::string line;
  while (!is_gone_ && over->status() == 200 && over->take_line(line)) {
    // A `bye` here is the errand's own.
    if (text_in(json::parse(line).as_object(), "t") == "bye") return close();
    ears_.on_text(line);
  }
  if (over->status() != 200) close_by(*over);
}

void fetch_link::turn_down() {
  // To hear a line may begin another request.
  auto asked = std::move(down_);
  if (!asked) return;
  asked->turn();
  std::string line;
  while (!is_gone_ && asked->take_line(line)) {
    if (asked->status() == 200) hear(line);
  }
  if (is_gone_) return;
  if (!asked->is_over()) {
    if (!has_changed_) down_ = std::move(asked);
    return;
  }
  if (asked->status() != 200 || who_.way == ways::stream) return close_by(*asked);
  roster_ = asked->field("Frontdesk-Roster");
  has_changed_ = true;
}

void fetch_link::hear(const std::string& line) {
  const json::object frame = json::parse(line).as_object();
  const std::string t = text_in(frame, "t");
  if (t == "event") note_position(line);
  // One long link to its owner: welcomed once.
  const bool is_repeated = t == "welcome" && std::exchange(is_welcome_, true);
  if (!is_repeated) ears_.on_text(line);
}

void fetch_link::note_position(std::string_view text) {
  const json::object event = json::parse(text).as_object();
  const auto at = followed_.find(text_in(event, "conversation"));
  if (at == followed_.end()) return;
  const bool is_internal = text_in(event, "track") == "internal";
  std::uint64_t& position = is_internal ? at->second.internal : at->second.visible;
  const std::uint64_t seq = number_in(event, "seq");
  if (seq == position + 1) position = seq;
}

void fetch_link::close_by(const plain_request& refused) {
  const std::string seconds = refused.field("Retry-After");
  retry_after_ = seconds.empty() ? 0 : std::stoll(seconds) * 1000;
  close();
}

void fetch_link::close() {
  is_gone_ = true;
  ears_.on_closed();
}

}  // namespace frontdesk::process
