#pragma once

#include "actors/connection.hpp"
#include "actors/supervision_tree.hpp"
#include "actors/switchboard.hpp"
#include "storage/commit_log.hpp"
#include "storage/memory_store.hpp"
#include "tests/actors/virtual_desk.hpp"

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

/// What happens when, in virtual time; equal times in the order in which they were asked for.
class agenda {
 public:
  explicit agenda(virtual_desk& desk) : desk_(desk) {}

  void after(std::chrono::milliseconds delay, std::function<void()> what);
  /// Lets time pass, doing what is due on the way.
  void pass(std::chrono::milliseconds length);
  std::int64_t now_ms() { return since_start(desk_.now()); }

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

  virtual_desk& desk_;
  std::priority_queue<entry> entries_;
  std::uint64_t orders_ = 0;
};

/// How a link behaves between a client and the node.
struct link_weather {
  std::chrono::milliseconds delay_max{50};
  /// The client takes at most this many frames a second; 0: any.
  unsigned frames_per_second = 0;
};

/// What the client's end of a link is told.
struct link_end {
  std::function<void(std::string_view)> on_frame;
  std::function<void()> on_closed;
};

class simulated_link;

/// The node: may be started, crashed and started again over what its store kept.
class simulated_node {
 public:
  struct shape {
    std::uint64_t seed = 1;
    unsigned agents_count = 2;
    desk_settings settings{};
  };

  explicit simulated_node(const shape&);
  ~simulated_node();

  void start();
  /// Every actor and everything that was not synced is gone; links are cut.
  void crash();
  bool is_up() const { return tree_ != nullptr; }

  /// A new link; the handle cuts it. Null while the node is down.
  std::shared_ptr<simulated_link> connect(link_end client, const link_weather&);

  /// Kills actors of this kind (`name()`), each with this chance out of 100.
  void kill_actors(std::string_view kind, unsigned percent);

  void pass(std::chrono::milliseconds length) { agenda_.pass(length); }
  agenda& plan() { return agenda_; }
  std::mt19937_64& random() { return random_; }
  memory_store& rows() { return rows_; }
  switchboard& board() { return *board_; }
  virtual_desk& desk() { return desk_; }
  std::uint64_t draw(std::uint64_t below) { return random_() % below; }

 private:
  friend class simulated_link;
  void stock_directory(unsigned agents_count);

  std::mt19937_64 random_;
  memory_store rows_;
  virtual_desk desk_;
  virtual_wall_clock time_{desk_.system()};
  trusting_authenticator proof_;
  agenda agenda_{desk_};
  desk_settings settings_;
  std::unique_ptr<commit_log> log_;
  std::unique_ptr<switchboard> board_;
  caf::actor tree_;
  std::vector<std::weak_ptr<simulated_link>> links_;
  std::uint64_t links_count_ = 0;
};

/// One connection between a client and the node: in both directions ordered, delayed, and gone
/// when it is cut.
class simulated_link final : public transport, public std::enable_shared_from_this<simulated_link> {
 public:
  simulated_link(simulated_node&, link_end client, const link_weather&);

  /// From the client.
  void send_up(std::string frame);
  /// Both sides learn of it.
  void cut();
  /// Nothing arrives any more, and nobody is told: a cable was pulled.
  void go_silent() { is_silent_ = true; }
  bool is_open() const { return is_open_; }
  void begin(std::shared_ptr<connection_port> port) { port_ = std::move(port); }

  void send(frame_bytes) override;
  std::size_t outbound_bytes() const override { return outbound_bytes_; }
  void pause() override { is_paused_ = true; }
  void resume() override;
  void close(close_code) override;
  void pulse_after(std::chrono::milliseconds) override;

 private:
  std::chrono::milliseconds next_up();
  std::chrono::milliseconds next_down();
  void deliver_up();

  simulated_node& node_;
  link_end client_;
  link_weather weather_;
  std::shared_ptr<connection_port> port_;
  std::deque<std::string> up_;
  std::size_t outbound_bytes_ = 0;
  std::int64_t up_at_ = 0;
  std::int64_t down_at_ = 0;
  std::uint64_t pulses_ = 0;
  bool is_open_ = true;
  bool is_silent_ = false;
  bool is_paused_ = false;
  bool was_high_ = false;
};

}  // namespace frontdesk::simulation
