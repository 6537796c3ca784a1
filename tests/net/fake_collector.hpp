#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace frontdesk {

constexpr int collector_patience_ms = 60'000;

/// A collector on a port of its own, on a thread of its own: it hears a whole request, and says to
/// each what the test wants; with nothing to say it keeps the caller waiting.
class fake_collector {
 public:
  /// What to answer to the request of this number, from 0; empty: nothing, ever.
  using says = std::function<std::string(std::size_t number)>;

  explicit fake_collector(says what = [](std::size_t) { return answer(200, "{}"); })
      : says_(std::move(what)), listening_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    EXPECT_EQ(bind(listening_, reinterpret_cast<sockaddr*>(&at), size), 0);
    EXPECT_EQ(listen(listening_, 16), 0);
    EXPECT_EQ(getsockname(listening_, reinterpret_cast<sockaddr*>(&at), &size), 0);
    port = ntohs(at.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  fake_collector(const fake_collector&) = delete;
  fake_collector& operator=(const fake_collector&) = delete;
  ~fake_collector() {
    is_over_ = true;
    shutdown(listening_, SHUT_RDWR);
    thread_.join();
    close(listening_);
    for (const int kept : kept_)
      close(kept);
  }

  static std::string answer(unsigned status, std::string_view body) {
    return fmt::format("HTTP/1.1 {} Some\r\nContent-Length: {}\r\n\r\n{}", status, body.size(),
                       body);
  }

  /// Waits until so many have come, and answers what they were.
  std::vector<std::string> hears(std::size_t count) {
    std::unique_lock guard(mutex_);
    const bool came = heard_more_.wait_for(guard, std::chrono::milliseconds{collector_patience_ms},
                                           [&] { return heard_.size() >= count; });
    EXPECT_TRUE(came) << heard_.size() << " of " << count;
    return heard_;
  }

  std::uint16_t port = 0;

 private:
  void serve() {
    while (!is_over_) {
      const int caller = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
      if (caller < 0) return;
      const timeval most{collector_patience_ms / 1000, 0};
      setsockopt(caller, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
      const std::string request = request_of(caller);
      std::size_t number = 0;
      {
        const std::lock_guard guard(mutex_);
        number = heard_.size();
        heard_.push_back(request);
      }
      heard_more_.notify_all();
      const std::string said = says_(number);
      if (said.empty()) {
        kept_.push_back(caller);
        continue;
      }
      EXPECT_EQ(send(caller, said.data(), said.size(), MSG_NOSIGNAL), std::ssize(said));
      close(caller);
    }
  }

  static std::string request_of(int caller) {
    constexpr std::string_view length = "Content-Length: ";
    std::string heard;
    std::array<char, 65536> room;
    for (;;) {
      const std::size_t head = heard.find("\r\n\r\n");
      const std::size_t at = heard.find(length);
      if (head != std::string::npos && at < head) {
        const auto body = std::strtoul(heard.c_str() + at + length.size(), nullptr, 10);
        if (heard.size() >= head + 4 + body) return heard;
      }
      const auto got = recv(caller, room.data(), room.size(), 0);
      if (got <= 0) return heard;
      heard.append(room.data(), static_cast<std::size_t>(got));
    }
  }

  const says says_;
  const int listening_;
  std::mutex mutex_;
  std::condition_variable heard_more_;
  std::vector<std::string> heard_;
  std::vector<int> kept_;
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

}  // namespace frontdesk
