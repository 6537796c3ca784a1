#include "tests/process/desk_door.hpp"

#include "tests/process/node_process.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <stdexcept>

namespace frontdesk::process {

namespace json = boost::json;

namespace {

bool is_whole(const std::string& answer) {
  const std::size_t head = answer.find("\r\n\r\n");
  const std::size_t length = answer.find("\r\nContent-Length: ");
  return head != std::string::npos && length < head &&
         answer.size() >= head + 4 + std::stoul(answer.substr(length + 18));
}

bool becomes(const client_stream& stream, short ready) {
  pollfd one{stream.descriptor(), ready, 0};
  return poll(&one, 1, static_cast<int>(std::chrono::milliseconds{patience}.count())) > 0;
}

std::string exchange(client_stream& stream, std::string_view request) {
  while (!request.empty() && becomes(stream, POLLOUT)) {
    const ssize_t sent = stream.send(request);
    if (sent < 0 && errno != EAGAIN) {
      break;
    }
    request.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : 0);
  }
  std::string answer;
  std::array<char, 16 * 1024> room;
  while (!is_whole(answer) && becomes(stream, POLLIN)) {
    const ssize_t got = stream.recv(room);
    if (got < 0 && errno == EAGAIN) {
      continue;
    }
    if (got <= 0) {
      break;
    }
    answer.append(room.data(), static_cast<std::size_t>(got));
  }
  return answer;
}

signed_in person_in(const http_said& said, std::string_view who) {
  if (said.status != 201) {
    throw std::runtime_error(fmt::format("the node answered {}: {}", said.status, said.body));
  }
  const json::value body = json::parse(said.body);
  const json::value& person = who == "agent" ? body.at("agent").at("ref") : body.at("visitor");
  return {std::string(person.as_string()), std::string(body.at("token").as_string())};
}

}  // namespace

http_said ask(const place& to, std::string_view request) {
  client_stream stream(to);
  const std::string answer = exchange(stream, request);
  http_said said;
  if (answer.size() > 12) {
    said.status = static_cast<unsigned>(std::stoul(answer.substr(9, 3)));
    const std::size_t head = answer.find("\r\n\r\n");
    said.head = answer.substr(0, head);
    said.body = head == std::string::npos ? "" : answer.substr(head + 4);
    said.server_name = stream.server_name();
  }
  return said;
}

http_said post_json(const place& to, std::string_view path, std::string_view body) {
  return ask(to, fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
                             "Content-Type: application/json\r\nContent-Length: {}\r\n"
                             "Connection: close\r\n\r\n{}",
                             path, to.port, body.size(), body));
}

signed_in new_visitor(const place& to, const std::string& widget_key) {
  const json::object wish{{"widget_key", widget_key}};
  return person_in(post_json(to, "/v1/visitors", json::serialize(wish)), "visitor");
}

signed_in sign_in(const place& to, const std::string& email, const std::string& password) {
  const json::object wish{{"email", email}, {"password", password}};
  return person_in(post_json(to, "/v1/sessions", json::serialize(wish)), "agent");
}

std::string device_name(std::uint64_t number) {
  return fmt::format("{:032x}", number);
}

}  // namespace frontdesk::process
