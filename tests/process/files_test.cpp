#include "tests/process/desk_door.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/program.hpp"
#include "tests/process/socket_link.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>
#include <string_view>

namespace frontdesk::process {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::size_t chunk_bytes = 1024 * 1024;

std::string field(const http_said& said, std::string_view name) {
  std::string head = said.head;
  std::ranges::transform(head, head.begin(), [](unsigned char c) { return std::tolower(c); });
  const std::size_t at = head.find(fmt::format("\r\n{}: ", name));
  if (at == std::string::npos) return "";
  const std::size_t from = at + name.size() + 4;
  return said.head.substr(from, said.head.find('\r', from) - from);
}

std::string value_of(const std::string& json, std::string_view key) {
  const std::string mark = fmt::format(R"("{}":")", key);
  const std::size_t at = json.find(mark);
  if (at == std::string::npos) return "";
  const std::size_t from = at + mark.size();
  return json.substr(from, json.find('"', from) - from);
}

/// Text that differs everywhere.
std::string text_of(std::size_t bytes) {
  std::string text;
  for (std::size_t line = 0; text.size() < bytes; ++line) {
    text += fmt::format("line {} of a long letter\n", line);
  }
  text.resize(bytes);
  return text;
}

/// A node, a visitor whose conversation is open, another visitor, and an agent.
class Files : public testing::Test {
 protected:
  void SetUp() override {
    furnish(node_.data());
    node_.start();
    ada_ = new_visitor(door(), furniture::widget_key);
    eve_ = new_visitor(door(), furniture::widget_key);
    mia_ = sign_in(door(), "mia@acme.example", furniture::password);
    talk_ = next_of(ada_, 1);
    ASSERT_EQ(talk_.size(), 16U);
  }

  place door() const { return {node_.port()}; }

  http_said requests(const signed_in& who, std::string_view method, const std::string& path,
                     const std::string& more = "", const std::string& body = "") {
    const bool has_body = !body.empty() || method == "POST" || method == "PATCH";
    return ask(
        door(),
        fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n"
                    "Authorization: Bearer {}\r\n{}{}\r\n{}",
                    method, path, node_.port(), who.token, more,
                    has_body ? fmt::format("Content-Length: {}\r\n", body.size()) : "", body));
  }
  http_said frames(const signed_in& who, std::uint64_t device, const std::string& path,
                   const std::string& body) {
    return requests(who, "POST", path,
                    fmt::format("Content-Type: application/x-ndjson\r\nFrontdesk-Device: {}\r\n",
                                device_name(device)),
                    body);
  }
  std::string next_of(const signed_in& who, std::uint64_t device) {
    return value_of(frames(who, device, "/v1/poll", "").body, "next");
  }
  /// What the node answers to a post.
  std::string posts(const signed_in& who, std::uint64_t n, const std::string& more,
                    std::uint64_t device = 1) {
    return frames(who, device, "/v1/frames",
                  fmt::format(R"({{"t":"post","conversation":"{}","n":{}{}}})", talk_, n, more))
        .body;
  }

  http_said begins(const signed_in& who, std::uint64_t bytes, const std::string& more = "",
                   const std::string& name = "letter.txt") {
    return requests(who, "POST", "/v1/files", "Content-Type: application/json\r\n",
                    fmt::format(R"({{"conversation":"{}","name":"{}","bytes":{}{}}})", talk_, name,
                                bytes, more));
  }
  std::string path_of(const std::string& file) const {
    return fmt::format("/v1/files/{}/{}", talk_, file);
  }
  http_said appends(const signed_in& who, const std::string& file, std::size_t from,
                    const std::string& bytes) {
    return requests(who, "PATCH", path_of(file),
                    fmt::format("Upload-Offset: {}\r\n"
                                "Content-Type: application/offset+octet-stream\r\n",
                                from),
                    bytes);
  }
  /// The file's id.
  std::string uploads(const signed_in& who, const std::string& content,
                      const std::string& more = "") {
    const http_said begun = begins(who, content.size(), more);
    EXPECT_EQ(begun.status, 201U) << begun.body;
    std::string file = value_of(begun.body, "file");
    for (std::size_t at = 0; at < content.size(); at += chunk_bytes) {
      const http_said put = appends(who, file, at, content.substr(at, chunk_bytes));
      EXPECT_EQ(put.status, 204U) << put.body;
    }
    return file;
  }
  http_said reads(const signed_in& who, const std::string& file, const std::string& more = "") {
    return requests(who, "GET", path_of(file), more);
  }
  static std::string with_file(const std::string& file) {
    return fmt::format(R"(,"file":"{}")", file);
  }

