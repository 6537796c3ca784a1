#include "tests/simulation/day_at_the_desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace frontdesk::simulation {

using namespace std::chrono_literals;
using client::desk_client;
using std::chrono::milliseconds;

namespace {

constexpr unsigned agents_max = 3;
/// Posts that one device has under way at most, so that a long trouble ends in time.
constexpr std::size_t posts_open_max = 20;
/// Where a text that is poison ends its reader, if such posts are planted.
constexpr std::array<const char*, 3> poison_places{"poison in a post", "poison in a draft",
                                                   "poison in a connection"};

simulated_node::shape shape_of(std::uint64_t seed, const planted_bugs& bugs) {
  simulated_node::shape shape;
  shape.seed = seed;
  shape.agents_count = agents_max;
  shape.bugs = bugs;
  shape.settings.agent_grace = 20s;
  shape.settings.passivate_after = 5s;
  shape.settings.person_lingers = 3s;
  return shape;
}

}  // namespace

day_at_the_desk::day_at_the_desk(std::uint64_t seed, const planted_bugs& bugs)
    : seed_(seed),
      bugs_(bugs),
      node_(shape_of(seed, bugs)),
      troubles_(troubles::drawn(node_.random())) {
  const std::uint64_t visitors = 2 + node_.draw(5);
  for (std::uint64_t i = 1; i <= visitors; ++i)
    add_person(visitors_, {person_kind::visitor, i});
  const std::uint64_t agents = 1 + node_.draw(agents_max);
  for (std::uint64_t i = 1; i <= agents; ++i)
    add_person(agents_, {person_kind::agent, i});
  node_.rows().decide_fates_by([this](const write_set&, durability) { return fate_of_write(); });
  node_.seen_rows().fail_reads_by([this] { return happens(troubles_.failed_read); });
  node_.weather_commits_by([this] { return weather_of_commit(); });
  node_.load_by([this] { return load_of_machine(); });
  if (troubles_.read_ms > 0) {
    node_.delay_reads_by([this] { return milliseconds{node_.draw(troubles_.read_ms + 1)}; });
  }
}

void day_at_the_desk::add_person(std::vector<device>& to, person_id who) {
  add_device(to, who);
  if (node_.draw(who.is_agent() ? 3 : 2) == 0) add_device(to, who);
}

void day_at_the_desk::add_device(std::vector<device>& to, person_id who) {
  device one;
  one.client = make_client(who);
  to.push_back(std::move(one));
}

std::unique_ptr<desk_client> day_at_the_desk::make_client(person_id who) {
  client::setup setup;
  setup.is_agent = who.is_agent();
  setup.person = setup.token = to_text(who);
  setup.device = to_text(device_id{who.is_agent() ? 2U : 1U, ++devices_count_});
  setup.bug = bugs_.in_client;
  setup.knows_lean = mixed(seed_ * 3 + devices_count_) % 2 == 0;
  setup.spoken = mixed(seed_ + devices_count_) % 2 == 0 ? encoding::json : encoding::protobuf;
  return std::make_unique<desk_client>(std::move(setup), seen_);
}

/// For a while the machine has more to do than it can, now and then to the end of its memory.
host_load day_at_the_desk::load_of_machine() {
  if (is_healing_ || now() >= overload_until_) return {};
  return overload_;
}

write_fate day_at_the_desk::fate_of_write() {
  if (is_healing_) return write_fate::kept;
  if (now() < disk_full_until_) return write_fate::refused;
  if (happens(troubles_.lost_write)) return write_fate::lost;
  if (happens(troubles_.secret_write)) return write_fate::kept_in_secret;
  return write_fate::kept;
}

