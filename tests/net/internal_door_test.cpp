#include "net/internal/internal_door.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace frontdesk {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

notice line(std::string name, std::string why = {}) {
  return {0, {}, notice_level::info, std::move(name), {{"why", std::move(why)}}};
}

/// A node that says what the test wants.
struct told_node final : node_view {
  health startup() const override { return started; }
  health readiness() const override { return ready; }
  desk_stats stats() const override { return figures_of_desk; }
  supervised tree() const override { return root; }
  node_figures figures() const override { return {}; }
  std::vector<notice> notices(std::uint64_t after) const override { return kept.after(after); }

  health started{{{"started", true, "all parts run"}}};
  health ready{{{"started", true, "all parts run"}, {"store", true, "reads and writes"}}};
  desk_stats figures_of_desk;
  supervised root;
  recent_notices kept;
};

/// A peer that waits for what it is told, for ten seconds at most.
class peer {
 public:
  explicit peer(std::uint16_t port) : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{10, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(descriptor_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
      throw std::runtime_error("nobody listens");
    }
  }
  peer(const peer&) = delete;
  peer& operator=(const peer&) = delete;
  ~peer() { close(descriptor_); }

  void sends(std::string_view bytes) const {
    ASSERT_EQ(send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL), std::ssize(bytes));
  }

  /// One answer: its head, and of its body what its length says.
  std::string hears(bool has_body = true) {
    while (!is_whole(has_body) && receives()) {
    }
    const std::size_t end = end_of_answer(has_body);
    const std::string answer = heard_.substr(0, end);
    heard_.erase(0, std::min(end, heard_.size()));
    return answer;
  }

  /// Whether the door ends without another byte.
  bool hears_end() {
    std::array<char, 256> room;
    return heard_.empty() && recv(descriptor_, room.data(), room.size(), 0) == 0;
  }

  std::string asks(std::string_view target, std::string_view host = "127.0.0.1:9",
                   std::string_view more = "") {
    sends(fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n{}\r\n", target, host, more));
    return hears();
  }

 private:
  bool receives() {
    std::array<char, 4096> room;
    const auto got = recv(descriptor_, room.data(), room.size(), 0);
    if (got > 0) heard_.append(room.data(), static_cast<std::size_t>(got));
    return got > 0;
  }
  std::size_t end_of_answer(bool has_body) const {
    const std::size_t head = heard_.find("\r\n\r\n");
    if (head == std::string::npos) return std::string::npos;
    constexpr std::string_view name = "Content-Length: ";
    const std::size_t length = heard_.find(name);
    const bool is_long = has_body && length < head;
    return head + 4 + (is_long ? std::stoul(heard_.substr(length + name.size())) : 0);
  }
  bool is_whole(bool has_body) const { return end_of_answer(has_body) <= heard_.size(); }

  const int descriptor_;
  std::string heard_;
};

class InternalDoor : public testing::Test {
 protected:
  std::uint16_t port() {
    if (!door_) {
      auto made = internal_door::open(node_, options_);
      EXPECT_EQ(made.why_not, "");
      door_ = std::move(made.running);
    }
    return door_->port();
  }

  told_node node_;
  internal_door_options options_;
  std::unique_ptr<internal_door> door_;
};

TEST_F(InternalDoor, LivesAsLongAsItAnswers) {
  EXPECT_THAT(peer(port()).asks("/livez"),
              AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("livez ok")));
}

TEST_F(InternalDoor, IsReadyWhileAllChecksHold) {
  EXPECT_THAT(peer(port()).asks("/readyz"),
              AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("[+] store: reads and writes\n"),
                    HasSubstr("readyz ok\n")));
}

TEST_F(InternalDoor, SaysWhyItIsNotReady) {
  node_.ready.checks[1] = {"store", false, "is full"};

  EXPECT_THAT(peer(port()).asks("/readyz"),
              AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("[+] started"),
                    HasSubstr("[-] store: is full\n"), HasSubstr("readyz failed\n")));
  EXPECT_THAT(peer(port()).asks("/readyz", "x", "Accept: application/json\r\n"),
              AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("Content-Type: application/json"),
                    HasSubstr(R"("status":"failed")"),
                    HasSubstr(R"({"name":"store","holds":false,"says":"is full"})")));
}

