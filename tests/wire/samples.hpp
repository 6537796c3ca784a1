#pragma once

#include "model/batch.hpp"
#include "wire/frame.hpp"

/// One desk's life in values: every golden file shows a moment of it.
namespace frontdesk::samples {

constexpr conversation_id parcel{0x5c1f00d2a94be311};
constexpr conversation_id refund{0x5c0000000000000a};
constexpr device_id phone{0x0123456789abcdef, 0xfedcba9876543210};
constexpr person_id visitor{person_kind::visitor, 0x8badf00dcafe4242};
constexpr person_id ada{person_kind::agent, 7};
constexpr person_id bo{person_kind::agent, 8};
constexpr timestamp noon{1763683200000};

named_person named_visitor();
named_person named_ada();
named_person named_bo();

/// Where is my parcel, in three scripts, with a quote, a tab, a line end and a smile.
std::string question();

/// An event of the parcel's conversation; the fields that its kind needs are set.
event event_of(event_kind);
/// A note that agents read.
/// With a file, and in answer to another.
event picture();
/// A message whose words are gone.
event taken_back();
event note();

/// The parcel's conversation, with Ada.
head assigned_head();
/// Another one, in the queue, not answered yet.
head queued_head();

/// Five answers: accepted, refused, accepted in the internal track, and later again.
post_window window();

tenant shop();
inbox front_door();
agent ada_as_agent();

/// One record of each kind.
quarantined poison();
audit_entry deed();
batch everything();

/// As Ada sees the parcel's conversation, and as the visitor sees the queued one.
frame::summary summary_for_ada();
frame::summary summary_for_visitor();

}  // namespace frontdesk::samples
