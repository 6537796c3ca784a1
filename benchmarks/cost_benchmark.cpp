// What settings of a node cost at full load: nodes of one program that differ in nothing else, each
// with people of its own who, together, say more than their processor can take.
//
//     cmake --preset release && ninja -C build/release frontdesk cost_benchmark
//     build/release/cost_benchmark build/release/frontdesk [blocks 8] [rounds 20]
//                                  [round in ms 1500] [pairs at each node 250]
//
// All nodes are on the first processor, the clients on the second, and the nodes stay in tier 0.
// They have their rounds at the same time: whatever else the machine does falls on all of them
// alike, which it does not if they have turns, however short (turns of 150 ms scattered by 22 %). A
// process has its own luck with where its memory lies, so each block begins with all nodes started
// again, on the same data; its first round is not counted. Two nodes are alike: what they differ
// by is what this benchmark cannot see. All nodes have to keep what they promise: nothing lost,
// doubled or out of order.
//
// To be asked costs the same whatever else a node does, so it is measured apart, at the end of each
// block, while all of a node's people are there and say nothing: /metrics and /stats, one after the
// other.
//
// Differences are told with their standard error over the rounds, and over the blocks, which is the
// one to be believed. TMPDIR chooses the disk.

#include "bench/pairs.hpp"
#include "benchmarks/measured_node.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <deque>
#include <memory>
#include <numeric>

namespace frontdesk {
namespace {

using boost::asio::ip::tcp;
using namespace std::chrono_literals;

constexpr int node_processor = 0;
constexpr int client_processor = 1;
constexpr std::chrono::seconds patience{30};
/// Until it is looked whether a round is over: that asks every device.
constexpr int turns_at_once = 20;
/// Nobody has to listen there: whoever samples nothing sends nothing.
constexpr const char* no_collector = "http://127.0.0.1:9";
/// Forty for each agent: four on each of the ten connections that one may have.
constexpr unsigned pairs_per_agent = 40;
constexpr int scrapes_count = 50;

/// This thread, and all threads and processes that it makes from now on.
void stay_on(int processor) {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(processor, &only);
  if (sched_setaffinity(0, sizeof only, &only) != 0) {
    throw std::runtime_error(fmt::format("processor {} cannot be had", processor));
  }
}

/// As an operator's Prometheus and status page do once a second.
void scrape(std::uint16_t port) {
  for (const char* const path : {"/metrics", "/stats"}) {
    tcp::iostream line("127.0.0.1", std::to_string(port));
    line << "GET " << path << " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    line.flush();
    const std::string said{std::istreambuf_iterator<char>(line), {}};
    // A figure that nobody paid for would be worse than none.
    if (!said.starts_with("HTTP/1.1 200")) throw std::runtime_error(std::string(path) + " failed");
  }
}

class node_people final : public bench::identities {
 public:
  explicit node_people(const measured_node& of) : of_(of) {}
  std::string visitor_token(std::uint32_t number) override { return of_.visitor_token(number); }
  std::vector<std::string> agent_tokens(unsigned wanted) override {
    std::vector<std::string> tokens;
    for (unsigned i = 1; i <= wanted; ++i)
      tokens.push_back(of_.agent_token(i));
    return tokens;
  }

 private:
  const measured_node& of_;
};

struct load {
  unsigned pairs;
  std::chrono::milliseconds round;
};

struct variant {
  std::string name;
  std::vector<std::string> words;
};

const std::atomic<bool> never{false};

/// Of a round: the node's processor time, and for how many messages.
struct expense {
  double used_us;
  std::uint64_t messages;
};

/// The people of a block at one node.
class party {
 public:
  party(const measured_node& at, const bench::wishes& wished)
      : people_(at), at_(wished, people_, {{}, never}), pairs_(at_, plan_of(wished)) {
    pairs_.open();
  }

