#pragma once

#include "actors/connection.hpp"
#include "actors/supervision_tree.hpp"
#include "actors/switchboard.hpp"
#include "storage/commit_log.hpp"
#include "storage/memory_store.hpp"
#include "tests/actors/virtual_desk.hpp"
#include "tests/simulation/bugs.hpp"
#include "tests/simulation/faulty_log.hpp"
#include "tests/simulation/faulty_store.hpp"
#include "tests/simulation/simulated_link.hpp"
#include "tests/simulation/slow_historian.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <random>
#include <string>
#include <vector>

/// A whole node in one thread and in virtual time: the actors of production, over a store in memory
/// and transports that delay, tear and lie. Everything that is drawn comes from one seed.
namespace frontdesk::simulation {

/// Takes a test's token for what it says: `visitor:…` or `agent:…`.
class trusting_authenticator final : public authenticator {
 public:
  fault_or<identity> identify(std::string_view token, const directory&, timestamp) const override;
};

/// Whose hands somebody moves now and then.
class jumping_clock final : public wall_clock {
 public:
  explicit jumping_clock(caf::actor_system& system) : even_(system) {}

  timestamp now() const override { return timestamp{even_.now().value + ahead_.count()}; }
  void jump(std::chrono::milliseconds by) { ahead_ += by; }

 private:
  virtual_wall_clock even_;
  std::chrono::milliseconds ahead_{0};
};

/// What happens when, in virtual time; equal times in the order in which they were asked for.
class agenda {
 public:
  explicit agenda(virtual_desk& desk) : desk_(desk) {}

  void after(std::chrono::milliseconds delay, std::function<void()> what);
  /// Lets time pass, doing what is due on the way.
  void pass(std::chrono::milliseconds length);
  std::int64_t now_ms() { return since_start(desk_.now()); }
  /// While the actors are frozen time passes, and none of them has a turn.
  void freeze(bool on) { is_frozen_ = on; }
  bool is_frozen() const { return is_frozen_; }

 private:
  struct entry {
    moment due;
    std::uint64_t order = 0;
    std::shared_ptr<std::function<void()>> what;

    bool operator<(const entry& other) const {
      return std::pair{other.due, other.order} < std::pair{due, order};
    }
  };
  static std::int64_t since_start(moment at) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
  }

  void settle();
  void move_to(moment until);

  virtual_desk& desk_;
  std::priority_queue<entry> entries_;
  std::uint64_t orders_ = 0;
  bool is_frozen_ = false;
};

/// The node: may be started, crashed and started again over what its store kept; and frozen, as a
/// machine that is suspended.
class simulated_node {
 public:
  struct shape {
    std::uint64_t seed = 1;
    unsigned agents_count = 2;
    desk_settings settings{};
    planted_bugs bugs{};
  };

  explicit simulated_node(const shape&);
  ~simulated_node();

  void start();
  /// Every actor and everything that was not synced is gone; links are cut.
  void crash();
  bool is_up() const { return tree_ != nullptr; }
  /// The supervisors have given up: the process would end.
  bool is_ruined() const;

  /// Nothing runs and nothing is read until `thaw`; time goes on, and with it everybody else.
  void freeze() { agenda_.freeze(true); }
  void thaw();
  bool is_frozen() const { return agenda_.is_frozen(); }
  /// Does what happens in the node's process: at once, or when it is thawed; never, if it crashes
  /// before.
  void inside(std::function<void()> what);

  /// A new link; the handle cuts it. Null while the node is down.
  std::shared_ptr<simulated_link> connect(link_end client, const link_weather&);
  /// Pulls every cable, and nobody is told.
  void silence_links();

  /// Kills actors of this kind (`name()`), each with this chance out of 100.
  void kill_actors(std::string_view kind, unsigned percent);
  /// From the next start on.
  void weather_commits_by(std::function<commit_weather()> weather) {
    weather_ = std::move(weather);
  }

  /// What the machine says of itself.
  void load_by(std::function<host_load()> load) { load_ = std::move(load); }

  /// From the next start on; empty: reads take no time.
  void delay_reads_by(std::function<std::chrono::milliseconds()> delay) {
    read_delay_ = std::move(delay);
  }

  void pass(std::chrono::milliseconds length);
  agenda& plan() { return agenda_; }
  std::mt19937_64& random() { return random_; }
  memory_store& rows() { return rows_; }
  faulty_store& seen_rows() { return seen_rows_; }
  jumping_clock& clock() { return time_; }
  switchboard& board() { return *board_; }
  virtual_desk& desk() { return desk_; }
  std::uint64_t draw(std::uint64_t below) { return random_() % below; }

 private:
  void stock_directory(unsigned agents_count);
  log_surroundings surroundings();
  /// Does it later in this very process; never, if that has ended.
  void later(std::chrono::milliseconds delay, std::function<void()> what);
  void slow_down_historian();

  std::mt19937_64 random_;
  memory_store rows_;
  faulty_store seen_rows_;
  virtual_desk desk_;
  jumping_clock time_{desk_.system()};
  trusting_authenticator proof_;
  agenda agenda_{desk_};
  desk_settings settings_;
  log_bug log_bug_;
  std::function<commit_weather()> weather_ = [] { return commit_weather{}; };
  std::function<std::chrono::milliseconds()> read_delay_;
  std::function<host_load()> load_;
  /// Who stands before the historian that serves.
  caf::actor_addr slow_historian_;
  std::unique_ptr<commit_log> log_;
  std::unique_ptr<switchboard> board_;
  caf::actor tree_;
  /// Of this process; what waits for one that has crashed is forgotten.
  std::uint64_t process_ = 0;
  std::vector<std::function<void()>> when_thawed_;
  std::vector<std::weak_ptr<simulated_link>> links_;
  std::uint64_t links_count_ = 0;
};

}  // namespace frontdesk::simulation
