#include "tests/net/running_server.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace frontdesk {
namespace {

/// A visitor who has nothing but plain requests.
class FetchTrace : public RunningServer {};

TEST_F(FetchTrace, KnowsTheTraceThatItsHeaderSays) {
  constexpr std::string_view good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const std::string one = fmt::format("traceparent: {}\r\n", good);
  desk_.answers = [](fake_port& port, std::string_view frame) {
    if (frame.find("post") != std::string_view::npos) {
      port.says(traceparent_of(port.line->came_with()));
      port.close(close_code::drain);
    }
  };
  const auto comes_with = [this](const std::string& more) {
    const inbox* const at = desk_.people->find(tenant_id{1}, inbox_id{1});
    return asks(fmt::format("POST /v1/frames HTTP/1.1\r\nHost: desk.example\r\n"
                            "Content-Type: application/x-ndjson\r\nContent-Length: 12\r\n"
                            "Authorization: Bearer {}\r\nFrontdesk-Device: {:032x}\r\n{}\r\n{}",
                            tokens_->visitor_token(*at, {person_kind::visitor, 3}, clock_.at), 1,
                            more, R"({"t":"post"})"))
        .body;
  };
  const std::string none = traceparent_of({}) + '\n';

  EXPECT_EQ(comes_with(one), std::string{good} + '\n');
  EXPECT_EQ(comes_with(""), none);
  EXPECT_EQ(comes_with("traceparent: zero\r\n"), none);
  EXPECT_EQ(comes_with(one + one), none) << "nobody knows which is meant";
}

}  // namespace
}  // namespace frontdesk
