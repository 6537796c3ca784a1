// A visitor tries every way that there is to what agents have written about her: live and from
// history, over each transport, by her own and by agents' frames, as herself and as a stranger.
// What the node says is taken as bytes, so that no client could overlook anything.

#include "tests/process/connected_device.hpp"
#include "tests/process/desk_door.hpp"
#include "tests/process/fetch_link.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/socket_link.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk::process {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view secret = "seems to be a fraud";
constexpr std::string_view correction = "surely a fraud";

/// Somebody who keeps every byte that the node says.
class listener_link {
 public:
  listener_link(socket_loop& loop, const place& to, const signed_in& who, std::uint64_t device)
      : loop_(loop),
        link_(loop, to,
              {.on_open = nullptr,
               .on_text = [this](std::string_view text) { heard.append(text).append("\n"); },
               .on_closed = nullptr}) {
    EXPECT_TRUE(loop_.turn_until([this] { return link_.is_open(); }, patience));
    link_.send(fmt::format(R"({{"t":"hello","token":"{}","device":"{}"}})", who.token,
                           device_name(device)));
    EXPECT_TRUE(hears(R"("t":"roster")"));
  }

  bool hears(std::string_view what) {
    return loop_.turn_until([&] { return heard.find(what) != std::string::npos; }, patience);
  }

  /// Says it, and waits until everything before was answered.
  void says(const std::string& frame) {
    link_.send(frame);
    const int id = ++last_id_;
    link_.send(fmt::format(R"({{"t":"close","id":{},"conversation":"00000000000000ff"}})", id));
    EXPECT_TRUE(hears(fmt::format(R"("id":{})", id))) << frame << "\n" << heard;
  }

  std::string heard;

 private:
  socket_loop& loop_;
  socket_link link_;
  int last_id_ = 1'000'000;
};

class NoteAttack : public testing::Test {
 protected:
  NoteAttack() {
    furnish(node_.data());
    node_.start();
    ada_ = new_visitor(door(), furniture::widget_key);
    eve_ = new_visitor(door(), furniture::widget_key);
    mia_ = sign_in(door(), furniture{}.agents[0], furniture::password);
    converse();
  }

  place door() const { return {node_.port()}; }

  std::string about(std::string_view t, std::string_view more) const {
    return fmt::format(R"({{"t":"{}","conversation":"{}",{}}})", t, talk_, more);
  }
  std::string sub(std::string_view conversation) const {
    return fmt::format(
        R"({{"t":"sub","subs":[{{"conversation":"{}","after":0,"internal_after":0}}]}})",
        conversation);
  }

