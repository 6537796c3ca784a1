#pragma once

#include "bench/device.hpp"
#include "bench/node_figures.hpp"
#include "bench/result.hpp"
#include "bench/wishes.hpp"

#include <atomic>
#include <deque>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

namespace frontdesk::bench {

/// Where visitors and agents come from. Both throw cannot_measure.
class identities {
 public:
  identities() = default;
  identities(const identities&) = delete;
  identities& operator=(const identities&) = delete;
  virtual ~identities() = default;

  /// Of a new visitor; `number` is the client's.
  virtual std::string visitor_token(std::uint32_t number) = 0;
  /// Of one who comes before others; where nobody can say so, one like all.
  virtual std::string vip_token(std::uint32_t number) { return visitor_token(number); }
  /// Of so many agents, or of those that there are.
  virtual std::vector<std::string> agent_tokens(unsigned wanted) = 0;
};

/// What a run tells while it lasts.
struct progress {
  std::string phase;
  double seconds = 0;
  std::uint64_t posts = 0;
  double posts_per_s = 0;
  double p99_ms = 0;
  unsigned tier = 0;
};

/// Whoever started the run.
struct caller {
  std::function<void(const progress&)> tell;
  /// Set from outside: end early, but end properly.
  const std::atomic<bool>& is_interrupted;
};

/// What every scenario has: the loop, the people, what is counted; and how a run ends, so that all
/// are judged alike: drained, read again from the store, given to the checker.
class stage {
 public:
  stage(const wishes&, identities&, caller);

  device& add_device(std::string token, witness&);
  device& add_visitor(witness&);
  device& add_vip(witness&);

  /// One turn of the loop, and news for the caller now and then.
  void turn();
  /// False: it is still not so. Whoever interrupts wants an end, but a true one, so it goes on.
  template <class Question>
  bool turn_until(Question is_so, milliseconds patience) {
    const moment deadline = clock::now() + patience;
    while (!is_so()) {
      if (clock::now() > deadline) return false;
      turn();
    }
    return true;
  }
  /// It must come true for the run to make sense.
  template <class Question>
  void expect(const std::string& what, Question is_so) {
    const bool is_done =
        turn_until([&] { return is_interrupted() || is_so(); }, milliseconds{60'000});
    if (is_interrupted()) throw cannot_measure("Interrupted before anything was measured.");
    if (!is_done) throw cannot_measure("The node did not get so far: " + what + ".");
  }

  void enter(std::string phase) { phase_ = std::move(phase); }
  /// Latencies and processor time count from here, until `stop_counting`; `is_over` after the
  /// wished seconds.
  void start_counting();
  void stop_counting();

  /// Drains, reads the logs, judges, and fills in what all scenarios tell.
  result finish(const std::string& scenario, const std::string& setting);

  /// Whether none of those who should be there has got through to the node for a while. To be
  /// asked in every turn.
  bool is_deserted();

  bool is_interrupted() const { return caller_.is_interrupted; }
  /// Whether the time is over, or enough was said.
  bool is_over() const { return clock::now() >= into.until || into.is_full() || is_interrupted(); }
  /// Whether what is due at this moment is part of the run.
  bool may_speak(moment due) const {
    return due < into.until && !into.is_full() && !is_interrupted();
  }
  moment began() const { return into.from; }
  /// Which of the bounds made it so.
  std::string why_over();

  /// Conversations of this run.
  void claim(conversation_id id) { ours_.insert(id); }
  bool is_ours(conversation_id id) const { return ours_.contains(id); }

  const wishes& wished;
  identities& people;
  loop turning;
  surroundings all;
  measures into;
  std::deque<device> devices;
  /// Added to the figures of the result, in front.
  std::vector<figure> figures;
  std::vector<named_latencies> spans;
  /// Behind those of deliveries and acks.
  std::vector<named_latencies> more_spans;
  std::vector<std::string> complaints;
  /// What a bound left out, where so much of something was asked for.
  std::string cut_short;
  /// Nobody is to say anything; otherwise a run in whose time nothing was said was none.
  bool is_silent = false;

 private:
  void drain();
  /// Whether all could be read.
  bool read_logs();
  void close_conversations();
  void tell();

  caller caller_;
  std::string phase_;
  moment told_at_;
  moment deserted_since_{};
  std::uint64_t told_posts_ = 0;
  std::unordered_set<conversation_id> ours_;
  std::mt19937_64 chance_;
  std::uint32_t devices_count_ = 0;
  /// All that counts up, at one moment.
  struct state {
    usage node;
    usage own;
    std::uint64_t posts = 0;
    std::uint64_t acks = 0;
    std::uint64_t bytes_up = 0;
    std::uint64_t bytes_down = 0;
  };
  state state_now() const;
  void add_figures(result&, double spent_s) const;

  state before_;
  state after_;
  moment ended_{};
};

}  // namespace frontdesk::bench
