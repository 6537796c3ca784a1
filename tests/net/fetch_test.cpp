#include "net/fetch/gathering_transport.hpp"
#include "tests/net/running_server.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

const std::string phone = std::string(31, '0') + "1";
constexpr std::string_view welcome =
    R"({"t":"welcome","person":"x","time":1,"connection":"00","ping_ms":25000})";
constexpr std::string_view later_welcome =
    R"({"t":"welcome","person":"x","time":2,"connection":"11","ping_ms":25000})";
constexpr std::string_view roster = R"({"t":"roster","items":[],"more":false})";

/// Visitors of "open" and "shop" and an agent, who have nothing but plain requests.
class Fetch : public RunningServer {
 protected:
  Fetch() { options_.sockets.poll_max = 60ms; }

  std::string visitor_token(inbox_id entry = inbox_id{1}) {
    const inbox* const at = desk_.people->find(tenant_id{1}, entry);
    return tokens_->visitor_token(*at, {person_kind::visitor, 3}, clock_.at);
  }
  std::string agent_token() {
    return tokens_->access_token(*desk_.people->agent_by_email(tenant_id{1}, "ann@acme.example"),
                                 clock_.at);
  }
  std::string with_token(const std::string& token, std::string_view more = {}) const {
    return fmt::format("Authorization: Bearer {}\r\nFrontdesk-Device: {}\r\n{}", token, phone,
                       more);
  }
  static std::string lines(std::string_view path, std::string_view body, std::string_view fields) {
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: desk.example\r\n"
        "Content-Type: application/x-ndjson\r\nContent-Length: {}\r\n{}\r\n{}",
        path, body.size(), fields, body);
  }
  std::string frames(std::string_view body) {
    return lines("/v1/frames", body, with_token(visitor_token()));
  }
  std::string poll(std::string_view body, std::string_view more = {}) {
    return lines("/v1/poll", body, with_token(visitor_token(), more));
  }
  std::string stream(std::string_view body) {
    return lines("/v1/stream", body, with_token(visitor_token()));
  }
  /// The port of the next connection.
  fake_port& port_after(std::size_t before) {
    EXPECT_TRUE(passes_until([&] { return desk_.ports.size() > before; }));
    return *desk_.ports.at(before);
  }
  /// What an actor does with a hello.
  static void greets(fake_port& port, std::string_view hello) {
    port.line->pause();
    port.says(std::string(hello));
    port.says(std::string(roster));
    port.line->resume();
  }
};

// ---- Frames.

TEST_F(Fetch, SaysHelloAndEachLineAndAnswersWithTheAnswers) {
  desk_.answers = [](fake_port& port, std::string_view frame) {
    if (frame.find("post") != std::string_view::npos) {
      port.says(R"({"t":"ack","n":1})");
      port.close(close_code::drain);
    }
  };

  const auto answer = asks(frames("{\"t\":\"pong\"}\r\n\n{\"t\":\"post\"}"));

  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.body, "{\"t\":\"ack\",\"n\":1}\n");
  EXPECT_EQ(answer.field("Content-Type"), "application/x-ndjson");
  EXPECT_EQ(answer.field("Cache-Control"), "no-store");
  EXPECT_EQ(answer.field("X-Accel-Buffering"), "no");
  ASSERT_EQ(desk_.ports[0]->frames.size(), 3U);
  EXPECT_EQ(desk_.ports[0]->frames[0],
            fmt::format(R"({{"t":"hello","token":"{}","device":"{}","client":"fetch"}})",
                        visitor_token(), phone));
  EXPECT_EQ(desk_.ports[0]->frames[1], R"({"t":"pong"})");
}

