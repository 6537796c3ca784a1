#include "net/websocket_transport.hpp"

#include "tests/net/scripted_stream.hpp"
#include "tests/net/test_client.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using opcodes = websocket_opcode;

socket_limits quick() {
  socket_limits bounds;
  bounds.write_stall_max = 60ms;
  bounds.close_wait_max = 60ms;
  bounds.tick = 5ms;
  bounds.outbound_bytes_max = 4000;
  return bounds;
}

/// A transport on a scripted line, with a fake port.
class WebsocketTransport : public testing::Test {
 protected:
  ~WebsocketTransport() override { line_->forgets(); }

  fake_port& begins(std::string unread = {}, encoding spoken = encoding::json) {
    websocket_transport::begin(thread_, std::make_unique<scripted_stream>(line_),
                               door_->arrive({}, false), spoken, unread);
    desk_.thread.turns();
    return *desk_.ports.back();
  }

  void arrives(std::string_view bytes) {
    line_->arrives(bytes);
    desk_.thread.turns();
  }

  void says(opcodes opcode, std::string_view payload) { arrives(client_frame(opcode, payload)); }

  std::vector<server_frame> written() {
    std::vector<server_frame> frames;
    std::string bytes = std::exchange(line_->written, {});
    for (server_frame next; take_frame(bytes, next);) {
      frames.push_back(next);
    }
    EXPECT_EQ(bytes, "") << "only whole frames";
    return frames;
  }

  bool passes_until(const std::function<bool()>& it_is_so) {
    return desk_.thread.turns_until(it_is_so);
  }

  fake_desk desk_;
  std::shared_ptr<admission> door_ = std::make_shared<admission>(admission_limits{});
  std::shared_ptr<socket_thread> thread_ =
      std::make_shared<socket_thread>(desk_, 0, quick(), door_);
  std::shared_ptr<scripted_line> line_ = std::make_shared<scripted_line>(desk_.thread.io_context());
};

TEST_F(WebsocketTransport, BringsEachTextToThePort) {
  auto& port = begins();
  arrives(client_frame(opcodes::text, "one") + client_frame(opcodes::text, "two"));
  EXPECT_EQ(port.frames, (std::vector<std::string>{"one", "two"}));
}

TEST_F(WebsocketTransport, SpeaksProtobufInBinaryMessages) {
  auto& port = begins({}, encoding::protobuf);
  says(opcodes::binary, "\xff\x01");
  port.says("\xfe");
  desk_.thread.turns();

  EXPECT_EQ(port.line->spoken(), encoding::protobuf);
  EXPECT_EQ(port.frames, std::vector<std::string>{"\xff\x01"});
  const auto frames = written();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].opcode, opcodes::binary);
  EXPECT_EQ(frames[0].payload, "\xfe");
}

TEST_F(WebsocketTransport, ClosesOnATextThatWasToBeProtobuf) {
  auto& port = begins({}, encoding::protobuf);
  says(opcodes::text, "{}");

  EXPECT_EQ(port.frames, std::vector<std::string>{});
  EXPECT_EQ(port.closed_count, 1);
  EXPECT_EQ(written().at(0).code(), 4500);
}

TEST_F(WebsocketTransport, GoesOnWithTheBytesThatCameBehindTheUpgrade) {
  auto& port = begins(client_frame(opcodes::text, "early"));
  says(opcodes::text, "later");
  EXPECT_EQ(port.frames, (std::vector<std::string>{"early", "later"}));
}

TEST_F(WebsocketTransport, UnderstandsWhatComesByteByByte) {
  auto& port = begins();
  line_->read_max = 1;
  arrives(client_frame(opcodes::text, "one", false) + client_frame(opcodes::ping, "?") +
          client_frame(opcodes::continuation, " more"));
  EXPECT_EQ(port.frames, std::vector<std::string>{"one more"});
  EXPECT_EQ(written().at(0).payload, "?");
}

TEST_F(WebsocketTransport, SendsWhatWasSaidInOneTurnInOneWrite) {
  auto& port = begins();
  for (int i = 0; i < 20; ++i) {
    port.says("frame " + std::to_string(i));
  }
  EXPECT_EQ(line_->writes_count, 0U) << "nothing is written within a call";
  desk_.thread.turns();
  EXPECT_EQ(line_->writes_count, 1U);
  EXPECT_EQ(line_->pieces_of_last_write, 40U);
  const auto frames = written();
  ASSERT_EQ(frames.size(), 20U);
  EXPECT_EQ(frames.back().payload, "frame 19");
}

