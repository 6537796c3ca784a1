#include "storage/memory_store.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

namespace frontdesk {

fault_or<std::optional<std::string>> memory_store::get(family where, std::string_view key) {
  const std::scoped_lock lock{mutex_};
  const rows& all = rows_of(where);
  const auto it = all.find(key);
  return it == all.end() ? std::optional<std::string>{} : std::optional{it->second};
}

fault_or<done> memory_store::scan(const key_range& range, const row_visitor& row) {
  const std::scoped_lock lock{mutex_};
  const rows& all = rows_of(range.where);
  // A range that ends before it begins would have its iterators in the wrong order.
  if (!range.to.empty() && range.to <= range.from) {
    return done{};
  }
  const auto first = all.lower_bound(range.from);
  const auto last = range.to.empty() ? all.end() : all.lower_bound(range.to);
  if (range.backwards) {
    for (auto it = last; it != first && row(std::prev(it)->first, std::prev(it)->second);) {
      --it;
    }
  } else {
    for (auto it = first; it != last && row(it->first, it->second);) {
      ++it;
    }
  }
  return done{};
}

fault_or<done> memory_store::write_all(const write_set& set, durability until) {
  const std::scoped_lock lock{mutex_};
  if (!healthy_) {
    return fault_code::storage_failed;
  }
  // The rows of a failed write are not seen, whatever the disk has: RocksDB keeps them from its
  // memory.
  switch (fate_ ? fate_(set, until) : write_fate::kept) {
    case write_fate::kept:
      break;
    case write_fate::refused:
      return fault_code::storage_full;
    case write_fate::kept_in_secret:
      secret_ = set;
      [[fallthrough]];
    case write_fate::lost:
      healthy_ = false;
      return fault_code::storage_failed;
  }
  // One log file holds all writes in their order, so a sync covers everything before it.
  undo_.push_back(apply_with_undo(set));
  if (until == durability::synced) {
    undo_.clear();
  }
  return done{};
}

bool memory_store::is_healthy() const {
  const std::scoped_lock lock{mutex_};
  return healthy_;
}

void memory_store::decide_fates_by(fate_source choose) {
  const std::scoped_lock lock{mutex_};
  fate_ = std::move(choose);
}

void memory_store::crash(std::size_t kept) {
  const std::scoped_lock lock{mutex_};
  // A write that reached the disk in secret lies behind all buffered ones in the log's file.
  const std::size_t remains = secret_ ? undo_.size() : std::min(kept, undo_.size());
  for (; undo_.size() > remains; undo_.pop_back()) {
    std::ranges::for_each(undo_.back(), [this](const write& w) { put(w); });
  }
  undo_.clear();
  if (const auto secret = std::exchange(secret_, std::nullopt)) {
    std::ranges::for_each(*secret, [this](const write& w) { put(w); });
  }
  healthy_ = true;
}

std::size_t memory_store::buffered_count() const {
  const std::scoped_lock lock{mutex_};
  return undo_.size();
}

std::unique_ptr<memory_store> memory_store::copy() const {
  const std::scoped_lock lock{mutex_};
  auto made = std::make_unique<memory_store>();
  made->rows_ = rows_;
  return made;
}

bool memory_store::has_rows_of(const memory_store& other) const {
  const std::scoped_lock lock{mutex_, other.mutex_};
  return rows_ == other.rows_;
}

write_set memory_store::apply_with_undo(const write_set& set) {
  write_set undo;
  undo.reserve(set.size());
  for (const write& w : set) {
    const rows& all = rows_of(w.where);
    if (!w.until.empty()) {
      for (auto it = all.lower_bound(w.key); it != all.end() && it->first < w.until; ++it) {
        undo.push_back({w.where, it->first, it->second});
      }
      put(w);
      continue;
    }
    const auto it = all.find(w.key);
    const bool was_there = it != all.end();
    undo.push_back({w.where, w.key, was_there ? it->second : std::string{}, !was_there});
    put(w);
  }
  // A key that the set wrote twice gets its first value back last.
  std::ranges::reverse(undo);
  return undo;
}

void memory_store::put(const write& w) {
  if (w.removed && !w.until.empty()) {
    rows& all = rows_of(w.where);
    all.erase(all.lower_bound(w.key), all.lower_bound(w.until));
  } else if (w.removed) {
    rows_of(w.where).erase(w.key);
  } else {
    rows_of(w.where).insert_or_assign(w.key, w.value);
  }
}

}  // namespace frontdesk
