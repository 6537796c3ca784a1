#pragma once

#include "bench/checker/checker.hpp"
#include "tests/process/connected_device.hpp"
#include "tests/process/node_process.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace frontdesk::process {

/// The value of a variable of the environment, by which a test is made longer, or repeated.
std::uint64_t number_from(const char* variable, std::uint64_t otherwise);

/// The problem: whatever is done to a node, its links or its disk, the question is the same: do
/// the people who talk there lose, double or misplace anything?
///
/// The answer: visitors and agents on real sockets who talk as fast as they may, connect again
/// whenever a link is gone, and write down all that they see. A test brings the trouble.
class talking_desk {
 public:
  struct setup {
    std::uint64_t seed = 0;
    unsigned visitors_count = 4;
    /// Half of them have no WebSocket, but streams and polls.
    bool has_plain = false;
    /// After what silence a device gives its link up.
    client::time_ms silence_max = 35'000;
    std::string widget_key = furniture::widget_key;
    /// Signed in with `furniture::password`.
    std::vector<std::string> agents = furniture{}.agents;
  };

  /// Everybody signs in at the node itself, and comes to it from then on.
  talking_desk(const place& node, setup);
  talking_desk(const talking_desk&) = delete;
  talking_desk& operator=(const talking_desk&) = delete;

  /// Where links are made from now on. Those that are there are cut.
  void comes_to(const place& door);

  /// Talks until every visitor is with an agent; false: it never came to that.
  bool opens();
  void talks_for(std::chrono::milliseconds);
  bool talks_until(const std::function<bool()>& it_is_so);
  /// The node is dead: hears what it had said before its end, until no link is left.
  bool hears_the_end();
  /// Nobody says anything new, until everybody has their answers and everything that was said.
  bool comes_to_rest();

  /// All that was seen against what a stopped node's data directory holds.
  checker::report judged(const std::string& data);

  std::size_t connections_count() const;
  /// Refusals of this code, of all devices.
  std::uint64_t faults_count(const std::string& code) const;
  /// Lean frames that came, to all devices.
  std::size_t leans_count() const;
  std::uint64_t texts_count() const { return texts_count_; }
  /// What stands still, for the person who reads the failed test.
  std::string complaint() const;

  socket_loop& loop() { return loop_; }
  std::mt19937_64& random() { return random_; }

 private:
  void keep_all_alive();
  void everybody_talks();
  void talk(connected_device&);
  bool has_everybody_everything() const;

  std::mt19937_64 random_;
  const std::uint64_t seed_;
  place door_;
  socket_loop loop_;
  checker::history seen_;
  std::deque<connected_device> people_;
  std::map<const connected_device*, unsigned> accepting_since_;
  std::uint64_t texts_count_ = 0;
};

}  // namespace frontdesk::process
