#pragma once

#include "node/exit_code.hpp"

#include <cstdint>
#include <string>

/// The problem: a backup that was never restored is a hope. A half of one looks like a whole one,
/// and a restored desk has forgotten what was acknowledged after the backup was made.
///
/// The answer: a backup is a folder that appears under its name when all of it is on the disk and
/// was read back against its checksums. A restored desk has another history, by which every client
/// finds out, and says again what the desk lacks.
///
///     backup.toml    when it was made, of which version and history
///     store/         RocksDB, with store.synced
///     files/         what was uploaded
///     secret         what all tokens hang on: keep a backup as safe as the desk
namespace frontdesk {

struct backup_summary {
  std::string folder;
  std::uint64_t files_count = 0;
  std::uint64_t bytes = 0;
  /// Of the desk that it was made of; UTC.
  std::string made_at;
};

/// Backs up the desk in `data`, whether it runs or not, into `folder`, which must not exist.
/// Trouble: `unavailable` (no desk there, the folder exists, another backup runs), `temporary` (no
/// room, the node is too busy), `data` (the store is damaged), `no_permission`, `input_output`.
or_trouble<backup_summary> make_backup(const std::string& data, const std::string& folder);

/// Makes a desk in `data`, where none may be, of a backup. Trouble: as above; `data` if the backup
/// is not whole.
or_trouble<backup_summary> restore_backup(const std::string& folder, const std::string& data);

}  // namespace frontdesk
