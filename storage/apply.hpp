#pragma once

#include "model/batch.hpp"
#include "storage/store.hpp"

namespace frontdesk {

/// The rows that a batch leaves in the store, in the order of its records. Reads nothing, so that
/// every node makes the same rows from the same batch.
write_set apply(const batch&);

}  // namespace frontdesk
