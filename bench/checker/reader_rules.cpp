#include "bench/checker/rules.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <string>
#include <tuple>

namespace frontdesk::checker {

namespace {

/// What one device showed of one track between two losses of its position.
struct screen {
  device_id reader{};
  track_kind track{};
  /// The position before the first event to be shown.
  seq_number start{};
  /// In the order on the screen.
  std::vector<const event*> shown{};
};

/// Judges the screens of one conversation, one after the other.
class screen_judge {
 public:
  screen_judge(conversation_id conversation, notebook& notes)
      : conversation_{conversation}, notes_{notes} {}

  void judge(const screen& one) {
    if (!is_contiguous(one)) judge_seqs(one);
    judge_authors(one);
  }

  /// A device that has caught up shows the head.
  void judge_end(const screen& one, seq_number head) {
    seq_number last = one.start;
    for (const event* what : one.shown)
      last = std::max(last, what->seq);
    if (last < head)
      notes_.note(finding_kind::incomplete, "{}: {} had caught up, but ends at seq {}",
                  notes_.place(conversation_, one.track, head), notes_.name(one.reader),
                  last.value);
  }

 private:
  /// What nearly every screen is; the others are looked at closely.
  static bool is_contiguous(const screen& one) {
    std::uint64_t expected = one.start.value;
    return std::all_of(one.shown.begin(), one.shown.end(),
                       [&](const event* what) { return what->seq.value == ++expected; });
  }

  /// Repeats first, so that they are not called disorder; disorder before holes, so that an event
  /// that came late is not called missing.
  void judge_seqs(const screen& one) {
    std::vector<std::size_t> by_seq(one.shown.size());
    std::iota(by_seq.begin(), by_seq.end(), std::size_t{0});
    std::stable_sort(by_seq.begin(), by_seq.end(), [&](std::size_t a, std::size_t b) {
      return one.shown[a]->seq < one.shown[b]->seq;
    });

    std::vector<bool> is_repeat(one.shown.size());
    seq_number previous = one.start;
    for (const std::size_t i : by_seq) {
      const seq_number seq = one.shown[i]->seq;
      is_repeat[i] = seq <= previous;
      if (is_repeat[i]) note_repeat(one, seq);
      if (seq.value > previous.value + 1) note_hole(one, previous, seq);
      previous = std::max(previous, seq);
    }

    seq_number highest;
    for (std::size_t i = 0; i < one.shown.size(); ++i) {
      if (is_repeat[i]) continue;
      const seq_number seq = one.shown[i]->seq;
      if (seq < highest)
        notes_.note(finding_kind::reordered, "{}: {} was shown it after seq {}", place(one, seq),
                    notes_.name(one.reader), highest.value);
      highest = std::max(highest, seq);
    }
  }

  void note_repeat(const screen& one, seq_number seq) {
    if (seq <= one.start)
      notes_.note(finding_kind::doubled, "{}: {} was shown it, but began to read behind seq {}",
                  place(one, seq), notes_.name(one.reader), one.start.value);
    else
      notes_.note(finding_kind::doubled, "{}: {} was shown it twice", place(one, seq),
                  notes_.name(one.reader));
  }

  void note_hole(const screen& one, seq_number before, seq_number after) {
    notes_.note(finding_kind::hole, "{}: {} was shown it, but nothing between seq {} and it",
                place(one, after), notes_.name(one.reader), before.value);
  }

  /// One post at two seqs of a screen is shown twice, whatever the seqs say.
  void judge_authors(const screen& one) {
    std::vector<std::pair<authorship, seq_number>> posts;
    for (const event* what : one.shown)
      if (what->author) posts.emplace_back(*what->author, what->seq);
    std::sort(posts.begin(), posts.end());
    for (std::size_t i = 1; i < posts.size(); ++i) {
      const auto& [author, seq] = posts[i];
      if (posts[i - 1].first != author || posts[i - 1].second == seq) continue;
      notes_.note(finding_kind::doubled, "{}: {} was shown {} here and at seq {}", place(one, seq),
                  notes_.name(one.reader), notes_.name(author), posts[i - 1].second.value);
    }
  }

  std::string place(const screen& one, seq_number seq) const {
    return notes_.place(conversation_, one.track, seq);
  }