TEST_F(WebsocketTransport, SendsTheAnswersToOneReadInOneWrite) {
  desk_.answers = [](fake_port& port, std::string_view frame) { port.says(std::string(frame)); };
  begins();
  std::string many;
  for (int i = 0; i < 10; ++i) {
    many += client_frame(opcodes::text, std::to_string(i));
  }
  arrives(many);
  EXPECT_EQ(line_->writes_count, 1U);
  EXPECT_EQ(written().size(), 10U);
}

TEST_F(WebsocketTransport, NeverCopiesASharedFrame) {
  auto& port = begins();
  const auto shared = std::make_shared<const std::string>(3000, 'x');
  line_->takes_at_most(0);
  port.line->send(shared);
  desk_.thread.turns();
  EXPECT_EQ(shared.use_count(), 2);
  line_->takes(100'000);
  desk_.thread.turns();
  EXPECT_EQ(shared.use_count(), 1) << "and lets go of it when it is written";
  EXPECT_EQ(written().at(0).payload, *shared);
}

TEST_F(WebsocketTransport, GoesOnWhereThePeerStoppedTaking) {
  auto& port = begins();
  line_->takes_at_most(0);
  port.says(std::string(300, 'a'));
  port.says(std::string(300, 'b'));
  desk_.thread.turns();
  for (int i = 0; i < 700; ++i) {
    line_->takes(1);
    desk_.thread.turns();
  }
  const auto frames = written();
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].payload, std::string(300, 'a'));
  EXPECT_EQ(frames[1].payload, std::string(300, 'b'));
}

TEST_F(WebsocketTransport, CountsWhatWaitsForThePeer) {
  auto& port = begins();
  line_->takes_at_most(10);
  port.says(std::string(100, 'a'));
  EXPECT_EQ(port.line->outbound_bytes(), 102U);
  desk_.thread.turns();
  EXPECT_EQ(port.line->outbound_bytes(), 92U);
}

TEST_F(WebsocketTransport, SaysOnceThatItHasDrainedAfterItWasHigh) {
  auto& port = begins();
  line_->takes_at_most(0);
  for (int i = 0; i < 3; ++i) {
    port.says(std::string(996, 'a'));  // 1000 with its head
  }
  desk_.thread.turns();
  line_->takes(1999);
  desk_.thread.turns();
  EXPECT_EQ(port.drained_count, 0) << "1001 bytes are not below a quarter of 4000";
  line_->takes(2);
  desk_.thread.turns();
  EXPECT_EQ(port.drained_count, 1);
  line_->takes(10'000);
  desk_.thread.turns();
  EXPECT_EQ(port.drained_count, 1);
}

TEST_F(WebsocketTransport, DoesNotSpeakOfDrainingIfItWasNeverHigh) {
  auto& port = begins();
  line_->takes_at_most(0);
  port.says(std::string(1900, 'a'));
  desk_.thread.turns();
  line_->takes(10'000);
  desk_.thread.turns();
  EXPECT_EQ(port.drained_count, 0);
}

TEST_F(WebsocketTransport, KeepsWhatItHasReadWhilePaused) {
  desk_.answers = [](fake_port& port, std::string_view frame) {
    if (frame == "2") {
      port.line->pause();
    }
  };
  auto& port = begins();
  std::string many;
  for (int i = 1; i <= 4; ++i) {
    many += client_frame(opcodes::text, std::to_string(i));
  }
  arrives(many);
  EXPECT_EQ(port.frames.size(), 2U);
  says(opcodes::text, "5");
  EXPECT_EQ(port.frames.size(), 2U);

  port.line->resume();
  EXPECT_EQ(port.frames.size(), 2U) << "not from within resume";
  desk_.thread.turns();
  EXPECT_EQ(port.frames, (std::vector<std::string>{"1", "2", "3", "4", "5"}));
}

TEST_F(WebsocketTransport, PausesFromOutsideAndLeavesTheRestToTheKernel) {
  auto& port = begins();
  port.line->pause();
  says(opcodes::text, "one");
  EXPECT_TRUE(port.frames.empty());
  EXPECT_EQ(line_->operations_count, 0U) << "nothing was read";
  port.line->resume();
  desk_.thread.turns();
  EXPECT_EQ(port.frames.size(), 1U);
}

TEST_F(WebsocketTransport, MayBePausedAndResumedWithinOneCall) {
  desk_.answers = [](fake_port& port, std::string_view) {
    port.line->pause();
    port.line->resume();
  };
  auto& port = begins();
  arrives(client_frame(opcodes::text, "one") + client_frame(opcodes::text, "two"));
  EXPECT_EQ(port.frames.size(), 2U);
}

TEST_F(WebsocketTransport, AnswersAPingWithItsPayload) {
  begins();
  says(opcodes::ping, "are you there?");
  const auto frames = written();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].opcode, opcodes::pong);
  EXPECT_EQ(frames[0].payload, "are you there?");
}

