#include "tests/net/running_server.hpp"
#include "tests/net/self_signed.hpp"
#include "tests/storage/temp_folder.hpp"

#include <malloc.h>

#include <cstdio>
#include <memory>
#include <vector>

namespace frontdesk {
namespace {

class TlsCost : public RunningServer {};

// What the clients of the test hold is alive at both moments.
TEST_F(TlsCost, OfAnIdleConnectionIsAtMost20Kilobytes) {
  const temp_folder folder;
  const auto files = make_self_signed(folder.path(""));
  options_.certificate = tls_certificate::load({files.certificate, files.key}).certificate;
  constexpr std::size_t count = 200;
  std::vector<std::unique_ptr<test_client>> clients;
  for (std::size_t i = 0; i < count; ++i) {
    clients.push_back(std::make_unique<test_client>(desk_, port(), tls_offer{}));
    auto& line = clients.back()->upgrades();
    clients.back()->sends(client_frame(websocket_opcode::text, std::string(500, 'x')));
    ASSERT_TRUE(passes_until([&] { return line.frames.size() == 1; }));
    line.says(std::string(500, 'x'));
    line.frames = {};
    EXPECT_EQ(clients.back()->hears_frame().payload.size(), 500U);
    line.line->pulse_after(std::chrono::hours{1});
  }
  desk_.thread.turns();

  const std::size_t before = ::mallinfo2().uordblks;
  if (before == 0) {
    GTEST_SKIP() << "this allocator does not say";
  }
  // Each vanishes without a word, and neither end makes anything new.
  for (const auto& client : clients) {
    client->closes();
  }
  ASSERT_TRUE(passes_until([&] { return server_->counts().connections == 0; }));
  desk_.thread.turns();
  const std::size_t each = (before - ::mallinfo2().uordblks) / count;
  std::printf("an idle connection over TLS costs %zu bytes\n", each);
  RecordProperty("bytes", std::to_string(each));
  EXPECT_LE(each, 20U * 1024U);
  EXPECT_GE(each, 5U * 1024U) << "or the measurement is wrong";
}

}  // namespace
}  // namespace frontdesk
