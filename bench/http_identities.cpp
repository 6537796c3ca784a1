#include "bench/http_identities.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

namespace frontdesk::bench {

namespace json = boost::json;

namespace {

constexpr int patience_ms = 10'000;
constexpr std::size_t answer_bytes_max = 64 * 1024;
constexpr milliseconds wait_otherwise{1000};
/// A node elsewhere lets one address make so many visitors only after so long; more is a mistake.
constexpr milliseconds wait_max{60'000};

struct answer {
  int status = 0;
  json::object body;
};

/// One request on a socket of its own.
class exchange {
 public:
  exchange(const destination& to, std::uint32_t number)
      : to_(to), descriptor_(open_socket(to, number)) {}
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;
  ~exchange() { close(descriptor_); }

  answer post(std::string_view path, std::string_view body) {
    const int done =
        connect(descriptor_, reinterpret_cast<const sockaddr*>(&to_.address), to_.address_bytes);
    if (done != 0 && errno != EINPROGRESS) fail();
    wait_for(POLLOUT);
    const std::string request = fmt::format(
        "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nConnection: close\r\n"
        "Content-Length: {}\r\n\r\n{}",
        path, to_.name, body.size(), body);
    if (send(descriptor_, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      fail();
    }
    return answer_in(read_all());
  }

 private:
  [[noreturn]] void fail() const {
    throw cannot_measure(
        fmt::format("Nothing answers at {} ({}).", to_.name, std::strerror(errno)));
  }

  void wait_for(short what) const {
    pollfd one{descriptor_, what, 0};
    if (poll(&one, 1, patience_ms) != 1) {
      errno = ETIMEDOUT;
      fail();
    }
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
    errno = error;
    if (error != 0) fail();
  }

  std::string read_all() const {
    std::string all;
    std::array<char, 4096> room{};
    while (all.size() < answer_bytes_max) {
      wait_for(POLLIN);
      const ssize_t got = recv(descriptor_, room.data(), room.size(), 0);
      if (got == 0) break;
      if (got < 0) fail();
      all.append(room.data(), static_cast<std::size_t>(got));
    }
    return all;
  }

  answer answer_in(const std::string& text) const {
    const std::size_t head = text.find("\r\n\r\n");
    if (!text.starts_with("HTTP/1.1 ") || head == std::string::npos) {
      throw cannot_measure(fmt::format("{} does not speak HTTP.", to_.name));
    }
    json::error_code error;
    const json::value body = json::parse(text.substr(head + 4), error);
    const json::object* const object = error ? nullptr : body.if_object();
    return {std::stoi(text.substr(9, 3)), object == nullptr ? json::object() : *object};
  }

  const destination& to_;
  const int descriptor_;
};

std::string text_in(const json::object& of, std::string_view name) {
  const json::value* const found = of.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

milliseconds wait_in(const json::object& of) {
  const json::value* const found = of.if_contains("retry_after_ms");
  if (found == nullptr || !found->is_int64()) return wait_otherwise;
  return std::min(milliseconds{found->as_int64()}, wait_max);
}

}  // namespace

http_identities::http_identities(const destination& to, std::string widget_key,
                                 std::vector<account> accounts)
    : to_(to), widget_key_(std::move(widget_key)), accounts_(std::move(accounts)) {}

std::string http_identities::token_for(std::uint32_t number, std::string_view path,
                                       std::string_view body) const {
  for (;;) {
    const answer said = exchange(to_, number).post(path, body);
    if (said.status == 201) return text_in(said.body, "token");
    if (said.status != 429 && said.status != 503) {
      throw cannot_measure(fmt::format("{} answered {} with {}: {}", to_.name, path, said.status,
                                       text_in(said.body, "message")));
    }
    std::this_thread::sleep_for(wait_in(said.body));
  }
}

std::string http_identities::visitor_token(std::uint32_t number) {
  return token_for(number, "/v1/visitors",
                   json::serialize(json::object{{"widget_key", widget_key_}}));
}

std::vector<std::string> http_identities::agent_tokens(unsigned) {
  std::vector<std::string> tokens;
  for (const account& each : accounts_) {
    tokens.push_back(token_for(
        0, "/v1/sessions",
        json::serialize(json::object{{"email", each.email}, {"password", each.password}})));
  }
  return tokens;
}

}  // namespace frontdesk::bench
