#include "bench/staff.hpp"

#include "model/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace frontdesk::bench {

namespace {

unsigned parts(unsigned of, unsigned each) {
  return (of + each - 1) / each;
}

}  // namespace

staff::staff(stage& at, witness& hears) : at_(at), hears_(hears) {}

void staff::come(const shape& wanted) {
  const std::vector<std::string> tokens = at_.people.agent_tokens(wanted.agents);
  const auto agents = static_cast<unsigned>(tokens.size());
  const unsigned whole = parts(wanted.conversations, std::max(agents, 1U));
  const unsigned each = wanted.capacity > 0 ? std::min(whole, wanted.capacity) : whole;
  const unsigned devices = parts(each, wanted.conversations_each_device);
  if (agents == 0 || each > limits::agent_capacity_max ||
      devices > limits::connections_per_agent_max) {
    throw cannot_measure(fmt::format(
        "{} agents cannot have {} conversations here: an agent has {} at most, on {} devices with "
        "{} each.",
        agents, wanted.conversations, limits::agent_capacity_max, limits::connections_per_agent_max,
        wanted.conversations_each_device));
  }
  capacity_ = wanted.capacity > 0 ? wanted.capacity : each;
  for (const std::string& token : tokens) {
    for (unsigned i = 0; i < devices; ++i)
      devices_.push_back(&at_.add_device(token, *this));
  }
  for (device* const one : devices_)
    one->come();
  at_.expect("agents at their desks",
             [this] { return std::ranges::all_of(devices_, &device::is_ready); });
}

void staff::on_ready(device& who) {
  std::vector<device*>& desk = desks_[who.person()];
  if (std::ranges::find(desk, &who) == desk.end()) desk.push_back(&who);
  who.accept(capacity_);
  hears_.on_ready(who);
}

device* staff::follow(conversation_id id, person_id agent) {
  if (device* const known = who_follows(id); known != nullptr && known->person() == agent) {
    return known;
  }
  const auto desk = desks_.find(agent);
  if (desk == desks_.end()) return nullptr;
  const auto fewest = std::ranges::min_element(
      desk->second, {}, [](const device* each) { return each->talks().size(); });
  follows_[id] = *fewest;
  (*fewest)->follow(id);
  return *fewest;
}

device* staff::who_follows(conversation_id id) const {
  const auto found = follows_.find(id);
  return found == follows_.end() ? nullptr : found->second;
}

/// What an earlier run has left in the queue would fill the desks.
void staff::on_items(device& who, const std::vector<heard_summary>& items) {
  for (const heard_summary& each : items) {
    const bool is_mine = each.assignee == who.person() && desks_[who.person()].front() == &who;
    const bool is_open = each.status != conversation_status::closed;
    if (at_.wished.owns_agents && is_mine && is_open && !at_.is_ours(each.conversation)) {
      who.close(each.conversation);
    }
  }
}

void staff::on_event(device& who, const heard_event& what) {
  hears_.on_event(who, what);
}

void staff::on_answer(device& who, const heard& what) {
  hears_.on_answer(who, what);
}

}  // namespace frontdesk::bench
