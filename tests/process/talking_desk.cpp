#include "tests/process/talking_desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace frontdesk::process {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t posts_pending_max = 6;

bool has_begun(const client::desk_client& client, const std::string& id) {
  const auto at = client.conversations().find(id);
  return at != client.conversations().end() && at->second.visible.position > 0;
}

/// The conversation that is open, or the one that the next post opens.
std::string where_to_talk(const client::desk_client& client) {
  for (const auto& [id, at] : client.conversations()) {
    if (has_begun(client, id) && at.status != "closed") return id;
  }
  return client.current_conversation();
}

std::vector<std::string> hers(const client::desk_client& client) {
  std::vector<std::string> ids;
  for (const auto& [id, at] : client.conversations()) {
    if (at.assignee == client.who().person && at.status == "assigned") ids.push_back(id);
  }
  return client.who().is_agent ? ids : std::vector<std::string>{};
}

}  // namespace

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

talking_desk::talking_desk(const place& node, setup how)
    : random_(how.seed), seed_(how.seed), door_(node) {
  constexpr networks reached[] = {networks::websocket, networks::poll, networks::stream,
                                  networks::websocket};
  const auto joins = [&](client::setup who) {
    who.silence_max = how.silence_max;
    const auto by = how.has_plain ? reached[people_.size() % std::size(reached)] : reached[0];
    if (by == networks::websocket) who = in_turns(std::move(who), people_.size());
    people_.emplace_back(loop_, seen_, std::move(who), client::listener{}, by);
  };
  for (unsigned i = 0; i < how.visitors_count; ++i) {
    joins(visitor_setup(new_visitor(node, how.widget_key), device_name(i + 1)));
  }
  for (const std::string& email : how.agents) {
    const signed_in agent = sign_in(node, email, furniture::password);
    joins(agent_setup(agent, device_name(100 + people_.size())));
  }
}

void talking_desk::comes_to(const place& door) {
  door_ = door;
  for (connected_device& each : people_)
    each.cut();
}

bool talking_desk::opens() {
  return talks_until([this] {
    return std::ranges::all_of(people_, [](const connected_device& each) {
      const auto& all = each.client().conversations();
      return each.client().who().is_agent ||
             std::ranges::any_of(all, [](const auto& one) { return !one.second.assignee.empty(); });
    });
  });
}

void talking_desk::talks_for(milliseconds time) {
  const std::int64_t end = loop_.now() + time.count();
  while (loop_.now() < end) {
    everybody_talks();
    loop_.turn(milliseconds{1});
  }
}

bool talking_desk::talks_until(const std::function<bool()>& it_is_so) {
  return loop_.turn_until(
      [&] {
        everybody_talks();
        return it_is_so();
      },
      patience);
}

bool talking_desk::hears_the_end() {
  return loop_.turn_until(
      [this] {
        for (connected_device& each : people_) {
          each.keep_alive({});
        }
        return std::ranges::all_of(people_, [](const auto& each) { return each.is_cut(); });
      },
      patience);
}

bool talking_desk::comes_to_rest() {
  std::int64_t restless_at = loop_.now();
  return loop_.turn_until(
      [&] {
        keep_all_alive();
        if (!has_everybody_everything()) restless_at = loop_.now();
        return loop_.now() - restless_at > 1000;
      },
      patience);
}

checker::report talking_desk::judged(const std::string& data) {
  for (connected_device& each : people_) {
    each.client().declare_caught_up(loop_.now());
  }
  add_stored(seen_, output_of({"inspect", "--json", "--data", data}));
  return checker::check(seen_);
}

std::size_t talking_desk::connections_count() const {
  std::size_t count = 0;
  for (const connected_device& each : people_)
    count += each.connections_count();
  return count;
}

std::uint64_t talking_desk::faults_count(const std::string& code) const {
  std::uint64_t count = 0;
  for (const connected_device& each : people_)
    count += each.client().faults_count(code);
  return count;
}

std::size_t talking_desk::leans_count() const {
  std::size_t count = 0;
  for (const connected_device& each : people_)
    count += each.client().leans_count();
  return count;
}

std::string talking_desk::complaint() const {
  std::string all = fmt::format("seed {}, at {}:\n", seed_, loop_.now());
  for (const connected_device& each : people_) {
    const client::desk_client& client = each.client();
    all += fmt::format("{}: {} links, {}, {} unanswered", client.who().person,
                       each.connections_count(), client.is_online() ? "online" : "offline",
                       client.pending_count());
    for (const auto& [id, at] : client.conversations()) {
      all +=
          fmt::format("; {} {} {}/{} {}/{}{}", id, at.status, at.visible.position, at.visible.head,
                      at.internal.position, at.internal.head, at.subscribed ? "" : " not followed");
    }
    all += '\n';
  }
  return all;
}

void talking_desk::keep_all_alive() {
  for (connected_device& each : people_) {
    each.keep_alive(door_);
  }
}

void talking_desk::everybody_talks() {
  keep_all_alive();
  for (connected_device& each : people_) {
    if (each.client().is_online()) talk(each);
  }
}

void talking_desk::talk(connected_device& who) {
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

bool talking_desk::has_everybody_everything() const {
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

}  // namespace frontdesk::process
