#pragma once

#include "model/batch.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Stored values to bytes and back: protobuf (`wire/frontdesk.proto`), each with a version. A
/// version that was ever released is read for ever; golden bytes in tests/wire guard them.
///
/// Bytes come from a disk that may lie or from a newer node: reading anything returns the value or
/// nothing, and never throws. What reading refuses, writing asserts against, because a value that
/// is recorded and cannot be read again is lost: enumerators of ours, texts within `limits` and in
/// UTF-8, positions below 2^53, windows dense in `n` with a seq where and only where a post was
/// accepted.
namespace frontdesk {

std::string to_bytes(const event&);
std::string to_bytes(const head&);
std::string to_bytes(const post_window&);
std::string to_bytes(const cursor&);
std::string to_bytes(const tenant&);
std::string to_bytes(const inbox&);
std::string to_bytes(const agent&);
std::string to_bytes(const quarantined&);
std::string to_bytes(const audit_entry&);

std::optional<event> event_from_bytes(std::string_view);
std::optional<head> head_from_bytes(std::string_view);
std::optional<post_window> window_from_bytes(std::string_view);
std::optional<cursor> cursor_from_bytes(std::string_view);
std::optional<tenant> tenant_from_bytes(std::string_view);
std::optional<inbox> inbox_from_bytes(std::string_view);
std::optional<agent> agent_from_bytes(std::string_view);
std::optional<quarantined> quarantined_from_bytes(std::string_view);
std::optional<audit_entry> audit_entry_from_bytes(std::string_view);

/// A whole batch, as a log outside this process carries it.
std::string to_bytes(const batch&);
std::optional<batch> batch_from_bytes(std::string_view);

}  // namespace frontdesk