  conversation_id conversation_;
  notebook& notes_;
};

/// Takes all steps of one device through one track, in their order.
void check_reading(const conversation_rows& rows, std::span<const reading_row> steps,
                   notebook& notes) {
  screen_judge judge{rows.conversation, notes};
  screen now{.reader = steps.front().reader, .track = steps.front().track};
  std::uint32_t life = 0;
  bool has_caught_up = false;
  // What was shown before stays judged; it no longer counts as shown.
  const auto begin_anew = [&](seq_number after) {
    judge.judge(now);
    now.start = after;
    now.shown.clear();
  };
  for (const reading_row& step : steps) {
    if (step.life != life) begin_anew(seq_number{});
    life = step.life;
    if (step.step == reading_step::started) begin_anew(step.seq);
    if (step.step == reading_step::shown) now.shown.push_back(step.what);
    if (step.step == reading_step::caught_up) has_caught_up = true;
  }
  judge.judge(now);
  if (has_caught_up) judge.judge_end(now, rows.log.head(now.track));
}

/// Compares a body that a device saw with the one that stands at that seq elsewhere.
void compare_content(const conversation_rows& rows, const sight_row& sight, const event& other,
                     notebook& notes) {
  const event& seen = *sight.what;
  if (seen.hash != other.hash && !rows.is_deleted(seen.track, seen.seq))
    notes.note(finding_kind::differs, "{}: {} was given other content than there is elsewhere",
               notes.place(seen), notes.name(sight.reader));
}

/// Compares the author that a device was told, if it was told one, with the log's.
void compare_author(const sight_row& sight, const event& line, notebook& notes) {
  const event& seen = *sight.what;
  if (seen.author && seen.author != line.author)
    notes.note(finding_kind::differs, "{}: {} was told that it is {}, but it is {}",
               notes.place(seen), notes.name(sight.reader), notes.name(*seen.author),
               line.author ? notes.name(*line.author) : "the system's");
}

/// What was seen, but is not in the log: one finding for each seq, and the devices compared.
void check_unstored(const conversation_rows& rows, std::vector<sight_row>& sights,
                    notebook& notes) {
  std::stable_sort(sights.begin(), sights.end(), [](const sight_row& a, const sight_row& b) {
    return std::pair{a.what->track, a.what->seq} < std::pair{b.what->track, b.what->seq};
  });
  const sight_row* first = nullptr;
  for (const sight_row& sight : sights) {
    const bool is_same_event =
        first && first->what->track == sight.what->track && first->what->seq == sight.what->seq;
    if (is_same_event) {
      compare_content(rows, sight, *first->what, notes);
      continue;
    }
    first = &sight;
    notes.note(finding_kind::phantom, "{}: {} was given it, but it is not stored",
               notes.place(*sight.what), notes.name(sight.reader));
  }
}

auto key_of(const cursor_reported& told) {
  return std::tuple{told.reader, told.person, told.track, told.cursor};
}

}  // namespace

void check_sights(const conversation_rows& rows, notebook& notes) {
  std::vector<sight_row> unstored;
  for (const sight_row& sight : rows.sights) {
    const event* const line = rows.log.find(sight.what->track, sight.what->seq);
    if (!line) {
      unstored.push_back(sight);
      continue;
    }
    compare_content(rows, sight, *line, notes);
    compare_author(sight, *line, notes);
  }
  check_unstored(rows, unstored, notes);
}

void check_readings(conversation_rows& rows, notebook& notes) {
  auto& steps = rows.readings;
  std::stable_sort(steps.begin(), steps.end(), [](const reading_row& a, const reading_row& b) {
    return std::pair{a.reader, a.track} < std::pair{b.reader, b.track};
  });
  for (auto first = steps.begin(); first != steps.end();) {
    const auto last = std::find_if(first, steps.end(), [first](const reading_row& row) {
      return row.reader != first->reader || row.track != first->track;
    });
    check_reading(rows, {first, last}, notes);
    first = last;
  }
}

void check_cursors(conversation_rows& rows, notebook& notes) {
  auto& cursors = rows.cursors;
  std::stable_sort(cursors.begin(), cursors.end(),
                   [](const auto* a, const auto* b) { return key_of(*a) < key_of(*b); });
  const cursor_reported* highest = nullptr;
  for (const cursor_reported* told : cursors) {
    const auto place = [&] { return notes.place(told->conversation, told->track, told->seq); };
    const auto sentence_start = [&] {
      return fmt::format("{} was told the {} cursor of {}", notes.name(told->reader),
                         told->cursor == cursor_kind::read ? "read" : "received",
                         notes.name(told->person));
    };
    if (const seq_number head = rows.log.head(told->track); told->seq > head)
      notes.note(finding_kind::phantom, "{}: {} here, but the log ends at seq {}", place(),
                 sentence_start(), head.value);
    const bool is_same_cursor = highest && key_of(*highest) == key_of(*told);
    if (is_same_cursor && told->seq < highest->seq)
      notes.note(finding_kind::regressed, "{}: {} here, after it had been at seq {}", place(),
                 sentence_start(), highest->seq.value);
    else
      highest = told;
  }
}

}  // namespace frontdesk::checker
