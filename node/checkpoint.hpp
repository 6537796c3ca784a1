#pragma once

#include "node/data_folder.hpp"
#include "storage/file_store.hpp"
#include "storage/rocks_store.hpp"

#include <functional>
#include <memory>
#include <string_view>

/// The problem: a message may name a file, and store and files lie side by side. A copy of one and
/// then of the other could have a message whose file it lacks.
///
/// The answer: a file is on the disk before its message is recorded, and goes only after the
/// deletion is. So the store is copied first, the files behind it, and none goes in between.
namespace frontdesk {

/// The files of a desk. Faults: those of `file_store::open`.
fault_or<std::unique_ptr<file_store>> open_files(const data_folder&,
                                                 std::function<bool()> is_short = {},
                                                 std::function<void(std::string_view)> tell = {});

/// Makes what a backup copies, of a desk that may be running: links, and little room.
fault_or<done> make_checkpoint(const data_folder&, rocks_store&, file_store&);

/// Takes it away, also half of one; it need not exist.
void remove_checkpoint(const data_folder&);

}  // namespace frontdesk
