#include "model/assignment.hpp"

namespace frontdesk {

std::optional<assignment::candidate> assignment::candidate_of(const agent_state& agent) const {
  const agent_load& at = agent.reported;
  const std::uint32_t load = at.load + agent.offered;
  if (!at.present || !at.accepting || agent.declined || load >= at.capacity) {
    return std::nullopt;
  }
  return candidate{load, agent.last_turn, at.agent};
}

void assignment::update(person_id id, const agent_state& changed) {
  agent_state& agent = agents_[id];
  if (const auto before = candidate_of(agent)) {
    candidates_.erase(*before);
  }
  agent = changed;
  if (const auto after = candidate_of(agent)) {
    candidates_.insert(*after);
  }
}

void assignment::agent_is(const agent_load& report) {
  agent_state changed = agents_[report.agent];
  changed.reported = report;
  changed.declined = false;
  update(report.agent, changed);
}

void assignment::forget(person_id id) {
  update(id, agent_state{});
  agents_.erase(id);
}

void assignment::enqueue(conversation_id conversation, const waiting& how) {
  const place at{!how.vip, !how.returned, how.since, conversation};
  const auto known = places_.find(conversation);
  if (known != places_.end()) {
    if (known->second == at) {
      return;
    }
    order_.erase(known->second);
    free_.erase(known->second);
  }
  places_[conversation] = at;
  order_.insert(at);
  if (!offers_.contains(conversation)) {
    free_.insert(at);
  }
}

void assignment::dequeue(conversation_id conversation) {
  const auto known = places_.find(conversation);
  if (known == places_.end()) {
    return;
  }
  order_.erase(known->second);
  free_.erase(known->second);
  places_.erase(known);
}

std::vector<reservation> assignment::next(std::size_t most) {
  std::vector<reservation> chosen;
  while (chosen.size() < most && !free_.empty() && !candidates_.empty()) {
    const conversation_id conversation = free_.begin()->conversation;
    free_.erase(free_.begin());
    const person_id who = candidates_.begin()->agent;
    agent_state changed = agents_[who];
    ++changed.offered;
    changed.last_turn = ++turns_;
    update(who, changed);
    offers_[conversation] = who;
    chosen.push_back({conversation, who});
  }
  return chosen;
}

void assignment::end_offer(conversation_id conversation, bool declined) {
  const auto offer = offers_.find(conversation);
  if (offer == offers_.end()) {
    return;
  }
  const person_id who = offer->second;
  offers_.erase(offer);
  if (const auto agent = agents_.find(who); agent != agents_.end()) {
    agent_state changed = agent->second;
    changed.offered -= changed.offered > 0 ? 1 : 0;
    changed.declined = changed.declined || declined;
    update(who, changed);
  }
  if (const auto known = places_.find(conversation); known != places_.end()) {
    free_.insert(known->second);
  }
}

void assignment::declined(conversation_id conversation) {
  end_offer(conversation, true);
}

void assignment::settled(conversation_id conversation) {
  end_offer(conversation, false);
}

bool assignment::is_queued(conversation_id conversation) const {
  return places_.contains(conversation);
}

std::optional<timestamp> assignment::waits_since() const {
  // Within each part of the queue the first waits longest; of the parts, the last one's perhaps.
  std::optional<timestamp> longest;
  for (const bool is_normal : {false, true}) {
    for (const bool behind : {false, true}) {
      const auto first = order_.lower_bound(place{is_normal, behind, {}, {}});
      if (first != order_.end()) longest = std::min(longest.value_or(first->since), first->since);
    }
  }
  return longest;
}

std::vector<conversation_id> assignment::queue() const {
  std::vector<conversation_id> waiting;
  waiting.reserve(order_.size());
  for (const place& at : order_) {
    waiting.push_back(at.conversation);
  }
  return waiting;
}

}  // namespace frontdesk
