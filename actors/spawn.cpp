#include "actors/spawn.hpp"

#include "actors/connection.hpp"
#include "actors/desk_watch.hpp"
#include "actors/pinned_actor.hpp"
#include "actors/repeating_thread.hpp"
#include "actors/supervision_tree.hpp"
#include "actors/switchboard.hpp"
#include "model/reconnect_slots.hpp"
#include "storage/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <utility>

namespace frontdesk {

namespace {

using namespace std::chrono_literals;

/// Nothing is read from the disk on the way, so only a machine at its limits takes this long.
constexpr std::chrono::milliseconds start_max = 15s;

/// Called when the tree has ended, with the reason.
using on_end = std::function<void(const caf::error&)>;

/// Carries what comes from outside to the actors, and sees the tree end.
class doorkeeper_state final : public pinned_actor<doorkeeper_actor::base> {
 public:
  doorkeeper_state(caf::actor_config& config, switchboard& board, caf::actor tree, on_end ended)
      : pinned_actor(config), board_(board), tree_(std::move(tree)), ended_(std::move(ended)) {}

  const char* name() const override { return "doorkeeper"; }

 protected:
  behavior_type make_behavior() override {
    monitor(tree_);
    return {[this](change_order& order) { on_change_order(std::move(order)); }};
  }

  void on_down(caf::down_msg& down) override {
    ended_(down.reason);
    quit();
  }

  void on_stopped() override { tree_ = caf::actor{}; }

 private:
  void on_change_order(change_order order) {
    auto done = std::make_shared<decltype(order.done)>(std::move(order.done));
    ask(board_.keeper(), limits::answer_max * 2, change_directory{std::move(order.what)})
        .then(
            [done](directory_changed& answer) {
              if (answer.refusal != fault_code::none) return (*done)(answer.refusal);
              (*done)(std::move(answer.what));
            },
            [done](const caf::error&) { (*done)(fault_code::storage_failed); });
  }

  switchboard& board_;
  caf::actor tree_;
  on_end ended_;
};

scheduler_options threads_of(const desk_settings& settings) {
  scheduler_options options;
  options.io_workers = settings.io_workers;
  options.is_counting = settings.is_counting;
  return options;
}

class running_desk final : public desk {
 public:
  running_desk(const desk_foundation& foundation, const desk_settings& settings)
      : board_(foundation, settings),
        config_(threads_of(settings), foundation.on_failure),
        system_(config_),
        watch_(*threads(), config_.kinds(), board_.recorded(), board_.traffic(),
               foundation.on_stuck),
        looks_(limits::watch_interval, [this] { look(); }) {}

  ~running_desk() override { running_desk::stop(); }

  fault_or<done> start() {
    const reader stored{board_.foundation().rows};
    auto known = stored.read_directory();
    if (!known) return known.error();
    auto history = stored.history_id();
    if (!history) return history.error();
    board_.publish(std::make_shared<const directory>(std::move(*known)));
    board_.name_history(std::move(*history));
    tree_ = start_supervision_tree(
        system_, board_, [this](const std::string& branch, const std::string& why) {
          on_failing(fmt::format("{} failed more often than it may, at last by: {}", branch, why));
        });
    if (!board_.await_all(start_max)) return fault_code::not_ready;
    auto ended = [this](const caf::error& why) { on_tree_ended(why); };
    door_ = spawn_on<doorkeeper_state>(system_, {worker_kind::control, 0}, board_, tree_,
                                       std::move(ended));
    return done{};
  }

  std::size_t io_threads() const override { return threads()->count(worker_kind::io); }
  io_thread& io(std::size_t index) override { return threads()->at(worker_kind::io, index); }

  std::shared_ptr<connection_port> connect(std::size_t index,
                                           std::shared_ptr<transport> wire) override {
    const connection_id id{++connections_count_};
    return spawn_connection(system_, {worker_kind::io, index}, board_, id, std::move(wire));
  }

  directory_ptr directory_now() const override { return board_.directory_now(); }

  void change(directory_change what,
              std::function<void(fault_or<directory_change>)> done) override {
    caf::anon_send(door_, change_order{std::move(what), std::move(done)});
  }

  void serve_file(const identity& who, file_wish what,
                  std::function<void(fault_or<file_told>)> done) override {
    const file_keeper_actor keeper = board_.file_keeper();
    if (!keeper) return done(fault_code::unknown_file);
    caf::anon_send(keeper,
                   file_order{who, std::move(what), std::make_shared<file_reply>(std::move(done))});
  }

  const std::string& history() const override { return board_.history(); }

  tier_board& tiers() override { return board_.tiers(); }
  trace_board& traces() override { return board_.traces(); }

  void pin_tier(std::optional<unsigned> tier, std::chrono::milliseconds time,
                std::function<void(fault_or<done>)> reply) override {
    const load_shedder_actor shedder = board_.load_shedder();
    if (!shedder) return reply(fault_code::not_ready);
    caf::anon_send(shedder,
                   frontdesk::pin_tier{tier, time, std::make_shared<pin_reply>(std::move(reply))});
  }

  bool is_ready() const override { return !is_ended_ && board_.foundation().rows.is_healthy(); }

  void discard_quarantined(tenant_id whose, quarantine_id which,
                           std::function<void(fault_or<done>)> reply) override {
    const quarantine_keeper_actor keeper = board_.quarantine_keeper();
    if (!keeper) return reply(fault_code::not_ready);
    caf::anon_send(keeper,
                   discard{whose, which, std::make_shared<quarantine_reply>(std::move(reply))});
  }

  void audit(audit_entry what, std::function<void(fault_or<audited>)> reply) override {
    const audit_keeper_actor keeper = board_.audit_keeper();
    if (!keeper) return reply(fault_code::not_ready);
    caf::anon_send(keeper,
                   audit_deed{std::move(what), std::make_shared<audit_reply>(std::move(reply))});
  }

