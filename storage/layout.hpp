#pragma once

#include "model/batch.hpp"
#include "model/ids.hpp"
#include "storage/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace frontdesk {

/// Start here to know what lies on the disk. RocksDB keeps bytes in the order of bytes, so a key
/// decides three things at once: what is found together, in which order a scan shows it, and what
/// one tenant's erasure takes away. All three are decided on this page; no other file builds a key.
///
/// Every number is big-endian, so that the order of keys is the order of values. Everything that
/// belongs to a tenant begins with the tenant: to erase one is a range of each family. A key is as
/// long as it is drawn; one of another length is damage.
///
/// ```
/// person (9 bytes)     kind:1 | value:8               kinds as in `person_kind`
///
/// log        event     tenant:4 | conversation:8 | track:1 | seq:8                  21 bytes
/// head                 tenant:4 | conversation:8                                    12
/// dedupe     window    tenant:4 | conversation:8 | author:9 | device:16             37
/// cursor               tenant:4 | reader:9 | conversation:8                         21
///
/// index      member    tenant:4 | 01 | visitor:9 | opened, in ms:8 | conversation:8 30
///            assignee  tenant:4 | 02 | agent:9 | conversation:8                     22
///            queue     tenant:4 | 03 | team:4 | queued since, in ms:8 | conv.:8     25
///            open      tenant:4 | 04 | conversation:8                               13
///            closed    tenant:4 | 05 | closed since, in ms:8 | conversation:8       21
///
/// directory  tenant    tenant:4 | 01                                                 5
///            inbox     tenant:4 | 02 | inbox:4                                       9
///            agent     tenant:4 | 03 | agent:9                                      14
///
/// meta       format    00000000 | 01                                                 5
///            history   00000000 | 02                                                 5
///            position  00000000 | 03 | shard:2                                       7
///            number    tenant:4 | 04                                                 5
///            quarant.  tenant:4 | 05 | id:8                                         13
///
/// audit      entry     number:8                                                      8
/// ```
///
/// Tenant 0 is nobody: under it the node keeps what is its own. The audit is the node's, too: what
/// was done to a tenant has to be known after the tenant has gone. `outbox` has no keys yet.
///
/// The values of log, head, dedupe, cursor, directory, quarantine and audit are the protobuf of
/// `wire/record.hpp`; an index row's value is empty; the others of meta are drawn at the end.
/// Golden bytes of all of them are in `tests/storage/layout_test.cpp`.

/// The format of a data directory that this program writes. A greater one is refused, a smaller one
/// is read for ever.
constexpr std::uint64_t format_version = 1;

/// @name Keys to write and to get
/// Nothing here checks a value: an id of 0 makes a key like any other.
/// @{
std::string event_key(tenant_id, const event&);
std::string head_key(conversation_name);
std::string window_key(conversation_name, person_id author, device_id);
std::string cursor_key(conversation_name, person_id reader);
std::string index_key(const index_row&);
std::string key_of(const tenant&);
std::string key_of(const inbox&);
std::string key_of(const agent&);
std::string number_key(tenant_id);
std::string quarantined_key(tenant_id, quarantine_id);
std::string audit_key(audit_number);
std::string position_key(shard_id);
std::string format_key();
std::string history_key();
/// @}

/// @name Ranges to scan
/// An event is found by a range only, and none of these takes a track: code that serves visitors
/// calls `visible_events` and has no way to name a private note.
/// @{

/// The visible events after a seq and, if `before` is not 0, before another one.
key_range visible_events(conversation_name, sequence after, sequence before);
/// The same of the internal track, for agents.
key_range internal_events(conversation_name, sequence after, sequence before);

/// The rows of the index that a row lies in: of its kind, tenant and person or team.
key_range rows_beside(const index_row&);
key_range heads_of(tenant_id);
key_range quarantine_of(tenant_id);
/// All tenants' directories.
key_range whole_directory();
/// The entries behind a number; backwards, those before it, or all if it is 0.
key_range audit_from(audit_number, bool is_backwards);
/// @}

/// @name What a key says
/// Nothing, if the key is not of its kind's form.
/// @{

/// The number of an audit's entry.
std::optional<audit_number> number_of_audit_key(std::string_view key);
/// The conversation of an index row's key.
std::optional<conversation_id> conversation_of_index_key(index_kind, std::string_view key);
/// Which record a key of the family `directory` has.
enum class directory_kind : std::uint8_t { tenant = 1, inbox = 2, agent = 3 };
std::optional<directory_kind> kind_of_directory_key(std::string_view key);
/// @}

/// The values of meta. Each begins with the version of its form, a byte, which is 1:
/// ```
/// position   01 | epoch:8 | index:8
/// number     01 | number:8             also the format's
/// history    01 | 32 lower-case hex digits
/// ```
/// What a shard's log has reached: the epoch of its owner and the last index that was appended.
struct shard_position {
  epoch owner;
  log_index last;

  friend bool operator==(const shard_position&, const shard_position&) = default;
};

std::string to_bytes(const shard_position&);
std::string number_to_bytes(std::uint64_t);
std::string history_to_bytes(std::string_view id);

/// Nothing, if the bytes are not of the form.
std::optional<shard_position> position_from_bytes(std::string_view);
std::optional<std::uint64_t> number_from_bytes(std::string_view);
std::optional<std::string> history_from_bytes(std::string_view);

}  // namespace frontdesk
