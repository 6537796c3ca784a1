#pragma once

#include "storage/store.hpp"

#include <cstddef>
#include <cstdint>

namespace frontdesk {

/// How many of the conversations that were closed last are searched: some days of a busy tenant, in
/// some tenths of a second.
constexpr std::size_t closed_searched_max = 10'000;

/// The conversation that the people of a tenant know by this number. The disk knows conversations
/// by id alone; but whoever asks by number has one before his eyes, so all that are open are looked
/// through, and those that were closed last. Blocks on the disk. Faults: `not_found`: it is none of
/// these; `storage_failed`.
fault_or<conversation_id> conversation_numbered(store&, tenant_id, std::uint64_t number);

}  // namespace frontdesk
