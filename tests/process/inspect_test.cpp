#include "tests/process/connected_device.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/program.hpp"
#include "tests/storage/temp_folder.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/mount.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace frontdesk::process {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::string word(const json::object& line, std::string_view name) {
  return line.contains(name) ? " " + std::string(line.at(name).as_string()) : "";
}

/// An event as a person would tell it; ids and times left out.
std::string told(const json::object& line) {
  const std::string author(line.at("author").as_string());
  return fmt::format("{} {}{} by {}{}{}", std::string(line.at("track").as_string()),
                     line.at("seq").to_number<int>(), word(line, "kind"),
                     author.substr(0, author.find(':')), word(line, "text"),
                     line.contains("follows")
                         ? fmt::format(" after {}", line.at("follows").to_number<int>())
                         : "");
}

class Inspect : public testing::Test {
 protected:
  Inspect() : node_(folder_.path("data")) {}

  ended inspects(words more = {}) const {
    words all{"inspect", "--data", node_.data()};
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  }

  connected_device& visitor() {
    const signed_in who = new_visitor({node_.port()}, furniture::widget_key);
    return people_.emplace_back(loop_, seen_, visitor_setup(who, device_name(people_.size() + 1)));
  }
  connected_device& mia() {
    const signed_in who = sign_in({node_.port()}, "mia@acme.example", furniture::password);
    return people_.emplace_back(loop_, seen_, agent_setup(who, device_name(people_.size() + 1)));
  }
  bool comes_that(const std::function<bool()>& it_is_so) {
    return loop_.turn_until(
        [&] {
          for (connected_device& each : people_) {
            each.keep_alive({node_.port()});
          }
          return it_is_so();
        },
        patience);
  }
  void comes(const connected_device& who) {
    ASSERT_TRUE(comes_that([&] { return who.client().is_online(); }));
  }
  void says(connected_device& who, const std::string& where, const std::string& text,
            bool internal = false) {
    ASSERT_TRUE(who.client().post(where, text, internal, loop_.now()));
    ASSERT_TRUE(comes_that([&] { return who.client().pending_count() == 0; }));
  }
  /// Waits until somebody's conversation has this status.
  void sees(const connected_device& who, const std::string& where, const std::string& status) {
    ASSERT_TRUE(comes_that([&] {
      const auto found = who.client().conversations().find(where);
      return found != who.client().conversations().end() && found->second.status == status;
    }));
  }

  /// One conversation that came to its end, and one that waits for an agent.
  void has_a_day() {
    furnish(node_.data());
    node_.start();
    connected_device& ann = visitor();
    connected_device& agent = mia();
    comes(ann);
    comes(agent);
    agent.client().set_status("accepting", 1);
    first_ = ann.client().current_conversation();
    says(ann, first_, "Where is my parcel?");
    sees(agent, first_, "assigned");
    says(agent, first_, "A regular.", true);
    says(agent, first_, "On its way.");
    agent.client().set_status("away", 1);
    agent.client().close(first_);
    sees(ann, first_, "closed");
    connected_device& ben = visitor();
    comes(ben);
    second_ = ben.client().current_conversation();
    says(ben, second_, "\u60a8\u597d \"quoted\"\n\\ \U0001f44b");
    ASSERT_EQ(node_.stop(), 0) << node_.log();
  }

  temp_folder folder_;
  node_process node_;
  socket_loop loop_;
  checker::history seen_;
  std::deque<connected_device> people_;
  std::string first_;
  std::string second_;
};

TEST_F(Inspect, ListsConversations) {
  has_a_day();

  const ended it = inspects();

  EXPECT_EQ(it.code, 0) << it.said;
  EXPECT_THAT(lines_of(it.printed),
              UnorderedElementsAre(
                  fmt::format("acme  {}  number 1  closed  visible 6  internal 1", first_),
                  fmt::format("acme  {}  number 2  queued  visible 3  internal 0", second_)));
}

TEST_F(Inspect, PrintsEveryEventAsALineOfJson) {
  has_a_day();

  const ended it = inspects({"--json"});

  EXPECT_EQ(it.code, 0) << it.said;
  std::vector<std::string> first;
  std::vector<std::string> second;
  for (const std::string& text : lines_of(it.printed)) {
    const json::object line = json::parse(text).as_object();
    EXPECT_EQ(line.at("tenant").to_number<int>(), 1);
    EXPECT_GT(line.at("time").to_number<std::int64_t>(), 1'600'000'000'000);
    (line.at("conversation").as_string() == first_ ? first : second).push_back(told(line));
  }
  EXPECT_THAT(
      first,
      ElementsAre("public 1 opened by visitor", "public 2 message by visitor Where is my parcel?",
                  "public 3 queued by system", "public 4 assigned by system",
                  "public 5 message by agent On its way.", "public 6 closed by agent",
                  "internal 1 message by agent A regular. after 4"));
  EXPECT_THAT(second,
              ElementsAre("public 1 opened by visitor",
                          "public 2 message by visitor \u60a8\u597d \"quoted\"\n\\ \U0001f44b",
                          "public 3 queued by system"));
}

