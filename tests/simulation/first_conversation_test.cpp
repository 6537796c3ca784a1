#include "tests/client/desk_client.hpp"
#include "tests/simulation/simulated_node.hpp"

#include <gtest/gtest.h>

namespace frontdesk::simulation {
namespace {

using namespace std::chrono_literals;
using client::desk_client;

/// One person's client on a steady link.
struct seat {
  simulated_node& node;
  desk_client client;
  std::shared_ptr<simulated_link> link;

  seat(simulated_node& at, checker::history& seen, client::setup who)
      : node(at), client(std::move(who), seen) {}

  void connects() {
    link_end end;
    end.spoken = client.who().spoken;
    end.on_frame = [this](std::string_view text) { client.received(text, node.plan().now_ms()); };
    end.on_closed = [this] { client.closed(); };
    link = node.connect(std::move(end), {});
    client.opened([this](std::string frame) { link->send_up(std::move(frame)); },
                  node.plan().now_ms());
    node.pass(1s);
  }
  void says(std::string text) {
    ASSERT_TRUE(
        client.post(client.current_conversation(), std::move(text), false, node.plan().now_ms()));
    node.pass(1s);
  }
};

client::setup visitor(unsigned number, encoding spoken = encoding::json) {
  client::setup who{false, to_text(person_id{person_kind::visitor, number}),
                    to_text(device_id{1, number}),
                    to_text(person_id{person_kind::visitor, number})};
  who.spoken = spoken;
  return who;
}

client::setup agent_of(unsigned number) {
  return {true, to_text(person_id{person_kind::agent, number}), to_text(device_id{2, number}),
          to_text(person_id{person_kind::agent, number})};
}

class FirstConversation : public testing::TestWithParam<encoding> {};

TEST_P(FirstConversation, IsAssignedAndAnswered) {
  simulated_node node{{}};
  node.start();
  checker::history seen;
  seat mia{node, seen, agent_of(1)};
  mia.connects();
  mia.client.set_status("accepting", 2);
  node.pass(1s);
  seat vera{node, seen, visitor(1, GetParam())};
  vera.connects();

  vera.says("Where is my parcel?");
  mia.says("On its way.");

  const auto& hers = vera.client.conversations().begin()->second;
  const std::vector<std::string> expected{
      "*opened", "visitor:0000000000000001> Where is my parcel?", "*queued", "*assigned",
      "agent:0000000000000001> On its way."};
  EXPECT_EQ(hers.shown, expected);
  EXPECT_EQ(mia.client.conversations().begin()->second.shown, expected);
  EXPECT_EQ(hers.assignee, "agent:0000000000000001");
  EXPECT_EQ(vera.client.pending_count(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Each, FirstConversation,
                         testing::Values(encoding::json, encoding::protobuf));

}  // namespace
}  // namespace frontdesk::simulation
