#include "tests/simulation/day_at_the_desk.hpp"

#include "storage/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace frontdesk::simulation {

using namespace std::chrono_literals;
using client::desk_client;

namespace {

constexpr unsigned agents_max = 3;
constexpr tenant_id the_tenant{1};

simulated_node::shape shape_of(std::uint64_t seed) {
  simulated_node::shape shape;
  shape.seed = seed;
  shape.agents_count = agents_max;
  shape.settings.agent_grace = 20s;
  shape.settings.passivate_after = 5s;
  shape.settings.person_lingers = 3s;
  return shape;
}

/// Where a checker's numbers come from: its own, given by names.
checker::track_kind kind_of(track where) {
  return where == track::visible ? checker::track_kind::public_ : checker::track_kind::internal;
}

}  // namespace

troubles troubles::drawn(std::mt19937_64& random) {
  troubles t;
  const auto maybe = [&random](unsigned& what, unsigned most) {
    if (random() % 2 == 0) what = static_cast<unsigned>(1 + random() % most);
  };
  maybe(t.cut_link, 60);
  maybe(t.silent_link, 20);
  maybe(t.reload_page, 30);
  maybe(t.kill_conversation, 20);
  maybe(t.kill_person, 20);
  maybe(t.kill_dispatcher, 10);
  maybe(t.kill_storage, 5);
  maybe(t.crash_node, 8);
  maybe(t.lost_write, 8);
  maybe(t.secret_write, 8);
  maybe(t.full_disk, 15);
  maybe(t.slow_reader, 300);
  return t;
}

std::string troubles::text() const {
  return fmt::format(
      "cut {} silent {} reload {} conversation {} person {} dispatcher {} storage {} crash {} "
      "lost {} secret {} full {} slow {}",
      cut_link, silent_link, reload_page, kill_conversation, kill_person, kill_dispatcher,
      kill_storage, crash_node, lost_write, secret_write, full_disk, slow_reader);
}

day_at_the_desk::day_at_the_desk(std::uint64_t seed)
    : seed_(seed), node_(shape_of(seed)), troubles_(troubles::drawn(node_.random())) {
  const auto add = [this](std::vector<device>& to, bool is_agent, unsigned person, unsigned which) {
    const person_id who{is_agent ? person_kind::agent : person_kind::visitor, person};
    client::setup setup;
    setup.is_agent = is_agent;
    setup.person = setup.token = to_text(who);
    setup.device = to_text(device_id{is_agent ? 2U : 1U, person * 100 + which});
    device one;
    one.client = std::make_unique<desk_client>(std::move(setup), seen_);
    to.push_back(std::move(one));
  };
  const unsigned visitors = 2 + static_cast<unsigned>(node_.draw(5));
  for (unsigned i = 1; i <= visitors; ++i) {
    add(visitors_, false, i, 1);
    if (node_.draw(2) == 0) add(visitors_, false, i, 2);
  }
  const unsigned agents = 1 + static_cast<unsigned>(node_.draw(agents_max));
  for (unsigned i = 1; i <= agents; ++i) {
    add(agents_, true, i, 1);
    if (node_.draw(3) == 0) add(agents_, true, i, 2);
  }
  node_.rows().decide_fates_by([this](const write_set&, durability) {
    if (is_healing_) return write_fate::kept;
    if (happens(troubles_.full_disk)) return write_fate::refused;
    if (happens(troubles_.lost_write)) return write_fate::lost;
    if (happens(troubles_.secret_write)) return write_fate::kept_in_secret;
    return write_fate::kept;
  });
}

std::string day_at_the_desk::how_to_repeat() const {
  return fmt::format("seed {} ({}): FRONTDESK_SEED={} FRONTDESK_SEEDS=1", seed_, troubles_.text(),
                     seed_);
}

// ---- The day.

void day_at_the_desk::live(unsigned steps) {
  node_.start();
  for (unsigned i = 0; i < steps; ++i) {
    step();
    node_.pass(std::chrono::milliseconds{node_.draw(600)});
  }
  heal();
  judge();
}

