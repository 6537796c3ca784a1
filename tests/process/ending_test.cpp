#include "bench/checker/checker.hpp"
#include "tests/process/connected_device.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/program.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>
#include <memory>
#include <string>

namespace frontdesk::process {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::size_t posts_pending_max = 6;
/// Fewer than `limits::posts_burst_visitor`: nobody has to wait.
constexpr std::size_t posts_at_once = 12;

/// A node that has to end while a visitor talks as fast as the desk answers.
class EndingNode : public testing::Test {
 protected:
  EndingNode() {
    furnish(data());
    starts();
    const signed_in who = new_visitor(door_, furniture::widget_key);
    visitor_ = std::make_unique<connected_device>(loop_, seen_, visitor_setup(who, device_name(1)));
  }

  std::string data() const { return folder_.path("data"); }

  void starts() {
    // A store that has a size may be full for as long as it takes, so nothing but what is tested
    // here ends the node.
    node_ = std::make_unique<program>(
        words{"start", "--data", data(), "--listen", "127.0.0.1:0", "--store-max", "10GB"});
    const std::string address = node_->address();
    door_ = {static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)))};
  }

  void talks() {
    visitor_->keep_alive(door_);
    client::desk_client& client = visitor_->client();
    if (!client.is_online() || client.pending_count() >= posts_pending_max) return;
    const std::string where = client.current_conversation();
    const bool has_begun = client.conversations().contains(where) &&
                           client.conversations().at(where).visible.position > 0;
    // A refused opening gives its number to another text: not while others are on their way.
    if (!has_begun && client.pending_count() > 0) return;
    posts_ += client.post(where, "text " + std::to_string(posts_), false, loop_.now()) ? 1 : 0;
  }

  /// Until so many more posts are acknowledged; others are on their way then.
  void talks_for(std::size_t acks) {
    const std::size_t enough = acked() + acks;
    EXPECT_TRUE(loop_.turn_until(
        [&] {
          talks();
          return acked() >= enough;
        },
        patience));
  }
  std::size_t acked() const { return posts_ - visitor_->client().pending_count(); }

  /// Everything that was acknowledged is there, once.
  void expect_nothing_lost() {
    // An ack that is still in the socket is an ack.
    EXPECT_TRUE(loop_.turn_until([this] { return visitor_->is_cut(); }, patience));
    add_stored(seen_, output_of({"inspect", "--json", "--data", data()}));
    const checker::report found = checker::check(seen_);
    EXPECT_TRUE(found.is_clean()) << found.text();
    EXPECT_GT(found.seen.acked, 0U);
    EXPECT_GE(found.seen.stored, found.seen.acked);
  }

  temp_folder folder_;
  std::unique_ptr<program> node_;
  place door_;
  socket_loop loop_;
  checker::history seen_;
  std::unique_ptr<connected_device> visitor_;
  std::size_t posts_ = 0;
};

TEST_F(EndingNode, LosesNothingWhenItEndsInOrder) {
  talks_for(posts_at_once);

  node_->signal(SIGTERM);

  EXPECT_EQ(node_->wait(), 0) << node_->said();
  expect_nothing_lost();
}

TEST_F(EndingNode, EndsAtOnceAtTheSecondSignal) {
  talks_for(posts_at_once);
  // It cannot even say that it stops, so the first signal's stop never ends by itself.
  node_->chokes();

  node_->signal(SIGTERM);
  node_->signal(SIGINT);

  ASSERT_TRUE(node_->ends_unheard());
  EXPECT_THAT(node_->wait(), AnyOf(128 + SIGTERM, 128 + SIGINT));
  EXPECT_THAT(node_->said(), Not(HasSubstr("stopped")));
  expect_nothing_lost();
}

TEST_F(EndingNode, EndsSoonAndTemporarilyWhenItsStoreIsBroken) {
  talks_for(posts_at_once);
  // No file of the node may grow, which no write expects: as bad as a disk that fails.
  constexpr rlimit nothing{1, 1};
  ASSERT_EQ(prlimit(node_->id(), RLIMIT_FSIZE, &nothing, nullptr), 0);

  ASSERT_TRUE(loop_.turn_until(
      [this] {
        talks();
        return visitor_->is_cut();
      },
      patience));

  EXPECT_EQ(node_->wait(), 75) << node_->said();
  EXPECT_THAT(node_->said(), HasSubstr("store_broken"));
  EXPECT_THAT(node_->said(), HasSubstr("Look at the disk, then start again."));
  expect_nothing_lost();
}

TEST_F(EndingNode, ServesAgainAfterItsStoreWasBroken) {
  talks_for(posts_at_once);
  constexpr rlimit nothing{1, 1};
  ASSERT_EQ(prlimit(node_->id(), RLIMIT_FSIZE, &nothing, nullptr), 0);
  ASSERT_TRUE(loop_.turn_until(
      [this] {
        talks();
        return visitor_->is_cut();
      },
      patience));
  EXPECT_EQ(node_->wait(), 75);

  starts();
  talks_for(posts_at_once);

  node_->signal(SIGTERM);
  EXPECT_EQ(node_->wait(), 0) << node_->said();
  expect_nothing_lost();
}

}  // namespace
}  // namespace frontdesk::process
