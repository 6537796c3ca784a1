#include "tests/process/corpus_player.hpp"

#include "tests/process/node_process.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace frontdesk::process {

namespace json = boost::json;

namespace {

constexpr std::uint64_t devices_per_agent = 8;
constexpr int capacity_max = 100;
/// A turn that has not come to the other side after this is asked for again: the node limits how
/// often a connection may subscribe.
constexpr std::int64_t look_again_after = 2000;

/// How many messages a device shows in this conversation.
std::size_t messages_shown(const client::desk_client& by, const std::string& conversation) {
  const auto at = by.conversations().find(conversation);
  if (at == by.conversations().end()) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(
      at->second.shown, [](const std::string& line) { return !line.starts_with('*'); }));
}

bool is_closed_for(const client::desk_client& who, const std::string& conversation) {
  const auto at = who.conversations().find(conversation);
  return at != who.conversations().end() && at->second.status == "closed";
}

}  // namespace

std::vector<dialogue> dialogues_of(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + " cannot be read");
  std::vector<dialogue> all;
  for (std::string line; std::getline(file, line);) {
    const json::value read = json::parse(line);
    dialogue one{std::string(read.at("id").as_string()), {}};
    for (const json::value& each : read.at("turns").as_array()) {
      const bool is_agents = each.at("by").as_string() == "agent";
      if (one.turns.empty() && is_agents) one.turns.push_back({false, "…"});
      one.turns.push_back({is_agents, std::string(each.at("text").as_string())});
    }
    all.push_back(std::move(one));
  }
  return all;
}

/// One dialogue that is being played.
struct corpus_player::scene {
  const dialogue* play = nullptr;
  place from;
  std::unique_ptr<connected_device> visitor;
  std::string conversation;
  /// The device that speaks for the agent; none before the assignment.
  connected_device* agent = nullptr;
  std::size_t said_count = 0;
  std::int64_t moved_at = 0;
  bool is_closing = false;
  bool is_over = false;
};

corpus_player::corpus_player(const place& to, checker::history& seen,
                             const std::vector<signed_in>& agents)
    : to_(to), seen_(seen) {
  for (const signed_in& who : agents) {
    for (std::uint64_t i = 0; i < devices_per_agent; ++i) {
      agents_.emplace_back(loop_, seen_,
                           in_turns(agent_setup(who, device_name(agents_.size() + 1)), i));
    }
  }
}

corpus_player::~corpus_player() = default;

bool corpus_player::play(const std::vector<dialogue>& all, std::size_t at_a_time) {
  if (!open_desk()) return false;
  auto next = all.begin();
  moved_at_ = loop_.now();
  while (next != all.end() || !scenes_.empty()) {
    if (next != all.end() && scenes_.size() < at_a_time) begin(*next++);
    keep_all_alive();
    for (scene& each : scenes_)
      advance(each);
    std::erase_if(scenes_, [](const scene& each) { return each.is_over; });
    loop_.turn(std::chrono::milliseconds{1});
    if (loop_.now() - moved_at_ > std::chrono::milliseconds{patience}.count()) return false;
  }
  return true;
}

/// All agents are there and accept.
bool corpus_player::open_desk() {
  const bool are_there = loop_.turn_until(
      [this] {
        keep_all_alive();
        return std::ranges::all_of(agents_, [](auto& a) { return a.client().is_online(); });
      },
      patience);
  for (connected_device& each : agents_) {
    each.client().set_status("accepting", capacity_max);
  }
  return are_there;
}

void corpus_player::begin(const dialogue& what) {
  scene& made = scenes_.emplace_back();
  made.play = &what;
  made.from = {to_.port, ++begun_count_, to_.speaks_tls};
  made.moved_at = loop_.now();
  const signed_in visitor = new_visitor(made.from, furniture::widget_key);
  made.visitor = std::make_unique<connected_device>(
      loop_, seen_,
      in_turns(visitor_setup(visitor, device_name(1'000'000 + begun_count_)), begun_count_ / 2));
}

void corpus_player::keep_all_alive() {
  for (connected_device& each : agents_)
    each.keep_alive(to_);
  for (scene& each : scenes_)
    each.visitor->keep_alive(each.from);
}

void corpus_player::advance(scene& at) {
  client::desk_client& visitor = at.visitor->client();
  if (!visitor.is_online()) return;
  if (at.said_count == 0) {
    at.conversation = visitor.current_conversation();
    if (!at.conversation.empty()) say_next(at);
    return;
  }
  if (at.agent == nullptr) find_agent(at);
  if (at.agent == nullptr) return;
  client::desk_client& agent = at.agent->client();
  if (is_closed_for(visitor, at.conversation) && is_closed_for(agent, at.conversation)) {
    end(at);
  } else if (at.is_closing || !has_both_all_of(at)) {
    if (loop_.now() - at.moved_at < look_again_after) return;
    at.moved_at = loop_.now();
    agent.follow(at.conversation);
    if (at.is_closing) agent.close(at.conversation);
  } else if (at.said_count < at.play->turns.size()) {
    say_next(at);
  } else {
    at.is_closing = true;
    at.moved_at = loop_.now();
    agent.close(at.conversation);
  }
}

/// Of the agent's devices, another one for each conversation.
void corpus_player::find_agent(scene& at) {
  std::vector<connected_device*> hers;
  for (connected_device& each : agents_) {
    const auto& known = each.client().conversations();
    const auto found = known.find(at.conversation);
    if (found != known.end() && found->second.assignee == each.client().who().person) {
      hers.push_back(&each);
    }
  }
  if (!hers.empty()) at.agent = hers[begun_count_ % hers.size()];
}

bool corpus_player::has_both_all_of(const scene& at) const {
  return messages_shown(at.visitor->client(), at.conversation) == at.said_count &&
         messages_shown(at.agent->client(), at.conversation) == at.said_count;
}

void corpus_player::say_next(scene& at) {
  const turn& next = at.play->turns[at.said_count++];
  client::desk_client& speaker = next.is_agents ? at.agent->client() : at.visitor->client();
  speaker.post(at.conversation, next.text, false, loop_.now());
  at.moved_at = moved_at_ = loop_.now();
}

void corpus_player::end(scene& at) {
  at.is_over = true;
  conversations_[at.play->id] = at.conversation;
  at.visitor->client().declare_caught_up(loop_.now());
  // A connection follows a bounded number of conversations.
  for (connected_device& each : agents_)
    each.leave(at.conversation);
}

std::string corpus_player::complaint() const {
  std::string text;
  for (const scene& each : scenes_) {
    text += fmt::format("{} stands still after {} of {} turns, {}\n", each.play->id,
                        each.said_count, each.play->turns.size(),
                        each.agent == nullptr ? "without an agent" : "with an agent");
  }
  return text;
}

}  // namespace frontdesk::process