void day_at_the_desk::step() {
  // A node whose store has failed acknowledges nothing and is started again, as its process would.
  if (node_.is_up() && !node_.rows().is_healthy()) restart_node();
  trouble();
  for (auto* side : {&visitors_, &agents_}) {
    for (device& each : *side) {
      keep_alive(each);
    }
  }
  visitor_step(any(visitors_));
  agent_step(any(agents_));
}

void day_at_the_desk::restart_node() {
  if (is_restarting_) return;
  is_restarting_ = true;
  if (node_.is_up()) node_.crash();
  node_.plan().after(std::chrono::milliseconds{node_.draw(3000)}, [this] {
    is_restarting_ = false;
    node_.start();
  });
}

void day_at_the_desk::trouble() {
  device& unlucky = node_.draw(2) == 0 ? any(visitors_) : any(agents_);
  if (happens(troubles_.cut_link) && unlucky.link) unlucky.link->cut();
  if (happens(troubles_.silent_link) && unlucky.link) unlucky.link->go_silent();
  if (happens(troubles_.reload_page)) {
    const auto old = std::exchange(unlucky.link, nullptr);
    unlucky.client->restart();
    if (old) old->cut();
  }
  if (happens(troubles_.crash_node)) restart_node();
  if (!node_.is_up()) return;
  if (happens(troubles_.kill_conversation)) node_.kill_actors("conversation", 50);
  if (happens(troubles_.kill_person)) {
    node_.kill_actors("visitor", 30);
    node_.kill_actors("agent", 30);
  }
  if (happens(troubles_.kill_dispatcher)) node_.kill_actors("dispatcher", 100);
  if (happens(troubles_.kill_storage)) {
    node_.kill_actors(node_.draw(2) == 0 ? "recorder" : "historian", 100);
  }
}

/// A link on which nothing is heard is given up by the client itself.
void day_at_the_desk::keep_alive(device& who) {
  if (who.client->tick(node_.plan().now_ms()) && who.link) {
    const auto dead = std::exchange(who.link, nullptr);
    who.client->closed();
    dead->cut();
  }
  if (!who.link) connect(who);
}

void day_at_the_desk::connect(device& who) {
  if (who.is_coming) return;
  who.is_coming = true;
  node_.plan().after(std::chrono::milliseconds{node_.draw(2000)}, [this, &who] {
    who.is_coming = false;
    link_weather weather;
    if (!is_healing_ && happens(troubles_.slow_reader)) weather.frames_per_second = 4;
    link_end end;
    end.on_frame = [this, &who](std::string_view text) {
      who.client->received(text, node_.plan().now_ms());
    };
    end.on_closed = [&who] {
      who.client->closed();
      who.link.reset();
    };
    auto link = node_.connect(std::move(end), weather);
    if (!link) return;
    who.link = link;
    who.client->opened([link](std::string frame) { link->send_up(std::move(frame)); },
                       node_.plan().now_ms());
  });
}

std::string day_at_the_desk::next_text() {
  return fmt::format("text {} of seed {}", ++texts_count_, seed_);
}

void day_at_the_desk::visitor_step(device& who) {
  desk_client& client = *who.client;
  const std::string where = client.current_conversation();
  const std::int64_t now = node_.plan().now_ms();
  switch (node_.draw(8)) {
    case 0:
    case 1:
    case 2:
    case 3:
      if (client.pending_count() < 20) client.post(where, next_text(), false, now);
      break;
    case 4:
      client.read(where);
      break;
    case 5:
      client.typing(where, true);
      break;
    case 6:
      if (node_.draw(6) == 0) client.close(where);
      break;
    default:
      // Somebody writes to what was closed a while ago: it is opened again.
      if (!client.conversations().empty() && node_.draw(4) == 0) {
        client.post(client.conversations().begin()->first, next_text(), false, now);
      }
  }
}