  temp_folder folder_;
  node_process node_{folder_.path("data"), {"--file-max", "3MB"}};
  signed_in ada_;
  signed_in eve_;
  signed_in mia_;
  std::string talk_;
};

TEST_F(Files, AreUploadedPostedAndRead) {
  const std::string letter = text_of(2'500'000);
  const std::string file = uploads(ada_, letter);
  EXPECT_EQ(reads(mia_, file).status, 404U);

  EXPECT_THAT(posts(ada_, 1, with_file(file)), HasSubstr(R"("t":"ack")"));

  const http_said got = reads(mia_, file);
  EXPECT_EQ(got.status, 200U);
  EXPECT_TRUE(got.body == letter);
  EXPECT_EQ(field(got, "content-type"), "text/plain");
  EXPECT_EQ(field(got, "content-disposition"),
            "attachment; filename=\"letter.txt\"; filename*=UTF-8''letter.txt");
  EXPECT_EQ(field(got, "x-content-type-options"), "nosniff");
  EXPECT_THAT(field(got, "content-security-policy"), HasSubstr("sandbox; default-src 'none'"));
  EXPECT_EQ(field(got, "cross-origin-resource-policy"), "same-origin");
  EXPECT_EQ(field(got, "cache-control"), "private, no-cache");
  const std::string tag = field(got, "etag");
  EXPECT_EQ(reads(mia_, file, "If-None-Match: " + tag + "\r\n").status, 304U);
  const http_said part = reads(mia_, file, "Range: bytes=1000000-1000009\r\n");
  EXPECT_EQ(part.status, 206U);
  EXPECT_EQ(part.body, letter.substr(1'000'000, 10));
  EXPECT_EQ(field(part, "content-range"), "bytes 1000000-1000009/2500000");
  EXPECT_EQ(reads(mia_, file, "Range: bytes=-5\r\n").body, letter.substr(letter.size() - 5));
  EXPECT_EQ(reads(mia_, file, "Range: bytes=2500000-\r\n").status, 416U);
  EXPECT_TRUE(reads(ada_, file).body == letter);
}

/// Nobody reads it afterwards, which would find out as well.
TEST_F(Files, GoWithTheirMessage) {
  const auto kept_count = [this] {
    std::size_t count = 0;
    for (const auto& each :
         std::filesystem::recursive_directory_iterator(folder_.path("data/files"))) {
      if (each.is_regular_file() && each.file_size() >= 1000) ++count;
    }
    return count;
  };
  const std::string file = uploads(ada_, text_of(1000));
  ASSERT_THAT(posts(ada_, 1, with_file(file)), HasSubstr(R"("t":"ack")"));
  ASSERT_EQ(kept_count(), 1U);

  ASSERT_THAT(posts(ada_, 2, R"(,"deletes":2)"), HasSubstr(R"("t":"ack")"));

  socket_loop loop;
  EXPECT_TRUE(loop.turn_until([&] { return kept_count() == 0; }, patience));
  EXPECT_EQ(reads(ada_, file).status, 404U);
}

TEST_F(Files, SurviveAKillInTheMiddleOfAnUploadAndAfterThePost) {
  const std::string letter = text_of(2'500'000);
  const std::string file = value_of(begins(ada_, letter.size()).body, "file");
  ASSERT_EQ(appends(ada_, file, 0, letter.substr(0, chunk_bytes)).status, 204U);

  node_.kill();
  node_.start();

  const http_said state = requests(ada_, "HEAD", path_of(file));
  EXPECT_EQ(field(state, "upload-offset"), std::to_string(chunk_bytes));
  const http_said wrong = appends(ada_, file, 0, "x");
  EXPECT_EQ(wrong.status, 409U);
  EXPECT_EQ(field(wrong, "upload-offset"), std::to_string(chunk_bytes));
  EXPECT_EQ(appends(ada_, file, chunk_bytes, letter.substr(chunk_bytes, chunk_bytes)).status, 204U);
  EXPECT_EQ(appends(ada_, file, 2 * chunk_bytes, letter.substr(2 * chunk_bytes)).status, 204U);
  node_.kill();
  node_.start();
  ASSERT_THAT(posts(ada_, 1, with_file(file)), HasSubstr(R"("t":"ack")"));
  node_.kill();
  node_.start();

  EXPECT_TRUE(reads(mia_, file).body == letter);
  EXPECT_THAT(posts(ada_, 1, with_file(file)), HasSubstr(R"("t":"ack")"));
}

