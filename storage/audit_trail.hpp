#pragma once

#include "model/audit.hpp"
#include "model/batch.hpp"
#include "model/limits.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

namespace frontdesk {

/// What bounds an audit; a test chooses otherwise.
struct audit_bounds {
  std::size_t entries_max = limits::audit_entries_max;
  std::chrono::milliseconds age_max = limits::audit_age_max;
  std::chrono::milliseconds age_slack = limits::audit_age_slack;
  std::chrono::milliseconds repeat_window = limits::audit_repeat_window;
};

/// The problem: an audit that grows for ever fills the disk, and one that a loop in a script can
/// fill pushes out what it was kept for.
///
/// The answer: whoever writes the audit asks here which records an entry makes. Entries get dense
/// numbers; the oldest go, by ranges, beyond `audit_bounds`; and a deed that is done again and
/// again is one entry with a count, unless something may have undone it meanwhile: pins of the tier
/// stand in the order in which they were made. The first is recorded before its answer; counts
/// follow
/// (`limits::audit_count_flush`), or come with the next entry.
///
/// One thread, one writer of a store at a time. Reads from the disk.
class audit_trail {
 public:
  /// Reads where the audit stands. `from` outlives it. Fault: `storage_failed`.
  static fault_or<audit_trail> open(store& from, const audit_bounds& = {});

  /// What is to be recorded of an entry; nothing of a repeated one.
  struct noted {
    audit_entry what;
    batch records;
    bool is_repeat() const { return records.records.empty(); }
  };
  /// Bounds it and gives it its number and time. Say then what became of its records.
  noted note(audit_entry, timestamp now);
  void was_recorded(audit_number);
  /// Nor were the counts in it. Its number is not given again. It may have been done all the same.
  void was_not_recorded();

  /// Whether there are counts that were not recorded.
  bool has_counts() const;
  /// The entries with new counts; if they cannot be recorded, say so by `was_not_recorded`.
  batch take_counts();

 private:
  /// An entry that may be repeated, or that comes between a deed and its repetition.
  struct recent {
    audit_entry what;
    bool is_recorded = false;
    bool is_counted = true;
  };
  struct first_entry {
    audit_number number;
    timestamp time;
  };

  audit_trail(store& from, const audit_bounds& bounds) : store_(&from), bounds_(bounds) {}

  recent* again(const audit_entry&, timestamp now);
  std::optional<audit_trim> due_trim(timestamp now);
  fault_or<done> read_first();
  audit_number first_younger_than(timestamp);

  store* store_;
  audit_bounds bounds_;
  std::optional<first_entry> first_;
  audit_number last_;
  std::deque<recent> recent_;
};

/// A page of the audit. An entry that cannot be read stands as `unreadable`, with its number: that
/// there was one is worth knowing. Fault: `storage_failed`.
fault_or<audit_page> read_audit(store& from, const audit_query&);

}  // namespace frontdesk