TEST_F(Fetch, SaysThatAllIsSaidAndOnlyThen) {
  auto client = visitor();
  desk_.answers = [](fake_port& port, std::string_view frame) {
    if (frame.find("hello") != std::string_view::npos) {
      port.line->pause();
    }
  };
  client.sends(frames(R"({"t":"pong"})"));
  fake_port& port = port_after(0);
  EXPECT_EQ(port.line->kind(), carries::errand);
  EXPECT_TRUE(passes_until([&] { return !port.frames.empty(); }));
  desk_.thread.turns();
  EXPECT_EQ(port.frames.size(), 1U);
  EXPECT_EQ(port.all_said_count, 0);

  port.line->resume();

  EXPECT_TRUE(passes_until([&] { return port.all_said_count == 1; }));
  EXPECT_EQ(port.frames.size(), 2U);
  port.close(close_code::drain);
  EXPECT_EQ(client.hears().status, 200U);
}

TEST_F(Fetch, ServesTheNextRequestOnTheSameConnection) {
  desk_.answers = [](fake_port& port, std::string_view frame) {
    if (frame.find("pong") != std::string_view::npos) {
      port.close(close_code::drain);
    }
  };
  auto client = visitor();
  const std::string one = frames(R"({"t":"pong"})");
  client.sends(one + one + get("/"));

  EXPECT_EQ(client.hears().status, 200U);
  EXPECT_EQ(client.hears().status, 200U);
  EXPECT_EQ(client.hears().status, 302U);
  EXPECT_EQ(server_->counts().accepted, 1U);
}

