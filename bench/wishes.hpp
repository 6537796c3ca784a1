#pragma once

#include "bench/corpus.hpp"
#include "bench/destination.hpp"
#include "wire/encoding.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace frontdesk::bench {

/// An open loop says what is due whatever the node does; a closed one waits for the answer first.
enum class loop_kind : std::uint8_t { open, closed };

/// What a run is asked for; each scenario takes what it knows.
struct wishes {
  /// A run is bounded twice, and so is its memory: a message takes about a kilobyte until the end,
  /// for the checker.
  static constexpr std::uint64_t posts_bound = 2'000'000;
  static constexpr unsigned clients_bound = 50'000;
  static constexpr std::chrono::seconds seconds_bound{24 * 3600};

  destination to;
  encoding spoken = encoding::json;
  std::chrono::seconds seconds{10};
  std::uint64_t posts_max = 500'000;
  /// relay: pairs of a visitor and an agent. desk: conversations at once. Else: visitors.
  unsigned clients = 100;
  unsigned agents = 0;
  loop_kind loop = loop_kind::open;
  /// relay: messages a second, of both sides together; 0: what the pairs may say. tiers: those that
  /// the node can take; 0: to be found out.
  double rate = 0;
  std::size_t text_bytes = 128;
  /// offline: what is said to each while away.
  unsigned messages = 20;
  /// desk: conversations that an agent takes at once; 0: as many as are needed.
  unsigned capacity = 0;
  /// desk, storm, idle: visitors who come in a second, at first.
  double arrivals = 100;
  /// storm: how often.
  unsigned rounds = 3;
  /// desk: between what one side hears and what it says; 0: as fast as the limits of the node
  /// leave room.
  std::chrono::milliseconds pace{0};
  /// desk: nothing of its own is said if there is none.
  std::vector<dialogue> dialogues;
  /// Its processor time and memory are told if it runs on this machine; 0: it does not.
  int node_process = 0;
  /// What it may use, as it says itself; 0: it is not known.
  double node_processors = 0;
  std::uint64_t node_memory_limit_bytes = 0;
  /// Whether all conversations of these agents are this run's, to be closed.
  bool owns_agents = false;
};

}  // namespace frontdesk::bench
