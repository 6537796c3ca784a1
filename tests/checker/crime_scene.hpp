#pragma once

#include "bench/checker/checker.hpp"
#include "bench/checker/history.hpp"
#include "tests/checker/random_desk.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <variant>
#include <vector>

/// The problem: a planted fault must be the only one. Taking a line out of a log is easy; making a
/// desk that consistently tells everybody the wrong order is not, and only such a desk shows that
/// the rule for order works without the help of the others.
namespace frontdesk::checker {

/// The observations of an honest desk, about to be made those of a faulty one: questions to find a
/// place for a fault, and changes to plant it. Where several places fit, the seed chooses.
class crime_scene {
 public:
  /// Enough for every kind of observation, few enough for hundreds of seeds.
  static constexpr std::size_t steps_count = 500;

  explicit crime_scene(std::uint64_t seed)
      : random_{seed}, loose_{random_honest_history(seed, steps_count)} {}

  std::vector<observation>& seen() { return loose_.seen; }
  report judged() const { return check(loose_.bound()); }
  void add(const observation& one) { seen().push_back(one); }
  void remove(std::size_t i) { seen().erase(seen().begin() + static_cast<std::ptrdiff_t>(i)); }
  void insert(std::size_t i, const observation& one) {
    seen().insert(seen().begin() + static_cast<std::ptrdiff_t>(i), one);
  }

  template <class Kind>
  Kind& at(std::size_t i) {
    return std::get<Kind>(seen()[i]);
  }

  /// Where observations of a kind are that fulfil a condition.
  template <class Kind, class Condition>
  std::vector<std::size_t> places(Condition&& is_wanted) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < seen().size(); ++i) {
      const auto* one = std::get_if<Kind>(&seen()[i]);
      if (one && is_wanted(*one)) found.push_back(i);
    }
    return found;
  }

  /// One of them by chance; none if there is none.
  template <class Kind, class Condition>
  std::optional<std::size_t> any(Condition&& is_wanted) {
    const auto found = places<Kind>(is_wanted);
    if (found.empty()) return std::nullopt;
    return found[random_() % found.size()];
  }

  template <class Kind>
  std::optional<std::size_t> any() {
    return any<Kind>([](const Kind&) { return true; });
  }

  bool is_deleted(const event& what) {
    return !places<message_deleted>([&](const message_deleted& one) {
              return one.conversation == what.conversation && one.track == what.track &&
                     one.seq == what.seq;
            }).empty();
  }

  bool is_acked(const event& line) {
    return line.author && !places<post_acked>([&](const post_acked& one) {
                             return one.what.conversation == line.conversation &&
                                    one.what.author == *line.author;
                           }).empty();
  }

  /// A stored post that its author knows to be recorded, with its body.
  std::optional<std::size_t> any_acked_line() {
    return any<event_stored>(
        [&](const event_stored& one) { return is_acked(one.what) && !is_deleted(one.what); });
  }

  seq_number behind_head(conversation_id conversation, track_kind track) {
    seq_number head;
    for (const std::size_t i : places<event_stored>([&](const event_stored& one) {
           return one.what.conversation == conversation && one.what.track == track;
         }))
      head = std::max(head, at<event_stored>(i).what.seq);
    return {head.value + 1};
  }

  /// Stores a post at the end of its track.
  void store(const post& what) {
    add(event_stored{{what.conversation, what.track, behind_head(what.conversation, what.track),
                      what.author, what.hash}});
  }

  /// What a device that never posted would post in the place of `like`.
  post unheard_of(const post& like) {
    post other = like;
    other.author.n.value += 100'000;
    other.hash.value = random_();
    return other;
  }

  /// Lets two events of a track change places, wherever they were seen and acknowledged.
  void exchange(event a, event b) {
    const auto exchange_in = [&](event& seen) {
      if (seen.conversation != a.conversation || seen.track != a.track) return;
      const event& other = seen.seq == a.seq ? b : a;
      if (seen.seq != a.seq && seen.seq != b.seq) return;
      seen.hash = other.hash;
      if (seen.author) seen.author.reset();
    };
    for (observation& one : seen()) {
      if (auto* shown = std::get_if<event_shown>(&one)) exchange_in(shown->what);
      if (auto* delivered = std::get_if<event_delivered>(&one)) exchange_in(delivered->what);
      if (auto* acked = std::get_if<post_acked>(&one)) exchange_ack(*acked, a, b);
      if (auto* stored = std::get_if<event_stored>(&one)) exchange_line(stored->what, a, b);
    }
  }

 private:
  static void exchange_ack(post_acked& acked, const event& a, const event& b) {
    if (acked.what.conversation != a.conversation) return;
    if (acked.what.author == a.author)
      acked.seq = b.seq;
    else if (acked.what.author == b.author)
      acked.seq = a.seq;
  }

  static void exchange_line(event& line, const event& a, const event& b) {
    if (line.conversation != a.conversation || line.track != a.track) return;
    if (line.seq == a.seq)
      line.seq = b.seq;
    else if (line.seq == b.seq)
      line.seq = a.seq;
  }

  std::mt19937_64 random_;
  loose_history loose_;
};

}  // namespace frontdesk::checker