TEST_F(WebsocketTransport, AnswersOnlyTheLatestPingOfAPeerThatTakesNothing) {
  auto& port = begins();
  line_->takes_at_most(0);
  for (int i = 0; i < 20; ++i) {
    says(opcodes::ping, std::string(100, static_cast<char>('a' + i)));
  }
  EXPECT_EQ(port.line->outbound_bytes(), 102U);
  line_->takes(1000);
  desk_.thread.turns();
  EXPECT_EQ(written().at(0).payload, std::string(100, 't'));
}

TEST_F(WebsocketTransport, ClosesAFloodOfPings) {
  auto& port = begins();
  std::string flood;
  for (int i = 0; i < 70; ++i) {  // More than in two seconds, should one begin meanwhile.
    flood += client_frame(opcodes::ping, "");
  }
  arrives(flood);
  EXPECT_EQ(port.closed_count, 1);
  EXPECT_EQ(port.closed_how, (parting{parting::ways::breach, 1008}));
  EXPECT_EQ(written().back().code(), 1008);
}

TEST_F(WebsocketTransport, RefusesBinaryMessages) {
  auto& port = begins();
  says(opcodes::binary, "01");
  EXPECT_EQ(port.closed_count, 1);
  EXPECT_EQ(port.closed_how, (parting{parting::ways::breach, 4500}));
  EXPECT_EQ(written().back().code(), 4500);
}

TEST_F(WebsocketTransport, ClosesWithTheCodecsCode) {
  auto& port = begins();
  arrives("\x81\x02no");  // Not masked.
  EXPECT_EQ(port.closed_count, 1);
  EXPECT_EQ(port.closed_how, (parting{parting::ways::breach, 1002}));
  EXPECT_EQ(written().back().code(), 1002);
}

TEST_F(WebsocketTransport, TakesAShortFirstMessageAndLongOnesAfterwards) {
  auto& port = begins();
  says(opcodes::text, "hello");
  says(opcodes::text, std::string(limits::frame_bytes_max, 'x'));
  EXPECT_EQ(port.frames.size(), 2U);
  says(opcodes::text, std::string(limits::frame_bytes_max + 1, 'x'));
  EXPECT_EQ(port.closed_count, 1);
  EXPECT_EQ(written().back().code(), 1009);
}

TEST_F(WebsocketTransport, RefusesALongFirstMessageAtItsHeader) {
  auto& port = begins();
  says(opcodes::text, std::string(limits::hello_bytes_max + 1, 'x'));
  EXPECT_EQ(port.closed_count, 1);
  EXPECT_EQ(written().back().code(), 1009);
}

TEST_F(WebsocketTransport, AnswersThePeersCloseAndEnds) {
  auto& port = begins();
  arrives(client_close(1000));
  EXPECT_EQ(port.closed_count, 1);
  EXPECT_EQ(port.closed_how, (parting{parting::ways::gone, 1000}));
  EXPECT_EQ(written().at(0).code(), 1000);
  EXPECT_TRUE(line_->is_closed);
  EXPECT_FALSE(line_->is_aborted);
}

TEST_F(WebsocketTransport, TellsNoCodeIfThePeersCloseHasNone) {
  auto& port = begins();
  arrives(client_frame(opcodes::close, {}));
  EXPECT_EQ(port.closed_how, parting{parting::ways::gone});
}

TEST_F(WebsocketTransport, DropsWhatThePeerWillNotReadAfterItsClose) {
  auto& port = begins();
  line_->takes_at_most(5);
  port.says("begun");
  port.says("never begun");
  desk_.thread.turns();
  arrives(client_close(1001));
  line_->takes(1000);
  desk_.thread.turns();
  const auto frames = written();
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].payload, "begun");
  EXPECT_EQ(frames[1].code(), 1001);
}

TEST_F(WebsocketTransport, TellsThePortThatThePeerHasGone) {
  auto& port = begins();
  line_->ends();
  desk_.thread.turns();
  EXPECT_EQ(port.closed_count, 1);
  EXPECT_EQ(port.closed_how, parting{parting::ways::gone});
  EXPECT_TRUE(line_->is_closed);
  EXPECT_EQ(door_->connections_count(), 0U);
}

TEST_F(WebsocketTransport, TellsThePortThatTheNetworkFailsToBring) {
  auto& port = begins();
  line_->fails_at = line_->operations_count + 1;
  says(opcodes::text, "hello");
  EXPECT_EQ(port.closed_count, 1);
  EXPECT_EQ(port.closed_how, parting{parting::ways::broken});
}