void day_at_the_desk::agent_step(device& who) {
  desk_client& client = *who.client;
  if (!client.is_online()) return;
  if (node_.draw(4) == 0) {
    client.set_status(node_.draw(5) == 0 ? "away" : "accepting",
                      static_cast<int>(1 + node_.draw(3)));
  }
  std::vector<std::string> mine;
  for (const auto& [id, at] : client.conversations()) {
    if (at.assignee == client.who().person) mine.push_back(id);
  }
  if (mine.empty()) return;
  const std::string where = mine[node_.draw(mine.size())];
  const std::int64_t now = node_.plan().now_ms();
  switch (node_.draw(12)) {
    case 0:
      client.close(where);
      break;
    case 1:
      client.give_back(where);
      break;
    case 2:
      client.transfer(where, to_text(person_id{person_kind::agent, 1 + node_.draw(agents_max)}));
      break;
    case 3:
      client.post(where, next_text(), true, now);
      break;
    case 4:
      client.read(where);
      break;
    default:
      if (client.pending_count() < 20) client.post(where, next_text(), false, now);
  }
}

// ---- Healing, and what must be true then.

void day_at_the_desk::heal() {
  is_healing_ = true;
  for (auto* side : {&visitors_, &agents_}) {
    for (device& each : *side) {
      if (each.link) each.link->cut();
    }
  }
  if (!node_.rows().is_healthy()) restart_node();
  for (int second = 0; second < 120; ++second) {
    for (auto* side : {&visitors_, &agents_}) {
      for (device& each : *side) {
        keep_alive(each);
        const bool sets_status = side == &agents_ && second == 60 && each.client->is_online();
        if (sets_status) each.client->set_status("accepting", 100);
      }
    }
    node_.pass(1s);
  }
}

void day_at_the_desk::judge() {
  for (auto* side : {&visitors_, &agents_}) {
    for (device& each : *side) {
      const auto& who = each.client->who();
      if (!each.client->is_online()) complaints_.push_back(who.person + " cannot connect");
      if (each.client->pending_count() > 0) {
        complaints_.push_back(fmt::format("{} has {} posts without an answer", who.person,
                                          each.client->pending_count()));
      }
      each.client->declare_caught_up(node_.plan().now_ms());
    }
  }
  read_store();
  judge_queue();
  report_ = checker::check(seen_);
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
  sequence after;
  while (after < at.last_of(where)) {
    const auto page = stored.read_page({the_tenant, at.conversation},
                                       {where, after, sequence{}, limits::page_events_max});
    if (!page || page->empty()) {
      complaints_.push_back("the log of " + id + " cannot be read");
      return;
    }
    for (const event& each : *page)
      note_stored(id, each);
    after = page->back().seq;
  }
}

void day_at_the_desk::note_stored(const std::string& id, const event& each) {
  checker::event what;
  what.conversation = seen_.conversation(id);
  what.track = kind_of(each.where);
  what.seq = {each.seq.value};
  const bool is_said = each.kind == event_kind::message;
  what.hash = checker::hash_of(is_said ? each.text : "*" + std::string{name_of(each.kind)});
  if (is_said) {
    const auto device = seen_.device(to_text(each.author), to_text(each.device));
    what.author = checker::authorship{device, {each.n.value}};
  }
  seen_.add(checker::event_stored{what});
}

/// All agents accept a hundred now, so nobody may wait; and what each agent has is what she sees.
void day_at_the_desk::judge_queue() {
  std::map<std::string, std::string> has;
  (void)reader{node_.rows()}.each_conversation(the_tenant, [&](const head& at) {
    const std::string id = to_text(at.conversation);
    if (at.status == conversation_status::queued) complaints_.push_back(id + " still waits");
    if (at.status == conversation_status::assigned) has[id] = to_text(at.assignee.person);
    return true;
  });
  for (device& each : agents_) {
    for (const auto& [id, whose] : has) {
      const auto at = each.client->conversations().find(id);
      const bool is_seen = at != each.client->conversations().end() &&
                           at->second.assignee == each.client->who().person;
      if (is_seen != (whose == each.client->who().person)) {
        complaints_.push_back(fmt::format("{} is with {}, but {} sees it otherwise", id, whose,
                                          each.client->who().device));
      }
    }
  }
}

}  // namespace frontdesk::simulation
