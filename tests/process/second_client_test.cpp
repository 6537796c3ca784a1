#include "tests/process/second_client.hpp"

#include "bench/checker/checker.hpp"
#include "tests/checker/history_file.hpp"
#include "tests/process/connected_device.hpp"
#include "tests/process/node_process.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <map>
#include <random>
#include <string>

namespace frontdesk::process {
namespace {

using std::chrono::milliseconds;
using heads = std::map<std::string, std::pair<std::uint64_t, std::uint64_t>>;

constexpr std::uint64_t kills_default = 12;
constexpr std::size_t posts_pending_max = 6;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

/// People with two clients that have nothing in common but docs/wire.md, at a node that is killed
/// again and again.
class SecondClient : public testing::Test {
 protected:
  SecondClient() : node_(folder_.path("data")) {
    furnish(node_.data());
    node_.start();
    const place door{node_.port()};
    const auto visitor = [&] { return new_visitor(door, furniture::widget_key); };
    const auto agent = [&](std::size_t i) {
      return sign_in(door, furniture{}.agents[i], furniture::password);
    };
    ours_.emplace_back(loop_, seen_, visitor_setup(visitor(), device_name(1)));
    ours_.emplace_back(loop_, seen_, agent_setup(agent(0), device_name(2)));
    for (const signed_in& who : {visitor(), visitor(), agent(1)}) {
      const std::string name = fmt::format("second{}", theirs_.size());
      theirs_.emplace_back(loop_,
                           second_client::setup{who, folder_.path(name), seed_ + theirs_.size()});
    }
    tell_where();
  }

  void tell_where() { tell(fmt::format("node {}", node_.port())); }

  void tell(const std::string& command) {
    for (second_client& each : theirs_) {
      each.say(command);
    }
  }

  /// Everybody's link has come up again since they were so many.
  bool are_all_back() {
    return loop_.turn_until(
        [this] {
          talk();
          const bool are_ours = std::ranges::all_of(
              ours_, [](const connected_device& each) { return each.client().is_online(); });
          return std::ranges::all_of(theirs_,
                                     [](second_client& each) { return each.ask().is_online; }) &&
                 are_ours;
        },
        patience);
  }

  void live(milliseconds life) {
    const std::int64_t end = loop_.now() + life.count();
    while (loop_.now() < end) {
      talk();
      loop_.turn(milliseconds{1});
    }
  }

  /// All have lost their links when this is over: what the node had sent before its end counts.
  void kill() {
    node_.kill();
    EXPECT_TRUE(loop_.turn_until(
        [this] {
          for (connected_device& each : ours_) {
            each.keep_alive({});
          }
          const bool are_ours = std::ranges::all_of(
              ours_, [](const connected_device& each) { return each.is_cut(); });
          return std::ranges::none_of(theirs_,
                                      [](second_client& each) { return each.ask().is_online; }) &&
                 are_ours;
        },
        patience));
    for (connected_device& each : ours_) {
      each.cut();
    }
  }

  bool comes_to_rest() {
    tell("rest");
    std::int64_t restless_at = loop_.now();
    return loop_.turn_until(
        [&] {
          keep_alive();
          if (!has_everybody_everything()) restless_at = loop_.now();
          return loop_.now() - restless_at > 1000;
        },
        patience);
  }

  /// Puts together what all have seen, and the log.
  void gathers() {
    for (connected_device& each : ours_) {
      each.client().declare_caught_up(loop_.now());
    }
    for (second_client& each : theirs_) {
      links_count_ += each.ask().links_count;
      changes_count_ += each.ask().changes_count;
      EXPECT_EQ(each.end(), 0);
      std::ifstream file(each.history_path());
      const auto fault = checker::read_history(file, seen_);
      EXPECT_FALSE(fault) << each.history_path() << ':' << fault->line << ": " << fault->sentence;
    }
    EXPECT_EQ(node_.stop(), 0) << node_.log();
    add_stored(seen_, output_of({"inspect", "--json", "--data", node_.data()}));
  }

  const std::uint64_t seed_ = number_from("FRONTDESK_SEED", std::random_device{}());
  const std::uint64_t kills_ = number_from("FRONTDESK_KILLS", kills_default);
  std::mt19937_64 random_{seed_};
  temp_folder folder_;
  node_process node_;
  socket_loop loop_;
  checker::history seen_;
  std::deque<connected_device> ours_;
  std::deque<second_client> theirs_;
  std::uint64_t links_count_ = 0;
  std::uint64_t changes_count_ = 0;