commit_weather day_at_the_desk::weather_of_commit() {
  commit_weather weather;
  if (is_healing_) return weather;
  if (troubles_.commit_ms > 0) {
    weather.before_write = milliseconds{node_.draw(troubles_.commit_ms)};
    weather.before_outcome = milliseconds{node_.draw(troubles_.commit_ms)};
  }
  if (happens(troubles_.stalled_commit)) {
    const bool is_before = node_.draw(2) == 0;
    (is_before ? weather.before_write : weather.before_outcome) += milliseconds{node_.draw(15'000)};
  }
  if (happens(troubles_.unknown_outcome)) {
    weather.is_outcome_lost = true;
    weather.is_write_lost = node_.draw(2) == 0;
  }
  return weather;
}

// ---- The day.

day_outcome day_at_the_desk::live(unsigned steps) {
  node_.start();
  for (unsigned i = 0; i < steps; ++i) {
    step();
    node_.pass(milliseconds{node_.draw(600)});
  }
  heal();
  judge();
  return std::move(outcome_);
}

void day_at_the_desk::step() {
  // A node whose store has failed acknowledges nothing and is started again, as its process would;
  // so is one whose supervisors have given up.
  if (node_.is_up() && (!node_.rows().is_healthy() || node_.is_ruined())) restart_node();
  trouble_links();
  trouble_clients();
  trouble_node();
  if (node_.is_up() && !node_.is_frozen()) trouble_actors();
  people_step();
}

void day_at_the_desk::people_step() {
  each_device([this](device& each) {
    keep_alive(each);
    if (node_.draw(4) == 0) each.client->save();
  });
  reader_step(any(visitors_));
  reader_step(any(agents_));
  visitor_step(any(visitors_));
  agent_step(any(agents_));
}

// ---- Troubles.

void day_at_the_desk::trouble_links() {
  device& unlucky = node_.draw(2) == 0 ? any(visitors_) : any(agents_);
  if (happens(troubles_.outage)) {
    outage_until_ = now() + static_cast<std::int64_t>(node_.draw(15'000));
    node_.silence_links();
  }
  // A link that is cut is nobody's any more.
  if (happens(troubles_.cut_link) && unlucky.link) unlucky.link->cut();
  if (!unlucky.link) return;
  if (happens(troubles_.cut_within_frame)) unlucky.link->cut_within_frame();
  if (happens(troubles_.silent_link)) unlucky.link->go_silent();
  if (happens(troubles_.stall_link)) unlucky.link->stall(milliseconds{node_.draw(12'000)});
  if (happens(troubles_.half_open_link)) {
    if (node_.draw(2) == 0) {
      unlucky.link->lose_way_up();
    } else {
      unlucky.link->lose_way_down();
    }
  }
}

void day_at_the_desk::trouble_clients() {
  const bool is_visitor = node_.draw(2) == 0;
  device& unlucky = is_visitor ? any(visitors_) : any(agents_);
  if (happens(troubles_.reload_page)) reload(unlucky, false);
  if (happens(troubles_.crash_page)) reload(unlucky, true);
  if (happens(troubles_.fresh_device)) {
    reload(unlucky, true);
    unlucky.client = make_client(*person_from_text(unlucky.client->who().person));
  }
}

void day_at_the_desk::reload(device& who, bool is_crash) {
  const auto old = std::exchange(who.link, nullptr);
  if (is_crash) {
    who.client->crash();
  } else {
    who.client->restart();
  }
  if (old) old->cut();
}

void day_at_the_desk::trouble_node() {
  if (happens(troubles_.full_disk)) {
    disk_full_until_ = now() + static_cast<std::int64_t>(node_.draw(8'000));
  }
  if (happens(troubles_.jump_clock)) {
    constexpr std::array<milliseconds, 6> jumps{100ms, 5s, 61s, 3h, 25h, 41 * 24h};
    const milliseconds by = jumps[node_.draw(jumps.size())];
    node_.clock().jump(node_.draw(2) == 0 ? by : -by);
  }
  if (happens(troubles_.overload)) {
    overload_until_ = now() + static_cast<std::int64_t>(node_.draw(60'000));
    overload_.cpu = static_cast<double>(50 + node_.draw(70)) / 100;
    overload_.memory = node_.draw(4) == 0 ? 1 : 0.5;
  }
  if (happens(troubles_.crash_node)) restart_node();
  if (happens(troubles_.freeze_node) && node_.is_up() && !node_.is_frozen()) freeze_node();
}

void day_at_the_desk::freeze_node() {
  node_.freeze();
  node_.plan().after(milliseconds{node_.draw(60'000)}, [this] { node_.thaw(); });
}

void day_at_the_desk::trouble_actors() {
  if (happens(troubles_.kill_conversation)) node_.kill_actors("conversation", 50);
  if (happens(troubles_.kill_connection)) node_.kill_actors("connection", 30);
  if (happens(troubles_.kill_person)) {
    node_.kill_actors("visitor", 30);
    node_.kill_actors("agent", 30);
  }
  if (happens(troubles_.kill_dispatcher)) node_.kill_actors("dispatcher", 100);
  if (happens(troubles_.kill_registry)) node_.kill_actors("registry", 100);
  if (happens(troubles_.kill_storage)) {
    node_.kill_actors(node_.draw(2) == 0 ? "recorder" : "historian", 100);
  }
}

void day_at_the_desk::restart_node() {
  if (is_restarting_) return;
  is_restarting_ = true;
  if (node_.is_up()) node_.crash();
  node_.plan().after(milliseconds{node_.draw(3000)}, [this] {
    is_restarting_ = false;
    node_.start();
  });
}

// ---- People.

/// A link on which nothing is heard is given up by the client itself.
void day_at_the_desk::keep_alive(device& who) {
  if (who.client->tick(now()) && who.link) {
    const auto dead = std::exchange(who.link, nullptr);
    who.client->closed();
    dead->cut();
  }
  if (!who.link) connect(who);
}

void day_at_the_desk::connect(device& who) {
  if (who.is_coming) return;
  who.is_coming = true;
  node_.plan().after(milliseconds{node_.draw(2000)}, [this, &who] {
    who.is_coming = false;
    if (who.link || (!is_healing_ && now() < outage_until_)) return;
    link_weather weather;
    weather.torn_per_mille = troubles_.torn_frame;
    if (happens(troubles_.slow_reader)) weather.frames_per_second = 4;
    link_end end;
    end.spoken = who.client->who().spoken;
    end.on_frame = [this, &who](std::string_view text) { who.client->received(text, now()); };
    end.on_closed = [&who] {
      who.client->closed();
      who.link.reset();
    };
    auto link = node_.connect(std::move(end), weather);
    if (!link) return;
    who.link = link;
    who.client->opened([link](std::string frame) { link->send_up(std::move(frame)); }, now());
  });
}

std::string day_at_the_desk::next_text() {
  const bool is_poison = bugs_.in_actors == planted_bug::dies_of_poison && node_.draw(12) == 0;
  const auto place = is_poison ? poison_places.at(node_.draw(poison_places.size())) : "";
  return fmt::format("text {} of seed {} {}", ++texts_count_, seed_, place);
}

/// Somebody looks at a conversation: reads it, or asks for it anew while others write.
void day_at_the_desk::reader_step(device& who) {
  desk_client& client = *who.client;
  if (client.conversations().empty()) return;
  auto at = client.conversations().begin();
  std::advance(at, static_cast<std::ptrdiff_t>(node_.draw(client.conversations().size())));
  const std::string where = at->first;
  switch (node_.draw(3)) {
    case 0:
      client.read(where);
      break;
    case 1:
      if (at->second.subscribed) client.follow(where);
      break;
    default:
      break;
  }
}

void day_at_the_desk::visitor_step(device& who) {
  desk_client& client = *who.client;
  const std::string where = client.current_conversation();
  switch (node_.draw(9)) {
    case 8:
      change_step(who, where);
      break;
    case 0:
    case 1:
    case 2:
    case 3:
      if (client.pending_count() < posts_open_max) client.post(where, next_text(), false, now());
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
        client.post(client.conversations().begin()->first, next_text(), false, now());
      }
  }
}

/// Somebody corrects or takes back what she said; now and then what is not hers to change.
void day_at_the_desk::change_step(device& who, const std::string& where) {
  desk_client& client = *who.client;
  const auto at = client.conversations().find(where);
  if (at == client.conversations().end() || client.pending_count() >= posts_open_max) return;
  const auto& own = at->second.own;
  client::own_message which{1 + node_.draw(at->second.visible.position + 2), false};
  if (!own.empty() && node_.draw(4) > 0) which = own[node_.draw(own.size())];
  client.change(where, which, node_.draw(3) == 0 ? std::string{} : next_text(), now());
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
  if (!mine.empty()) agent_turns(who, mine[node_.draw(mine.size())]);
}

void day_at_the_desk::agent_turns(device& who, const std::string& where) {
  desk_client& client = *who.client;
  switch (node_.draw(14)) {
    case 12:
    case 13:
      change_step(who, where);
      break;
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
      client.post(where, next_text(), true, now());
      break;
    case 4:
      client.read(where);
      break;
    default:
      if (client.pending_count() < posts_open_max) client.post(where, next_text(), false, now());
  }
}

// ---- The end of all troubles.

void day_at_the_desk::heal() {
  is_healing_ = true;
  if (node_.is_frozen()) node_.thaw();
  if (node_.is_up() && (!node_.rows().is_healthy() || node_.is_ruined())) restart_node();
  // Slow readers take minutes for what waits for them already; the others find out for themselves,
  // or are cut like everybody.
  const bool cuts_all = node_.draw(2) == 0;
  each_device([cuts_all](device& each) {
    const auto link = each.link;
    if (link && (cuts_all || link->is_slow())) link->cut();
  });
  for (unsigned i = 0; i < 30; ++i) {
    people_step();
    node_.pass(milliseconds{node_.draw(1500)});
  }
  // Long enough for a link that died unseen, and for what was begun when it was found dead.
  rest(75);
  judge_free_agents();
  last_round();
  rest(30);
}

void day_at_the_desk::rest(unsigned seconds) {
  for (unsigned i = 0; i < seconds; ++i) {
    each_device([this](device& each) { keep_alive(each); });
    node_.pass(1s);
  }
}

/// Everybody is willing, and everybody says something once more.
void day_at_the_desk::last_round() {
  for (device& each : agents_)
    each.client->set_status("accepting", 100);
  rest(10);
  for (device& each : agents_) {
    each.client->ask_agents();
    for (const auto& [id, at] : each.client->conversations()) {
      if (at.assignee != each.client->who().person) continue;
      each.client->post(id, next_text(), node_.draw(3) == 0, now());
      break;
    }
  }
  for (device& each : visitors_)
    each.client->post(each.client->current_conversation(), next_text(), false, now());
}

}  // namespace frontdesk::simulation
