#include "tests/net/running_server.hpp"

#include <malloc.h>

#include <memory>
#include <vector>

namespace frontdesk {
namespace {

class IdleCost : public RunningServer {};

TEST_F(IdleCost, OfATransportIsAtMost760Bytes) {
  constexpr std::size_t count = 400;
  // Asio keeps its record of a descriptor for the next socket, so that closing does not show it.
  constexpr std::size_t descriptor_record_bytes = 176;
  std::vector<std::unique_ptr<test_client>> clients;
  for (std::size_t i = 0; i < count; ++i) {
    clients.push_back(std::make_unique<test_client>(desk_, port()));
    auto& line = clients.back()->upgrades();
    // As after some use: a queue and a codec that have carried frames.
    clients.back()->sends(client_frame(websocket_opcode::text, std::string(500, 'x'), false));
    clients.back()->sends(client_frame(websocket_opcode::continuation, "y"));
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
  for (const auto& line : desk_.ports) {
    line->close(close_code::drain);
  }
  for (const auto& client : clients) {
    client->sends(client_close(4000));
  }
  ASSERT_TRUE(passes_until([&] { return server_->counts().connections == 0; }));
  desk_.thread.turns();
  const std::size_t after = ::mallinfo2().uordblks;
  const std::size_t each = (before - after) / count + descriptor_record_bytes;
  RecordProperty("bytes", std::to_string(each));
  EXPECT_LE(each, 760U);
  EXPECT_GE(each, 400U) << "or the measurement is wrong";
}

}  // namespace
}  // namespace frontdesk
