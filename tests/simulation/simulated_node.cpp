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

void agenda::pass(std::chrono::milliseconds length) {
  desk_.settle();
  const moment until = desk_.now() + length;
  while (!entries_.empty() && entries_.top().due <= until) {
    const entry next = entries_.top();
    entries_.pop();
    if (next.due > desk_.now()) desk_.advance(next.due - desk_.now());
    (*next.what)();
    desk_.settle();
  }
  if (until > desk_.now()) desk_.advance(until - desk_.now());
}

// ---- Node.

simulated_node::simulated_node(const shape& given)
    : random_(given.seed), desk_(given.seed), settings_(given.settings) {
  stock_directory(given.agents_count);
}

/// Clients may be gone before the node is: none is told.
simulated_node::~simulated_node() {
  for (auto& each : links_) {
    if (auto link = each.lock()) link->go_silent();
  }
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
  log_ = make_local_log(rows_, [] { return false; });
  const desk_foundation foundation{rows_, *log_, time_, proof_, {}};
  board_ = std::make_unique<switchboard>(foundation, settings_);
  auto known = reader{rows_}.read_directory();
  board_->publish(std::make_shared<const directory>(std::move(known.value())));
  board_->name_history("0123456789abcdef0123456789abcdef");
  tree_ = start_supervision_tree(desk_.system(), *board_);
  desk_.settle();
}

void simulated_node::crash() {
  for (auto& each : links_) {
    if (auto link = each.lock()) link->cut();
  }
  links_.clear();
  tree_ = caf::actor{};
  desk_.end();
  board_->close();
  board_.reset();
  log_.reset();
  rows_.crash(rows_.buffered_count() == 0 ? 0 : draw(rows_.buffered_count() + 1));
}

std::shared_ptr<simulated_link> simulated_node::connect(link_end client,
                                                        const link_weather& weather) {
  if (!is_up()) return nullptr;
  auto link = std::make_shared<simulated_link>(*this, std::move(client), weather);
  const connection_id id{++links_count_};
  link->begin(spawn_connection(desk_.system(), {worker_kind::io, 0}, *board_, id, link));
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

// ---- Link.

simulated_link::simulated_link(simulated_node& node, link_end client, const link_weather& weather)
    : node_(node), client_(std::move(client)), weather_(weather) {}

std::chrono::milliseconds simulated_link::next_up() {
  const auto delay = static_cast<std::int64_t>(
      node_.draw(static_cast<std::uint64_t>(weather_.delay_max.count()) + 1));
  const std::int64_t now = node_.plan().now_ms();
  up_at_ = std::max(up_at_, now + delay);
  return std::chrono::milliseconds{up_at_ - now};
}

std::chrono::milliseconds simulated_link::next_down() {
  const auto delay = static_cast<std::int64_t>(
      node_.draw(static_cast<std::uint64_t>(weather_.delay_max.count()) + 1));
  const std::int64_t now = node_.plan().now_ms();
  const std::int64_t pace = weather_.frames_per_second == 0 ? 0 : 1000 / weather_.frames_per_second;
  down_at_ = std::max(down_at_ + pace, now + delay);
  return std::chrono::milliseconds{down_at_ - now};
}

void simulated_link::send_up(std::string frame) {
  if (!is_open_ || is_silent_) return;
  node_.plan().after(next_up(), [me = shared_from_this(), frame = std::move(frame)]() mutable {
    if (!me->is_open_ || me->is_silent_ || !me->port_) return;
    me->up_.push_back(std::move(frame));
    me->deliver_up();
  });
}

void simulated_link::deliver_up() {
  while (!is_paused_ && is_open_ && port_ && !up_.empty()) {
    const std::string frame = std::move(up_.front());
    up_.pop_front();
    port_->on_frame(frame);
  }
}

void simulated_link::resume() {
  is_paused_ = false;
  node_.plan().after(0ms, [me = shared_from_this()] { me->deliver_up(); });
}

void simulated_link::send(frame_bytes bytes) {
  if (!is_open_) return;
  outbound_bytes_ += bytes->size();
  was_high_ = was_high_ || outbound_bytes_ > limits::outbound_bytes_max / 2;
  node_.plan().after(next_down(), [me = shared_from_this(), bytes = std::move(bytes)] {
    if (me->is_silent_) return;
    me->outbound_bytes_ -= bytes->size();
    if (me->is_open_ && me->client_.on_frame) me->client_.on_frame(*bytes);
    if (me->was_high_ && me->outbound_bytes_ < limits::outbound_bytes_max / 4 && me->port_) {
      me->was_high_ = false;
      me->port_->on_drained();
    }
  });
}

void simulated_link::cut() {
  if (!is_open_) return;
  is_open_ = false;
  auto port = std::exchange(port_, nullptr);
  if (port) port->on_closed();
  if (!is_silent_ && client_.on_closed) client_.on_closed();
}

void simulated_link::close(close_code) {
  port_.reset();
  node_.plan().after(next_down(), [me = shared_from_this()] { me->cut(); });
}

void simulated_link::pulse_after(std::chrono::milliseconds delay) {
  const std::uint64_t which = ++pulses_;
  node_.plan().after(delay, [me = shared_from_this(), which] {
    if (which == me->pulses_ && me->is_open_ && me->port_) me->port_->on_pulse();
  });
}

}  // namespace frontdesk::simulation