TEST_F(InternalDoor, TellsHowFarTheStartIs) {
  node_.started = {{{"started", false, "the node opens the store"}}};

  EXPECT_THAT(peer(port()).asks("/startupz"),
              AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("the node opens the store")));
}

TEST_F(InternalDoor, TellsAllFiguresInJson) {
  node_.figures_of_desk.agents_present = 7;

  EXPECT_THAT(peer(port()).asks("/stats"),
              AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("Content-Type: application/json"),
                    HasSubstr(R"("agents_present":7)")));
  EXPECT_THAT(peer(port()).asks("/stats", "evil.example"), StartsWith("HTTP/1.1 403 "));
}

TEST_F(InternalDoor, TellsWhoSupervisesWhom) {
  supervised recorder;
  recorder.id = "recorder";
  recorder.state = supervised_state::pausing;
  recorder.restarts_count = 2;
  recorder.failures_count = 3;
  recorder.last_failure = "the disk \"hda\" is gone";
  recorder.last_failure_at = timestamp{1'700'000'000'000};
  node_.root.id = "node";
  node_.root.state = supervised_state::running;
  node_.root.how = supervising{restart_strategy::one_for_all, {}};
  node_.root.children = {recorder};

  EXPECT_THAT(
      peer(port()).asks("/tree"),
      AllOf(StartsWith("HTTP/1.1 200 "),
            HasSubstr(R"({"id":"node","state":"running","strategy":"one_for_all","restarts":0,)"),
            HasSubstr(R"("children":[{"id":"recorder","state":"pausing","restarts":2,"failures":3,)"
                      R"("last_failure":"the disk \"hda\" is gone",)"
                      R"("last_failure_at":1700000000000,"children":[]}]})")));
  EXPECT_THAT(peer(port()).asks("/tree", "evil.example"), StartsWith("HTTP/1.1 403 "));
}

TEST_F(InternalDoor, GivesPrometheusItsFigures) {
  node_.figures_of_desk.agents_present = 7;

  EXPECT_THAT(peer(port()).asks("/metrics"),
              AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("version=0.0.4"),
                    HasSubstr("\nfrontdesk_agents_present 7\n")));
}

