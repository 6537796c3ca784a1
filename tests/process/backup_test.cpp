#include "tests/process/connected_device.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/program.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

namespace frontdesk::process {
namespace {

namespace files = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class Backup : public testing::Test {
 protected:
  void SetUp() override {
    furnish(node_.data());
    node_.start();
    who_ = new_visitor({node_.port()}, furniture::widget_key);
    says(node_, "before the backup");
  }

  /// The visitor comes to a node, says something and has its ack.
  void says(const node_process& where, const std::string& text) {
    socket_loop loop;
    checker::history seen;
    connected_device visitor(loop, seen, visitor_setup(who_, device_name(++devices_count_)));
    const auto comes_that = [&](const std::function<bool()>& it_is_so) {
      return loop.turn_until(
          [&] {
            visitor.keep_alive({where.port()});
            return it_is_so();
          },
          patience);
    };
    ASSERT_TRUE(comes_that([&] { return !visitor.client().current_conversation().empty(); }));
    ASSERT_TRUE(
        visitor.client().post(visitor.client().current_conversation(), text, false, loop.now()));
    ASSERT_TRUE(comes_that([&] { return visitor.client().pending_count() == 0; }));
  }

  ended backs_up(const std::string& to) { return run({"backup", to, "--data", node_.data()}); }
  ended restores(const std::string& from, const std::string& to) {
    return run({"restore", from, "--data", to});
  }
  std::string history_of(const std::string& backup) {
    std::ifstream in(backup + "/backup.toml");
    const std::string page{std::istreambuf_iterator<char>(in), {}};
    return page.substr(page.find("history = '") + 11, 32);
  }
  static std::string kept_in(const std::string& data) {
    return output_of({"inspect", "--json", "--data", data});
  }

  temp_folder folder_;
  node_process node_{folder_.path("data")};
  const std::string kept_ = folder_.path("kept");
  const std::string other_ = folder_.path("other");
  signed_in who_;
  std::uint64_t devices_count_ = 0;
};

TEST_F(Backup, OfARunningDeskIsTheDeskAsItWasThen) {
  const ended made = backs_up(kept_);
  ASSERT_EQ(made.code, 0) << made.said;
  says(node_, "after the backup");
  ASSERT_EQ(node_.stop(), 0);

  const ended restored = restores(kept_, other_);

  ASSERT_EQ(restored.code, 0) << restored.said;
  EXPECT_THAT(kept_in(other_), HasSubstr("before the backup"));
  EXPECT_THAT(kept_in(other_), Not(HasSubstr("after the backup")));
  EXPECT_THAT(kept_in(node_.data()), HasSubstr("after the backup"));
  EXPECT_FALSE(files::exists(node_.data() + "/checkpoint"));
}

TEST_F(Backup, IsServedUnderAnotherHistoryToTheSamePeople) {
  ASSERT_EQ(backs_up(kept_).code, 0);
  ASSERT_EQ(restores(kept_, other_).code, 0);

  node_process again(other_);
  again.start();
  says(again, "back again");

  ASSERT_EQ(again.stop(), 0);
  EXPECT_THAT(kept_in(other_), HasSubstr("back again"));
  const ended second = run({"backup", folder_.path("second"), "--data", other_});
  ASSERT_EQ(second.code, 0) << second.said;
  EXPECT_NE(history_of(folder_.path("second")), history_of(kept_));
}

TEST_F(Backup, CanBeMadeOfADeskThatWasKilled) {
  node_.kill();

  const ended made = backs_up(kept_);

  ASSERT_EQ(made.code, 0) << made.said;
  ASSERT_EQ(restores(kept_, other_).code, 0);
  EXPECT_EQ(kept_in(other_), kept_in(node_.data()));
}

TEST_F(Backup, GoesOnAfterOneThatWasBrokenOff) {
  files::create_directories(kept_ + ".partial/store");
  files::create_directories(node_.data() + "/checkpoint/rest");

  ASSERT_EQ(backs_up(kept_).code, 0);

  EXPECT_FALSE(files::exists(kept_ + ".partial"));
  EXPECT_EQ(restores(kept_, other_).code, 0);
}

TEST_F(Backup, TakesTheMarkOfAnEarlierDeskAway) {
  ASSERT_EQ(backs_up(kept_).code, 0);
  for (int i = 0; i < 20; ++i)
    says(node_, "more");
  ASSERT_EQ(node_.stop(), 0);
  files::remove_all(node_.data() + "/store");

  ASSERT_EQ(restores(kept_, node_.data()).code, 0);

  EXPECT_THAT(kept_in(node_.data()), HasSubstr("before the backup"));
}

TEST_F(Backup, WritesOverNothing) {
  files::create_directory(kept_);
  const ended made = backs_up(kept_);
  EXPECT_EQ(made.code, 69);
  EXPECT_THAT(made.said, HasSubstr("exists"));

  ASSERT_EQ(backs_up(folder_.path("fresh")).code, 0);
  const ended restored = restores(folder_.path("fresh"), node_.data());
  EXPECT_EQ(restored.code, 69);
  EXPECT_THAT(restored.said, HasSubstr("There is a desk"));
  EXPECT_THAT(run({"backup", folder_.path("x"), "--data", other_}).said, HasSubstr("no desk"));
}

TEST_F(Backup, ThatIsNotWholeIsNotRestored) {
  ASSERT_EQ(backs_up(kept_).code, 0);
  files::path table;
  for (const auto& entry : files::directory_iterator{kept_ + "/store"}) {
    if (entry.path().extension() == ".sst") table = entry.path();
  }
  const std::string bytes = [&] {
    std::ifstream in(table, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(in), {}};
  }();
  const auto with_table = [&](const std::string& content) {
    std::ofstream{table, std::ios::binary} << content;
    const ended tried = restores(kept_, other_);
    EXPECT_EQ(files::exists(other_ + "/store"), tried.code == 0) << tried.said;
    EXPECT_FALSE(files::exists(other_ + "/store.partial"));
    return tried.code;
  };
  std::string flipped = bytes;
  flipped[30] = static_cast<char>(flipped[30] ^ 4);

  EXPECT_EQ(with_table(flipped), 65);
  EXPECT_EQ(with_table(bytes.substr(1)), 65);
  files::remove(table);
  EXPECT_EQ(restores(kept_, other_).code, 65);
  EXPECT_EQ(restores(folder_.path("nothing"), other_).code, 65);
  files::resize_file(kept_ + "/secret", 8);
  EXPECT_EQ(with_table(bytes), 65) << "half a secret";
  ASSERT_EQ(backs_up(folder_.path("again")).code, 0);
  EXPECT_EQ(restores(folder_.path("again"), other_).code, 0) << "the whole one";
}

}  // namespace
}  // namespace frontdesk::process
