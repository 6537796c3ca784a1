#include "tests/checker/checker.hpp"
#include "tests/process/connected_device.hpp"
#include "tests/process/node_process.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace frontdesk::process {
namespace {

using std::chrono::milliseconds;
using devices = std::deque<connected_device>;

constexpr unsigned kills_default = 100;
constexpr unsigned visitors_count = 4;
constexpr std::size_t posts_pending_max = 6;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

/// A desk whose node is killed again and again while everybody talks as fast as they may.
class KilledNode : public testing::Test {
 protected:
  KilledNode() : node_(folder_.path("data")) {
    furnish(node_.data());
    node_.start();
    const place door{node_.port()};
    // Half of them have no WebSocket.
    constexpr networks reached[] = {networks::websocket, networks::poll, networks::stream,
                                    networks::websocket};
    for (unsigned i = 1; i <= visitors_count; ++i) {
      const signed_in visitor = new_visitor(door, furniture::widget_key);
      const networks by = reached[i % std::size(reached)];
      const client::setup who = visitor_setup(visitor, device_name(i));
      people_.emplace_back(loop_, seen_, by == networks::websocket ? in_turns(who, i) : who,
                           client::listener{}, by);
    }
    for (const std::string& email : furniture{}.agents) {
      const signed_in agent = sign_in(door, email, furniture::password);
      people_.emplace_back(loop_, seen_, agent_setup(agent, device_name(100 + people_.size())),
                           client::listener{},
                           people_.size() % 2 == 0 ? networks::stream : networks::websocket);
    }
  }

  /// Every visitor is with an agent.
  bool opens() {
    return loop_.turn_until(
        [this] {
          everybody_talks();
          std::size_t conversations_count = 0;
          for (const connected_device& each : people_) {
            conversations_count += hers(each.client()).size();
          }
          return conversations_count == visitors_count;
        },
        patience);
  }

  /// Everybody talks until the node's hour has come.
  void live(milliseconds life) {
    const std::int64_t end = loop_.now() + life.count();
    while (loop_.now() < end) {
      everybody_talks();
      loop_.turn(milliseconds{1});
    }
  }

  void kill() {
    node_.kill();
    // What the node had sent before its end counts: an ack is an ack.
    EXPECT_TRUE(loop_.turn_until(
        [this] {
          for (connected_device& each : people_) {
            each.keep_alive({});
          }
          return std::ranges::all_of(people_, [](const auto& each) { return each.is_cut(); });
        },
        patience));
    for (connected_device& each : people_) {
      each.cut();
    }
  }

  /// Nobody says anything new, until everybody has their answers and everything that was said.
  bool comes_to_rest() {
    std::int64_t restless_at = loop_.now();
    return loop_.turn_until(
        [&] {
          keep_all_alive();
          if (!has_everybody_everything()) restless_at = loop_.now();
          return loop_.now() - restless_at > 1000;
        },
        patience);
  }

  void reads_the_log() {
    for (connected_device& each : people_) {
      each.client().declare_caught_up(loop_.now());
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
  devices people_;

 private:
  void keep_all_alive() {
    for (connected_device& each : people_) {
      each.keep_alive({node_.port()});
    }
  }

  void everybody_talks() {
    keep_all_alive();
    for (connected_device& each : people_) {
      if (each.client().is_online()) talk(each);
    }
  }

  void talk(connected_device& who) {
    client::desk_client& client = who.client();
    if (client.pending_count() >= posts_pending_max) return;
    const std::string text = fmt::format("text {} of seed {}", ++texts_count_, seed_);
    if (!client.who().is_agent) {
      const std::string where = where_to_talk(client);
      // A refused opening gives its number to another text: not while others are on their way.
      const bool may_follow = has_begun(client, where) || client.pending_count() == 0;
      if (may_follow) client.post(where, text, false, loop_.now());
      return;
    }
    if (accepting_since_[&who] != who.connections_count()) {
      accepting_since_[&who] = who.connections_count();
      client.set_status("accepting", 10);
    }
    const std::vector<std::string> mine = hers(client);
    if (mine.empty()) return;
    const std::string where = mine[random_() % mine.size()];
    if (random_() % 100 == 0) {
      client.close(where);
    } else {
      client.post(where, text, random_() % 8 == 0, loop_.now());
    }
  }

  static bool has_begun(const client::desk_client& client, const std::string& id) {
    const auto at = client.conversations().find(id);
    return at != client.conversations().end() && at->second.visible.position > 0;
  }

  /// The conversation that is open, or the one that the next post opens.
  static std::string where_to_talk(const client::desk_client& client) {
    for (const auto& [id, at] : client.conversations()) {
      if (has_begun(client, id) && at.status != "closed") return id;
    }
    return client.current_conversation();
  }

  static std::vector<std::string> hers(const client::desk_client& client) {
    std::vector<std::string> ids;
    for (const auto& [id, at] : client.conversations()) {
      if (at.assignee == client.who().person && at.status == "assigned") ids.push_back(id);
    }
    return client.who().is_agent ? ids : std::vector<std::string>{};
  }

  bool has_everybody_everything() const {
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> heads;
    for (const connected_device& each : people_) {
      if (!each.client().is_online() || each.client().pending_count() > 0) return false;
      for (const auto& [id, at] : each.client().conversations()) {
        auto& [visible, internal] = heads[id];
        visible = std::max(visible, at.visible.head);
        internal = std::max(internal, at.internal.head);
      }
    }
    return std::ranges::all_of(people_, [&](const connected_device& each) {
      return std::ranges::all_of(each.client().conversations(), [&](const auto& one) {
        const auto& [visible, internal] = heads[one.first];
        const auto& at = one.second;
        return !at.subscribed ||
               (at.visible.position == visible &&
                (at.internal.position == internal || !each.client().who().is_agent));
      });
    });
  }

  std::map<const connected_device*, unsigned> accepting_since_;
  std::uint64_t texts_count_ = 0;
};

TEST_F(KilledNode, LosesAndDoublesNothingThatItAcknowledged) {
  SCOPED_TRACE(fmt::format("FRONTDESK_SEED={} FRONTDESK_KILLS={}", seed_, kills_));

  ASSERT_TRUE(opens()) << node_.log();
  for (std::uint64_t i = 0; i < kills_; ++i) {
    live(milliseconds{30 + random_() % 271});
    kill();
    node_.start();
  }
  EXPECT_TRUE(comes_to_rest()) << node_.log();
  reads_the_log();

  const checker::report found = checker::check(seen_);
  EXPECT_TRUE(found.is_clean()) << found.text();
  EXPECT_GT(found.seen.acked, kills_ * 10);
  EXPECT_GE(found.seen.stored, found.seen.acked);
  fmt::print("seed {}: {} kills, {}\n", seed_, kills_, found.summary());
}

}  // namespace
}  // namespace frontdesk::process
