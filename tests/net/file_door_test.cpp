#include "model/limits.hpp"
#include "tests/net/running_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string place = "/v1/files/0123456789abcdef/00112233445566778899aabbccddeeff";

class bytes_at_hand final : public file_bytes {
 public:
  explicit bytes_at_hand(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::string read(std::uint64_t from, std::size_t count) override {
    return bytes_.substr(from, count);
  }

 private:
  std::string bytes_;
};

/// A desk that keeps one file, and gathers what is appended to an upload.
class FileDoor : public RunningServer {
 protected:
  FileDoor() {
    options_.sockets.upload_stall_max = 50ms;
    desk_.keeps = [this](const identity& who, file_wish& wish) {
      asked_by_ = who.who;
      return std::visit([this](auto& known) { return keeps(known); }, wish);
    };
  }

  fault_or<file_told> keeps(append_upload& wish) {
    if (wish.from != gathered_.size()) {
      return file_told{upload_state{wish.place.file, gathered_.size(), bytes_max_, true}};
    }
    pieces_.push_back(wish.bytes.size());
    gathered_ += wish.bytes;
    return file_told{upload_state{wish.place.file, gathered_.size(), bytes_max_}};
  }
  fault_or<file_told> keeps(open_file&) {
    opened_file file;
    file.what = {.id = {}, .name = "a.txt", .type = "text/plain", .bytes = content_.size()};
    file.digest = "digest";
    file.content = std::make_shared<bytes_at_hand>(content_);
    return file_told{std::move(file)};
  }
  fault_or<file_told> keeps(read_file& wish) {
    if (is_broken_ && wish.from > 0) {
      return fault_code::storage_failed;
    }
    return file_told{file_piece{wish.content->read(wish.from, wish.count)}};
  }
  fault_or<file_told> keeps(begin_upload& wish) {
    return file_told{upload_state{{1, 2}, 0, wish.bytes}};
  }
  template <class Wish>
  fault_or<file_told> keeps(Wish&) {
    return fault_code::unknown_file;
  }

  std::string token(std::uint32_t entry = 1) {
    const inbox* const at = desk_.people->find(tenant_id{1}, inbox_id{entry});
    return tokens_->visitor_token(*at, {person_kind::visitor, 3}, clock_.at);
  }
  std::string request(std::string_view method, std::string_view more = {},
                      std::uint32_t entry = 1) {
    return fmt::format("{} {} HTTP/1.1\r\nHost: desk.example\r\nAuthorization: Bearer {}\r\n{}\r\n",
                       method, place, token(entry), more);
  }
  std::string patch(std::size_t from, std::size_t bytes, std::string_view more = {}) {
    return request("PATCH", fmt::format("Upload-Offset: {}\r\nContent-Length: {}\r\n"
                                        "Content-Type: application/offset+octet-stream\r\n{}",
                                        from, bytes, more));
  }

