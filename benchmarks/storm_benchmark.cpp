// All clients come back at once. Each is a visitor with a conversation of its own that it follows;
// to some of them something was said while they were away. They are dropped three ways: their
// sockets are cut by RST, the node is killed and started again, the node is told to end (SIGTERM)
// and started again; after the first two all come at once, after the third each at the slot that
// its `bye` gave it. The time ends when the last of them was proven by its token, has its roster,
// and has every event of its conversation. Events that are missing at the end or came twice are
// counted: one is a failure.
//
// In the same run a plain server in the form of Boost.Beast's example, which knows nobody and
// stores nothing, takes the same: its clients are dropped, others have their turn, and all connect
// in one go, to the killed server as soon as its port is open again. Time begins before the kill.
// And the door's refusals are measured: a node that takes a hello a second, and all others that
// come to it.
//
//     cmake --preset release && ninja -C build/release frontdesk storm_benchmark
//     build/release/storm_benchmark build/release/frontdesk [clients 10000] [told 1000] [rounds 3]
//         [ways RKT]
//
// The ways to be dropped, in their order: R, RST; K, kill; T, SIGTERM.
//
// Each client needs a descriptor: `ulimit -n`. TMPDIR chooses the disk.

#include "bench/speech.hpp"
#include "benchmarks/measured_node.hpp"
#include "benchmarks/plain_storm.hpp"

#include <cstdio>
#include <memory>

namespace frontdesk {
namespace {

/// Speaks Frontdesk's protocol.
class storm_client : public bench::line {
 public:
  using line::line;

 protected:
  template <class Wish>
  void tell(const Wish& wish) {
    say(said(all().spoken, wish));
  }
  void connect_at(storm_moment when) {
    all().turning.at(when, [this] { connect(); });
  }
  void on_said(std::string_view message) final { on_heard(bench::heard_in(all().spoken, message)); }
  virtual void on_heard(const bench::heard&) = 0;
};

class visitor : public storm_client {
 public:
  visitor(bench::surroundings& all, std::uint32_t number, std::string token, tally& into)
      : storm_client(all, number), token_(std::move(token)), into_(into) {}

  conversation_id conversation() const { return conversation_; }
  std::uint64_t position() const { return position_; }
  std::uint64_t expected() const { return expected_; }

  /// Another device has posted it, or this one; it has to arrive.
  void expect(sequence seq) { expected_ = std::max(expected_, seq.value); }

  /// Says something; its ack says up to where this device has to come.
  void post() {
    is_ready_ = false;
    tell(bench::post_wish{conversation_, post_number{++posts_count_}, "where is my parcel?"});
  }

  void cut() {
    drop();
    is_ready_ = is_welcome_ = is_following_ = false;
  }

 protected:
  void on_open() override { tell(bench::hello_wish{token_, {0, number() + 1}}); }

  void on_heard(const bench::heard& what) override {
    using kinds = bench::heard_kind;
    if (what.kind == kinds::event) {
      on_events(what.events);
    } else if (what.kind == kinds::roster) {
      on_roster(what);
    } else if (what.kind == kinds::ack) {
      expect(what.seq);
      if (!is_following_) follow();
    } else if (what.kind == kinds::welcome) {
      if (!what.seat.empty()) seat_ = what.seat;
    } else if (what.kind == kinds::bye) {
      slot_ = milliseconds{what.retry_after_ms};
      into_.slots_ms.push_back(what.retry_after_ms);
    } else if (what.kind == kinds::fault) {
      throw std::runtime_error(what.code);
    } else if (what.kind == kinds::ping) {
      tell(bench::pong_wish{});
    }
    look_whether_ready();
  }

  void on_lost() override {
    ++into_.lost_lines_count;
    cut();
    const auto slot = std::exchange(slot_, milliseconds{0});
    connect_at(storm_clock::now() + std::max(slot, again));
  }

  void on_refused(milliseconds wait) override {
    ++into_.refused_count;
    connect_at(storm_clock::now() + wait);
  }

  std::string offers() const override {
    return seat_.empty() ? std::string() : ", frontdesk.seat." + seat_;
  }

 private:
  void on_events(const std::vector<bench::heard_event>& all) {
    for (const bench::heard_event& each : all) {
      if (each.seq.value <= position_) {
        ++into_.doubled_count;
      } else if (each.seq.value > position_ + 1) {
        ++into_.holes_count;
      } else {
        position_ = each.seq.value;
      }
    }
  }

  void on_roster(const bench::heard& what) {
    is_welcome_ = true;
    if (what.next) conversation_ = what.next;
    if (what.items.empty()) return;
    expect(what.items.front().head);
    if (!is_following_) follow();
  }

  void follow() {
    is_following_ = true;
    tell(bench::sub_wish{{{conversation_, sequence{position_}}}});
  }

  void look_whether_ready() {
    const bool has_all = is_welcome_ && is_following_ && position_ >= expected_;
    if (is_ready_ || !has_all) return;
    is_ready_ = true;
    ++into_.ready_count;
    into_.last_ready_at = storm_clock::now();
  }

