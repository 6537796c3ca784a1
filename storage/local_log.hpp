#pragma once

#include "storage/commit_log.hpp"
#include "storage/store.hpp"

#include <functional>
#include <memory>

namespace frontdesk {

/// The commit log of one machine: the entries' records, applied, and their shards' new positions go
/// into the store as **one** atomic, synced write; so log and truth cannot differ, and there is no
/// recovery beyond the store's own.
///
/// No entry is kept after it was applied, so `trim` has nothing to do. Positions are read from the
/// store at each append, never remembered: two logs over one store (a recorder that lives on while
/// its successor has claimed) fence each other like two machines.
///
/// How an append ends:
/// ```
/// the store took it                                        committed
/// the shard has another epoch, or another last index       fenced
/// `space_is_short` says yes, or the store `storage_full`   full
/// a position cannot be read, or the store `storage_failed` unknown
/// ```
/// `space_is_short` is asked before each append; `done` is called during `append`. `from` must
/// outlive the log.
std::unique_ptr<commit_log> make_local_log(store& from, std::function<bool()> space_is_short);

}  // namespace frontdesk
