#include "storage/reader.hpp"
#include "tests/simulation/day_at_the_desk.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace frontdesk::simulation {

namespace {

constexpr tenant_id the_tenant{1};

/// The tracks as the checker names them.
checker::track_kind kind_of(track where) {
  return where == track::visible ? checker::track_kind::public_ : checker::track_kind::internal;
}

const client::conversation_state* known(const device& who, const std::string& id) {
  const auto at = who.client->conversations().find(id);
  return at == who.client->conversations().end() ? nullptr : &at->second;
}

}  // namespace

std::string day_outcome::text() const {
  return fmt::format("{}{}{}", report.text(), complaints.empty() ? "" : "\n",
                     fmt::join(complaints, "\n"));
}

void day_at_the_desk::judge() {
  judge_devices();
  read_store();
  judge_queue();
  judge_loads();
  outcome_.report = checker::check(seen_);
  outcome_.digest = node_.desk().schedule_digest();
}

void day_at_the_desk::judge_devices() {
  each_device([this](device& each) {
    const auto& who = each.client->who();
    if (!each.client->is_online()) complain(who.person + " cannot connect");
    if (each.client->pending_count() > 0) {
      complain(fmt::format("{} has {} posts without an answer", who.person,
                           each.client->pending_count()));
    }
    if (each.client->requests_open_count() > 0) {
      complain(fmt::format("{} has {} requests without an answer", who.person,
                           each.client->requests_open_count()));
    }
    if (each.client->leaks_count() > 0) complain(who.person + " was given internal events");
    each.client->declare_caught_up(now());
  });
}

void day_at_the_desk::read_store() {
  const reader stored{node_.rows()};
  (void)stored.each_conversation(the_tenant, [&](const head& at) {
    for (const track where : {track::visible, track::internal})
      read_track(stored, at, where);
    return true;
  });
}

void day_at_the_desk::read_track(const reader& stored, const head& at, track where) {
  const std::string id = to_text(at.conversation);
  std::vector<event> log;
  sequence after;
  while (after < at.last_of(where)) {
    const auto page = stored.read_page({the_tenant, at.conversation},
                                       {where, after, sequence{}, limits::page_events_max});
    if (!page || page->empty()) return complain("the log of " + id + " cannot be read");
    after = page->back().seq;
    log.insert(log.end(), page->begin(), page->end());
  }
  for (const event& each : log)
    note_stored(id, each);
  judge_deletions(id, log);
}

/// Of what was deleted no words are left, and of nothing else they are gone.
void day_at_the_desk::judge_deletions(const std::string& id, const std::vector<event>& log) {
  std::set<sequence> deleted;
  for (const event& each : log) {
    if (each.target && log.at(each.target.value - 1).author != each.author) {
      complain(fmt::format("{} seq {} was changed by another", id, each.target.value));
    }
    if (each.kind == event_kind::deleted && !deleted.insert(each.target).second) {
      complain(fmt::format("{} seq {} was deleted twice", id, each.target.value));
    }
  }
  for (const event& each : log) {
    const bool is_edit = each.kind == event_kind::edited;
    if (!is_edit && each.kind != event_kind::message) continue;
    const bool is_gone = deleted.contains(is_edit ? each.target : each.seq);
    if (is_gone != each.is_deleted || is_gone != each.text.empty()) {
      complain(fmt::format("{} seq {} has its words, or lacks them", id, each.seq.value));
    }
    if (!is_gone) continue;
    seen_.add(checker::message_deleted{
        seen_.conversation(id), kind_of(each.where), {each.seq.value}, {now()}});
  }
}

void day_at_the_desk::note_stored(const std::string& id, const event& each) {
  checker::event what;
  what.conversation = seen_.conversation(id);
  what.track = kind_of(each.where);
  what.seq = {each.seq.value};
  what.hash = checker::hash_of(client::body_of(name_of(each.kind), each.target.value, each.text));
  if (each.device) {
    const auto device = seen_.device(to_text(each.author), to_text(each.device));
    what.author = checker::authorship{device, {each.n.value}};
    // No client says the same twice.
    const bool is_new = each.text.empty() || stored_texts_.insert(each.text).second;
    if (!is_new) complain("stored twice: " + each.text);
  }
  seen_.add(checker::event_stored{what});
}

/// All agents accept a hundred now, so nobody may wait; and what concerns somebody is on all the
/// devices, to its last event.
void day_at_the_desk::judge_queue() {
  const auto lacks = [this](const device& who, const std::string& id, const head& at) {
    const auto* has = known(who, id);
    const bool is_whole =
        has != nullptr && has->visible.position == at.visible.value &&
        (!who.client->who().is_agent || has->internal.position == at.internal.value);
    if (!is_whole) complain(fmt::format("{} lacks the end of {}", who.client->who().device, id));
  };
  (void)reader{node_.rows()}.each_conversation(the_tenant, [&](const head& at) {
    const std::string id = to_text(at.conversation);
    const std::string visitor = to_text(at.visitor.person);
    const std::string agent = at.assignee.person ? to_text(at.assignee.person) : std::string{};
    if (at.status == conversation_status::queued) complain(id + " still waits");
    for (const device& each : visitors_) {
      const bool is_hers = each.client->who().person == visitor;
      if (is_hers) lacks(each, id, at);
      if (!is_hers && known(each, id) != nullptr) complain(id + " is seen by a stranger");
    }
    for (const device& each : agents_) {
      const bool is_hers = each.client->who().person == agent;
      const auto* has = known(each, id);
      if (is_hers) lacks(each, id, at);
      if ((has != nullptr && has->assignee == each.client->who().person) != is_hers) {
        complain(fmt::format("{} is with {}, but {} sees it otherwise", id, agent,
                             each.client->who().device));
      }
    }
    return true;
  });
}

/// Nobody waits while somebody could take it, with the agents as the day has left them: a wish that
/// was forgotten must not need another one to be remembered.
void day_at_the_desk::judge_free_agents() {
  bool is_somebody_free = false;
  for (const device& each : agents_) {
    const auto& own = each.client->own();
    is_somebody_free = is_somebody_free || (each.client->is_online() && own.status == "accepting" &&
                                            own.load < own.capacity);
  }
  if (!is_somebody_free) return;
  (void)reader{node_.rows()}.each_conversation(the_tenant, [&](const head& at) {
    if (at.status == conversation_status::queued) {
      complain(to_text(at.conversation) + " waits beside a free agent");
    }
    return true;
  });
}

/// A slot that is never freed is an agent that gets less and less.
void day_at_the_desk::judge_loads() {
  std::map<std::string, std::uint64_t> has;
  (void)reader{node_.rows()}.each_conversation(the_tenant, [&](const head& at) {
    if (at.assignee.person && !at.is_closed()) ++has[to_text(at.assignee.person)];
    return true;
  });
  for (const device& each : agents_) {
    const std::string& who = each.client->who().person;
    if (each.client->own().load != has[who]) {
      complain(fmt::format("{} has {} conversations, but a load of {}", who, has[who],
                           each.client->own().load));
    }
  }
}

}  // namespace frontdesk::simulation
