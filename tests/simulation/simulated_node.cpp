#include "tests/simulation/simulated_node.hpp"

#include "storage/apply.hpp"
#include "storage/local_log.hpp"
#include "storage/reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace frontdesk::simulation {

using namespace std::chrono_literals;

namespace {

constexpr tenant_id the_tenant{1};
constexpr inbox_id the_inbox{1};

}  // namespace

fault_or<identity> trusting_authenticator::identify(std::string_view token, const directory& known,
                                                    timestamp now) const {
  const auto who = person_from_text(token);
  if (!who) return fault_code::bad_token;
  identity proven;
  proven.who = {the_tenant, *who};
  proven.inbox = the_inbox;
  proven.team = team_id{1};
  proven.expires_at = timestamp{now.value + 30LL * 24 * 3600 * 1000};
  if (const agent* is = known.find(proven.who)) proven.name = is->name;
  return proven;
}

// ---- Agenda.

void agenda::after(std::chrono::milliseconds delay, std::function<void()> what) {
  entries_.push(
      {desk_.now() + delay, ++orders_, std::make_shared<std::function<void()>>(std::move(what))});
}

void agenda::settle() {
  if (!is_frozen_) desk_.settle();
}

void agenda::move_to(moment until) {
  if (until <= desk_.now()) return;
  if (is_frozen_) {
    desk_.sleep_through(until - desk_.now());
  } else {
    desk_.advance(until - desk_.now());
  }
}

void agenda::pass(std::chrono::milliseconds length) {
  settle();
  const moment until = desk_.now() + length;
  while (!entries_.empty() && entries_.top().due <= until) {
    const entry next = entries_.top();
    entries_.pop();
    move_to(next.due);
    (*next.what)();
    settle();
  }
  move_to(until);
}

// ---- Node.

simulated_node::simulated_node(const shape& given)
    : random_(given.seed),
      seen_rows_(rows_, given.bugs.in_store),
      desk_(given.seed),
      settings_(given.settings),
      log_bug_(given.bugs.in_log) {
  stock_directory(given.agents_count);
}

/// Clients may be gone before the node is: none is told.
simulated_node::~simulated_node() {
  silence_links();
  if (is_up()) crash();
}

void simulated_node::stock_directory(unsigned agents_count) {
  batch stock;
  tenant company;
  company.id = the_tenant;
  company.name = "demo";
  stock.records.emplace_back(company);
  inbox shop;
  shop.tenant = the_tenant;
  shop.id = the_inbox;
  shop.team = team_id{1};
  shop.name = "Shop";
  shop.widget_key = "demo";
  stock.records.emplace_back(shop);
  for (unsigned i = 1; i <= agents_count; ++i) {
    agent one;
    one.tenant = the_tenant;
    one.id = {person_kind::agent, i};
    one.team = team_id{1};
    one.email = fmt::format("agent{}@example.org", i);
    one.name = fmt::format("Agent {}", i);
    stock.records.emplace_back(one);
  }
  (void)rows_.write_all(apply(stock), durability::synced);
}

void simulated_node::start() {
  log_ = std::make_unique<faulty_log>(seen_rows_, make_local_log(seen_rows_, [] { return false; }),
                                      surroundings(), log_bug_);
  desk_foundation foundation{seen_rows_, *log_, time_, proof_, {}};
  foundation.host = [this] { return load_ ? load_() : host_load{}; };
  board_ = std::make_unique<switchboard>(foundation, settings_);
  auto known = reader{rows_}.read_directory();
  board_->publish(std::make_shared<const directory>(std::move(known.value())));
  board_->name_history("0123456789abcdef0123456789abcdef");
  tree_ = start_supervision_tree(desk_.system(), *board_);
  desk_.settle();
  slow_down_historian();
}

void simulated_node::pass(std::chrono::milliseconds length) {
  slow_down_historian();
  agenda_.pass(length);
}

void simulated_node::later(std::chrono::milliseconds delay, std::function<void()> what) {
  agenda_.after(delay, [this, process = process_, what = std::move(what)] {
    if (process == process_) inside(what);
  });
}

/// Its supervisor may have made a new one, who serves now.
void simulated_node::slow_down_historian() {
  if (!is_up() || !read_delay_ || board_->historian().address() == slow_historian_) return;
  read_surroundings around;
  around.delay = read_delay_;
  around.later = [this](auto delay, auto what) { later(delay, std::move(what)); };
  const auto slow = spawn_slow_historian(desk_.system(), board_->historian(), std::move(around));
  slow_historian_ = slow.address();
  board_->serve(slow);
}

log_surroundings simulated_node::surroundings() {
  log_surroundings around;
  around.weather = [this] { return weather_(); };
  around.later = [this](auto delay, auto what) { later(delay, std::move(what)); };
  around.caller = [this] { return desk_.running(); };
  return around;
}

void simulated_node::crash() {
  ++process_;
  when_thawed_.clear();
  agenda_.freeze(false);
  for (auto& each : links_) {
    if (auto link = each.lock()) link->cut();
  }
  links_.clear();
  tree_ = caf::actor{};
  slow_historian_ = caf::actor_addr{};
  desk_.end();
  // What the last turns began belongs to the process that is gone.
  ++process_;
  board_->close();
  board_.reset();
  log_.reset();
  rows_.crash(rows_.buffered_count() == 0 ? 0 : draw(rows_.buffered_count() + 1));
}

bool simulated_node::is_ruined() const {
  return is_up() && caf::actor_cast<caf::abstract_actor*>(tree_)->getf(
                        caf::abstract_actor::is_terminated_flag);
}

void simulated_node::thaw() {
  agenda_.freeze(false);
  for (const auto& each : std::exchange(when_thawed_, {}))
    each();
}

void simulated_node::inside(std::function<void()> what) {
  if (is_frozen()) {
    when_thawed_.push_back(std::move(what));
  } else {
    what();
  }
}

void simulated_node::silence_links() {
  for (auto& each : links_) {
    if (auto link = each.lock()) link->go_silent();
  }
}

std::shared_ptr<simulated_link> simulated_node::connect(link_end client,
                                                        const link_weather& weather) {
  if (!is_up()) return nullptr;
  auto link = std::make_shared<simulated_link>(*this, std::move(client), weather);
  const connection_id id{++links_count_};
  inside([this, link, id] {
    if (!link->is_open()) return;
    link->begin(spawn_connection(desk_.system(), {worker_kind::io, 0}, *board_, id, link));
  });
  std::erase_if(links_, [](const auto& each) { return each.expired(); });
  links_.push_back(link);
  return link;
}

void simulated_node::kill_actors(std::string_view kind, unsigned percent) {
  desk_.each_actor([&](const caf::strong_actor_ptr& each) {
    auto* actor = dynamic_cast<caf::local_actor*>(caf::actor_cast<caf::abstract_actor*>(each));
    if (actor == nullptr || kind != actor->name() || draw(100) >= percent) return;
    caf::anon_send_exit(each, caf::exit_reason::kill);
  });
}

}  // namespace frontdesk::simulation
