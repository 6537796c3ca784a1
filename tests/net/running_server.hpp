#pragma once

#include "net/server.hpp"
#include "tests/net/test_client.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

namespace frontdesk {

/// A server on a port of the system's choosing, before a fake desk.
class RunningServer : public testing::Test {
 protected:
  RunningServer() {
    desk_.people = acme();
    options_.door.handshakes_per_address_max = 0;
    options_.sockets.tick = std::chrono::milliseconds{5};
  }

  /// With the options as they are.
  void opens() {
    auto made = server::open(desk_, *tokens_, clock_, options_);
    ASSERT_EQ(made.why_not, "");
    server_ = std::move(made.running);
  }

  std::uint16_t port() {
    if (!server_) {
      opens();
    }
    return server_->ports().at(0);
  }

  test_client visitor() { return {desk_, port()}; }

  heard_answer asks(std::string_view request) { return visitor().asks(request); }

  /// A POST with a JSON body.
  static std::string post(std::string_view path, std::string_view body,
                          std::string_view more = {}) {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: desk.example\r\n" +
           "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + std::string(more) + "\r\n" + std::string(body);
  }

  static std::string get(std::string_view path, std::string_view more = {}) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: desk.example\r\n" + std::string(more) +
           "\r\n";
  }

  bool passes_until(const std::function<bool()>& it_is_so) {
    return desk_.thread.turns_until(it_is_so);
  }

  fake_desk desk_;
  fixed_clock clock_;
  std::unique_ptr<token_identity> tokens_ = token_identity::with_secret(test_secret);
  server_options options_;
  std::unique_ptr<server> server_;
};

}  // namespace frontdesk
