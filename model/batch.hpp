#pragma once

#include "model/audit.hpp"
#include "model/chat.hpp"
#include "model/directory.hpp"
#include "model/event.hpp"
#include "model/quarantined.hpp"

#include <variant>
#include <vector>

namespace frontdesk {

/// What is recorded. A batch holds complete resulting records, so that applying it reads nothing
/// and has one possible result, on the node that wrote it and on every replica.

/// Rows that find conversations without a scan. Each names a conversation under something.
enum class index_kind : std::uint8_t {
  /// All conversations of a visitor, for ever: the roster.
  member = 1,
  /// The open conversations of an agent.
  assignee = 2,
  /// The queued conversations of a team.
  queue = 3,
  /// All conversations that are not closed, of a tenant.
  open = 4,
  /// The closed ones, latest first: `order` is the time of closing.
  closed = 5,
};

/// One row of an index: put, or taken away.
struct index_row {
  index_kind kind = index_kind::member;
  tenant_id tenant;
  /// `member`: the visitor; `assignee`: the agent; else nobody.
  person_id person;
  /// `queue`: the team.
  team_id team;
  /// `closed`: when, in ms.
  std::uint64_t order = 0;
  conversation_id conversation;
  bool removed = false;

  friend bool operator==(const index_row&, const index_row&) = default;
};

/// A cursor of one reader in one conversation.
struct cursor_record {
  tenant_id tenant;
  conversation_id conversation;
  person_id reader;
  cursor at;

  friend bool operator==(const cursor_record&, const cursor_record&) = default;
};

/// An event of one tenant's conversation.
struct event_record {
  tenant_id tenant;
  event what;

  friend bool operator==(const event_record&, const event_record&) = default;
};

/// A device's answers in one conversation.
struct window_record {
  tenant_id tenant;
  conversation_id conversation;
  post_window window;

  friend bool operator==(const window_record&, const window_record&) = default;
};

/// The last conversation number that a tenant gave.
struct number_record {
  tenant_id tenant;
  std::uint64_t number = 0;

  friend bool operator==(const number_record&, const number_record&) = default;
};

/// A message in quarantine: put, or taken away, for which its tenant and id suffice.
struct quarantined_record {
  quarantined what;
  bool removed = false;

  friend bool operator==(const quarantined_record&, const quarantined_record&) = default;
};

using record =
    std::variant<event_record, head, window_record, cursor_record, index_row, number_record, tenant,
                 inbox, agent, quarantined_record, audit_entry, audit_trim>;

struct batch {
  std::vector<record> records;

  friend bool operator==(const batch&, const batch&) = default;
};

/// The index rows that must change when a conversation's head becomes `after`; `before` does not
/// exist for a new conversation.
std::vector<index_row> index_changes(const head& before, const head& after);

}  // namespace frontdesk
