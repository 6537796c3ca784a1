#include "bench/checker/checker.hpp"
#include "tests/checker/crime_scene.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace frontdesk::checker {

namespace {

constexpr std::uint64_t seeds_count = 300;

/// All seeds, or the one in the environment, to repeat a failure.
std::vector<std::uint64_t> seeds() {
  if (const char* one = std::getenv("FRONTDESK_SEED")) return {std::stoull(one)};
  std::vector<std::uint64_t> all;
  for (std::uint64_t seed = 1; seed <= seeds_count; ++seed)
    all.push_back(seed);
  return all;
}

bool loses_a_stored_post(crime_scene& scene) {
  const auto line = scene.any_acked_line();
  if (line) scene.remove(*line);
  return line.has_value();
}

bool loses_the_end_of_a_log(crime_scene& scene) {
  const auto last = scene.any<event_stored>([&](const event_stored& one) {
    return one.what.seq.value + 1 == scene.behind_head(one.what.conversation, one.what.track).value;
  });
  if (last) scene.remove(*last);
  return last.has_value();
}

bool stores_a_post_twice(crime_scene& scene) {
  const auto line =
      scene.any<event_stored>([](const event_stored& one) { return one.what.author.has_value(); });
  if (!line) return false;
  event copy = scene.at<event_stored>(*line).what;
  copy.seq = scene.behind_head(copy.conversation, copy.track);
  scene.add(event_stored{copy});
  return true;
}

bool swaps_two_lines(crime_scene& scene) {
  const auto line = scene.any_acked_line();
  if (!line) return false;
  event& one = scene.at<event_stored>(*line).what;
  const auto other = scene.any<event_stored>([&](const event_stored& two) {
    return two.what.conversation == one.conversation && two.what.track == one.track &&
           two.what.seq != one.seq;
  });
  if (other) std::swap(one.seq, scene.at<event_stored>(*other).what.seq);
  return other.has_value();
}

bool changes_a_body(crime_scene& scene) {
  const auto line = scene.any_acked_line();
  if (line) ++scene.at<event_stored>(*line).what.hash.value;
  return line.has_value();
}

bool renumbers_the_log(crime_scene& scene) {
  const auto line = scene.any<event_stored>();
  if (!line) return false;
  const event from = scene.at<event_stored>(*line).what;
  for (const std::size_t i : scene.places<event_stored>([&](const event_stored& one) {
         return one.what.conversation == from.conversation && one.what.track == from.track &&
                one.what.seq >= from.seq;
       }))
    ++scene.at<event_stored>(i).what.seq.value;
  return true;
}

bool keeps_a_note_where_visitors_read(crime_scene& scene) {
  const auto line = scene.any<event_stored>([&](const event_stored& one) {
    return one.what.track == track_kind::internal && scene.is_acked(one.what);
  });
  if (!line) return false;
  event& note = scene.at<event_stored>(*line).what;
  note.seq = scene.behind_head(note.conversation, track_kind::public_);
  note.track = track_kind::public_;
  return true;
}

bool stores_what_nobody_posted(crime_scene& scene) {
  const auto sent = scene.any<post_sent>();
  if (sent) scene.store(scene.unheard_of(scene.at<post_sent>(*sent).what));
  return sent.has_value();
}

bool stores_what_it_refused(crime_scene& scene) {
  const auto refused = scene.any<post_refused>(
      [](const post_refused& one) { return one.refusal == refusal_kind::final; });
  if (refused) scene.store(scene.at<post_refused>(*refused).what);
  return refused.has_value();
}

bool stores_what_it_was_too_busy_for(crime_scene& scene) {
  const auto sent = scene.any<post_sent>();
  if (!sent) return false;
  const post what = scene.unheard_of(scene.at<post_sent>(*sent).what);
  scene.add(post_sent{what, {}});
  scene.add(post_refused{what, refusal_kind::temporary, {}});
  scene.store(what);
  return true;
}

bool acknowledges_what_it_never_stores(crime_scene& scene) {
  const auto sent = scene.any<post_sent>();
  if (!sent) return false;
  const post what = scene.unheard_of(scene.at<post_sent>(*sent).what);
  scene.add(post_sent{what, {}});
  scene.add(post_acked{what, scene.behind_head(what.conversation, what.track), {}});
  return true;
}

bool acknowledges_two_seqs(crime_scene& scene) {
  const auto acked = scene.any<post_acked>();
  if (!acked) return false;
  post_acked again = scene.at<post_acked>(*acked);
  ++again.seq.value;
  scene.add(again);
  return true;
}

bool acknowledges_other_content(crime_scene& scene) {
  const auto line = scene.any_acked_line();
  if (!line) return false;
  const event& stored = scene.at<event_stored>(*line).what;
  post other{stored.conversation, *stored.author, stored.track, stored.hash};
  ++other.hash.value;
  const seq_number seq = stored.seq;
  scene.add(post_sent{other, {}});
  scene.add(post_acked{other, seq, {}});
  return true;
}

/// Two stored posts, the first far enough before the second to be bound to stand there.
bool exchanges(crime_scene& scene,
               const std::function<bool(const event&, const event&)>& are_bound) {
  const auto are_exchangeable = [&](const event& a, const event& b) {
    return a.conversation == b.conversation && a.track == b.track && a.seq < b.seq && a.author &&
           b.author && are_bound(a, b);
  };
  const auto whole = [&](const event_stored& one) { return !scene.is_deleted(one.what); };
  const auto lines = scene.places<event_stored>(whole);
  for (const std::size_t a : lines)
    for (const std::size_t b : lines) {
      const event one = scene.at<event_stored>(a).what;
      const event two = scene.at<event_stored>(b).what;
      if (!are_exchangeable(one, two)) continue;
      scene.exchange(one, two);
      return true;
    }
  return false;
}

bool forgets_the_order_of_a_device(crime_scene& scene) {
  return exchanges(
      scene, [](const event& a, const event& b) { return a.author->device == b.author->device; });
}

bool forgets_the_order_of_time(crime_scene& scene) {
  return exchanges(scene, [&](const event& a, const event& b) {
    const auto acks = scene.places<post_acked>([&](const post_acked& one) {
      return one.what.conversation == a.conversation && one.what.author == *a.author;
    });
    const auto sendings = scene.places<post_sent>([&](const post_sent& one) {
      return one.what.conversation == b.conversation && one.what.author == *b.author;
    });
    return a.author->device != b.author->device && !acks.empty() && !sendings.empty() &&
           scene.at<post_acked>(acks.front()).at < scene.at<post_sent>(sendings.front()).at;
  });
}

/// A shown event and the next one on the same screen in the same life.
std::optional<std::pair<std::size_t, std::size_t>> two_in_a_row(crime_scene& scene) {
  const auto first =
      scene.any<event_shown>([](const event_shown& one) { return one.what.seq.value > 1; });
  if (!first) return std::nullopt;
  const event_shown& shown = scene.at<event_shown>(*first);
  for (std::size_t i = *first + 1; i < scene.seen().size(); ++i) {
    const auto* restarted = std::get_if<reader_restarted>(&scene.seen()[i]);
    if (restarted && restarted->reader == shown.reader &&
        restarted->positions == positions_kind::dropped)
      return std::nullopt;
    const auto* next = std::get_if<event_shown>(&scene.seen()[i]);
    if (next && next->reader == shown.reader && next->what.track == shown.what.track &&
        next->what.conversation == shown.what.conversation)
      return std::pair{*first, i};
  }
  return std::nullopt;
}

bool shows_an_event_twice(crime_scene& scene) {
  const auto shown = scene.any<event_shown>();
  if (shown) scene.insert(*shown + 1, observation{scene.at<event_shown>(*shown)});
  return shown.has_value();
}

bool shows_an_event_again_after_a_restart(crime_scene& scene) {
  const auto pair = two_in_a_row(scene);
  if (!pair) return false;
  const event_shown again = scene.at<event_shown>(pair->first);
  scene.insert(pair->second, again);
  scene.insert(pair->second, reader_restarted{again.reader, positions_kind::kept, again.at});
  return true;
}

bool skips_an_event(crime_scene& scene) {
  const auto pair = two_in_a_row(scene);
  if (pair) scene.remove(pair->first);
  return pair.has_value();
}

bool shows_events_out_of_order(crime_scene& scene) {
  const auto pair = two_in_a_row(scene);
  if (pair) std::swap(scene.seen()[pair->first], scene.seen()[pair->second]);
  return pair.has_value();
}

bool leaves_out_the_end(crime_scene& scene) {
  const auto last = scene.any<event_shown>([&](const event_shown& one) {
    return one.what.seq.value + 1 == scene.behind_head(one.what.conversation, one.what.track).value;
  });
  if (!last) return false;
  const event_shown missed = scene.at<event_shown>(*last);
  const auto all = scene.places<event_shown>([&](const event_shown& one) {
    return one.reader == missed.reader && one.what.conversation == missed.what.conversation &&
           one.what.track == missed.what.track && one.what.seq == missed.what.seq;
  });
  // An earlier life may have been to the end, too.
  scene.remove(all.back());
  return scene
      .places<reader_started>([&](const reader_started& one) {
        return one.reader == missed.reader && one.after == missed.what.seq;
      })
      .empty();
}

bool shows_another_body(crime_scene& scene) {
  const auto shown =
      scene.any<event_shown>([&](const event_shown& one) { return !scene.is_deleted(one.what); });
  if (shown) ++scene.at<event_shown>(*shown).what.hash.value;
  return shown.has_value();
}

bool delivers_another_body(crime_scene& scene) {
  const auto delivered = scene.any<event_delivered>(
      [&](const event_delivered& one) { return !scene.is_deleted(one.what); });
  if (delivered) ++scene.at<event_delivered>(*delivered).what.hash.value;
  return delivered.has_value();
}

bool names_another_author(crime_scene& scene) {
  const auto shown =
      scene.any<event_shown>([](const event_shown& one) { return one.what.author.has_value(); });
  if (shown) ++scene.at<event_shown>(*shown).what.author->n.value;
  return shown.has_value();
}

bool turns_a_cursor_back(crime_scene& scene) {
  const auto told =
      scene.any<cursor_reported>([](const cursor_reported& one) { return one.seq.value > 0; });
  if (!told) return false;
  cursor_reported back = scene.at<cursor_reported>(*told);
  --back.seq.value;
  scene.add(back);
  return true;
}

bool tells_a_cursor_behind_the_log(crime_scene& scene) {
  const auto told = scene.any<cursor_reported>();
  if (!told) return false;
  cursor_reported beyond = scene.at<cursor_reported>(*told);
  beyond.seq = scene.behind_head(beyond.conversation, beyond.track);
  scene.add(beyond);
  return true;
}

struct planted_fault {
  const char* name;
  finding_kind expected;
  /// False if this history has no place for it.
  bool (*plant)(crime_scene&);
};

void PrintTo(const planted_fault& fault, std::ostream* out) {
  *out << fault.name;
}

const planted_fault planted_faults[] = {
    {"LosesAStoredPost", finding_kind::lost, loses_a_stored_post},
    {"LosesTheEndOfALog", finding_kind::phantom, loses_the_end_of_a_log},
    {"StoresAPostTwice", finding_kind::doubled, stores_a_post_twice},
    {"SwapsTwoLines", finding_kind::lost, swaps_two_lines},
    {"ChangesABody", finding_kind::lost, changes_a_body},
    {"RenumbersTheLog", finding_kind::hole, renumbers_the_log},
    {"KeepsANoteWhereVisitorsRead", finding_kind::lost, keeps_a_note_where_visitors_read},
    {"StoresWhatNobodyPosted", finding_kind::phantom, stores_what_nobody_posted},
    {"StoresWhatItRefused", finding_kind::phantom, stores_what_it_refused},
    {"StoresWhatItWasTooBusyFor", finding_kind::phantom, stores_what_it_was_too_busy_for},
    {"AcknowledgesWhatItNeverStores", finding_kind::lost, acknowledges_what_it_never_stores},
    {"AcknowledgesTwoSeqs", finding_kind::doubled, acknowledges_two_seqs},
    {"AcknowledgesOtherContent", finding_kind::lost, acknowledges_other_content},
    {"ForgetsTheOrderOfADevice", finding_kind::reordered, forgets_the_order_of_a_device},
    {"ForgetsTheOrderOfTime", finding_kind::reordered, forgets_the_order_of_time},
    {"ShowsAnEventTwice", finding_kind::doubled, shows_an_event_twice},
    {"ShowsAnEventAgainAfterARestart", finding_kind::doubled, shows_an_event_again_after_a_restart},
    {"SkipsAnEvent", finding_kind::hole, skips_an_event},
    {"ShowsEventsOutOfOrder", finding_kind::reordered, shows_events_out_of_order},
    {"LeavesOutTheEnd", finding_kind::incomplete, leaves_out_the_end},
    {"ShowsAnotherBody", finding_kind::differs, shows_another_body},
    {"DeliversAnotherBody", finding_kind::differs, delivers_another_body},
    {"NamesAnotherAuthor", finding_kind::differs, names_another_author},
    {"TurnsACursorBack", finding_kind::regressed, turns_a_cursor_back},
    {"TellsACursorBehindTheLog", finding_kind::phantom, tells_a_cursor_behind_the_log},
};

class PlantedFault : public testing::TestWithParam<planted_fault> {};

}  // namespace