  person_name asked_by_;
  std::string gathered_;
  std::vector<std::size_t> pieces_;
  std::uint64_t bytes_max_ = 1'000'000;
  std::string content_ = "a letter";
  bool is_broken_ = false;
};

TEST_F(FileDoor, HandsABodyOnInPiecesAndKeepsTheConnection) {
  const std::string body(300'000, 'x');
  test_client client = visitor();

  const auto answer = client.asks(patch(0, body.size()) + body);

  EXPECT_EQ(answer.status, 204U);
  EXPECT_EQ(answer.field("Upload-Offset"), "300000");
  EXPECT_EQ(gathered_, body);
  EXPECT_GE(pieces_.size(), 4U);
  EXPECT_EQ(asked_by_.person, (person_id{person_kind::visitor, 3}));
  EXPECT_EQ(client.asks(request("GET")).body, "a letter");
}

TEST_F(FileDoor, AnswersTheRequestBehindABody) {
  test_client client = visitor();

  const auto first = client.asks(patch(0, 5) + "abcde" + request("GET"));

  EXPECT_EQ(first.status, 204U);
  EXPECT_EQ(client.hears().body, "a letter");
}

TEST_F(FileDoor, SaysContinueToWhoWaitsForIt) {
  test_client client = visitor();
  client.sends(patch(0, 3, "Expect: 100-continue\r\n"));
  EXPECT_EQ(client.hears().status, 100U);

  EXPECT_EQ(client.asks("abc").status, 204U);
  EXPECT_EQ(gathered_, "abc");
}

TEST_F(FileDoor, SaysWhereAnUploadGoesOnAndReadsNoMore) {
  gathered_ = "abc";
  test_client client = visitor();

  const auto answer = client.asks(patch(9, 100'000) + std::string(100, 'x'));

  EXPECT_EQ(answer.status, 409U);
  EXPECT_EQ(answer.field("Upload-Offset"), "3");
  EXPECT_EQ(answer.field("Connection"), "close");
}

TEST_F(FileDoor, KeepsWhatCameOfABodyThatStops) {
  test_client client = visitor();

  const auto answer = client.asks(patch(0, 1000) + "abc");

  EXPECT_EQ(answer.status, 408U);
  EXPECT_EQ(gathered_, "abc");
}

TEST_F(FileDoor, RefusesABodyThatIsTooLargeBeforeItComes) {
  EXPECT_EQ(asks(patch(0, limits::chunk_bytes_max + 1)).status, 413U);
  EXPECT_EQ(asks("PATCH /v1/visitors HTTP/1.1\r\nHost: desk.example\r\nContent-Length: 1\r\n\r\nx")
                .status,
            413U);
}

TEST_F(FileDoor, AsksWhoSendsABodyBeforeItIsTaken) {
  const auto answer =
      asks(fmt::format("PATCH {} HTTP/1.1\r\nHost: desk.example\r\nUpload-Offset: 0\r\n"
                       "Content-Type: application/offset+octet-stream\r\n"
                       "Content-Length: 3\r\n\r\nabc",
                       place));

  EXPECT_EQ(answer.status, 401U);
  EXPECT_EQ(gathered_, "");
}

TEST_F(FileDoor, GivesALargeFileInPieces) {
  content_.clear();
  while (content_.size() < 1'000'000) {
    content_ += std::to_string(content_.size()) + " ";
  }

  const auto answer = asks(request("GET"));

  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.body, content_);
  EXPECT_EQ(answer.field("ETag"), "\"digest\"");
  const auto part = asks(request("GET", "Range: bytes=70000-699999\r\n"));
  EXPECT_EQ(part.status, 206U);
  EXPECT_EQ(part.body, content_.substr(70'000, 630'000));
}

TEST_F(FileDoor, CutsOffAnAnswerThatCannotGoOn) {
  content_ = std::string(200'000, 'x');
  is_broken_ = true;
  test_client client = visitor();
  client.sends(request("GET"));

  const auto answer = client.hears();

  // Fewer bytes than were told: whoever reads them notices.
  EXPECT_EQ(answer.field("Content-Length"), "200000");
  EXPECT_LT(answer.body.size(), 200'000U);
}

TEST_F(FileDoor, AnswersABusyPersonAtOnce) {
  desk_.is_silent = true;
  std::vector<std::unique_ptr<test_client>> waiting;
  for (std::size_t i = 0; i < limits::files_under_way_person; ++i) {
    waiting.push_back(std::make_unique<test_client>(desk_, port()));
    waiting.back()->sends(request("HEAD"));
  }
  ASSERT_TRUE(passes_until([&] { return desk_.kept_back.size() == waiting.size(); }));

  EXPECT_EQ(asks(request("HEAD")).status, 503U);

  desk_.kept_back.clear();
}

TEST_F(FileDoor, LetsPagesOfTheInboxReadAndNoOthers) {
  const std::string own = "Origin: https://shop.example\r\n";
  const std::string other = "Origin: https://evil.example\r\n";
  desk_.people = acme({}, false);

  const auto allowed = asks(request("GET", own, 2));
  EXPECT_EQ(allowed.status, 200U);
  EXPECT_EQ(allowed.field("Access-Control-Allow-Origin"), "https://shop.example");
  EXPECT_THAT(allowed.field("Access-Control-Expose-Headers"), HasSubstr("Upload-Offset"));
  EXPECT_EQ(asks(request("GET", other, 2)).status, 403U);
  const auto asked = asks(request("OPTIONS", own, 2));
  EXPECT_THAT(asked.field("Access-Control-Allow-Methods"), HasSubstr("PATCH"));
  EXPECT_THAT(asked.field("Access-Control-Allow-Headers"), HasSubstr("Upload-Offset"));
  EXPECT_EQ(asks(request("OPTIONS", other, 2)).status, 403U);
}

TEST_F(FileDoor, BeginsUploadsOfOnePersonAtARate) {
  options_.door.uploads_burst = 1;
  const auto begin = [this] {
    return asks(post("/v1/files", R"({"conversation":"0123456789abcdef","name":"a","bytes":5})",
                     "Authorization: Bearer " + token() + "\r\n"));
  };

  const auto first = begin();
  EXPECT_EQ(first.status, 201U);
  EXPECT_THAT(first.body, HasSubstr(R"("chunk_bytes":1048576)"));
  EXPECT_EQ(begin().status, 429U);
}

}  // namespace
}  // namespace frontdesk
