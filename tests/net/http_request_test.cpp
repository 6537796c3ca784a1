#include "net/http/http_request.hpp"

#include "model/limits.hpp"

#include <gtest/gtest.h>

#include <span>
#include <string>

namespace frontdesk {
namespace {

using states = http_reader::states;

const std::string post =
    "POST /v1/visitors?x=y HTTP/1.1\r\nHost: desk.example\r\nX-List: one, Two\r\nx-list: three\r\n"
    "Content-Length: 5\r\n\r\nhello";

states read(http_reader& reader, std::string_view bytes) {
  std::span<const char> unread(bytes);
  return reader.read(unread);
}

TEST(HttpReader, ReadsTheSameInPiecesOfAnySize) {
  for (std::size_t size = 1; size <= post.size(); ++size) {
    http_reader reader;
    for (std::size_t at = 0; at < post.size(); at += size) {
      read(reader, std::string_view(post).substr(at, size));
    }
    ASSERT_EQ(reader.state(), states::complete) << size;
    const auto request = reader.take();
    EXPECT_EQ(request.method, http_method::post);
    EXPECT_EQ(request.path(), "/v1/visitors");
    EXPECT_EQ(request.query(), "x=y");
    EXPECT_EQ(request.field("host"), "desk.example");
    EXPECT_EQ(request.count("x-list"), 2U);
    EXPECT_TRUE(request.lists("x-list", "two"));
    EXPECT_TRUE(request.lists("x-list", "three"));
    EXPECT_FALSE(request.lists("x-list", "four"));
    EXPECT_EQ(request.body, "hello");
    EXPECT_TRUE(request.keep_alive);
  }
}

TEST(HttpReader, LeavesWhatIsBehindTheRequest) {
  const std::string two = post + "GET / HTTP/1.1\r\nHost: x\r\n\r\nrest";
  std::span<const char> unread(two);
  http_reader reader;
  EXPECT_EQ(reader.read(unread), states::complete);
  reader.take();
  EXPECT_EQ(reader.state(), states::idle);
  EXPECT_EQ(reader.read(unread), states::complete);
  EXPECT_EQ(reader.take().body, "");
  EXPECT_EQ(std::string(unread.begin(), unread.end()), "rest");
}

TEST(HttpReader, SaysHowFarItIs) {
  http_reader reader;
  EXPECT_EQ(read(reader, ""), states::idle);
  EXPECT_EQ(read(reader, post.substr(0, 10)), states::header);
  EXPECT_EQ(read(reader, post.substr(10, post.size() - 11)), states::body);
  EXPECT_EQ(read(reader, post.substr(post.size() - 1)), states::complete);
}

TEST(HttpReader, KnowsWhoWillEndTheConnection) {
  http_reader reader;
  read(reader, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_FALSE(reader.take().keep_alive);
  read(reader, "GET / HTTP/1.0\r\nHost: x\r\n\r\n");
  EXPECT_FALSE(reader.take().keep_alive);
}

TEST(HttpReader, TakesAHeaderOfExactlyTheLimit) {
  const std::string start = "GET / HTTP/1.1\r\nHost: x\r\nX: ";
  const std::string exact =
      start + std::string(limits::header_bytes_max - start.size() - 4, 'x') + "\r\n\r\n";
  http_reader fitting;
  EXPECT_EQ(read(fitting, exact), states::complete);
  http_reader longer;
  EXPECT_EQ(read(longer, start + "x" + exact.substr(start.size())), states::refused);
  EXPECT_EQ(longer.refusal().status, 431U);
}

TEST(HttpReader, TakesATargetOfExactlyTheLimit) {
  const auto status = [](std::size_t size) {
    http_reader reader;
    read(reader, "GET /" + std::string(size - 1, 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return reader.state() == states::complete ? 200U : reader.refusal().status;
  };
  EXPECT_EQ(status(http_reader::target_bytes_max), 200U);
  EXPECT_EQ(status(http_reader::target_bytes_max + 1), 414U);
}

TEST(HttpReader, RefusesAtTheFirstByteThatCannotBeRight) {
  const auto refused_at = [](std::string_view bytes) {
    http_reader reader;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (read(reader, bytes.substr(i, 1)) == states::refused) {
        return i;
      }
    }
    return bytes.size();
  };
  EXPECT_EQ(refused_at("\x16\x03\x01"), 0U);
  EXPECT_EQ(refused_at("\r\nGET"), 0U);
  EXPECT_EQ(refused_at("GET / HTTP/1.1\nHost"), 14U);
  EXPECT_EQ(refused_at("GET / HTTP/1.1\r\nX: y\r\n folded"), 22U);
  EXPECT_EQ(refused_at("GET / HTTP/1.1\rX"), 15U);
  EXPECT_EQ(refused_at("GET /" + std::string(64'000, 'x')), 2080U);
}

TEST(HttpReader, SurvivesEverythingShort) {
  const std::string bytes = post;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int value = 0; value < 256; ++value) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(value);
      http_reader reader;
      read(reader, changed);
    }
  }
}

}  // namespace
}  // namespace frontdesk
