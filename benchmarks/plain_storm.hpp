#pragma once

#include "bench/line.hpp"
#include "benchmarks/beast_echo.hpp"

#include <algorithm>
#include <cstdio>
#include <deque>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <vector>

/// What the storm is compared with, and how both are counted.
namespace frontdesk {

using std::chrono::milliseconds;
using storm_clock = bench::clock;
using storm_moment = bench::moment;

/// When a node that is not there yet is tried again.
inline constexpr milliseconds again{20};

inline double ms_between(storm_moment from, storm_moment to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

/// How many connections the kernels' queues of this machine had no room for: it drops what such a
/// client sends, and the client sends it again after a second.
inline std::uint64_t listen_overflows() {
  std::ifstream file("/proc/net/netstat");
  std::string names_line;
  std::string values_line;
  while (std::getline(file, names_line) && std::getline(file, values_line)) {
    std::istringstream names(names_line);
    std::istringstream values(values_line);
    for (std::string name, value; names >> name && values >> value;)
      if (name == "ListenOverflows") return std::stoull(value);
  }
  throw std::runtime_error("/proc/net/netstat tells no ListenOverflows");
}

template <class Question>
void turn_until(bench::loop& turning, Question it_is_so) {
  const storm_moment deadline = storm_clock::now() + std::chrono::seconds{120};
  while (!it_is_so()) {
    if (storm_clock::now() > deadline) throw std::runtime_error("waited for too long");
    turning.turn();
  }
}

struct storm_start {
  storm_moment at = storm_clock::now();
  std::uint64_t overflows = listen_overflows();
};

/// What all clients of one storm count together.
struct tally {
  std::size_t ready_count = 0;
  std::uint64_t doubled_count = 0;
  std::uint64_t holes_count = 0;
  std::uint64_t refused_count = 0;
  std::uint64_t lost_lines_count = 0;
  storm_moment last_ready_at;
  std::vector<std::uint64_t> slots_ms;
};

/// A client of the plain server: back when its word has come back.
class echo_client : public bench::line {
 public:
  echo_client(bench::surroundings& all, std::uint32_t number, tally& into)
      : line(all, number), into_(into) {}

 protected:
  void on_open() override { say(R"({"t":"hello","token":"nobody looks at it"})"); }
  void on_said(std::string_view) override {
    ++into_.ready_count;
    into_.last_ready_at = storm_clock::now();
  }
  void on_lost() override {
    all().turning.at(storm_clock::now() + again, [this] { connect(); });
  }
  void on_refused(milliseconds) override { throw std::runtime_error("refused by the echo"); }

 private:
  tally& into_;
};

/// The plain server, dropped the first two ways, and between them as busy with others as the node.
class plain_storm {
 public:
  plain_storm(std::uint32_t clients, std::size_t told)
      : server_(std::make_unique<beast_echo::process>()),
        to_(bench::destination_of(std::to_string(server_->port()))),
        told_count_(std::min<std::size_t>(told, clients)) {
    for (std::uint32_t i = 0; i < clients; ++i)
      clients_.emplace_back(all_, i + 1, counts_);
  }

  void measure() {
    come_back("plain Beast, first connects", begin());
    cut();
    come_back("plain Beast, sockets cut by RST", begin());
    cut();
    const storm_start began = begin();
    const std::uint16_t port = server_->port();
    server_ = nullptr;
    server_ = std::make_unique<beast_echo::process>(port);
    fmt::print("killed, and ready again after {:.0f} ms\n",
               ms_between(began.at, storm_clock::now()));
    come_back("plain Beast, kill -9 and start", began);
  }

 private:
  storm_start begin() {
    counts_ = {};
    return {};
  }

  void cut() {
    for (echo_client& each : clients_)
      each.drop();
    // What the node hears from second devices meanwhile.
    tally others;
    std::deque<echo_client> devices;
    constexpr std::size_t at_once = 100;
    for (std::uint32_t i = 0; i < told_count_; ++i) {
      devices.emplace_back(all_, i + 1, others).connect();
      turn_until(turning_, [&] { return devices.size() - others.ready_count < at_once; });
    }
    turn_until(turning_, [&] { return others.ready_count == devices.size(); });
  }

  void come_back(std::string_view how, const storm_start& began) {
    for (echo_client& each : clients_)
      each.connect();
    turn_until(turning_, [this] { return counts_.ready_count >= clients_.size(); });
    fmt::print("{}: {} back after {:.0f} ms; dropped by the kernel {}\n", how, clients_.size(),
               ms_between(began.at, counts_.last_ready_at), listen_overflows() - began.overflows);
  }

  std::unique_ptr<beast_echo::process> server_;
  const bench::destination to_;
  bench::loop turning_;
  bench::surroundings all_{turning_, to_};
  tally counts_;
  std::deque<echo_client> clients_;
  const std::size_t told_count_;
};

}  // namespace frontdesk
