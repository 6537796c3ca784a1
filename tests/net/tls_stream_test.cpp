#include "net/tls/tls_stream.hpp"

#include "net/socket_stream.hpp"
#include "tests/net/scripted_stream.hpp"
#include "tests/net/self_signed.hpp"
#include "tests/net/tls_peer.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>
#include <vector>

namespace frontdesk {
namespace {

using kinds = stream_result::kinds;
using versions = tls_offer::versions;

/// One certificate for all tests: to make one is slower than any of them.
const tls_certificate& desk_certificate() {
  static const auto loaded = [] {
    const temp_folder folder;
    const auto files = make_self_signed(folder.path(""));
    return tls_certificate::load({files.certificate, files.key}).certificate;
  }();
  return *loaded;
}

struct counting_waiter final : stream_waiter {
  void on_readable() override { ++readable_count; }
  void on_writable() override { ++writable_count; }
  int readable_count = 0;
  int writable_count = 0;
};

/// A stream over a line in memory, and its client at the other end of the line.
class TlsStream : public testing::Test {
 protected:
  void meets(const tls_offer& offer = {}) {
    peer_ = std::make_unique<tls_peer>(offer);
    line_ = std::make_shared<scripted_line>(thread_);
    stream_ = std::make_unique<tls_stream>(std::make_unique<scripted_stream>(line_), thread_,
                                           desk_certificate());
  }

  /// Both talk until neither has anything to say; `heard_` is what the stream has read.
  void talks() {
    bool is_moving = true;
    while (is_moving) {
      const std::string said = peer_->says();
      const std::size_t heard_before = heard_.size();
      line_->arrives(said);
      reads();
      is_moving = !said.empty() || heard_.size() > heard_before || !line_->written.empty();
      tells_peer();
    }
  }

  void reads() {
    std::array<char, 64 * 1024> room;
    do {
      last_ = stream_->read_some({room.data(), room_bytes_});
      heard_.append(room.data(), last_.kind == kinds::moved ? last_.bytes : 0);
    } while (last_.kind == kinds::moved);
  }

  void tells_peer() { peer_->hears(std::exchange(line_->written, {})); }

  stream_result writes(std::string_view text) { return stream_->write_some({&text, 1}); }

  void turns() {
    thread_.restart();
    thread_.poll();
  }

