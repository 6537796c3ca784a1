#include "tests/process/nginx.hpp"

#include "bench/checker/checker.hpp"
#include "tests/net/self_signed.hpp"
#include "tests/process/corpus_player.hpp"
#include "tests/process/node_process.hpp"
#include "tests/repository.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <string>
#include <vector>

namespace frontdesk::process {
namespace {

using testing::HasSubstr;

constexpr const char* proxy_address = "127.0.0.9";
constexpr std::size_t at_a_time = 8;
/// Several times as many as one address may make at once.
constexpr int visitors_tried = 200;

/// A node behind nginx, which is the only one that it believes.
class BehindNginx : public testing::Test {
 protected:
  BehindNginx() {
    furnish(node_.data(), {.origin = "https://shop.example"});
    node_.start();
    std::filesystem::create_directory(folder_.path("nginx"));
    const self_signed files = make_self_signed(folder_.path(""));
    proxy_ = std::make_unique<nginx>(nginx::setup{.folder = folder_.path("nginx"),
                                                  .certificate = files.certificate,
                                                  .key = files.key,
                                                  .node_port = node_.port(),
                                                  .from = proxy_address});
  }

  place door(std::uint32_t from = 0) const { return {proxy_->port(), from, true}; }

  // A new visitor, who says that he comes from `claimed`: the status.
  static unsigned visit(const place& to, const std::string& claimed = {}) {
    constexpr std::string_view body = R"({"widget_key":"shop"})";
    const std::string claim =
        claimed.empty() ? "" : fmt::format("X-Forwarded-For: {}\r\n", claimed);
    return ask(to, fmt::format("POST /v1/visitors HTTP/1.1\r\nHost: desk.example\r\n"
                               "Content-Type: application/json\r\nContent-Length: {}\r\n{}"
                               "Connection: close\r\n\r\n{}",
                               body.size(), claim, body))
        .status;
  }

  // Whether one address comes to its limit, under as many names as it likes.
  static bool is_limited(const place& to, bool lies) {
    for (int i = 0; i < visitors_tried; ++i) {
      const unsigned status = visit(to, lies ? fmt::format("203.0.113.{}", i) : "");
      if (status != 201) {
        return status == 429;
      }
    }
    return false;
  }

  // Whether a page of this origin may open a socket.
  bool may_connect(const std::string& scheme) {
    socket_link link(loop_, door(), {},
                     fmt::format("Origin: {}://127.0.0.1:{}\r\n", scheme, proxy_->port()));
    EXPECT_TRUE(loop_.turn_until([&] { return link.is_open() || link.is_gone(); }, patience));
    return link.is_open();
  }

  const temp_folder folder_;
  node_process node_{folder_.path("data"), {"--trusted-proxy", proxy_address}};
  std::unique_ptr<nginx> proxy_;
  socket_loop loop_;
};

TEST_F(BehindNginx, CarriesDialoguesWordForWord) {
  std::vector<signed_in> agents;
  for (const std::string& email : furniture{}.agents) {
    agents.push_back(sign_in(door(), email, furniture::password));
  }
  const auto dialogues = dialogues_of(repository() / "tests/process/dialogues.jsonl");
  checker::history seen;
  {
    corpus_player player(door(), seen, agents);
    EXPECT_TRUE(player.play(dialogues, at_a_time))
        << player.complaint() << node_.log() << proxy_->log();
    EXPECT_EQ(player.conversations().size(), dialogues.size());
  }
  EXPECT_EQ(node_.stop(), 0) << node_.log();
  add_stored(seen, output_of({"inspect", "--json", "--data", node_.data()}));
  const checker::report found = checker::check(seen);
  EXPECT_TRUE(found.is_clean()) << found.text();
}

TEST_F(BehindNginx, CarriesFramesInPlainRequests) {
  const signed_in visitor = new_visitor(door(), furniture::widget_key);
  const auto asks = [&](std::string_view path, const std::string& body) {
    return ask(door(), fmt::format("POST {} HTTP/1.1\r\nHost: desk.example\r\n"
                                   "Authorization: Bearer {}\r\nFrontdesk-Device: {}\r\n"
                                   "Content-Type: application/x-ndjson\r\nContent-Length: {}\r\n"
                                   "Connection: close\r\n\r\n{}",
                                   path, visitor.token, device_name(1), body.size(), body));
  };
  const std::string roster = asks("/v1/poll", "").body;
  const std::size_t next = roster.find(R"("next":")");
  ASSERT_NE(next, std::string::npos) << roster << proxy_->log();
  const std::string conversation = roster.substr(next + 8, 16);

  const http_said said =
      asks("/v1/frames",
           fmt::format(R"({{"t":"post","conversation":"{}","n":1,"text":"through nginx"}})",
                       conversation));
  const http_said heard = asks(
      "/v1/poll",
      fmt::format(R"({{"t":"sub","subs":[{{"conversation":"{}","after":0}}]}})", conversation));

  EXPECT_THAT(said.body, HasSubstr(R"("t":"ack")")) << proxy_->log();
  EXPECT_THAT(heard.body, HasSubstr("through nginx"));
  EXPECT_THAT(heard.head, HasSubstr("Frontdesk-Roster: "));
}

TEST_F(BehindNginx, LimitsEachClientByItsOwnAddress) {
  EXPECT_TRUE(is_limited(door(5), false)) << proxy_->log();
  EXPECT_EQ(visit(door(6)), 201U) << "another client";
}

TEST_F(BehindNginx, BelievesNoClientWhoHeIs) {
  EXPECT_TRUE(is_limited(door(5), true)) << "nginx has seen another address";
  EXPECT_TRUE(is_limited({node_.port(), 7}, true)) << "nobody has named this one";
}

TEST_F(BehindNginx, KnowsThatTheClientSpeaksTls) {
  const http_said page =
      ask(door(), "GET / HTTP/1.1\r\nHost: desk.example\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(page.head, HasSubstr("Strict-Transport-Security: max-age=")) << proxy_->log();
  EXPECT_TRUE(may_connect("https"));
  EXPECT_FALSE(may_connect("http"));
}

}  // namespace
}  // namespace frontdesk::process