  const std::string token_;
  tally& into_;
  conversation_id conversation_;
  std::string seat_;
  std::uint64_t position_ = 0;
  std::uint64_t expected_ = 0;
  std::uint64_t posts_count_ = 0;
  milliseconds slot_{0};
  bool is_welcome_ = false;
  bool is_following_ = false;
  bool is_ready_ = false;
};

/// The same visitor on another device, which only says one thing.
class second_device : public storm_client {
 public:
  second_device(bench::surroundings& all, visitor& first, std::string token,
                std::size_t& open_count)
      : storm_client(all, first.number()),
        first_(first),
        token_(std::move(token)),
        open_count_(open_count) {}

 protected:
  void on_open() override { tell(bench::hello_wish{token_, {++devices_count, number()}}); }
  void on_heard(const bench::heard& what) override {
    if (what.kind == bench::heard_kind::roster && !std::exchange(has_posted_, true)) {
      tell(bench::post_wish{first_.conversation(), post_number{1}, "are you there?"});
    } else if (what.kind == bench::heard_kind::ack) {
      first_.expect(what.seq);
      --open_count_;
      drop();
    }
  }
  void on_lost() override { throw std::runtime_error("a second device was lost"); }
  /// It is new, so it stands behind those who were here: just after a storm it has to wait.
  void on_refused(milliseconds wait) override { connect_at(storm_clock::now() + wait); }

 private:
  static inline std::uint64_t devices_count = 0;
  visitor& first_;
  const std::string token_;
  std::size_t& open_count_;
  bool has_posted_ = false;
};

class storm {
 public:
  storm(const std::string& program, std::uint32_t clients, std::size_t told)
      : node_(program, 0),
        to_(bench::destination_of(std::to_string(node_.port()))),
        told_count_(std::min<std::size_t>(told, clients)) {
    for (std::uint32_t i = 0; i < clients; ++i)
      visitors_.emplace_back(all_, i + 1, node_.visitor_token(i + 1), counts_);
  }

  /// One after the other, a few at a time: this is not the storm.
  void settle() {
    constexpr std::size_t at_once = 100;
    for (std::size_t i = 0; i < visitors_.size(); ++i) {
      visitors_[i].connect();
      turn_until(turning_, [&] {
        const std::size_t done = i < at_once ? 0 : i - at_once;
        return visitors_[done].conversation() || i < at_once;
      });
    }
    turn_until(turning_, [this] {
      return std::ranges::none_of(visitors_, [](const visitor& v) { return !v.conversation(); });
    });
    for (std::size_t i = 0; i < visitors_.size(); ++i) {
      visitors_[i].post();
      if (i % at_once == 0) turning_.turn();
    }
    turn_until(turning_, [this] { return counts_.ready_count >= visitors_.size(); });
    fmt::print("{} visitors, each with a conversation that it follows\n", visitors_.size());
  }

  void cut() {
    for (visitor& each : visitors_)
      each.cut();
  }

  void drop(char way) {
    way == 'R' ? cut_by_reset() : way == 'K' ? kill_and_start() : end_and_start();
  }

  void cut_by_reset() {
    cut();
    speak_to_those_away();
    const storm_start began = begin();
    for (visitor& each : visitors_)
      each.connect();
    report("sockets cut by RST", began);
  }

  void kill_and_start() {
    cut();
    speak_to_those_away();
    const storm_start began = begin();
    node_.end(SIGKILL);
    node_.start_again();
    fmt::print("killed, and ready again after {:.0f} ms\n",
               ms_between(began.at, storm_clock::now()));
    for (visitor& each : visitors_)
      each.connect();
    report("kill -9 and start", began);
  }

  void end_and_start() {
    const storm_start began = begin();
    node_.wish_end(SIGTERM);
    turn_until(turning_, [this] { return node_.has_ended(); });
    const storm_moment ended = storm_clock::now();
    node_.start_again();
    fmt::print("SIGTERM: ended after {:.0f} ms, ready again after {:.0f} ms\n",
               ms_between(began.at, ended), ms_between(began.at, storm_clock::now()));
    report("SIGTERM and start", began);
    report_slots();
  }

  /// Whether nothing was lost, nothing came twice.
  bool is_whole() const {
    std::uint64_t missing = 0;
    for (const visitor& each : visitors_)
      missing += each.expected() - each.position();
    fmt::print("events lost: {}, out of order: {}, twice: {}\n", missing, counts_.holes_count,
               counts_.doubled_count);
    return missing + counts_.holes_count + counts_.doubled_count == 0;
  }

 private:
  void speak_to_those_away() {
    std::size_t open_count = 0;
    std::deque<second_device> devices;
    constexpr std::size_t at_once = 100;
    for (std::size_t i = 0; i < told_count_; ++i) {
      visitor& first = visitors_[i * visitors_.size() / told_count_];
      const std::string token = node_.visitor_token(first.number());
      second_device& device = devices.emplace_back(all_, first, token, open_count);
      ++open_count;
      device.connect();
      turn_until(turning_, [&] { return open_count < at_once; });
    }
    turn_until(turning_, [&] { return open_count == 0; });
  }