  boost::asio::io_context thread_;
  std::unique_ptr<tls_peer> peer_;
  std::shared_ptr<scripted_line> line_;
  std::unique_ptr<tls_stream> stream_;
  std::string heard_;
  stream_result last_;
  std::size_t room_bytes_ = 64 * 1024;
};

TEST_F(TlsStream, CarriesBytesBothWays) {
  for (const auto version : {versions::tls_1_2, versions::tls_1_3}) {
    meets({.version = version});
    for (const std::size_t size : {1U, 125U, 16'384U, 16'385U, 200'000U}) {
      heard_.clear();
      const std::string text(size, 'x');
      peer_->writes(text);
      talks();
      ASSERT_EQ(heard_, text);
      for (std::size_t sent = 0; sent < size;) {
        const auto put = writes(std::string_view(text).substr(sent));
        ASSERT_EQ(put.kind, kinds::moved);
        sent += put.bytes;
      }
      tells_peer();
      ASSERT_EQ(peer_->takes(), text);
    }
  }
}

TEST_F(TlsStream, BearsAPeerThatSendsAndTakesByteByByte) {
  meets();
  peer_->writes("hello");
  line_->read_max = 1;
  line_->takes_at_most(0);
  for (int i = 0; i < 20'000 && heard_.empty(); ++i) {
    line_->takes(1);
    talks();
  }
  EXPECT_EQ(heard_, "hello");
}

TEST_F(TlsStream, MakesOneRecordAndOneWriteOfManyPieces) {
  meets();
  talks();
  const std::vector<std::string_view> pieces(byte_stream::pieces_max, "0123456789");
  const std::size_t before = line_->writes_count;
  EXPECT_EQ(stream_->write_some(pieces).bytes, 640U);
  EXPECT_EQ(line_->writes_count, before + 1);
  EXPECT_LT(line_->written.size(), 640U + 40U);
}

TEST_F(TlsStream, HoldsWhatItHasEncryptedUntilItIsTaken) {
  meets();
  talks();
  line_->takes_at_most(10);
  const auto blocked = writes("one");
  EXPECT_EQ(blocked.kind, kinds::would_block);
  EXPECT_EQ(blocked.bytes, 3U);

  const auto waiter = std::make_shared<counting_waiter>();
  stream_->wait_writable(waiter);
  turns();
  EXPECT_EQ(waiter->writable_count, 0);
  line_->takes(10'000);
  turns();
  EXPECT_EQ(waiter->writable_count, 1);

  EXPECT_EQ(writes("one two").bytes, 3U) << "only what was held";
  EXPECT_EQ(writes(" two").bytes, 4U);
  tells_peer();
  EXPECT_EQ(peer_->takes(), "one two");
}

TEST_F(TlsStream, WakesTheReaderOfWhatLiesInItAlready) {
  meets();
  talks();
  peer_->writes("0123456789");
  line_->arrives(peer_->says());
  std::array<char, 4> room;
  const auto waiter = std::make_shared<counting_waiter>();
  std::string all;
  for (int i = 1; i <= 3; ++i) {
    stream_->wait_readable(waiter);
    turns();
    ASSERT_EQ(waiter->readable_count, i);
    const auto got = stream_->read_some(room);
    ASSERT_EQ(got.kind, kinds::moved);
    all.append(room.data(), got.bytes);
  }
  EXPECT_EQ(all, "0123456789");
  stream_->wait_readable(waiter);
  turns();
  EXPECT_EQ(waiter->readable_count, 3) << "nothing lies there any more";
}

TEST_F(TlsStream, ReadsAnEndAndStillWrites) {
  meets();
  peer_->writes("last words");
  talks();
  peer_->says_goodbye();
  talks();
  EXPECT_EQ(heard_, "last words");
  EXPECT_EQ(last_.kind, kinds::ended);
  EXPECT_EQ(writes("answer").kind, kinds::moved);
  tells_peer();
  EXPECT_EQ(peer_->takes(), "answer");
}

TEST_F(TlsStream, TellsOfAnEndBehindBytesWithoutAnotherReadiness) {
  meets();
  talks();
  peer_->writes("last words");
  peer_->says_goodbye();
  line_->arrives(peer_->says());
  std::array<char, 100> room;
  EXPECT_EQ(stream_->read_some(room).bytes, 10U);
  const auto waiter = std::make_shared<counting_waiter>();
  stream_->wait_readable(waiter);
  turns();
  EXPECT_EQ(waiter->readable_count, 1);
  EXPECT_EQ(stream_->read_some(room).kind, kinds::ended);
}

TEST_F(TlsStream, TakesAnEndWithoutAGoodbyeForAFailure) {
  meets();
  peer_->writes("last wor");
  talks();
  line_->ends();
  reads();
  EXPECT_EQ(heard_, "last wor");
  EXPECT_EQ(last_.kind, kinds::failed);
  EXPECT_EQ(writes("answer").kind, kinds::failed);
}

TEST_F(TlsStream, SaysGoodbye) {
  for (const bool only_writing : {true, false}) {
    meets();
    talks();
    only_writing ? stream_->end_writing() : stream_->close();
    EXPECT_EQ(line_->has_ended_writing, only_writing);
    EXPECT_EQ(line_->is_closed, !only_writing);
    peer_->hears(line_->written);
    EXPECT_TRUE(peer_->has_heard_goodbye());
  }
}

TEST_F(TlsStream, AbortsWithoutAWord) {
  meets();
  talks();
  stream_->abort();
  EXPECT_TRUE(line_->is_aborted);
  EXPECT_EQ(line_->written, "");
}

TEST_F(TlsStream, RefusesOldVersions) {
  meets({.version = versions::tls_1_1});
  talks();
  EXPECT_EQ(last_.kind, kinds::failed);
  EXPECT_TRUE(peer_->has_failed());
}

TEST_F(TlsStream, SpeaksHttpAndNothingElse) {
  meets({.protocols = "\x02h2\x08http/1.1"});
  talks();
  EXPECT_EQ(peer_->protocol(), "http/1.1");
  meets({.protocols = "\x02h2"});
  talks();
  EXPECT_EQ(last_.kind, kinds::failed);
  EXPECT_TRUE(peer_->has_failed());
}

TEST_F(TlsStream, GivesNoTickets) {
  for (const auto version : {versions::tls_1_2, versions::tls_1_3}) {
    meets({.version = version});
    talks();
    EXPECT_TRUE(peer_->is_ready());
    EXPECT_EQ(peer_->tickets_count(), 0U);
  }
}

TEST_F(TlsStream, NegotiatesOnlyOnce) {
  meets({.version = versions::tls_1_2});
  talks();
  ASSERT_TRUE(peer_->is_ready());
  peer_->asks_for_renegotiation();
  talks();
  EXPECT_TRUE(peer_->has_failed());
}

TEST_F(TlsStream, WaitsForWritingWhereReadingNeedsIt) {
  meets();
  line_->takes_at_most(0);
  line_->arrives(peer_->says());
  reads();
  ASSERT_EQ(last_.kind, kinds::would_block) << "first the peer has to take our half";
  ASSERT_EQ(writes("greeting").kind, kinds::would_block);

  const auto waiter = std::make_shared<counting_waiter>();
  stream_->wait_readable(waiter);
  stream_->wait_writable(waiter);
  line_->takes(10'000);
  turns();
  EXPECT_EQ(waiter->readable_count, 1);
  EXPECT_EQ(waiter->writable_count, 1);
  talks();
  EXPECT_EQ(writes("greeting").kind, kinds::moved);
  tells_peer();
  EXPECT_EQ(peer_->takes(), "greeting");
}

TEST_F(TlsStream, FollowsThePeersKeys) {
  meets();
  talks();
  peer_->asks_for_keys();
  peer_->writes("question");
  talks();
  EXPECT_EQ(heard_, "question");
  EXPECT_EQ(writes("answer").kind, kinds::moved);
  tells_peer();
  EXPECT_EQ(peer_->takes(), "answer");
}

TEST_F(TlsStream, TellsPlainHttpWhatItSpeaks) {
  meets();
  line_->arrives("GET / HTTP/1.1\r\nHost: desk.example\r\n\r\n");
  reads();
  EXPECT_EQ(last_.kind, kinds::failed);
  EXPECT_TRUE(line_->written.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_TRUE(line_->written.ends_with("https:// here.\n"));
}

TEST_F(TlsStream, FailsOnGarbage) {
  meets();
  line_->arrives(std::string(200, 'x'));
  reads();
  EXPECT_EQ(last_.kind, kinds::failed);
}

TEST_F(TlsStream, FailsAtAnyOperationBelow) {
  const auto lives = [&](std::size_t fails_at) {
    meets();
    heard_.clear();
    line_->fails_at = fails_at;
    peer_->writes("question");
    talks();
    bool has_failed = last_.kind == kinds::failed;
    has_failed = writes("answer").kind == kinds::failed || has_failed;
    tells_peer();
    reads();
    has_failed = last_.kind == kinds::failed || has_failed;
    const std::size_t count = line_->operations_count;
    EXPECT_EQ(has_failed, fails_at != 0) << fails_at;
    stream_->close();
    EXPECT_TRUE(line_->is_closed);
    return count;
  };
  const std::size_t all = lives(0);
  ASSERT_GT(all, 5U);
  for (std::size_t n = 1; n <= all; ++n) {
    lives(n);
  }
}

TEST_F(TlsStream, LetsGoOfWhoWaits) {
  meets();
  talks();
  const auto waiter = std::make_shared<counting_waiter>();
  stream_->wait_readable(waiter);
  stream_->close();
  turns();
  EXPECT_EQ(waiter.use_count(), 1);
  EXPECT_EQ(waiter->readable_count, 0);
}

// The kernel's readiness in place of the script's.
TEST_F(TlsStream, RunsOverARealSocket) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  plain_socket socket(thread_);
  socket.assign(boost::asio::ip::tcp::v4(), ends[0]);
  stream_ = std::make_unique<tls_stream>(std::make_unique<socket_stream>(std::move(socket)),
                                         thread_, desk_certificate());
  tls_peer peer;
  const std::string large(1'000'000, 'x');
  peer.writes(large);
  std::string unsent;
  const auto waiter = std::make_shared<counting_waiter>();
  stream_->wait_readable(waiter);
  int calls = 0;
  for (int i = 0; i < 100'000 && heard_.size() < large.size(); ++i) {
    unsent += peer.says();
    const ssize_t sent = ::send(ends[1], unsent.data(), unsent.size(), MSG_DONTWAIT);
    unsent.erase(0, sent > 0 ? static_cast<std::size_t>(sent) : 0);
    turns();
    if (waiter->readable_count > calls) {
      calls = waiter->readable_count;
      reads();
      ASSERT_EQ(last_.kind, kinds::would_block);
      stream_->wait_readable(waiter);
    }
    std::array<char, 4096> room;
    const ssize_t got = ::recv(ends[1], room.data(), room.size(), MSG_DONTWAIT);
    peer.hears({room.data(), got > 0 ? static_cast<std::size_t>(got) : 0});
  }
  EXPECT_EQ(heard_.size(), large.size());
  stream_.reset();
  ::close(ends[1]);
}

}  // namespace
}  // namespace frontdesk
