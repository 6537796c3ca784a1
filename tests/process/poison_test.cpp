#include "bench/checker/checker.hpp"
#include "tests/process/connected_device.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/program.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <csignal>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>

namespace frontdesk::process {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

/// The program that can be poisoned lies beside the one that is shipped.
class poisonable {
 public:
  poisonable() : shipped_(getenv("FRONTDESK_BINARY")) {
    const auto beside = std::filesystem::path(shipped_).parent_path() / "frontdesk_poisonable";
    setenv("FRONTDESK_BINARY", beside.c_str(), 1);
  }
  poisonable(const poisonable&) = delete;
  poisonable& operator=(const poisonable&) = delete;
  ~poisonable() { setenv("FRONTDESK_BINARY", shipped_.c_str(), 1); }

 private:
  const std::string shipped_;
};

class PoisonedNode : public testing::Test {
 protected:
  PoisonedNode() {
    furnish(data());
    starts();
    for (unsigned i = 1; i <= visitors_count; ++i) {
      const signed_in who = new_visitor(door_, furniture::widget_key);
      visitors_.emplace_back(loop_, seen_, visitor_setup(who, device_name(i)));
    }
  }

  static constexpr unsigned visitors_count = 8;

  std::string data() const { return folder_.path("data"); }
  void starts() {
    node_ = std::make_unique<program>(
        words{"start", "--data", data(), "--listen", "127.0.0.1:0", "--store-max", "10GB"});
    const std::string address = node_->address();
    door_ = {static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)))};
  }
  bool until(const std::function<bool()>& it_is_so) {
    return loop_.turn_until(
        [&] {
          for (auto& each : visitors_)
            each.keep_alive(door_);
          return it_is_so();
        },
        patience);
  }
  /// Says it once the one before is answered.
  void says(std::size_t who, const std::string& text) {
    client::desk_client& client = visitors_[who].client();
    EXPECT_TRUE(until([&] { return client.is_online() && client.pending_count() == 0; }));
    EXPECT_TRUE(client.post(client.current_conversation(), text, false, loop_.now()));
  }
  bool is_answered(std::size_t who) {
    return until([&] { return visitors_[who].client().pending_count() == 0; });
  }

  poisonable program_;
  temp_folder folder_;
  std::unique_ptr<program> node_;
  place door_;
  socket_loop loop_;
  checker::history seen_;
  std::deque<connected_device> visitors_;
};

TEST_F(PoisonedNode, KeepsAPostThatEndedItsConversationTwiceForInspection) {
  says(0, "hello");
  says(0, "poison in a post");
  says(0, "are you there?");
  says(1, "hello");
  EXPECT_TRUE(is_answered(0) && is_answered(1));
  EXPECT_EQ(visitors_[0].client().faults_count("quarantined"), 1U);

  const words at{"--data", data()};
  const auto ask = [&](words what) {
    what.insert(what.end(), at.begin(), at.end());
    return run(what);
  };
  EXPECT_THAT(ask({"quarantine", "list"}).printed,
              AllOf(HasSubstr("1  "), HasSubstr("say ended a conversation twice: poison"),
                    Not(HasSubstr("poison in a post"))));
  EXPECT_THAT(ask({"quarantine", "show", "1", "--text", "--json"}).printed,
              HasSubstr("\"text\":\"poison in a post\""));
  EXPECT_EQ(ask({"quarantine", "drop", "1"}).code, 0);
  EXPECT_EQ(ask({"quarantine", "show", "1"}).code, 65);

  node_->signal(SIGTERM);
  EXPECT_EQ(node_->wait(), 0);
  EXPECT_THAT(node_->said(),
              AllOf(ContainsRegex("error +actor_failed actor=conversation id=[0-9]+ tenant=1 "
                                  "conversation=[0-9a-f]+ message=say person=[^ ]+ "
                                  "device=[0-9a-f]+ n=2 what=poison"),
                    ContainsRegex("warning +quarantined number=1 tenant=1 conversation=[0-9a-f]+ "
                                  "message=say person=[^ ]+ device=[0-9a-f]+ n=2 "
                                  "ended=conversation what=poison"),
                    Not(HasSubstr("actor=quarantine_keeper"))));
  add_stored(seen_, output_of({"inspect", "--json", "--data", data()}));
  const checker::report found = checker::check(seen_);
  EXPECT_TRUE(found.is_clean()) << found.text();
}

TEST_F(PoisonedNode, RefusesAPostWhoeverItEndsAndGoesOn) {
  says(0, "poison in a conversation");
  says(0, "are you there?");

  EXPECT_TRUE(is_answered(0));
  EXPECT_EQ(visitors_[0].client().faults_count("quarantined"), 1U);
  EXPECT_EQ(visitors_[0].client().faults_count("busy"), 0U);
  node_->signal(SIGTERM);
  EXPECT_EQ(node_->wait(), 0);
}

TEST_F(PoisonedNode, RefusesAPostThatEndedTheRecorderTwice) {
  says(0, "hello");
  says(0, "poison in the store");
  says(0, "are you there?");

  EXPECT_TRUE(is_answered(0));
  EXPECT_EQ(visitors_[0].client().faults_count("quarantined"), 1U);
  EXPECT_THAT(run({"quarantine", "list", "--data", data()}).printed,
              HasSubstr("say ended a recorder twice: poison"));
  node_->signal(SIGTERM);
  EXPECT_EQ(node_->wait(), 0);
  add_stored(seen_, output_of({"inspect", "--json", "--data", data()}));
  const checker::report found = checker::check(seen_);
  EXPECT_TRUE(found.is_clean()) << found.text();
}

TEST_F(PoisonedNode, EndsWith70WhenItsStoreFailsAgainAndAgain) {
  // One after the other, because each ends all that the recorder has before it.
  std::size_t next = 0;
  client::time_ms next_at = 0;
  EXPECT_TRUE(until([&] {
    client::desk_client& client = visitors_[next % visitors_count].client();
    if (loop_.now() >= next_at && client.is_online() && client.pending_count() == 0) {
      client.post(client.current_conversation(), "poison in the store", false, loop_.now());
      next_at = loop_.now() + 400;
      ++next;
    }
    return !node_->is_running();
  }));

  EXPECT_EQ(node_->wait(), 70) << node_->said();
  EXPECT_THAT(node_->said(),
              AllOf(HasSubstr("storage failed more often than it may"),
                    ContainsRegex("actor_failed actor=recorder id=[0-9]+ tenant=1 "
                                  "conversation=[0-9a-f]+ message=append person=visitor:[0-9a-f]+ "
                                  "device=[0-9a-f]+ n=[0-9]+ what=poison")));
  EXPECT_THAT(node_->said(), AllOf(HasSubstr("stopped"), Not(HasSubstr("stopped_late"))))
      << "in order, and not by the last resort";
}

}  // namespace
}  // namespace frontdesk::process
