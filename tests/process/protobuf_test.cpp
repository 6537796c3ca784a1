#include "bench/checker/checker.hpp"
#include "tests/client/protobuf_speech.hpp"
#include "tests/process/connected_device.hpp"
#include "tests/process/node_process.hpp"
#include "tests/storage/temp_folder.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

namespace frontdesk::process {
namespace {

constexpr unsigned text_opcode = 0x1;
constexpr unsigned binary_opcode = 0x2;

/// A node to which one speaks protobuf and another JSON.
class Protobuf : public testing::Test {
 protected:
  Protobuf() : node_(folder_.path("data")) {
    furnish(node_.data());
    node_.start();
  }
  void TearDown() override {
    people_.clear();
    if (node_.is_alive()) {
      EXPECT_EQ(node_.stop(), 0) << node_.log();
    }
  }

  place door() const { return {node_.port()}; }

  connected_device& comes(client::setup who, encoding spoken) {
    who.spoken = spoken;
    return people_.emplace_back(loop_, seen_, std::move(who));
  }

  bool turns_until(const std::function<bool()>& it_is_so) {
    return loop_.turn_until(
        [&] {
          for (connected_device& each : people_)
            each.keep_alive(door());
          return it_is_so();
        },
        patience);
  }

  static const std::vector<std::string>& shown_by(const connected_device& who,
                                                  const std::string& where) {
    static const std::vector<std::string> nothing;
    const auto at = who.client().conversations().find(where);
    return at == who.client().conversations().end() ? nothing : at->second.shown;
  }

  temp_folder folder_;
  node_process node_;
  socket_loop loop_;
  checker::history seen_;
  std::deque<connected_device> people_;
};

TEST_F(Protobuf, IsUnderstoodByThoseWhoSpeakJson) {
  const signed_in vera = new_visitor(door(), furniture::widget_key);
  const signed_in mia = sign_in(door(), furniture{}.agents.front(), furniture::password);
  connected_device& phone = comes(visitor_setup(vera, device_name(1)), encoding::protobuf);
  connected_device& laptop = comes(visitor_setup(vera, device_name(2)), encoding::json);
  connected_device& desk = comes(agent_setup(mia, device_name(3)), encoding::protobuf);
  connected_device& tablet = comes(agent_setup(mia, device_name(4)), encoding::json);
  const auto are_online = [&] {
    return std::ranges::all_of(people_, [](const auto& each) { return each.client().is_online(); });
  };
  ASSERT_TRUE(turns_until(are_online)) << node_.log();
  desk.client().set_status("accepting", 5);
  ASSERT_TRUE(turns_until([&] { return !phone.client().current_conversation().empty(); }));
  const std::string where = phone.client().current_conversation();
  const auto all_show = [&](std::size_t count) {
    return turns_until([&] {
      return std::ranges::all_of(
          people_, [&](const auto& each) { return shown_by(each, where).size() == count; });
    });
  };

  phone.client().post(where, "Where is my parcel? 在哪里 \U0001F642", false, loop_.now());
  ASSERT_TRUE(all_show(4)) << node_.log();
  desk.client().post(where, "On its way.", false, loop_.now());
  ASSERT_TRUE(all_show(5)) << node_.log();
  tablet.client().post(where, "She is in a hurry.", true, loop_.now());
  laptop.client().post(where, "Thanks!", false, loop_.now());
  ASSERT_TRUE(turns_until([&] {
    return shown_by(phone, where).size() == 6 && shown_by(laptop, where).size() == 6 &&
           shown_by(desk, where).size() == 7 && shown_by(tablet, where).size() == 7;
  })) << node_.log();

  EXPECT_EQ(shown_by(phone, where), shown_by(laptop, where));
  EXPECT_EQ(phone.client().leaks_count() + laptop.client().leaks_count(), 0U);
  for (connected_device& each : people_)
    each.client().declare_caught_up(loop_.now());
  EXPECT_EQ(node_.stop(), 0) << node_.log();
  add_stored(seen_, output_of({"inspect", "--json", "--data", node_.data()}));
  const checker::report found = checker::check(seen_);
  EXPECT_TRUE(found.is_clean()) << found.text();
}

/// Says what it likes in protobuf, and remembers the faults and the end.
class stranger {
 public:
  stranger(socket_loop& loop, const place& at)
      : loop_(loop),
        link_(
            loop, at,
            {.on_open = {},
             .on_text = [this](std::string_view frame) { heard.push_back(client::in_json(frame)); },
             .on_closed = {}},
            "", encoding::protobuf) {}

  void says(unsigned opcode, std::string_view payload) { link_.send_frame(opcode, payload); }
  void greets(const std::string& token) {
    says(binary_opcode, client::in_protobuf(boost::json::serialize(boost::json::object{
                            {"t", "hello"}, {"token", token}, {"device", device_name(9)}})));
  }
  bool hears(std::string_view part) {
    return loop_.turn_until(
        [&] {
          return std::ranges::any_of(heard, [&](const std::string& frame) {
            return frame.find(part) != std::string::npos;
          });
        },
        patience);
  }
  unsigned hears_end() {
    EXPECT_TRUE(loop_.turn_until([this] { return link_.is_gone(); }, patience));
    return link_.close_code();
  }

  std::vector<std::string> heard;

 private:
  socket_loop& loop_;
  socket_link link_;
};

TEST_F(Protobuf, ClosesOnTextMessages) {
  stranger who(loop_, door());
  who.greets(new_visitor(door(), furniture::widget_key).token);
  ASSERT_TRUE(who.hears(R"("t":"welcome")"));

  who.says(text_opcode, R"({"t":"pong"})");

  EXPECT_EQ(who.hears_end(), 4500U);
}

TEST_F(Protobuf, WantsAHelloFirst) {
  for (const std::string_view bytes : {std::string_view("\x2a\x00", 2), std::string_view("{}")}) {
    stranger who(loop_, door());
    who.says(binary_opcode, bytes);
    EXPECT_EQ(who.hears_end(), 4502U);
    EXPECT_TRUE(who.hears(R"("code":4502)"));
  }
}

TEST_F(Protobuf, ClosesAtTheThirdMalformedFrame) {
  stranger who(loop_, door());
  who.greets(new_visitor(door(), furniture::widget_key).token);

  who.says(binary_opcode, "garbage");
  who.says(binary_opcode, std::string_view("\xfa\x01\x00", 3));
  who.says(binary_opcode, "\x12\x02\x20\x01");

  EXPECT_EQ(who.hears_end(), 4509U);
  EXPECT_TRUE(who.hears(R"("code":"bad_frame")"));
  EXPECT_TRUE(who.hears(R"("code":"unknown_frame")"));
  EXPECT_TRUE(who.hears(R"("code":"bad_value")"));
  EXPECT_TRUE(who.hears(R"("code":4509)"));
  EXPECT_EQ(node_.log().find("libprotobuf"), std::string::npos) << node_.log();
}

TEST_F(Protobuf, WritesNothingToTheLogAboutTextThatIsNone) {
  stranger who(loop_, door());
  who.says(binary_opcode, "\x42\x04\x22\x02\xc3\x28");

  EXPECT_EQ(who.hears_end(), 4502U);
  EXPECT_EQ(node_.log().find("libprotobuf"), std::string::npos) << node_.log();
}

}  // namespace
}  // namespace frontdesk::process
