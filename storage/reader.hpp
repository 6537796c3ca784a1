#pragma once

#include "model/batch.hpp"
#include "model/directory.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace frontdesk {

/// What was asked of one track: up to `limit` events (and `limits::page_bytes_max` bytes, but at
/// least one event), always returned oldest first.
struct page_range {
  track where = track::visible;
  /// Events after this seq …
  sequence after;
  /// … or, if not 0, the last ones before this seq (and still after `after`).
  sequence before;
  /// 0, or above `limits::page_events_max`: that many.
  std::size_t limit = 0;
};

/// One conversation of a roster or list.
struct conversation_row {
  head at;
  cursor own;
  cursor peer;
};

/// Part of a long list.
struct list_page {
  std::vector<conversation_row> rows;
  /// Where the next page begins; empty: there is none. A page may have fewer rows than were asked
  /// for, even none, and yet a next one: what left the list while it was read is not shown.
  std::string after;
};

/// What is kept, as nouns. Everything above the store would otherwise know keys, indexes and the
/// form of values; here ends that knowledge.
///
/// Every function blocks on the disk and runs on a storage worker. Every scan is bounded by
/// `model/limits.hpp`. Each may fault with `storage_failed`: when the store cannot read, and also
/// when a stored value cannot be read, lies under a key that is not its own, leaves a hole in a
/// track, or is missing where an index names it. A wrong value is never served.
///
/// A list is read in two steps, index first, heads then. A conversation that changes between the
/// two is shown as its head says, or not at all if it left the list.
class reader {
 public:
  /// `from` must outlive it.
  explicit reader(store& from) : store_(from) {}

  /// The head; not existing (`!exists()`) if there is none.
  fault_or<head> read_head(conversation_name) const;
  fault_or<std::vector<event>> read_page(conversation_name, const page_range&) const;
  /// The event at this place, and the edits that it names. `storage_failed` if one is not there.
  fault_or<message_versions> read_versions(conversation_name, track, sequence) const;
  /// Empty if the device never posted there.
  fault_or<post_window> read_window(conversation_name, person_id author, device_id) const;
  /// Zero if the reader never reported one.
  fault_or<cursor> read_cursor(conversation_name, person_id reader) const;

  /// The conversations of a visitor, newest opening last, at most `limits::roster_max` (the
  /// newest). `peer` is the assignee's cursor.
  fault_or<std::vector<conversation_row>> visitor_roster(person_name visitor) const;
  /// The open conversations that an agent has, by conversation id, at most `limits::roster_max`.
  /// `peer` is the visitor's cursor.
  fault_or<std::vector<conversation_row>> agent_roster(person_name agent) const;
  /// What `read_list` is asked.
  struct list_query {
    index_kind view = index_kind::open;
    team_id team;
    person_id asker;
    /// As `list_page::after` gave it; anything else is `bad_value`.
    std::string after;
    /// 0, or above `limits::summaries_per_frame_max`: that many.
    std::size_t limit = 0;
  };
  /// A page of one of the tenant's long lists: `open` in order of conversation id, `closed` latest
  /// first, `queue` of a team, longest waiting first; another view is `bad_value`. `own` is the
  /// cursor of `asker`, `peer` the visitor's.
  fault_or<list_page> read_list(tenant_id, const list_query&) const;
  /// Heads of all conversations of a tenant that are not closed, up to `limit`, at most
  /// `limits::open_conversations_max`.
  fault_or<std::vector<head>> open_heads(tenant_id, std::size_t limit) const;

  /// The whole of it: as large as what the node's administrators made, and held in memory anyway.
  fault_or<directory> read_directory() const;
  /// The last conversation number that the tenant gave; 0: none.
  fault_or<std::uint64_t> last_number(tenant_id) const;
  /// The messages of a tenant that are in quarantine, oldest first. One that cannot be read is left
  /// out: it stands in nobody's way.
  fault_or<std::vector<quarantined>> read_quarantine(tenant_id) const;
  /// The history's identity: 32 hex digits; empty before `storage` was opened for the first time.
  fault_or<std::string> history_id() const;

  /// Every conversation of a tenant in order of its id, for inspection of a stopped data directory.
  /// `show` may read from the store; false ends it.
  fault_or<done> each_conversation(tenant_id, const std::function<bool(const head&)>& show) const;

 private:
  fault_or<event> read_event(conversation_name, track, sequence) const;

  store& store_;
};

}  // namespace frontdesk
