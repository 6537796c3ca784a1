#include "storage/audit_trail.hpp"

#include "storage/layout.hpp"
#include "wire/record.hpp"

#include <algorithm>
#include <utility>

namespace frontdesk {

namespace {

std::chrono::milliseconds between(timestamp earlier, timestamp later) {
  return std::chrono::milliseconds{later.value - earlier.value};
}

timestamp latest_of(const audit_entry& one) {
  return one.last.value != 0 ? one.last : one.time;
}

audit_entry entry_of(std::string_view key, std::string_view value) {
  const audit_number number = number_of_audit_key(key).value_or(audit_number{});
  auto read = audit_entry_from_bytes(value);
  if (read && read->number == number) {
    return std::move(*read);
  }
  audit_entry damaged;
  damaged.number = number;
  damaged.action = "unreadable";
  damaged.outcome.clear();
  return damaged;
}

/// Only their order says then how things stand.
bool may_undo(const audit_entry& one, const audit_entry& other) {
  return is_action("tier", one) && is_action("tier", other);
}

}  // namespace

fault_or<audit_trail> audit_trail::open(store& from, const audit_bounds& bounds) {
  audit_trail made(from, bounds);
  const auto scanned = from.scan(audit_from({}, true), [&](std::string_view key, auto) {
    made.last_ = number_of_audit_key(key).value_or(audit_number{});
    return false;
  });
  if (!scanned) {
    return scanned.error();
  }
  if (const auto first = made.read_first(); !first) {
    return first.error();
  }
  return made;
}

fault_or<done> audit_trail::read_first() {
  first_.reset();
  return store_->scan(audit_from({}, false), [&](std::string_view key, std::string_view value) {
    const audit_entry found = entry_of(key, value);
    first_ = first_entry{found.number, found.time};
    return false;
  });
}

audit_trail::recent* audit_trail::again(const audit_entry& what, timestamp now) {
  for (auto each = recent_.rbegin(); each != recent_.rend(); ++each) {
    const bool is_same = is_same_deed(each->what, what);
    const auto since = between(each->what.time, now);
    const bool is_lately = since.count() >= 0 && since < bounds_.repeat_window;
    if (is_same && each->is_recorded && is_lately) {
      return &*each;
    }
    // What was done before that is another deed now, although it is the same.
    if (!is_same && may_undo(each->what, what)) {
      return nullptr;
    }
  }
  return nullptr;
}

audit_trail::noted audit_trail::note(audit_entry what, timestamp now) {
  what = bounded(std::move(what));
  if (recent* const before = again(what, now)) {
    ++before->what.times;
    before->what.last = now;
    before->is_counted = false;
    return {before->what, {}};
  }
  last_ = audit_number{last_.value + 1};
  what.number = last_;
  what.time = now;
  batch records = take_counts();
  records.records.emplace_back(what);
  if (const auto trim = due_trim(now)) {
    records.records.emplace_back(*trim);
  }
  recent_.push_back({what});
  if (recent_.size() > limits::audit_recent_max) {
    recent_.pop_front();
  }
  return {std::move(what), std::move(records)};
}

void audit_trail::was_recorded(audit_number number) {
  for (recent& each : recent_) {
    each.is_recorded = each.is_recorded || each.what.number == number;
  }
  // Where that fails nothing is trimmed, until it is read with the next entry.
  if (!first_ && !read_first()) {
    first_.reset();
  }
}

void audit_trail::was_not_recorded() {
  for (recent& each : recent_) {
    each.is_counted = each.what.times == 1;
  }
}

bool audit_trail::has_counts() const {
  return !std::ranges::all_of(recent_, &recent::is_counted);
}

batch audit_trail::take_counts() {
  batch counts;
  for (recent& each : recent_) {
    if (!std::exchange(each.is_counted, true)) {
      counts.records.emplace_back(each.what);
    }
  }
  return counts;
}

/// Where a range is taken away it is a hundredth or a day, so that the store is not full of them.
std::optional<audit_trim> audit_trail::due_trim(timestamp now) {
  if (!first_) {
    return std::nullopt;
  }
  const std::uint64_t count = last_.value - first_->number.value + 1;
  audit_number before;
  if (count > bounds_.entries_max + bounds_.entries_max / 100) {
    before = audit_number{last_.value - bounds_.entries_max + 1};
  } else if (between(first_->time, now) > bounds_.age_max + bounds_.age_slack) {
    before = first_younger_than(timestamp{now.value - bounds_.age_max.count()});
  } else {
    return std::nullopt;
  }
  // Read again with the next entry, whatever becomes of this one.
  first_.reset();
  std::erase_if(recent_, [&](const recent& each) { return each.what.number < before; });
  return audit_trim{before};
}

/// Or the one before which so many were looked at that the rest can wait for the next entry.
audit_number audit_trail::first_younger_than(timestamp least) {
  audit_number found = last_;
  std::size_t looks = 0;
  const auto scanned =
      store_->scan(audit_from({}, false), [&](std::string_view key, std::string_view value) {
        const audit_entry each = entry_of(key, value);
        found = each.number;
        return ++looks < limits::audit_scan_max && latest_of(each) < least;
      });
  return scanned ? found : audit_number{};
}

fault_or<audit_page> read_audit(store& from, const audit_query& query) {
  const std::size_t asked = query.limit == 0 ? limits::audit_page_max : query.limit;
  const std::size_t limit = std::min(asked, limits::audit_page_max);
  audit_page page;
  std::size_t looks = 0;
  const auto scanned =
      from.scan(audit_from(query.from, query.is_backwards), [&](std::string_view key, auto value) {
        // Only now is it known that there is more behind the one before.
        if (looks == limits::audit_scan_max || page.entries.size() == limit) {
          const std::uint64_t here = number_of_audit_key(key).value_or(audit_number{}).value;
          page.next = audit_number{query.is_backwards ? here + 1 : here - 1};
          return false;
        }
        ++looks;
        audit_entry each = entry_of(key, value);
        if (!(latest_of(each) < query.since) && is_action(query.action, each)) {
          page.entries.push_back(std::move(each));
        }
        return true;
      });
  return scanned ? fault_or{std::move(page)} : scanned.error();
}

}  // namespace frontdesk
