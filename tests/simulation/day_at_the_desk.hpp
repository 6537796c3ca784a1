#pragma once

#include "bench/checker/checker.hpp"
#include "storage/reader.hpp"
#include "tests/client/desk_client.hpp"
#include "tests/simulation/simulated_node.hpp"
#include "tests/simulation/troubles.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

namespace frontdesk::simulation {

/// One person's device, which comes and goes.
struct device {
  std::unique_ptr<client::desk_client> client;
  std::shared_ptr<simulated_link> link;
  /// Set while a reconnect is on the agenda.
  bool is_coming = false;
};

/// How a day went.
struct day_outcome {
  checker::report report;
  /// What is wrong beyond the history: unanswered posts, conversations that wait beside free
  /// agents, devices that lack a conversation, texts that stand twice.
  std::vector<std::string> complaints;
  /// Equal for equal days: all that happened in the node, in its order.
  std::uint64_t digest = 0;

  bool is_clean() const { return report.is_clean() && complaints.empty(); }
  /// All that was found, one thing to a line.
  std::string text() const;
};

/// A random day, in two phases.
///
/// **Safety.** Visitors write, agents answer, transfer, close; links, pages, actors, clocks, disks
/// and the node fail, as the seed has drawn it.
///
/// **Liveness.** All troubles end, and nobody is helped: broken links are found by those who hold
/// them. People go on for a while, then rest. Now everything must be answered, every device must
/// have what concerns it, each agent's load is what she has, and nobody waits while an agent is
/// free; at first with the agents as they are, then with all of them accepting.
class day_at_the_desk {
 public:
  explicit day_at_the_desk(std::uint64_t seed, const planted_bugs& bugs = {});

  day_outcome live(unsigned steps);

 private:
  // day_at_the_desk.cpp: what happens.
  void add_person(std::vector<device>& to, person_id who);
  void add_device(std::vector<device>& to, person_id who);
  std::unique_ptr<client::desk_client> make_client(person_id who);
  host_load load_of_machine();
  write_fate fate_of_write();
  commit_weather weather_of_commit();
  void step();
  void people_step();
  void trouble_links();
  void trouble_clients();
  void trouble_actors();
  void trouble_node();
  void freeze_node();
  void reader_step(device&);
  void visitor_step(device&);
  void agent_step(device&);
  void agent_turns(device&, const std::string& conversation);
  void change_step(device&, const std::string& conversation);
  void keep_alive(device&);
  void connect(device&);
  void reload(device&, bool is_crash);
  void restart_node();
  void heal();
  void rest(unsigned seconds);
  void last_round();

  // day_judgement.cpp: how it went.
  void judge();
  void judge_devices();
  void judge_queue();
  void judge_free_agents();
  void judge_loads();
  void read_store();
  void read_track(const reader& stored, const head& at, track where);
  void note_stored(const std::string& id, const event& each);
  void judge_deletions(const std::string& id, const std::vector<event>& log);
  void complain(std::string what) { outcome_.complaints.push_back(std::move(what)); }

  bool happens(unsigned per_mille) {
    return !is_healing_ && per_mille > 0 && node_.draw(1000) < per_mille;
  }
  device& any(std::vector<device>& of) { return of[node_.draw(of.size())]; }
  template <class Visitor>
  void each_device(Visitor visit) {
    for (auto* side : {&visitors_, &agents_}) {
      for (device& each : *side)
        visit(each);
    }
  }
  std::string next_text();
  std::int64_t now() { return node_.plan().now_ms(); }

  const std::uint64_t seed_;
  const planted_bugs bugs_;
  simulated_node node_;
  troubles troubles_;
  checker::history seen_;
  std::vector<device> visitors_;
  std::vector<device> agents_;
  day_outcome outcome_;
  std::unordered_set<std::string> stored_texts_;
  std::uint64_t texts_count_ = 0;
  std::uint64_t devices_count_ = 0;
  std::int64_t disk_full_until_ = 0;
  std::int64_t overload_until_ = 0;
  host_load overload_;
  std::int64_t outage_until_ = 0;
  bool is_healing_ = false;
  bool is_restarting_ = false;
};

}  // namespace frontdesk::simulation