TEST_F(Files, OfAnInternalNoteAreNothingToVisitors) {
  ASSERT_THAT(posts(ada_, 1, R"(,"text":"hello?")"), HasSubstr("ack"));
  EXPECT_EQ(begins(ada_, 5, R"(,"track":"internal")").status, 403U);
  const std::string file = uploads(mia_, "a note", R"(,"track":"internal")");
  ASSERT_THAT(posts(mia_, 1, with_file(file) + R"(,"track":"internal")", 2), HasSubstr("ack"));

  EXPECT_EQ(reads(mia_, file).body, "a note");
  const http_said unknown = reads(ada_, std::string(32, 'a'));
  for (const char* const method : {"GET", "HEAD", "DELETE"}) {
    EXPECT_EQ(requests(ada_, method, path_of(file)).status, 404U) << method;
  }
  EXPECT_EQ(requests(ada_, "GET", path_of(file) + "/thumbnail").status, 404U);
  EXPECT_EQ(appends(ada_, file, 6, "x").status, 404U);
  EXPECT_EQ(reads(ada_, file).status, unknown.status);
  EXPECT_EQ(reads(ada_, file).body, unknown.body);
  EXPECT_THAT(posts(ada_, 2, with_file(file)), HasSubstr("unknown_file"));
}

TEST_F(Files, AreNothingToOtherVisitors) {
  const std::string file = uploads(ada_, "a letter");
  ASSERT_THAT(posts(ada_, 1, with_file(file)), HasSubstr("ack"));

  EXPECT_EQ(reads(eve_, file).status, 404U);
  EXPECT_EQ(begins(eve_, 5).status, 404U);
  talk_ = next_of(eve_, 5);
  EXPECT_EQ(reads(eve_, file).status, 404U);
  EXPECT_THAT(posts(eve_, 1, with_file(file), 5), HasSubstr("unknown_file"));
  EXPECT_EQ(requests({"", "nonsense"}, "GET", path_of(file)).status, 401U);
}

TEST_F(Files, AreTakenFromNobodyWhoTricks) {
  struct trick {
    std::string content;
    std::string type;
  };
  const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10", 24);
  for (const trick& each :
       {trick{"<html><script>alert(1)</script>", "image/png"},
        trick{"<html><script>alert(1)</script>", "text/plain"},
        trick{"<html><script>alert(1)</script>", ""}, trick{png + "<script>", "text/plain"},
        trick{"MZ\x90" + std::string(9, '\0'), ""},
        trick{"<svg xmlns='http://www.w3.org/2000/svg'/>", ""}}) {
    const http_said begun =
        begins(ada_, each.content.size(), fmt::format(R"(,"type":"{}")", each.type));
    ASSERT_EQ(begun.status, 201U) << begun.body;
    const std::string file = value_of(begun.body, "file");
    const http_said put = appends(ada_, file, 0, each.content);
    EXPECT_EQ(put.status, 415U) << each.content;
    EXPECT_THAT(put.body, HasSubstr("file_type"));
    EXPECT_EQ(requests(ada_, "HEAD", path_of(file)).status, 404U);
  }
  EXPECT_EQ(begins(ada_, 5, R"(,"type":"text/html")").status, 415U);
  EXPECT_EQ(begins(ada_, 5, R"(,"type":"image/svg+xml")").status, 415U);
  // A picture that is also a script is a picture, and nothing else, to everybody.
  const std::string both = uploads(ada_, png + "/*<script>*/", R"(,"type":"image/png")");
  EXPECT_EQ(field(reads(ada_, both), "content-type"), "image/png");
}

