#pragma once

#include "bench/checker/history.hpp"
#include "bench/clock.hpp"
#include "bench/speech.hpp"
#include "model/histogram.hpp"
#include "model/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <unordered_map>

namespace frontdesk::bench {

/// Microseconds, three significant digits, up to 19 hours.
using latencies = log_histogram<10>;

/// When a message was due, and when the other side saw it. The author learns the seq by its ack,
/// the reader by the event, and either may come first; so whatever is said needs no mark in it.
class delivery_book {
 public:
  struct delivery {
    moment due;
    moment seen;
    person_kind by;
  };

  /// The second of the two answers with both times.
  const delivery* acked(conversation_id, sequence, person_kind by, moment due);
  const delivery* seen(conversation_id, sequence, moment now);

  /// The highest seq that anybody has heard of.
  sequence head(conversation_id) const;
  void heard_of(conversation_id, sequence);

 private:
  struct half {
    moment due{};
    moment seen{};
    person_kind by = person_kind::visitor;
  };
  struct page {
    std::map<std::uint64_t, half> open;
    sequence head;
  };

  const delivery* complete(page&, std::map<std::uint64_t, half>::iterator);

  std::unordered_map<conversation_id, page> pages_;
  delivery last_{};
};

/// What everybody in a run counts together.
struct measures {
  /// Posts that were due in this span count for the latencies; all count for the checker.
  moment from = moment::max();
  moment until = moment::max();
  /// Of a closed loop, for the correction (model/histogram.hpp); 0: an open one needs none. It is
  /// the visitors who speak by the clock; an agent answers whenever there is something to answer.
  std::uint64_t expected_interval_us = 0;

  /// From the moment when a post was due, until its ack and until the other side sees it. With the
  /// samples that a correction adds, so that their number is not that of the messages.
  latencies acks_us;
  latencies deliveries_us;
  /// How late the bench itself spoke: no node can be seen to be quicker than whoever looks.
  latencies lateness_us;
  delivery_book deliveries;
  checker::history seen;

  /// Told of each delivery that counts; may be empty.
  std::function<void(conversation_id, moment due, moment seen)> on_delivery;

  std::uint64_t posts_count = 0;
  std::uint64_t acks_count = 0;
  /// Each time that a post was refused.
  std::uint64_t refused_posts_count = 0;
  /// Never recorded: a fault after which it does not help to try again, or behind such a post.
  std::uint64_t given_up_count = 0;
  std::uint64_t posts_max = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t lost_links_count = 0;
  std::uint64_t refused_links_count = 0;
  std::uint64_t gaps_count = 0;
  std::map<std::string, std::uint64_t> faults;
  unsigned tier = 0;

  bool is_full() const { return posts_count >= posts_max; }
  bool counts(moment due) const { return due >= from && due < until; }
  void spoke(moment due, moment now);
  void acked(conversation_id, sequence, person_kind by, moment due, moment now);
  void delivered(conversation_id, sequence, moment now);

 private:
  void add(conversation_id, const delivery_book::delivery*);
  void add(latencies&, person_kind by, moment due, moment now) const;
};

/// What the checker compares of an event.
checker::body_hash hash_of(const heard_event&);

/// The checker's clock, in microseconds.
inline checker::instant instant_of(moment at) {
  return {std::chrono::duration_cast<microseconds>(at.time_since_epoch()).count()};
}

}  // namespace frontdesk::bench