  storm_start begin() {
    counts_.ready_count = counts_.refused_count = counts_.lost_lines_count = 0;
    counts_.slots_ms.clear();
    return {};
  }

  void report(std::string_view what, const storm_start& began) {
    turn_until(turning_, [this] { return counts_.ready_count >= visitors_.size(); });
    fmt::print(
        "{}: {} back after {:.0f} ms; refused {}, tried again {}, dropped by the kernel {}\n", what,
        visitors_.size(), ms_between(began.at, counts_.last_ready_at), counts_.refused_count,
        counts_.lost_lines_count, listen_overflows() - began.overflows);
  }

  void report_slots() {
    std::vector<std::uint64_t>& slots = counts_.slots_ms;
    if (slots.empty()) return;
    std::ranges::sort(slots);
    const auto same = std::ranges::adjacent_find(slots, {}, [](auto ms) { return ms / 100; });
    std::size_t most = 0;
    for (auto at = slots.begin(); at != slots.end() && same != slots.end();) {
      const auto end = std::ranges::upper_bound(slots, *at / 100 * 100 + 99);
      most = std::max(most, static_cast<std::size_t>(end - at));
      at = end;
    }
    fmt::print("slots given by bye: {} to {} ms, at most {} within 100 ms\n", slots.front(),
               slots.back(), most);
  }

  measured_node node_;
  const bench::destination to_;
  bench::loop turning_;
  bench::surroundings all_{turning_, to_};
  tally counts_;
  std::deque<visitor> visitors_;
  const std::size_t told_count_;
};

struct wished_rounds {
  std::uint32_t count;
  std::string ways;
};

/// Both in turn, so that whatever else the machine does hits both. False: something was lost.
bool measure_storms(const std::string& program, std::uint32_t clients, std::size_t told,
                    const wished_rounds& rounds) {
  storm all(program, clients, told);
  all.settle();
  for (std::uint32_t round = 0; round < rounds.count; ++round) {
    all.cut();
    plain_storm(clients, told).measure();
    for (const char way : rounds.ways)
      all.drop(way);
  }
  return all.is_whole();
}

/// Somebody who comes to the door, and says hello if there is a token.
class newcomer : public storm_client {
 public:
  newcomer(bench::surroundings& all, std::uint32_t number, std::string token, tally& into)
      : storm_client(all, number), token_(std::move(token)), into_(into) {}

 protected:
  void on_open() override {
    if (token_.empty()) {
      ++into_.ready_count;
      return;
    }
    tell(bench::hello_wish{token_, {0, number()}});
  }
  void on_heard(const bench::heard& what) override {
    if (what.kind == bench::heard_kind::roster) ++into_.ready_count;
  }
  void on_lost() override { ++into_.lost_lines_count; }
  void on_refused(milliseconds) override { ++into_.refused_count; }

 private:
  const std::string token_;
  tally& into_;
};

void measure_door(const std::string& program, std::uint32_t count, std::string_view hellos,
                  bool says_hello) {
  measured_node node(program, 0, {"--hellos-per-second", std::string(hellos)});
  const auto to = bench::destination_of(std::to_string(node.port()));
  bench::loop turning;
  bench::surroundings people{turning, to};
  tally counts;
  std::deque<newcomer> all;
  constexpr std::size_t at_once = 50;
  const auto done = [&counts] { return counts.ready_count + counts.refused_count; };
  const double cpu_before = node.cpu_us();
  for (std::uint32_t i = 1; i <= count; ++i) {
    const std::string token = says_hello ? node.visitor_token(i) : std::string();
    all.emplace_back(people, i, token, counts).connect();
    turn_until(turning, [&] { return all.size() - done() < at_once; });
  }
  turn_until(turning, [&] { return done() == all.size(); });
  fmt::print("at the door{}: {} let in, {} refused, {:.1f} us of the node's time for each\n",
             says_hello ? ", with a hello" : "", counts.ready_count, counts.refused_count,
             (node.cpu_us() - cpu_before) / count);
}

}  // namespace
}  // namespace frontdesk

int main(int count, char** arguments) {
  const auto number = [&](int at, int otherwise) {
    return static_cast<std::uint32_t>(count > at ? std::atoi(arguments[at]) : otherwise);
  };
  const std::string program = count > 1 ? arguments[1] : "./frontdesk";
  const std::uint32_t clients = number(2, 10'000);
  const std::string ways = count > 5 ? arguments[5] : "RKT";
  try {
    if (!frontdesk::measure_storms(program, clients, number(3, 1000), {number(4, 3), ways})) {
      return 1;
    }
    frontdesk::measure_door(program, clients, "1000000", true);
    frontdesk::measure_door(program, clients, "1000000", false);
    frontdesk::measure_door(program, clients, "1", false);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "storm_benchmark: %s\n", error.what());
    return 1;
  }
}
