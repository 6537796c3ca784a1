#include "bench/pairs.hpp"
#include "bench/scenarios.hpp"
#include "model/limits.hpp"

#include <fmt/format.h>

#include <cmath>

namespace frontdesk::bench {

namespace {

microseconds pause_of(const wishes& wished) {
  if (wished.rate <= 0) return pairs::pause_min;
  // Half of the messages are answers.
  const double seconds = 2.0 * wished.clients / wished.rate;
  const microseconds pause{static_cast<microseconds::rep>(seconds * 1e6)};
  if (pause >= pairs::pause_min) return pause;
  throw cannot_measure(fmt::format(
      "{} messages a second take {:.0f} pairs at least: the node allows a visitor {} posts a "
      "second.",
      wished.rate, std::ceil(wished.rate / pairs::rate_max(1)), limits::posts_per_second_visitor));
}

}  // namespace

result run_relay(const wishes& wished, identities& people, caller who) {
  const microseconds pause = pause_of(wished);
  const bool is_closed = wished.loop == loop_kind::closed;
  stage at(wished, people, std::move(who));
  pairs all(at, {wished.clients, wished.agents, is_closed, 0});
  all.open();
  at.enter("measuring");
  at.start_counting();
  if (is_closed) at.into.expected_interval_us = static_cast<std::uint64_t>(pause.count());
  all.speak(pause);
  while (!at.is_over())
    at.turn();
  at.stop_counting();
  all.hush();
  return at.finish(
      "relay", fmt::format("{} pairs, {} agents, {} loop, {} bytes each, a visitor's message every "
                           "{:.0f} ms, {}",
                           wished.clients, all.agents_count(), is_closed ? "closed" : "open",
                           wished.text_bytes, static_cast<double>(pause.count()) / 1000,
                           subprotocols[index_of(wished.spoken)]));
}

}  // namespace frontdesk::bench