TEST_F(Fetch, TakesABodyOfManyKilobytesHereOnly) {
  desk_.answers = [](fake_port& port, std::string_view frame) {
    if (frame.find("text") != std::string_view::npos) {
      port.close(close_code::drain);
    }
  };
  const std::string line = R"({"text":")" + std::string(40'000, 'x') + "\"}";

  EXPECT_EQ(asks(frames(line)).status, 200U);
  EXPECT_EQ(asks(frames(std::string(70'000, 'x'))).status, 413U) << "a line";
  EXPECT_EQ(asks(frames(std::string(140'000, ' '))).status, 413U) << "a body";
  EXPECT_EQ(asks(post("/v1/visitors", std::string(9'000, ' '))).status, 413U);
}

TEST_F(Fetch, TakesSoManyFramesAndNoMore) {
  desk_.answers = [](fake_port& port, std::string_view) {
    if (port.frames.size() == 65) {
      port.close(close_code::drain);
    }
  };
  std::string many;
  for (int i = 0; i < 64; ++i) {
    many += "{}\n";
  }
  EXPECT_EQ(asks(frames(many)).status, 200U);
  EXPECT_EQ(asks(frames(many + "{}")).status, 413U);
  EXPECT_EQ(desk_.ports.size(), 1U);
}

TEST_F(Fetch, RefusesWhoeverIsNotWhoTheySay) {
  const auto status = [&](const std::string& fields) {
    return asks(lines("/v1/frames", "{}", fields)).status;
  };
  const std::string device = "Frontdesk-Device: " + phone + "\r\n";
  const std::string proof = "Authorization: Bearer " + visitor_token() + "\r\n";

  EXPECT_EQ(status(device), 401U);
  EXPECT_EQ(status(device + "Authorization: Basic abc\r\n"), 401U);
  EXPECT_EQ(status(device + "Authorization: Bearer abc\r\n"), 401U);
  EXPECT_EQ(status(device + "Authorization: Bearer a\",\"b\r\n"), 401U);
  EXPECT_EQ(status(device + proof + proof), 401U);
  EXPECT_EQ(status(proof), 400U);
  EXPECT_EQ(status(proof + "Frontdesk-Device: 12\r\n"), 400U);
  EXPECT_EQ(status(proof + "Frontdesk-Device: " + std::string(32, 'G') + "\r\n"), 400U);
  clock_.at.value += 366LL * 24 * 3600 * 1000;
  EXPECT_EQ(status(device + proof), 401U);
  EXPECT_TRUE(desk_.ports.empty());
}

TEST_F(Fetch, RefusesABodyOfAnotherType) {
  const std::string fields = with_token(visitor_token());

  EXPECT_EQ(asks(post("/v1/frames", "{}", fields)).status, 415U);
}

TEST_F(Fetch, CountsTheFramesOfAPerson) {
  options_.door.frames_burst = 3;
  options_.door.frames_per_second = 0.001;
  desk_.answers = [](fake_port& port, std::string_view) {
    if (port.frames.size() == 4) {
      port.close(close_code::drain);
    }
  };

  EXPECT_EQ(asks(frames("{}\n{}\n{}")).status, 200U);
  const auto refused = asks(frames("{}"));
  EXPECT_EQ(refused.status, 429U);
  EXPECT_NE(refused.field("Retry-After"), "");
}

TEST_F(Fetch, TakesNothingForARequestThatIsTooLong) {
  options_.door.frames_burst = 3;
  options_.door.frames_per_second = 0.001;
  desk_.answers = [](fake_port& port, std::string_view) {
    if (port.frames.size() == 2) {
      port.close(close_code::drain);
    }
  };

  EXPECT_EQ(asks(frames("{}")).status, 200U);
  EXPECT_EQ(asks(frames("{}\n{}\n{}")).status, 429U);
  EXPECT_EQ(asks(frames("{}\n{}\n{}")).status, 429U);
  EXPECT_EQ(asks(frames("{}\n{}")).status, 200U);
}

TEST_F(Fetch, CountsTheRequestsOfAnAddress) {
  options_.door.fetches_burst = 1;
  options_.door.fetches_per_second = 0.001;

  EXPECT_EQ(asks(poll("")).status, 200U);
  EXPECT_EQ(asks(poll("")).status, 429U);
  EXPECT_EQ(asks(stream("")).status, 429U);
}

TEST_F(Fetch, IsForPagesOfTheInbox) {
  const auto status = [&](const std::string& token, const std::string& origin) {
    return asks(lines("/v1/poll", "", with_token(token, "Origin: " + origin + "\r\n"))).status;
  };
  const std::string shop = visitor_token(inbox_id{2});

  EXPECT_EQ(status(shop, "https://shop.example"), 200U);
  EXPECT_EQ(status(shop, "https://desk.example"), 200U);
  EXPECT_EQ(status(shop, "https://evil.example"), 403U);
  EXPECT_EQ(status(visitor_token(), "https://evil.example"), 200U);
  EXPECT_EQ(status(agent_token(), "https://desk.example"), 200U);
  EXPECT_EQ(status(agent_token(), "https://shop.example"), 403U);
}

TEST_F(Fetch, TellsBrowsersWhatTheyMaySend) {
  desk_.people = acme({}, false);
  const auto preflight = [&](const std::string& origin) {
    return asks("OPTIONS /v1/poll HTTP/1.1\r\nHost: desk.example\r\nOrigin: " + origin +
                "\r\nAccess-Control-Request-Method: POST\r\n\r\n");
  };

  const auto allowed = preflight("https://shop.example");
  EXPECT_EQ(allowed.status, 204U);
  EXPECT_EQ(allowed.field("Access-Control-Allow-Origin"), "https://shop.example");
  EXPECT_EQ(allowed.field("Access-Control-Allow-Headers"),
            "Authorization, Content-Type, Frontdesk-Device, Frontdesk-Roster, Frontdesk-Seat, "
            "traceparent");
  EXPECT_EQ(preflight("https://evil.example").status, 403U);
}

// ---- Polls.

TEST_F(Fetch, PollAnswersWithTheRosterToWhoHasNone) {
  desk_.answers = [](fake_port& port, std::string_view) { greets(port, welcome); };

  const auto answer = asks(poll(""));

  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.body, fmt::format("{}\n{}\n", welcome, roster));
  EXPECT_EQ(answer.field("Frontdesk-Roster"), name_of_roster(answer.body));
  EXPECT_EQ(desk_.ports[0]->closed_count, 1);
  EXPECT_EQ(desk_.ports[0]->pulses_count, 0);
}

TEST_F(Fetch, PollWaitsWhileNothingIsNew) {
  desk_.answers = [](fake_port& port, std::string_view) { greets(port, later_welcome); };
  const std::string known = name_of_roster(fmt::format("{}\n{}\n", welcome, roster));
  const auto begin = std::chrono::steady_clock::now();

  const auto answer = asks(poll("", "Frontdesk-Roster: " + known + "\r\n"));

  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(answer.field("Frontdesk-Roster"), known);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 60ms);
}

TEST_F(Fetch, PollEndsWithTheFirstNewsAndWhatComesWithThem) {
  options_.sockets.poll_max = 1h;
  desk_.answers = [](fake_port& port, std::string_view frame) {
    if (frame.find("hello") != std::string_view::npos) {
      greets(port, welcome);
    }
  };
  const std::string known = name_of_roster(fmt::format("{}\n{}\n", welcome, roster));
  auto client = visitor();
  client.sends(poll(R"({"t":"watch"})", "Frontdesk-Roster: " + known + "\r\n"));
  fake_port& port = port_after(0);
  EXPECT_EQ(port.line->kind(), carries::downward);
  ASSERT_TRUE(passes_until([&] { return port.frames.size() == 2; }));
  port.says(R"({"t":"done","id":1})");
  desk_.thread.turns();
  EXPECT_EQ(port.closed_count, 0);

  port.says("one");
  port.says("two");

  EXPECT_EQ(client.hears().body, "{\"t\":\"done\",\"id\":1}\none\ntwo\n");
  EXPECT_EQ(port.closed_count, 1);
  EXPECT_EQ(port.closed_how, parting{parting::ways::answered});
}

TEST_F(Fetch, PollThatIsReplacedEndsWithItsBye) {
  options_.sockets.poll_max = 1h;
  desk_.answers = [](fake_port& port, std::string_view) {
    port.says(R"({"t":"bye","code":4508})");
    port.close(close_code::replaced);
  };

  EXPECT_EQ(asks(poll("")).body, "{\"t\":\"bye\",\"code\":4508}\n");
}

TEST_F(Fetch, PollOfWhoHangsUpEnds) {
  options_.sockets.poll_max = 1h;
  auto client = visitor();
  client.sends(poll(""));
  fake_port& port = port_after(0);

  client.closes();

  EXPECT_TRUE(passes_until([&] { return port.closed_count == 1; }));
  EXPECT_EQ(port.closed_how, parting{parting::ways::gone});
  EXPECT_TRUE(passes_until([&] { return server_->counts().connections == 0; }));
}

TEST_F(Fetch, PollKeepsTheNextRequestThatCameTooEarly) {
  options_.sockets.poll_max = 1h;
  auto client = visitor();
  client.sends(poll(""));
  fake_port& port = port_after(0);
  client.sends(get("/"));
  desk_.thread.turns();
  client.sends(get("/nothing"));
  desk_.thread.turns();

  port.says("news");

  EXPECT_EQ(client.hears().body, "news\n");
  EXPECT_EQ(client.hears().status, 302U);
  EXPECT_EQ(client.hears().status, 404U);
}

TEST_F(Fetch, PollEndsWithTheServer) {
  options_.sockets.poll_max = 1h;
  auto client = visitor();
  client.sends(poll(""));
  fake_port& port = port_after(0);

  server_->stop();

  EXPECT_EQ(port.closed_count, 1);
  EXPECT_TRUE(client.hears_end());
}

TEST_F(Fetch, IsRefusedWhileTheDeskTakesNobody) {
  desk_.takes_connections = false;

  EXPECT_EQ(asks(poll("")).status, 503U);
  EXPECT_EQ(asks(frames("{}")).status, 503U);
}

// ---- Streams.

TEST_F(Fetch, StreamSaysEachFrameInALineOfItsOwn) {
  auto client = visitor();
  client.sends(stream(R"({"t":"sub"})"));
  const auto head = client.hears(true);
  EXPECT_EQ(head.status, 200U);
  EXPECT_EQ(head.field("Content-Length"), "");
  EXPECT_EQ(head.field("Connection"), "close");
  EXPECT_EQ(head.field("X-Accel-Buffering"), "no");
  fake_port& port = port_after(0);
  ASSERT_TRUE(passes_until([&] { return port.frames.size() == 2; }));
  EXPECT_EQ(port.frames[1], R"({"t":"sub"})");

  port.says("one");
  EXPECT_EQ(client.hears_line(), "one");
  port.says("two");
  port.says("three");
  EXPECT_EQ(client.hears_line(), "two");
  EXPECT_EQ(client.hears_line(), "three");

  port.says("bye");
  port.close(close_code::drain);
  EXPECT_EQ(client.hears_line(), "bye");
  EXPECT_TRUE(client.hears_end());
  client.closes();
  EXPECT_TRUE(passes_until([&] { return server_->counts().connections == 0; }));
}

TEST_F(Fetch, StreamWaitsWithItsLinesWhilePaused) {
  desk_.answers = [](fake_port& port, std::string_view) { port.line->pause(); };
  auto client = visitor();
  client.sends(stream(R"({"t":"sub"})"));
  fake_port& port = port_after(0);
  ASSERT_TRUE(passes_until([&] { return port.frames.size() == 1; }));
  desk_.thread.turns();
  EXPECT_EQ(port.frames.size(), 1U);

  port.line->resume();

  EXPECT_TRUE(passes_until([&] { return port.frames.size() == 2; }));
}

TEST_F(Fetch, StreamOfWhoHangsUpEnds) {
  auto client = visitor();
  client.sends(stream(""));
  fake_port& port = port_after(0);

  client.closes();

  EXPECT_TRUE(passes_until([&] { return port.closed_count == 1; }));
  EXPECT_EQ(server_->counts().connections, 0U);
}

TEST_F(Fetch, StreamOfASlowReaderCountsWhatWaitsAndIsCutOff) {
  options_.sockets.write_stall_max = 50ms;
  auto client = visitor();
  client.sends(stream(""));
  fake_port& port = port_after(0);
  const std::string much(1024 * 1024, 'x');
  for (int i = 0; i < 16; ++i) {
    port.says(much);
  }
  desk_.thread.turns();
  EXPECT_GT(port.line->outbound_bytes(), 0U);

  EXPECT_TRUE(passes_until([&] { return port.closed_count == 1; }));
  EXPECT_EQ(port.closed_how, parting{parting::ways::stalled});
  EXPECT_EQ(server_->counts().connections, 0U);
}

TEST_F(Fetch, StreamSaysWhenASlowReaderHasCaughtUp) {
  auto client = visitor();
  client.sends(stream(""));
  ASSERT_EQ(client.hears(true).status, 200U);
  fake_port& port = port_after(0);
  const std::string much(1024 * 1024, 'x');
  for (int i = 0; i < 16; ++i) {
    port.says(much);
  }
  desk_.thread.turns();
  EXPECT_EQ(port.drained_count, 0);

  for (int i = 0; i < 16; ++i) {
    EXPECT_EQ(client.hears_line().size(), much.size());
  }

  EXPECT_EQ(port.drained_count, 1);
  EXPECT_EQ(port.line->outbound_bytes(), 0U);
}

TEST_F(Fetch, StreamOutlivesTheServerUntilItsActorEnds) {
  auto client = visitor();
  client.sends(stream(""));
  ASSERT_EQ(client.hears(true).status, 200U);
  fake_port& port = port_after(0);

  server_->stop();
  port.says("bye");
  port.close(close_code::drain);

  EXPECT_EQ(client.hears_line(), "bye");
  EXPECT_TRUE(client.hears_end());
}

TEST(NameOfRoster, DependsOnEverythingButTheMoment) {
  const auto name = [](std::string_view hello, std::string_view rest) {
    return name_of_roster(fmt::format("{}\n{}\n", hello, rest));
  };
  EXPECT_EQ(name(welcome, roster), name(later_welcome, roster));
  EXPECT_EQ(
      name(welcome, roster),
      name(R"({"t":"welcome","person":"x","time":3,"connection":"22","seat":"ab","ping_ms":25000})",
           roster))
      << "every welcome has a seat of its own";
  EXPECT_NE(name(welcome, roster), name(welcome, R"({"t":"roster","items":[1],"more":false})"));
  EXPECT_NE(
      name(welcome, roster),
      name(R"({"t":"welcome","person":"y","time":1,"connection":"00","ping_ms":25000})", roster));
}

}  // namespace
}  // namespace frontdesk