TEST_F(Files, AreTakenOnlyAsTheWireSays) {
  EXPECT_EQ(begins(ada_, 3 * 1024 * 1024 + 1).status, 413U);
  EXPECT_EQ(begins(ada_, 0).status, 400U);
  EXPECT_EQ(begins(ada_, 5, R"(,"width":99999)").status, 400U);
  EXPECT_EQ(begins(ada_, 5, "", R"(bad\u0000name)").status, 400U);
  EXPECT_EQ(begins(ada_, 5, "", "").status, 400U);
  const std::string file = value_of(begins(ada_, 5, "", "../../../etc/passwd").body, "file");
  ASSERT_EQ(file.size(), 32U);
  EXPECT_EQ(appends(ada_, file, 1, "abcd").status, 409U);
  EXPECT_EQ(appends(ada_, file, 0, "abcdefg").status, 413U);
  EXPECT_EQ(appends(ada_, file, 0, std::string(chunk_bytes + 1, 'a')).status, 413U);
  EXPECT_EQ(requests(ada_, "PATCH", path_of(file), "Upload-Offset: 0\r\n", "abcde").status, 415U);
  EXPECT_EQ(
      requests(ada_, "PATCH", path_of(file),
               "Upload-Offset: -1\r\nContent-Type: application/offset+octet-stream\r\n", "abcde")
          .status,
      400U);
  EXPECT_EQ(appends(ada_, file, 0, "abcde").status, 204U);
  EXPECT_THAT(field(reads(ada_, file), "content-disposition"), HasSubstr("\"passwd\""));
  EXPECT_EQ(requests(ada_, "DELETE", path_of(file)).status, 204U);
  EXPECT_EQ(reads(ada_, file).status, 404U);
  for (const char* const path :
       {"/v1/files/../../secret", "/v1/files/%2e%2e/secret", "/v1/files/0123456789abcdef/..",
        "/v1/files/0123456789ABCDEF/00000000000000000000000000000001", "/v1/files/",
        "/v1/files/0123456789abcdef/0000000000000000000000000000000g/thumbnail"}) {
    EXPECT_EQ(requests(ada_, "GET", path).status, 404U) << path;
  }
  EXPECT_FALSE(std::filesystem::exists(node_.data() + "/etc"));
}

TEST_F(Files, HaveAThumbnailThatIsASmallPicture) {
  const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10", 24);
  const std::string file = uploads(ada_, png, R"(,"type":"image/png")");
  const std::string small = path_of(file) + "/thumbnail";

  EXPECT_EQ(requests(ada_, "PUT", small, "Content-Type: image/png\r\n", "<script>").status, 415U);
  EXPECT_EQ(requests(ada_, "PUT", small, "Content-Type: text/html\r\n", png).status, 415U);
  EXPECT_EQ(
      requests(ada_, "PUT", small, "Content-Type: image/png\r\n", png + std::string(32 * 1024, 'x'))
          .status,
      413U);
  EXPECT_EQ(requests(eve_, "PUT", small, "Content-Type: image/png\r\n", png).status, 404U);
  EXPECT_EQ(requests(ada_, "PUT", small, "Content-Type: image/webp\r\n", png).status, 204U);
  ASSERT_THAT(posts(ada_, 1, with_file(file)), HasSubstr("ack"));

  const http_said got = requests(mia_, "GET", small);
  EXPECT_EQ(got.body, png);
  EXPECT_EQ(field(got, "content-type"), "image/png");
  const http_said page = frames(
      ada_, 1, "/v1/frames",
      fmt::format(R"({{"t":"history","id":1,"conversation":"{}","after":0,"limit":9}})", talk_));
  EXPECT_THAT(page.body, HasSubstr(R"("thumbnail":true)"));
  EXPECT_THAT(page.body, HasSubstr(R"("type":"image/png")"));
  EXPECT_THAT(page.body, HasSubstr(R"("width":16)"));
  EXPECT_EQ(requests(ada_, "PUT", small, "Content-Type: image/png\r\n", png).status, 404U);
}

TEST_F(Files, AreInABackup) {
  const std::string letter = text_of(100'000);
  const std::string file = uploads(ada_, letter);
  ASSERT_THAT(posts(ada_, 1, with_file(file)), HasSubstr("ack"));
  const std::string kept = folder_.path("kept");
  const std::string other = folder_.path("other");

  const ended made = run({"backup", kept, "--data", node_.data()});
  ASSERT_EQ(made.code, 0) << made.said;
  ASSERT_EQ(node_.stop(), 0);
  const ended restored = run({"restore", kept, "--data", other});
  ASSERT_EQ(restored.code, 0) << restored.said;

  node_process again(other);
  again.start();
  const http_said got =
      ask({again.port()}, fmt::format("GET {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                      "Authorization: Bearer {}\r\n\r\n",
                                      path_of(file), mia_.token));
  EXPECT_TRUE(got.body == letter) << got.status;
  EXPECT_FALSE(std::filesystem::exists(node_.data() + "/checkpoint.files"));

  std::filesystem::remove_all(other);
  for (const auto& each : std::filesystem::recursive_directory_iterator(kept + "/files")) {
    if (each.path().filename() == "bytes") std::filesystem::resize_file(each.path(), 5);
  }
  EXPECT_NE(run({"restore", kept, "--data", other}).code, 0);
}

}  // namespace
}  // namespace frontdesk::process
