#pragma once

#include "model/audit.hpp"
#include "model/batch.hpp"
#include "model/directory.hpp"
#include "model/fault.hpp"
#include "model/quarantined.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What an operator's commands and a node say to each other, one line each:
///
///     {"do":"inbox.create","tenant":"acme","name":"Shop","widget_key":"shop"}
///     {"ok":{"entries":[{"kind":"inbox","id":1,…}],"next":0,"token":""}}
///     {"fault":{"code":"already_exists","message":"…"}}
///
/// Both sides are the same program, so both directions are read and written here. Read as strictly
/// as all that comes from outside: a JSON object; unknown fields are ignored; a field that is
/// missing or of another type is `bad_frame`; an unknown `do` is `unknown_frame`; all else is
/// `not_json`. Forms of names are `check`'s business, not this file's.
namespace frontdesk::admin_json {

/// @name Requests
/// A tenant is given by its name; empty: the only one of the node.
/// @{
/// `tenant.create`
struct create_tenant {
  std::string name;
};
/// `inbox.create`
struct create_inbox {
  std::string tenant;
  std::string name;
  std::string widget_key;
  std::string accent;
  std::string greeting;
  std::string locale;
  /// On the line one text, with spaces between.
  std::vector<std::string> origins;
  bool typing_preview = true;
  bool vip = false;
};
/// `agent.create`
struct create_agent {
  std::string tenant;
  std::string email;
  std::string name;
  /// As `name_of(agent_role)` says it; empty: agent.
  std::string role;
  std::string password;
};
/// `agent.password`: a new one in place of the old; every token that was given before is worthless.
struct set_password {
  std::string tenant;
  std::string email;
  std::string password;
};
enum class listed_kind : std::uint8_t { tenants, inboxes, agents, quarantine };
/// `tenant.list`, `inbox.list`, `agent.list`, `quarantine.list`: in order of their ids. What is in
/// quarantine is listed without its words, and without a tenant's name that of all tenants.
struct list {
  listed_kind what = listed_kind::tenants;
  std::string tenant;
  /// Only ids above it: an answer's `next`.
  std::uint64_t after = 0;
};
/// `token.visitor`: of a new visitor.
struct visitor_token {
  std::string widget_key;
  bool vip = false;
};
/// `token.agent`
struct agent_token {
  std::string tenant;
  std::string email;
};
/// `quarantine.show`: one message, with its words only if they are asked for: they are a
/// customer's.
struct show_quarantined {
  std::uint64_t id = 0;
  bool with_text = false;
};
/// `quarantine.drop`
struct drop_quarantined {
  std::uint64_t id = 0;
};
/// `checkpoint`: a copy of the store beside it, for a backup, in place of an older one. `folder`:
/// of the backup, for the audit alone.
struct make_checkpoint {
  std::string folder = {};
};
/// `stats`: answered with the document of wire/stats_json.hpp.
struct read_stats {};
/// `tier.pin`: stay in this tier for this time; in none: go by the load again.
struct pin_tier {
  std::optional<std::uint64_t> tier;
  std::uint64_t ms = 0;
};
/// `audit.list`: a page of what operators did; the answer's `next` is the next one's `from`.
struct read_audit {
  audit_query what;
};
/// `trace.start`: watch a visitor, an agent or a conversation live, one of them. Answered with
/// `{"watch":1}`.
struct start_trace {
  std::string tenant;
  /// As `to_text` says it.
  std::string visitor;
  /// The same, or an address.
  std::string agent;
  std::string conversation;
  std::uint64_t ms = 0;
};
/// `trace.read`: what was seen since the last time, as wire/trace_json.hpp writes it. A watch that
/// nobody reads ends soon.
struct read_trace {
  std::uint64_t watch = 0;
};
/// `trace.end`
struct end_trace {
  std::uint64_t watch = 0;
};
using request =
    std::variant<create_tenant, create_inbox, create_agent, set_password, list, visitor_token,
                 agent_token, make_checkpoint, read_stats, show_quarantined, drop_quarantined,
                 pin_tier, read_audit, start_trace, read_trace, end_trace>;
/// @}

std::string to_json(const request&);
fault_or<request> read_request(std::string_view line);

/// Entries in one answer, so that its values fit what is read of a document.
constexpr std::size_t entries_max = 16;

/// One entry of the directory, of the quarantine, or of the audit. An agent's password hash is
/// never in it.
using entry = std::variant<tenant, inbox, agent, quarantined, audit_entry>;

struct answer {
  /// What was made, or what is listed.
  std::vector<entry> entries;
  /// There are more behind this id; 0: these were all.
  std::uint64_t next = 0;
  /// What a `token.…` asked for.
  std::string token;
  /// JSON of its own, in place of all else; `read_answer` does not read it.
  std::string document = {};
};

/// A fault as it was told.
struct refused {
  std::string code;
  std::string message;
};

std::string to_json(const answer&);
std::string to_json(const fault&);
std::string to_json(const entry&);
/// A line that is neither is refused, too, as `not_json`.
std::variant<answer, refused> read_answer(std::string_view line);

/// An event as `frontdesk inspect --json` prints it, all fields but the empty ones:
///
///     {"tenant":1,"conversation":"0a…","track":"public","seq":1,"time":1769860800123,
///      "kind":"message","author":"visitor:0b…","text":"hello","device":"0c…","n":1}
std::string to_json(const event_record&);

/// None if there is no such role.
std::optional<agent_role> role_from_text(std::string_view);

}  // namespace frontdesk::admin_json
