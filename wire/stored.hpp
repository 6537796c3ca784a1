#pragma once

#include "model/batch.hpp"

#include <optional>

/// Between the nouns of the desk and the protobuf messages in which they are stored.
///
/// `put` fills an empty message. `take` reads one, moves its texts out, and returns nothing if it
/// holds what `put` never writes: an unknown enumerator, a text beyond its bound, columns of
/// unequal length. Fields that are not known here are from a newer node and mean nothing.
///
/// `put` asserts the same, because a value that is recorded and cannot be read again is lost.
namespace frontdesk::v1 {
class person;
class event;
class head;
class post_window;
class cursor;
class index_row;
class tenant;
class inbox;
class agent;
class quarantined;
class audit_entry;
class batch;
}  // namespace frontdesk::v1

namespace frontdesk::stored {

void put(v1::person&, person_id);
void put(v1::event&, const event&);
void put(v1::head&, const head&);
void put(v1::post_window&, const post_window&);
void put(v1::cursor&, const cursor&);
void put(v1::index_row&, const index_row&);
void put(v1::tenant&, const tenant&);
void put(v1::inbox&, const inbox&);
void put(v1::agent&, const agent&);
void put(v1::quarantined&, const quarantined&);
void put(v1::audit_entry&, const audit_entry&);
void put(v1::batch&, const batch&);

std::optional<person_id> take(const v1::person&);
std::optional<event> take(v1::event&);
std::optional<head> take(v1::head&);
std::optional<post_window> take(v1::post_window&);
std::optional<cursor> take(v1::cursor&);
std::optional<index_row> take(v1::index_row&);
std::optional<tenant> take(v1::tenant&);
std::optional<inbox> take(v1::inbox&);
std::optional<agent> take(v1::agent&);
std::optional<quarantined> take(v1::quarantined&);
std::optional<audit_entry> take(v1::audit_entry&);
std::optional<batch> take(v1::batch&);

}  // namespace frontdesk::stored
