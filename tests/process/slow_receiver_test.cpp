#include "model/limits.hpp"
#include "tests/process/connected_device.hpp"
#include "tests/process/fault_proxy.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/talking_desk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>

namespace frontdesk::process {
namespace {

/// As many as an agent may say at once; together three times what a device is sent unreceived.
constexpr std::size_t texts_count = 50;
constexpr std::size_t text_bytes = 30'000;
static_assert(texts_count * text_bytes > 2 * limits::unreceived_bytes_max);
static_assert(static_cast<double>(texts_count) < limits::posts_burst_agent);

/// A visitor with two devices, of which one is behind a link of one byte a second, and her agent.
class SlowReceiver : public testing::Test {
 protected:
  SlowReceiver() {
    furnish(node_.data());
    node_.start();
    proxy_.leads_to(node_.port());
    const signed_in visitor = new_visitor(door(), furniture::widget_key);
    const signed_in agent = sign_in(door(), furniture{}.agents[0], furniture::password);
    people_.emplace_back(loop_, seen_, agent_setup(agent, device_name(9)));
    people_.emplace_back(loop_, seen_, visitor_setup(visitor, device_name(1)));
    people_.emplace_back(loop_, seen_, visitor_setup(visitor, device_name(2)));
  }

  place door() const { return {node_.port()}; }

  bool comes_that(const std::function<bool()>& it_is_so) {
    return loop_.turn_until(
        [&] {
          fast_.keep_alive(door());
          agent_.keep_alive(door());
          if (is_slow_tended_) slow_.keep_alive({proxy_.port()});
          return it_is_so();
        },
        patience);
  }

  const client::track_state& track_of(const connected_device& whose) const {
    static const client::track_state none;
    const auto& all = whose.client().conversations();
    const auto at = all.find(conversation_);
    return at == all.end() ? none : at->second.visible;
  }

  /// The visitor asks, the agent has the conversation, both devices have all of it.
  void begins() {
    ASSERT_TRUE(comes_that([&] {
      return fast_.client().is_online() && !fast_.client().current_conversation().empty();
    }));
    conversation_ = fast_.client().current_conversation();
    fast_.client().post(conversation_, "where is my parcel?", false, loop_.now());
    ASSERT_TRUE(comes_that([&] { return agent_.client().is_online(); }));
    agent_.client().set_status("accepting", 5);
    ASSERT_TRUE(comes_that([&] {
      return track_of(agent_).position > 1 && track_of(slow_).position > 1 &&
             track_of(slow_).position == track_of(agent_).position;
    }));
  }

  void agent_says_it_all() {
    for (std::size_t i = 0; i < texts_count; ++i)
      agent_.client().post(conversation_, std::string(text_bytes, 'x'), false, loop_.now());
  }

  temp_folder folder_;
  node_process node_{folder_.path("data")};
  // The kernel's buffers are small, so that what waits waits in the node.
  fault_proxy proxy_{[](std::size_t) { return link_plan{{}, {}, link_end::never, {}, 4096}; }};
  socket_loop loop_;
  checker::history seen_;
  std::deque<connected_device> people_;
  connected_device& agent_{people_[0]};
  connected_device& fast_{people_[1]};
  connected_device& slow_{people_[2]};
  bool is_slow_tended_ = true;
  std::string conversation_;
};

TEST_F(SlowReceiver, DelaysNobodyElseAndCostsABoundedAmount) {
  ASSERT_NO_FATAL_FAILURE(begins());
  const std::size_t before = proxy_.bytes_down(0);
  proxy_.slows_down(1);
  is_slow_tended_ = false;

  const std::int64_t began_at = loop_.now();
  agent_says_it_all();
  ASSERT_TRUE(comes_that([&] {
    return track_of(fast_).position >= texts_count && agent_.client().pending_count() == 0;
  }));
  const std::int64_t took = loop_.now() - began_at;
  const std::size_t trickled = proxy_.bytes_down(0) - before;
  EXPECT_LE(trickled, static_cast<std::size_t>(took / 1000 + 2));
  EXPECT_LT(trickled, text_bytes) << "the slow one has not one text, the others have them all";

  // All that was kept for the slow device comes now; it does not say that it has received any.
  proxy_.hurries();
  std::int64_t moved_at = loop_.now();
  std::size_t brought = proxy_.bytes_down(0);
  ASSERT_TRUE(comes_that([&] {
    if (std::exchange(brought, proxy_.bytes_down(0)) != brought) moved_at = loop_.now();
    return brought > before + text_bytes && loop_.now() - moved_at > 500;
  }));
  brought -= before;
  EXPECT_GT(brought, text_bytes);
  EXPECT_LE(brought, limits::unreceived_bytes_max + limits::outbound_bytes_max);

  // And it goes on when it says so.
  is_slow_tended_ = true;
  EXPECT_TRUE(comes_that([&] { return track_of(slow_).position == track_of(fast_).position; }));
  EXPECT_EQ(slow_.connections_count(), 1U);
  fmt::print(
      "{} texts of {} bytes were with the others after {} ms, when the slow one had {} bytes; "
      "{} bytes were kept for it\n",
      texts_count, text_bytes, took, trickled, brought);
}

TEST_F(SlowReceiver, IsClosedWhenItStandsStillForTooLong) {
  if (number_from("FRONTDESK_STALL", 0) == 0) {
    GTEST_SKIP() << "FRONTDESK_STALL=1 waits for " << limits::write_stall_max.count() / 1000
                 << " s";
  }
  ASSERT_NO_FATAL_FAILURE(begins());
  proxy_.slows_down(1);
  is_slow_tended_ = false;
  agent_says_it_all();
  ASSERT_TRUE(comes_that([&] { return track_of(fast_).position >= texts_count; }));
  EXPECT_FALSE(proxy_.is_given_up_by_node(0));
  EXPECT_TRUE(comes_that([&] { return proxy_.is_given_up_by_node(0); }));

  proxy_.hurries();
  is_slow_tended_ = true;
  EXPECT_TRUE(comes_that([&] { return track_of(slow_).position == track_of(fast_).position; }));
}

}  // namespace
}  // namespace frontdesk::process
