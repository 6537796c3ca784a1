#include "bench/checker/rules.hpp"

#include <algorithm>

namespace frontdesk::checker {

namespace {

/// "seq 4 is" or "seqs 4 to 6 are": a hole is one finding, however wide.
std::string span_of_seqs(std::uint64_t first, std::uint64_t last) {
  if (first == last) return fmt::format("seq {} is", first);
  return fmt::format("seqs {} to {} are", first, last);
}

void check_track(const conversation_rows& rows, track_kind track, notebook& notes) {
  seq_number previous;
  for (const event* line : rows.log.lines(track)) {
    const auto place = [&] { return notes.place(*line); };
    if (line->seq.value == 0)
      notes.note(finding_kind::hole, "{}: the log has a seq before 1", place());
    else if (line->seq == previous)
      notes.note(finding_kind::doubled, "{}: this seq stands twice in the log", place());
    else if (line->seq.value > previous.value + 1)
      notes.note(finding_kind::hole, "{}: {} not stored before it", place(),
                 span_of_seqs(previous.value + 1, line->seq.value - 1));
    previous = line->seq;
  }
}

}  // namespace

void stored_log::sort() {
  for (auto& lines : lines_)
    std::stable_sort(lines.begin(), lines.end(),
                     [](const event* a, const event* b) { return a->seq < b->seq; });
}

const event* stored_log::find(track_kind track, seq_number seq) const {
  const auto& all = lines(track);
  // In a dense log a line's place is its seq, so nothing has to be searched for.
  const std::size_t guess = seq.value - 1;
  if (guess < all.size() && all[guess]->seq == seq) return all[guess];
  const auto line =
      std::lower_bound(all.begin(), all.end(), seq,
                       [](const event* one, seq_number wanted) { return one->seq < wanted; });
  return line != all.end() && (*line)->seq == seq ? *line : nullptr;
}

seq_number stored_log::head(track_kind track) const {
  const auto& all = lines(track);
  return all.empty() ? seq_number{} : all.back()->seq;
}

bool conversation_rows::is_deleted(track_kind track, seq_number seq) const {
  return std::binary_search(deleted.begin(), deleted.end(), std::pair{track, seq});
}

void check_log(const conversation_rows& rows, notebook& notes) {
  check_track(rows, track_kind::public_, notes);
  check_track(rows, track_kind::internal, notes);
}

}  // namespace frontdesk::checker