TEST_F(Inspect, ChangesNothing) {
  has_a_day();
  const ended before = inspects({"--json"});

  EXPECT_EQ(inspects({"--json"}).printed, before.printed);
  node_.start();
  EXPECT_EQ(node_.stop(), 0);

  EXPECT_EQ(inspects({"--json"}).printed, before.printed);
}

/// A directory as it is seen where it was mounted to be read only.
class read_only_mount {
 public:
  read_only_mount(const std::string& of, std::string at) : at_(std::move(at)) {
    std::filesystem::create_directory(at_);
    is_there_ =
        mount(of.c_str(), at_.c_str(), nullptr, MS_BIND, nullptr) == 0 &&
        mount(nullptr, at_.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0;
  }
  read_only_mount(const read_only_mount&) = delete;
  read_only_mount& operator=(const read_only_mount&) = delete;
  ~read_only_mount() { umount2(at_.c_str(), MNT_DETACH); }

  bool is_there() const { return is_there_; }

 private:
  const std::string at_;
  bool is_there_ = false;
};

TEST_F(Inspect, ReadsADirectoryThatMayOnlyBeReadAndSaysThatThisIsNotRecorded) {
  has_a_day();
  const ended before = inspects({"--json"});
  const std::string audit = run({"audit", "--json", "--data", node_.data()}).printed;
  const read_only_mount media(node_.data(), folder_.path("media"));
  if (!media.is_there()) GTEST_SKIP() << "this user may mount nothing";

  const ended it = run({"inspect", "--json", "--data", folder_.path("media")});

  EXPECT_EQ(it.code, 0) << it.said;
  EXPECT_EQ(it.printed, before.printed);
  EXPECT_THAT(it.said, HasSubstr("not recorded"));
  EXPECT_EQ(run({"audit", "--json", "--data", node_.data()}).printed, audit);
}

TEST_F(Inspect, SaysThatANodeRunsWhereItMayOnlyRead) {
  furnish(node_.data());
  node_.start();
  const read_only_mount media(node_.data(), folder_.path("media"));
  if (!media.is_there()) GTEST_SKIP() << "this user may mount nothing";

  const ended it = run({"inspect", "--data", folder_.path("media")});

  EXPECT_EQ(it.code, 69) << it.said;
  EXPECT_THAT(it.said, HasSubstr(fmt::format("in use by process {}", node_.id())));
}

TEST_F(Inspect, PrintsNothingOfADeskWithoutConversations) {
  furnish(node_.data());

  const ended it = inspects({"--json"});

  EXPECT_EQ(it.code, 0) << it.said;
  EXPECT_THAT(it.printed, IsEmpty());
}

TEST_F(Inspect, SaysThatADirectoryHasNoDesk) {
  const ended missing = inspects();
  EXPECT_EQ(missing.code, 69);
  EXPECT_THAT(missing.said, HasSubstr("There is no desk in " + node_.data()));
  EXPECT_FALSE(std::filesystem::exists(node_.data()));

  std::filesystem::create_directory(node_.data());
  std::ofstream(node_.data() + "/holiday.txt") << "somebody else's";
  EXPECT_EQ(inspects().code, 69);
  EXPECT_FALSE(std::filesystem::exists(node_.data() + "/store"));
  EXPECT_FALSE(std::filesystem::exists(node_.data() + "/secret"));
}

TEST_F(Inspect, SaysThatWhatIsThereIsDamaged) {
  furnish(node_.data());
  std::ofstream(node_.data() + "/store/CURRENT") << "nonsense\n";

  const ended it = inspects();

  EXPECT_EQ(it.code, 65) << it.said;
  EXPECT_THAT(it.said, HasSubstr(node_.data()));
}

TEST_F(Inspect, SaysThatANodeRunsThere) {
  furnish(node_.data());
  node_.start();

  const ended it = inspects();

  EXPECT_EQ(it.code, 69);
  EXPECT_THAT(it.said, HasSubstr(fmt::format("in use by process {}", node_.id())));
  EXPECT_TRUE(node_.is_alive());
}

}  // namespace
}  // namespace frontdesk::process