  /// Ada asks, Mia notes, corrects her note and answers.
  void converse() {
    listener_link ada(loop_, door(), ada_, 1);
    ASSERT_TRUE(ada.hears(R"("next":")"));
    const std::size_t next = ada.heard.find(R"("next":")") + 8;
    talk_ = ada.heard.substr(next, 16);
    listener_link mia(loop_, door(), mia_, 2);
    mia.says(R"({"t":"status","id":1,"status":"accepting","capacity":5})");
    ada.says(sub(talk_));
    ada.says(about("post", R"("n":1,"text":"where is my parcel?")"));
    ASSERT_TRUE(mia.hears(R"("status":"assigned")"));
    mia.says(sub(talk_));
    mia.says(about("post", fmt::format(R"("n":1,"track":"internal","text":"{}")", secret)));
    ASSERT_TRUE(mia.hears(R"("n":1)"));
    mia.says(about("post",
                   fmt::format(R"("n":2,"track":"internal","edits":1,"text":"{}")", correction)));
    ASSERT_TRUE(mia.hears(R"("n":2)"));
    mia.says(about("post", R"("n":3,"text":"on its way")"));
    ASSERT_TRUE(ada.hears("on its way"));
    live_ = ada.heard;
  }

  void expect_nothing(const std::string& heard) const {
    for (const std::string_view word :
         {secret, correction, std::string_view("internal_head"), std::string_view("follows"),
          std::string_view(R"("track":"internal")")}) {
      EXPECT_THAT(heard, Not(HasSubstr(std::string(word))));
    }
  }

  /// All that a visitor could say about the conversation.
  std::vector<std::string> tries() const {
    std::vector<std::string> all{
        sub(talk_),
        about("history", R"("id":1,"track":"internal","after":0,"limit":200)"),
        about("history", R"("id":2,"track":"internal","before":99,"limit":200)"),
        about("history", R"("id":3,"after":0,"limit":200)"),
        about("post", R"("n":2,"track":"internal","text":"hers")"),
        about("post", R"("n":2,"track":"internal","edits":1,"text":"hers")"),
        about("post", R"("n":2,"track":"internal","deletes":1)"),
        about("post", R"("n":2,"track":"internal","text":"re","reply_to":1)"),
        about("received", R"("seq":9007199254740991)"),
        about("read", R"("seq":9007199254740991)"),
        about("typing", R"("on":true,"track":"internal")"),
        about("transfer", fmt::format(R"("id":4,"to":"{}")", mia_.person)),
        about("return", R"("id":5)"),
        R"({"t":"watch","id":6,"on":true})",
        R"({"t":"agents","id":7})",
        R"({"t":"status","id":8,"status":"accepting"})",
    };
    for (const std::string_view view : {"mine", "queue", "all", "closed"})
      all.push_back(fmt::format(R"({{"t":"list","id":9,"view":"{}","limit":100}})", view));
    return all;
  }

  std::string ask_as(const signed_in& who, std::string_view path, const std::string& body) const {
    return ask(door(), fmt::format("POST {} HTTP/1.1\r\nHost: desk.example\r\n"
                                   "Authorization: Bearer {}\r\nFrontdesk-Device: {}\r\n"
                                   "Content-Type: application/x-ndjson\r\nContent-Length: {}\r\n"
                                   "Connection: close\r\n\r\n{}",
                                   path, who.token, device_name(7), body.size(), body))
        .body;
  }

  /// What an endless answer says until its public end.
  std::string stream_of(std::string request) {
    plain_request down(door(), std::move(request));
    std::string heard;
    EXPECT_TRUE(loop_.turn_until(
        [&] {
          down.turn();
          for (std::string line; down.take_line(line);)
            heard += line + '\n';
          return down.is_over() || heard.find("on its way") != std::string::npos;
        },
        patience))
        << heard;
    return heard;
  }

  const temp_folder folder_;
  node_process node_{folder_.path("data")};
  socket_loop loop_;
  signed_in ada_;
  signed_in eve_;
  signed_in mia_;
  std::string talk_;
  std::string live_;
};

TEST_F(NoteAttack, FindsNothingLive) {
  EXPECT_THAT(live_, HasSubstr("on its way"));
  expect_nothing(live_);
}

TEST_F(NoteAttack, FindsNothingThroughAnyFrame) {
  listener_link ada(loop_, door(), ada_, 3);
  for (const std::string& frame : tries())
    ada.says(frame);
  ada.says(about("history", R"("id":77,"after":0,"limit":200)"));
  EXPECT_TRUE(ada.hears(R"("id":77)"));
  expect_nothing(ada.heard);
}

TEST_F(NoteAttack, FindsNothingInAStrangersConversation) {
  listener_link eve(loop_, door(), eve_, 4);
  for (const std::string& frame : tries())
    eve.says(frame);
  expect_nothing(eve.heard);
  EXPECT_THAT(eve.heard, Not(HasSubstr("on its way")));
  EXPECT_THAT(eve.heard, Not(HasSubstr("parcel")));
}

TEST_F(NoteAttack, FindsNothingThroughPlainRequests) {
  for (const std::string& frame : tries())
    expect_nothing(ask_as(ada_, "/v1/frames", frame));
  const std::string polled = ask_as(ada_, "/v1/poll", sub(talk_));
  EXPECT_THAT(polled, HasSubstr("on its way"));
  expect_nothing(polled);
  const std::string body = sub(talk_);
  expect_nothing(
      stream_of(fmt::format("POST /v1/stream HTTP/1.1\r\nHost: desk.example\r\n"
                            "Authorization: Bearer {}\r\nFrontdesk-Device: {}\r\n"
                            "Content-Type: application/x-ndjson\r\n"
                            "Content-Length: {}\r\n\r\n{}",
                            ada_.token, device_name(8), body.size(), body)));
}

TEST_F(NoteAttack, FindsNothingThroughEvents) {
  const std::string made =
      ask(door(), fmt::format("POST /v1/tickets HTTP/1.1\r\nHost: desk.example\r\n"
                              "Authorization: Bearer {}\r\nContent-Length: 0\r\n"
                              "Connection: close\r\n\r\n",
                              ada_.token))
          .body;
  const std::size_t begin = made.find(R"("ticket":")") + 10;
  const std::string ticket = made.substr(begin, made.find('"', begin) - begin);
  expect_nothing(
      stream_of(fmt::format("GET /v1/events?ticket={}&device={}&sub={}.0.0&watch=1 "
                            "HTTP/1.1\r\nHost: desk.example\r\n\r\n",
                            ticket, device_name(9), talk_)));
}

/// The words are there, for those who may have them: what is not found above is not just absent.
TEST_F(NoteAttack, FindsTheNoteAsAnAgent) {
  listener_link mia(loop_, door(), mia_, 5);
  mia.says(sub(talk_));
  EXPECT_TRUE(mia.hears(secret));
  EXPECT_TRUE(mia.hears(correction));
}

}  // namespace
}  // namespace frontdesk::process