  void begin(bench::moment until) {
    before_us_ = used_us();
    acks_before_ = at_.into.acks_count;
    at_.start_counting();
    at_.into.until = until;
    pairs_.speak(bench::pairs::pause_min);
  }
  /// Others have their turn behind, so it waits for nothing.
  void turn() { at_.turning.turn(0ms); }
  /// Also of what was said last.
  bool is_over() const {
    return at_.is_over() && std::ranges::all_of(at_.devices, &bench::device::has_everything);
  }
  expense end() {
    at_.stop_counting();
    return {used_us() - before_us_, at_.into.acks_count - acks_before_};
  }

  /// Whether nothing was lost, doubled or put out of order. Leaves nothing behind.
  bool ends_well() { return at_.finish("cost", "").is_clean(); }

 private:
  static bench::pairs::plan plan_of(const bench::wishes& wished) {
    return {wished.clients, (wished.clients + pairs_per_agent - 1) / pairs_per_agent, true, 0};
  }
  double used_us() const { return bench::usage_of(at_.wished.node_process).processor_us; }

  node_people people_;
  bench::stage at_;
  bench::pairs pairs_;
  double before_us_ = 0;
  std::uint64_t acks_before_ = 0;
};

class contender {
 public:
  contender(const std::string& program, unsigned pairs, variant of)
      : of_(std::move(of)),
        node_(program, (pairs + pairs_per_agent - 1) / pairs_per_agent, words()) {
    wished_.clients = pairs;
    wished_.posts_max = bench::wishes::posts_bound;
    wished_.owns_agents = true;
  }

  const std::string& name() const { return of_.name; }
  party& people() { return *party_; }

  void start_again() {
    node_.end(SIGTERM);
    node_.start_again_anywhere();
    wished_.to = bench::destination_of(std::to_string(node_.port()));
  }
  void gather() {
    wished_.node_process = node_.process();
    party_ = std::make_unique<party>(node_, wished_);
  }
  /// The node's processor time for being asked once.
  double scrape_us() const {
    const auto used_us = [this] { return bench::usage_of(node_.process()).processor_us; };
    const double before = used_us();
    for (int i = 0; i < scrapes_count; ++i)
      scrape(node_.internal_port());
    return (used_us() - before) / scrapes_count;
  }
  void disperse() {
    if (!party_->ends_well()) throw std::runtime_error(name() + " did not keep its promise");
    party_ = nullptr;
  }

 private:
  std::vector<std::string> words() const {
    std::vector<std::string> all{"--tier", "0", "--internal-listen", "127.0.0.1:0"};
    all.insert(all.end(), of_.words.begin(), of_.words.end());
    return all;
  }

  const variant of_;
  measured_node node_;
  bench::wishes wished_;
  std::unique_ptr<party> party_;
};

/// The mean of some values, and how far it may be off.
struct estimate {
  double mean;
  double error;
};

estimate estimate_of(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double each : values)
    squares += (each - mean) * (each - mean);
  return {mean, count > 1 ? std::sqrt(squares / (count - 1) / count) : 0};
}

class comparison {
 public:
  comparison(const std::string& program, const load& wanted, int rounds)
      : rounds_count_(rounds), wanted_(wanted) {
    stay_on(node_processor);
    const variant counts{"stats true", {"--stats", "true"}};
    variant has_collector{"and a collector", counts.words};
    for (const char* const word : {"--otlp-endpoint", no_collector, "--trace-sample", "0"})
      has_collector.words.emplace_back(word);
    const variant bare{"stats false", {"--stats", "false"}};
    for (const variant& each : {bare, bare, counts, has_collector})
      all_.emplace_back(program, wanted.pairs, each);
    us_each_.resize(all_.size());
  }

  void play_block() {
    stay_on(node_processor);
    for (contender& each : all_)
      each.start_again();
    stay_on(client_processor);
    for (contender& each : all_)
      each.gather();
    for (int round = 0; round <= rounds_count_; ++round)
      play_round(round);
    scrapes_us_.push_back(all_.at(counting).scrape_us());
    for (contender& each : all_)
      each.disperse();
    ++blocks_count_;
  }