TEST_F(WebsocketTransport, TellsThePortThatTheNetworkFailsToTake) {
  auto& port = begins();
  line_->fails_at = line_->operations_count + 1;
  port.says("hello");
  desk_.thread.turns();
  EXPECT_EQ(port.closed_count, 1);
  EXPECT_EQ(port.closed_how, parting{parting::ways::broken});
}

TEST_F(WebsocketTransport, WritesWhatIsQueuedThenTheCloseAndWaitsForThePeers) {
  auto& port = begins();
  port.says("bye");
  port.close(close_code::drain);
  desk_.thread.turns();
  const auto frames = written();
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].payload, "bye");
  EXPECT_EQ(frames[1].code(), 4000);
  EXPECT_EQ(frames[1].payload.substr(2), "drain");
  EXPECT_FALSE(line_->is_closed);
  arrives(client_frame(opcodes::text, "on its way") + client_close(4000));
  EXPECT_TRUE(line_->is_closed);
  EXPECT_EQ(port.closed_count, 0) << "no call after close";
  EXPECT_TRUE(port.frames.empty());
}

TEST_F(WebsocketTransport, GivesUpAPeerThatDoesNotClose) {
  auto& port = begins();
  port.close(close_code::drain);
  EXPECT_TRUE(passes_until([&] { return line_->is_aborted; }));
  EXPECT_EQ(door_->connections_count(), 0U);
}

TEST_F(WebsocketTransport, HearsThePeersCloseThoughItWasPaused) {
  desk_.answers = [](fake_port& port, std::string_view) { port.line->pause(); };
  auto& port = begins();
  arrives(client_frame(opcodes::text, "stop") + client_close(1000));
  EXPECT_FALSE(line_->is_closed);
  port.close(close_code::slow);
  desk_.thread.turns();
  EXPECT_TRUE(line_->is_closed);
  EXPECT_FALSE(line_->is_aborted);
}

TEST_F(WebsocketTransport, MayBeClosedFromWithinACall) {
  desk_.answers = [](fake_port& port, std::string_view) { port.close(close_code::bad_token); };
  auto& port = begins();
  arrives(client_frame(opcodes::text, "one") + client_frame(opcodes::text, "two"));
  EXPECT_EQ(port.frames.size(), 1U);
  EXPECT_EQ(port.closed_count, 0);
  EXPECT_EQ(written().back().code(), 4501);
}

TEST_F(WebsocketTransport, CutsOffAPeerThatTakesNothing) {
  auto& port = begins();
  line_->takes_at_most(0);
  port.says("anything");
  EXPECT_TRUE(passes_until([&] { return port.closed_count == 1; }));
  EXPECT_EQ(port.closed_how, parting{parting::ways::stalled});
  EXPECT_TRUE(line_->is_aborted);
}

TEST_F(WebsocketTransport, BearsWithAPeerThatIsOnlySlow) {
  auto& port = begins();
  line_->takes_at_most(0);
  port.says(std::string(3000, 'x'));
  const auto begin = std::chrono::steady_clock::now();
  passes_until([&] {
    line_->takes(1);
    return std::chrono::steady_clock::now() > begin + 200ms;
  });
  EXPECT_EQ(port.closed_count, 0);
}

TEST_F(WebsocketTransport, SendsOnePulseForEachAskedFor) {
  auto& port = begins();
  port.line->pulse_after(1h);
  port.line->pulse_after(10ms);
  EXPECT_TRUE(passes_until([&] { return port.pulses_count == 1; }));
  EXPECT_FALSE(desk_.thread.turns_until([&] { return port.pulses_count > 1; }, 50ms));
}

TEST_F(WebsocketTransport, SendsNoPulseAfterTheClose) {
  auto& port = begins();
  port.line->pulse_after(10ms);
  port.close(close_code::drain);
  EXPECT_TRUE(passes_until([&] { return line_->is_closed; }));
  EXPECT_EQ(port.pulses_count, 0);
}

TEST_F(WebsocketTransport, SaysDrainIfTheDeskTakesNobody) {
  desk_.takes_connections = false;
  websocket_transport::begin(thread_, std::make_unique<scripted_stream>(line_),
                             door_->arrive({}, false), encoding::json, {});
  desk_.thread.turns();
  EXPECT_EQ(written().at(0).code(), 4000);
}

TEST_F(WebsocketTransport, ReleasesThePortAndItselfWhenBothAreDone) {
  auto& port = begins();
  std::weak_ptr<transport> line = port.line;
  std::weak_ptr<fake_port> kept = desk_.ports.back();
  line_->ends();
  desk_.thread.turns();
  desk_.ports.clear();
  desk_.thread.turns();
  EXPECT_TRUE(line.expired());
  EXPECT_TRUE(kept.expired());
}

}  // namespace
}  // namespace frontdesk
