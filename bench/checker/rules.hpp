#pragma once

#include "bench/checker/history.hpp"
#include "bench/checker/notebook.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

/// The rules behind `check`. A history is first dealt out to its conversations, because no promise
/// spans two of them; then every rule judges one conversation at a time. Rows hold copies of what
/// they are sorted by: sorting pointers into a history of a million lines costs more than the
/// rules do.
namespace frontdesk::checker {

/// The final log of one conversation, both tracks.
class stored_log {
 public:
  /// Takes a line, in any order; `what` outlives the log.
  void add(const event* what) { lines(what->track).push_back(what); }
  /// To be called once, after the last `add` and before any question.
  void sort();

  /// A line at a seq, null if there is none.
  const event* find(track_kind track, seq_number seq) const;
  /// The highest seq of a track, 0 if it is empty.
  seq_number head(track_kind track) const;

  std::vector<const event*>& lines(track_kind track) {
    return lines_.at(static_cast<std::size_t>(track));
  }
  const std::vector<const event*>& lines(track_kind track) const {
    return lines_.at(static_cast<std::size_t>(track));
  }

 private:
  std::array<std::vector<const event*>, 2> lines_;
};

/// What can happen to a post, in the order in which a post's rows are looked at.
enum class post_step : std::uint8_t { sent, acked, refused, stored };

/// One observation of a post. Field order is sort order: all rows of a post lie together.
struct post_row {
  authorship author{};
  post_step step{};
  track_kind track{};
  seq_number seq{};
  body_hash hash{};
  instant at{};
  refusal_kind refusal{};
  auto operator<=>(const post_row&) const = default;
};

enum class reading_step : std::uint8_t { started, shown, caught_up };

/// One step of a device through a track. A life is what lies between two losses of all positions.
struct reading_row {
  device_id reader{};
  track_kind track{};
  reading_step step{};
  std::uint32_t life = 0;
  /// What was shown, or the position before the first event to be shown.
  seq_number seq{};
  /// What was shown, if anything was.
  const event* what = nullptr;
};

/// A device saw an event, by delivery or on its screen.
struct sight_row {
  device_id reader{};
  const event* what = nullptr;
};

/// All observations of one conversation, by the rule that asks for them.
struct conversation_rows {
  conversation_id conversation{};
  std::vector<post_row> posts;
  stored_log log;
  /// In the order of observation.
  std::vector<reading_row> readings;
  std::vector<sight_row> sights;
  /// In the order of observation.
  std::vector<const cursor_reported*> cursors;
  /// Sorted by whoever deals out the rows.
  std::vector<std::pair<track_kind, seq_number>> deleted;

  bool is_deleted(track_kind track, seq_number seq) const;
};

/// Acknowledged posts are in the log, once, where the ack said; refused ones are not; what is in
/// the log was posted; the order of posts is the order of seqs. Counts posts and answers.
void check_posts(conversation_rows& rows, notebook& notes);

/// Each track is dense from 1.
void check_log(const conversation_rows& rows, notebook& notes);

/// What devices saw is what the log says.
void check_sights(const conversation_rows& rows, notebook& notes);

/// Each screen is a contiguous piece of the log, each event on it once, to the head if the device
/// has caught up.
void check_readings(conversation_rows& rows, notebook& notes);

/// What a device is told of a cursor only grows, and never beyond the log.
void check_cursors(conversation_rows& rows, notebook& notes);

}  // namespace frontdesk::checker