  void report() const {
    fmt::print("{} blocks of {} rounds of {} ms, {} pairs at each of {} nodes\n", blocks_count_,
               rounds_count_, wanted_.round.count(), wanted_.pairs, all_.size());
    fmt::print("{:.0f} messages/s in all, which take {:.0f} % of the processor\n\n",
               static_cast<double>(messages_count_) / spent_s_, used_us_ / spent_s_ / 1e4);
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const estimate cost = estimate_of(us_each_[i]);
      fmt::print("{:<22}{:>8.2f} ± {:.2f} us a message\n", all_[i].name(), cost.mean, cost.error);
    }
    fmt::print("\n{:<46}{:>10}\n", "difference, ± over rounds, ± over blocks", "%");
    compare("two alike", {1}, {0});
    compare("stats, against none", {counting}, {0, 1});
    compare("a collector, nothing sampled, against none", {3}, {counting});
    const estimate scrape = estimate_of(scrapes_us_);
    fmt::print("to be asked for /metrics and /stats once: {:.2f} ± {:.2f} ms\n", scrape.mean / 1e3,
               scrape.error / 1e3);
  }

 private:
  using columns = std::vector<std::size_t>;
  static constexpr std::size_t counting = 2;

  void play_round(int round) {
    const bench::moment begin = bench::clock::now();
    for (contender& each : all_)
      each.people().begin(begin + wanted_.round);
    while (!std::ranges::all_of(all_, [](contender& each) { return each.people().is_over(); })) {
      if (bench::clock::now() > begin + patience) throw std::runtime_error("a round without end");
      for (int i = 0; i < turns_at_once; ++i) {
        for (contender& each : all_)
          each.people().turn();
      }
    }
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const expense of = all_[i].people().end();
      if (round == 0) continue;
      us_each_[i].push_back(of.used_us / static_cast<double>(of.messages));
      used_us_ += of.used_us;
      messages_count_ += of.messages;
    }
    if (round > 0) spent_s_ += bench::seconds_between(begin, bench::clock::now());
    fmt::print(stderr, "\rblock {}, round {} ", blocks_count_ + 1, round);
  }

  /// Of each round: by how many percent the first is more than the mean of the others.
  std::vector<double> more_percent(const columns& first, const columns& others) const {
    const auto mean = [this](const columns& of, std::size_t round) {
      double sum = 0;
      for (const std::size_t which : of)
        sum += us_each_[which][round];
      return sum / static_cast<double>(of.size());
    };
    std::vector<double> values;
    for (std::size_t round = 0; round < us_each_.front().size(); ++round)
      values.push_back((mean(first, round) / mean(others, round) - 1) * 100);
    return values;
  }

  void compare(const char* what, const columns& first, const columns& others) const {
    const std::vector<double> rounds = more_percent(first, others);
    std::vector<double> blocks;
    for (auto from = rounds.begin(); from != rounds.end(); from += rounds_count_)
      blocks.push_back(estimate_of({from, from + rounds_count_}).mean);
    const estimate found = estimate_of(rounds);
    fmt::print("{:<46}{:>+10.2f} ± {:.2f} ± {:.2f}\n", what, found.mean, found.error,
               estimate_of(blocks).error);
  }

  const int rounds_count_;
  const load wanted_;
  std::deque<contender> all_;
  /// Of each contender, one for each round that counts.
  std::vector<std::vector<double>> us_each_;
  /// One for each block.
  std::vector<double> scrapes_us_;
  int blocks_count_ = 0;
  /// Of all contenders, in all rounds that count.
  double used_us_ = 0;
  double spent_s_ = 0;
  std::uint64_t messages_count_ = 0;
};

}  // namespace
}  // namespace frontdesk

int main(int count, char** arguments) {
  const auto number = [&](int at, int otherwise) {
    return count > at ? std::max(1, std::atoi(arguments[at])) : otherwise;
  };
  try {
    const frontdesk::load wanted{static_cast<unsigned>(number(5, 250)),
                                 std::chrono::milliseconds{number(4, 1500)}};
    frontdesk::comparison all(count > 1 ? arguments[1] : "./frontdesk", wanted, number(3, 20));
    for (int i = 0; i < number(2, 8); ++i)
      all.play_block();
    all.report();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cost_benchmark: %s\n", error.what());
    return 1;
  }
}