  supervised supervision() const override { return board_.supervised().tree(); }

  void on_ruin(std::function<void(std::string_view why)> tell) override {
    {
      std::lock_guard guard{mutex_};
      if (ruin_.empty()) {
        on_ruin_ = std::move(tell);
        return;
      }
    }
    tell(ruin_);
  }

  void stop() override {
    if (is_stopped_.exchange(true) || !tree_) return;
    send_all_away();
    caf::anon_send_exit(tree_, caf::exit_reason::user_shutdown);
    ended_.get_future().wait_for(board_.settings().stop_max);
    tree_ = caf::actor{};
    door_ = doorkeeper_actor{};
    board_.outbound().silence();
    board_.close();
  }

  std::size_t outbound_bytes() const override { return board_.outbound().bytes(); }

  desk_stats stats() const override {
    const auto now = std::chrono::steady_clock::now();
    desk_stats all = watch_.stats(now);
    all.node.history = board_.history();
    all.node.uptime = std::chrono::duration_cast<std::chrono::milliseconds>(now - began_);
    all.node.is_ready = is_ready();
    all.node.now = board_.wall_now();
    all.tier = tier_now(now);
    all.traces = board_.traces().stats();
    all.connections = board_.connected().counts();
    all.queues = board_.queues().all(board_.wall_now());
    name_tenants(all);
    all.agents_present = count_of("agent");
    all.visitors_present = count_of("visitor");
    all.conversations_awake = count_of("conversation");
    all.outbound_bytes = board_.outbound().bytes();
    all.ignored_errors = config_.failures().ignored_errors_count();
    all.quarantined = board_.quarantine().confined_count();
    all.supervision = supervision();
    return all;
  }

 private:
  static std::chrono::milliseconds span(moment from, moment to) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(to - from);
  }

  tier_stats tier_now(moment at) const {
    const tier_board& tiers = board_.tiers();
    tier_stats now;
    now.tier = tiers.node();
    now.is_guarded = tiers.is_guarded();
    now.lasted = span(tiers.since(), at);
    const auto pinned_until = tiers.pinned_until();
    now.is_pinned = pinned_until.has_value();
    if (pinned_until) now.pinned_for = std::max(span(at, *pinned_until), 0ms);
    for (const own_tier& each : tiers.own_tiers())
      now.tenants.push_back({each.whose, each.tier, span(each.since, at)});
    const load_sample seen = tiers.sample();
    for (std::size_t i = 0; i < load_inputs_count; ++i) {
      const auto which = static_cast<load_input>(i);
      now.inputs.push_back({std::string{name_of(which)}, seen.of(which)});
    }
    for (std::size_t i = 0; i < shed_points_count; ++i) {
      const auto which = static_cast<shed_point>(i);
      now.shed.push_back({std::string{name_of(which)}, static_cast<double>(tiers.count_of(which))});
    }
    return now;
  }

  void name_tenants(desk_stats& all) const {
    const directory_ptr known = board_.directory_now();
    const auto name = [&known](auto& each) {
      if (const tenant* found = known->find(each.tenant)) each.name = found->name;
    };
    std::ranges::for_each(all.queues, name);
    std::ranges::for_each(all.tier.tenants, name);
  }

  /// In no order but that of a hash of their numbers, so that nobody comes first by having been
  /// here for longest.
  void send_all_away() {
    const auto all = board_.connected().all();
    const reconnect_slots slots(all.size(), board_.settings().hellos_per_second);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto after = static_cast<std::uint32_t>(slots.of(i).count());
      caf::anon_send(all[i], dismiss{close_code::drain, after});
    }
  }

  void look() {
    if (!board_.settings().is_counting) return watch_.probe();
    watch_.look(std::chrono::steady_clock::now());
  }

  std::uint64_t count_of(const char* kind) const {
    const kind_life& life = config_.kinds().life(config_.kinds().kind_of(kind));
    const std::uint64_t ended = life.ended.load(std::memory_order_relaxed);
    return life.spawned.load(std::memory_order_relaxed) - ended;
  }

  scheduler* threads() const { return scheduler::of(const_cast<caf::actor_system&>(system_)); }

  /// The desk leaves traffic now, and not when the last actor has ended.
  void on_failing(const std::string& why) {
    is_ended_ = true;
    std::function<void(std::string_view)> tell;
    {
      std::lock_guard guard{mutex_};
      if (is_stopped_ || !ruin_.empty()) return;
      ruin_ = why;
      tell = std::exchange(on_ruin_, {});
    }
    if (tell) tell(why);
  }

  void on_tree_ended(const caf::error& why) {
    on_failing(system_.render(why));
    ended_.set_value();
  }

  switchboard board_;
  desk_system_config config_;
  caf::actor_system system_;
  caf::actor tree_;
  doorkeeper_actor door_;
  std::atomic<std::uint64_t> connections_count_{0};
  std::atomic<bool> is_stopped_{false};
  std::atomic<bool> is_ended_{false};
  std::promise<void> ended_;
  std::mutex mutex_;
  std::function<void(std::string_view)> on_ruin_;
  /// Written once.
  std::string ruin_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  desk_watch watch_;
  /// The last member, so the first that ends: whoever looks finds all that is looked at.
  repeating_thread looks_;
};

}  // namespace

fault_or<std::unique_ptr<desk>> desk::open(const desk_foundation& foundation,
                                           const desk_settings& settings) {
  auto opened = std::make_unique<running_desk>(foundation, settings);
  if (const auto started = opened->start(); !started) return started.error();
  return std::unique_ptr<desk>{std::move(opened)};
}

}  // namespace frontdesk
