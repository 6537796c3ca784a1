#pragma once

#include "storage/store.hpp"

#include <cstddef>
#include <cstdint>

namespace frontdesk {

/// The conversation that the people of a tenant know by this number. The disk knows conversations
/// by id alone; but whoever asks by number has one before his eyes, so all that are open are looked
/// through (`limits::open_conversations_max`), and those that were closed last
/// (`limits::closed_searched_max`). Blocks on the disk: one to three reads a conversation. Faults:
/// `not_found`: it is none of these; `storage_failed`.
fault_or<conversation_id> conversation_numbered(store&, tenant_id, std::uint64_t number);

}  // namespace frontdesk