 private:
  void keep_alive() {
    for (connected_device& each : ours_) {
      each.keep_alive({node_.port()});
    }
  }

  void talk() {
    keep_alive();
    for (connected_device& each : ours_) {
      client::desk_client& client = each.client();
      if (!client.is_online() || client.pending_count() >= posts_pending_max) continue;
      if (client.who().is_agent && accepting_since_ != each.connections_count()) {
        accepting_since_ = each.connections_count();
        client.set_status("accepting", 10);
      }
      const std::string where = where_to_talk(client);
      const bool is_begun = !where.empty() && where != client.current_conversation();
      if (where.empty() || (!is_begun && client.pending_count() > 0)) continue;
      client.post(where, fmt::format("text {} of seed {}", ++texts_count_, seed_),
                  client.who().is_agent && random_() % 8 == 0, loop_.now());
    }
  }

  std::string where_to_talk(const client::desk_client& client) {
    std::vector<std::string> open;
    for (const auto& [id, at] : client.conversations()) {
      const bool is_hers = at.status == "assigned" && at.assignee == client.who().person;
      const bool is_his = at.status != "closed" && at.visible.position > 0;
      if (client.who().is_agent ? is_hers : is_his) open.push_back(id);
    }
    if (!open.empty()) return open[random_() % open.size()];
    return client.who().is_agent ? std::string{} : client.current_conversation();
  }

  bool has_everybody_everything() {
    heads at;
    bool is_idle = true;
    const auto know = [&at](const std::string& id, std::uint64_t visible, std::uint64_t internal) {
      at[id] = {std::max(at[id].first, visible), std::max(at[id].second, internal)};
    };
    for (const connected_device& each : ours_) {
      is_idle = is_idle && each.client().is_online() && each.client().pending_count() == 0;
      for (const auto& [id, one] : each.client().conversations()) {
        know(id, one.visible.head, one.internal.head);
      }
    }
    for (second_client& each : theirs_) {
      const second_client::report& now = each.ask();
      is_idle = is_idle && now.is_online && now.waiting_count == 0;
      for (const auto& [id, tracks] : now.at) {
        know(id, tracks.first.head, tracks.second.head);
      }
    }
    return is_idle && have_ours(at) && have_theirs(at);
  }

  bool have_ours(const heads& all) const {
    return std::ranges::all_of(ours_, [&](const connected_device& each) {
      return std::ranges::all_of(each.client().conversations(), [&](const auto& one) {
        const auto& [visible, internal] = all.at(one.first);
        const bool has_notes = one.second.internal.position == internal;
        return !one.second.subscribed || (one.second.visible.position == visible &&
                                          (has_notes || !each.client().who().is_agent));
      });
    });
  }

  bool have_theirs(const heads& all) {
    return std::ranges::all_of(theirs_, [&](second_client& each) {
      const auto& followed = each.ask().at;
      return std::ranges::all_of(followed, [&](const auto& one) {
        const auto& [visible, internal] = one.second;
        return visible.position == all.at(one.first).first && internal.position == internal.head;
      });
    });
  }

  unsigned accepting_since_ = 0;
  std::uint64_t texts_count_ = 0;
};

TEST_F(SecondClient, ChatsThroughKillsAndLosesDoublesAndReordersNothing) {
  SCOPED_TRACE(fmt::format("FRONTDESK_SEED={} FRONTDESK_KILLS={}", seed_, kills_));

  tell("talk");
  ASSERT_TRUE(are_all_back()) << node_.log();
  for (std::uint64_t i = 0; i < kills_; ++i) {
    live(milliseconds{200 + random_() % 400});
    kill();
    node_.start();
    tell_where();
    ASSERT_TRUE(are_all_back()) << node_.log();
  }
  EXPECT_TRUE(comes_to_rest()) << node_.log();
  gathers();

  const checker::report found = checker::check(seen_);
  EXPECT_TRUE(found.is_clean()) << found.text();
  EXPECT_GT(found.seen.acked, kills_ * 10);
  EXPECT_GT(changes_count_, 0U);
  EXPECT_GE(links_count_, 3 * (kills_ + 1));
  fmt::print("seed {}: {} kills, {} edits and deletions of the second client, {}\n", seed_, kills_,
             changes_count_, found.summary());
}

}  // namespace
}  // namespace frontdesk::process
