#include "model/batch.hpp"

#include <algorithm>

namespace frontdesk {

namespace {

std::uint64_t order_of(timestamp t) {
  return t.value > 0 ? static_cast<std::uint64_t>(t.value) : 0;
}

index_row row(index_kind kind, const head& h) {
  index_row made;
  made.kind = kind;
  made.tenant = h.tenant;
  made.conversation = h.conversation;
  return made;
}

index_row ordered_row(index_kind kind, const head& h, timestamp by) {
  index_row made = row(kind, h);
  made.order = order_of(by);
  return made;
}

// All rows by which a conversation in this state is found.
std::vector<index_row> rows_of(const head& h) {
  std::vector<index_row> rows;
  if (!h.exists()) {
    return rows;
  }
  rows.push_back(ordered_row(index_kind::member, h, h.opened_at));
  rows.back().person = h.visitor.person;
  if (h.is_closed()) {
    rows.push_back(ordered_row(index_kind::closed, h, h.since));
    return rows;
  }
  rows.push_back(row(index_kind::open, h));
  if (h.assignee.person) {
    rows.push_back(row(index_kind::assignee, h));
    rows.back().person = h.assignee.person;
  }
  if (h.status == conversation_status::queued) {
    rows.push_back(ordered_row(index_kind::queue, h, h.since));
    rows.back().team = h.team;
  }
  return rows;
}

bool contains(const std::vector<index_row>& rows, const index_row& wanted) {
  return std::ranges::find(rows, wanted) != rows.end();
}

}  // namespace

std::vector<index_row> index_changes(const head& before, const head& after) {
  const std::vector<index_row> had = rows_of(before);
  const std::vector<index_row> has = rows_of(after);
  std::vector<index_row> changes;
  for (const index_row& gone : had) {
    if (!contains(has, gone)) {
      changes.push_back(gone);
      changes.back().removed = true;
    }
  }
  for (const index_row& made : has) {
    if (!contains(had, made)) {
      changes.push_back(made);
    }
  }
  return changes;
}

}  // namespace frontdesk
