#pragma once

#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace frontdesk {

/// A simulation that finds nothing has proved little, unless it would have found something. So bugs
/// are planted on purpose, one at a time, and each must be caught (tests/planted). Most are planted
/// in what a test hands in; these are the ones that no seam reaches.
///
/// They exist only in the build of the actors that those tests link. In what is shipped the
/// question is a constant `false`, and nothing of its answer is compiled
/// (docs/decisions/0006-planted-bugs.md).
enum class planted_bug : std::uint8_t {
  none,
  /// A conversation acknowledges a post when it has begun to record it.
  acks_before_recorded,
  /// A conversation tells its members of events when it has begun to record them.
  tells_before_recorded,
  /// A connection takes the last event of a page for pushed.
  skips_end_of_page,
  /// A live event that comes while a page is being read is forgotten.
  skips_live_at_splice,
  /// A connection does not tell its device of conversations that are new.
  hides_new_conversations,
  /// A connection forgets that a post was meant for agents only.
  publishes_notes,
  /// A connection does not notice that a request gets no answer.
  forgets_requests,
  /// A reader's mark follows the last report, also backwards.
  takes_marks_back,
  /// A mark is told before it is recorded.
  tells_marks_early,
  /// A dispatcher does not look at its queue when an agent becomes free.
  sleeps_beside_queue,
  /// An agent's slot stays taken when its conversation has gone.
  leaks_slots,
  /// Nobody finds out what became of a conversation that ended in doubt.
  forgets_unsettled,
  /// The words of a deleted message and of its edits stay in the store.
  keeps_deleted_words,
  /// No mistake of anybody's in particular: some posts end whoever reads them, and no bug is to be
  /// caught, but the desk is to go on.
  dies_of_poison,
};

#ifdef FRONTDESK_PLANTED_BUGS

inline planted_bug planted_now = planted_bug::none;

/// From now on, in this process.
inline void plant(planted_bug bug) {
  planted_now = bug;
}
inline bool is_planted(planted_bug bug) {
  return planted_now == bug;
}

/// Throws, if this text says that it is poison at this place.
inline void taste(std::string_view text, std::string_view place) {
  if (!is_planted(planted_bug::dies_of_poison)) return;
  if (text.find(place) != std::string_view::npos) throw std::runtime_error("poison");
}

#else

constexpr bool is_planted(planted_bug) {
  return false;
}
constexpr void taste(std::string_view, std::string_view) {}

#endif

}  // namespace frontdesk
