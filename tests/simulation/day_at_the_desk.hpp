#pragma once

#include "storage/reader.hpp"
#include "tests/checker/checker.hpp"
#include "tests/client/desk_client.hpp"
#include "tests/simulation/simulated_node.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace frontdesk::simulation {

/// What may go wrong on a day, each as a chance out of 1000 per step; drawn from the seed, half of
/// them 0, so that every seed is another mixture.
struct troubles {
  unsigned cut_link = 0;
  unsigned silent_link = 0;
  unsigned reload_page = 0;
  unsigned kill_conversation = 0;
  unsigned kill_person = 0;
  unsigned kill_dispatcher = 0;
  unsigned kill_storage = 0;
  unsigned crash_node = 0;
  unsigned lost_write = 0;
  unsigned secret_write = 0;
  unsigned full_disk = 0;
  unsigned slow_reader = 0;

  static troubles drawn(std::mt19937_64&);
  std::string text() const;
};

/// One person's device, which comes and goes.
struct device {
  std::unique_ptr<client::desk_client> client;
  std::shared_ptr<simulated_link> link;
  /// Set while a reconnect is on the agenda.
  bool is_coming = false;
};

/// A random day: visitors write, agents answer, transfer, close; links, pages, actors, disks and
/// the node fail. Then all troubles end, everybody comes back, and within a minute of virtual time
/// everything must be answered, everybody must have everything, and nobody may wait while an agent
/// is free.
class day_at_the_desk {
 public:
  explicit day_at_the_desk(std::uint64_t seed);

  /// Lives the day; afterwards `report` and `complaints` say how it went.
  void live(unsigned steps);

  const checker::report& report() const { return report_; }
  /// What is wrong beyond the history: unanswered posts, conversations that wait beside free
  /// agents.
  const std::vector<std::string>& complaints() const { return complaints_; }
  std::string how_to_repeat() const;

 private:
  void step();
  void trouble();
  void visitor_step(device&);
  void agent_step(device&);
  void keep_alive(device&);
  void connect(device&);
  void heal();
  void judge();
  void read_store();
  void read_track(const reader& stored, const head& at, track where);
  void note_stored(const std::string& id, const event& each);
  void judge_queue();
  bool happens(unsigned per_mille) { return node_.draw(1000) < per_mille; }
  void restart_node();
  device& any(std::vector<device>& of) { return of[node_.draw(of.size())]; }
  std::string next_text();

  const std::uint64_t seed_;
  simulated_node node_;
  troubles troubles_;
  checker::history seen_;
  std::vector<device> visitors_;
  std::vector<device> agents_;
  checker::report report_;
  std::vector<std::string> complaints_;
  std::uint64_t texts_count_ = 0;
  bool is_healing_ = false;
  bool is_restarting_ = false;
};

}  // namespace frontdesk::simulation