TEST_F(InternalDoor, TellsTheNoticesBehindANumber) {
  node_.kept.add(line("first"));
  node_.kept.add(line("second", "so"));

  EXPECT_THAT(peer(port()).asks("/notices"), AllOf(HasSubstr("first"), HasSubstr("second")));
  EXPECT_THAT(peer(port()).asks("/notices?after=1"),
              AllOf(Not(HasSubstr("first")), HasSubstr(R"("number":2)"),
                    HasSubstr(R"("fields":{"why":"so"})")));
  EXPECT_THAT(peer(port()).asks("/notices?after=one"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(InternalDoor, AnswersOnlyWhoReads) {
  peer one(port());
  one.sends("DELETE /livez HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(one.hears(), AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET, HEAD")));
  one.sends("HEAD /livez HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(one.hears(false), AllOf(StartsWith("HTTP/1.1 200 "), Not(HasSubstr("livez ok"))));

  peer other(port());
  other.sends("POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n");
  EXPECT_THAT(other.hears(), StartsWith("HTTP/1.1 413 "));
  EXPECT_TRUE(other.hears_end());
}

TEST_F(InternalDoor, KnowsNoOtherPaths) {
  EXPECT_THAT(peer(port()).asks("/console/"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(peer(port()).asks("/v1/socket"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(peer(port()).asks("/"), AllOf(StartsWith("HTTP/1.1 302 "), HasSubstr("/status/")));
}

// The browser of somebody inside is led here by a page from outside.
TEST_F(InternalDoor, TellsNothingToANameThatIsNotItsOwn) {
  options_.hosts = {"desk.example.org"};

  for (const char* strange : {"evil.example", "evil.example:8081", "127.0.0.1.evil.example"}) {
    EXPECT_THAT(peer(port()).asks("/metrics", strange), StartsWith("HTTP/1.1 403 ")) << strange;
    EXPECT_THAT(peer(port()).asks("/notices", strange), StartsWith("HTTP/1.1 403 ")) << strange;
    EXPECT_THAT(peer(port()).asks("/status/", strange), StartsWith("HTTP/1.1 403 ")) << strange;
  }
  for (const char* own : {"127.0.0.1:1", "[::1]:1", "10.1.2.3", "localhost", "frontdesk:8081",
                          "a.b.svc.cluster.local", "DESK.example.org."}) {
    EXPECT_THAT(peer(port()).asks("/metrics", own), StartsWith("HTTP/1.1 200 ")) << own;
  }
  EXPECT_THAT(peer(port()).asks("/livez", "evil.example"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(InternalDoor, LetsNoOtherPageReadOrFrameIt) {
  const std::string answer = peer(port()).asks("/metrics", "localhost", "Origin: http://a.b\r\n");

  EXPECT_THAT(answer, Not(HasSubstr("Access-Control-")));
  EXPECT_THAT(answer, AllOf(HasSubstr("Content-Security-Policy: default-src 'none'"),
                            HasSubstr("frame-ancestors 'none'"), HasSubstr("nosniff"),
                            HasSubstr("Cross-Origin-Resource-Policy: same-origin")));
}

TEST_F(InternalDoor, AnswersSeveralRequestsOfOnePieceInTheirOrder) {
  peer one(port());
  one.sends("GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /readyz HTTP/1.1\r\nHost: x\r\n\r\n");

  EXPECT_THAT(one.hears(), HasSubstr("livez ok"));
  EXPECT_THAT(one.hears(), HasSubstr("readyz ok"));
}

TEST_F(InternalDoor, RefusesWhatIsNoRequest) {
  peer one(port());
  one.sends("\x16\x03\x01 this is TLS\r\n\r\n");

  EXPECT_THAT(one.hears(), StartsWith("HTTP/1.1 400 "));
  EXPECT_TRUE(one.hears_end());
}

TEST_F(InternalDoor, ShowsOutWhoIsSilent) {
  options_.patience.request_max = milliseconds{50};
  peer silent(port());
  peer slow(port());
  slow.sends("GET /livez HT");

  EXPECT_TRUE(silent.hears_end());
  EXPECT_TRUE(slow.hears_end());
}

TEST_F(InternalDoor, MakesRoomForAProbeWhenAllSocketsAreTaken) {
  options_.connections_max = 2;
  peer silent(port());
  peer scraper(port());
  EXPECT_THAT(scraper.asks("/livez"), StartsWith("HTTP/1.1 200 "));

  EXPECT_THAT(peer(port()).asks("/livez"), StartsWith("HTTP/1.1 200 "));

  EXPECT_TRUE(silent.hears_end());
  EXPECT_THAT(scraper.asks("/livez"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(InternalDoor, EndsWithAllThatAreConnected) {
  peer one(port());
  EXPECT_THAT(one.asks("/livez"), StartsWith("HTTP/1.1 200 "));

  door_.reset();

  EXPECT_TRUE(one.hears_end());
}

TEST_F(InternalDoor, SaysThatItsPortIsTaken) {
  options_.address.port = port();

  EXPECT_THAT(internal_door::open(node_, options_).why_not, HasSubstr("listens on port"));
}

TEST(RecentNotices, ForgetTheOldestAndCountAll) {
  recent_notices kept;
  for (std::size_t i = 0; i < limits::notices_max + 10; ++i)
    kept.add(line("one"));

  EXPECT_EQ(kept.after(0).size(), limits::notices_max);
  EXPECT_EQ(kept.after(0).front().number, 11U);
  EXPECT_EQ(kept.counts()[1], limits::notices_max + 10);
  EXPECT_THAT(kept.after(limits::notices_max + 10), IsEmpty());
}

TEST(RecentNotices, CutWhatIsLongBetweenTwoCharacters) {
  recent_notices kept;
  std::string text(limits::notice_bytes_max - 1, 'x');
  kept.add(line("one", text + "é and more"));

  EXPECT_EQ(kept.after(0).front().fields.front().second, text);
}

}  // namespace
}  // namespace frontdesk