TEST_P(PlantedFault, IsCaughtWhateverTheSeed) {
  std::size_t planted_count = 0;
  for (const std::uint64_t seed : seeds()) {
    crime_scene scene{seed};
    if (!GetParam().plant(scene)) continue;
    ++planted_count;
    const report judged = scene.judged();
    ASSERT_GT(judged.count(GetParam().expected), 0u) << "FRONTDESK_SEED=" << seed << "\n"
                                                     << judged.text();
  }

  // A fault that hardly ever finds a place proves nothing.
  EXPECT_GE(planted_count, seeds().size() * 3 / 4);
}

INSTANTIATE_TEST_SUITE_P(Checker, PlantedFault, testing::ValuesIn(planted_faults),
                         [](const auto& tested) { return tested.param.name; });

TEST(HonestDesk, IsFoundCleanWhateverTheSeed) {
  for (const std::uint64_t seed : seeds()) {
    const report judged = crime_scene{seed}.judged();

    ASSERT_TRUE(judged.is_clean()) << "FRONTDESK_SEED=" << seed << "\n" << judged.text();
    ASSERT_GT(judged.seen.acked, 0u) << "FRONTDESK_SEED=" << seed;
    ASSERT_GT(judged.seen.shown, 0u) << "FRONTDESK_SEED=" << seed;
  }
}

}  // namespace frontdesk::checker
