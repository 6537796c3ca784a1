#pragma once

#include "node/exit_code.hpp"
#include "storage/rocks_store.hpp"

#include <string>

/// What lies where in a node's data directory (`--data`), which belongs to its owner alone (0700):
///
///     store/       RocksDB, and store.synced: how far it was synced
///     files/       what was uploaded (storage/file_store.hpp)
///     reserve      room that is given back when the disk is full
///     secret       64 random bytes under all tokens (0600): whoever has it is anybody
///     checkpoint/  while a backup is being made: what it copies; checkpoint.files/, too
///     ended        a second signal, for the next start to tell of (node/ending.hpp)
///     admin.sock   answers `frontdesk tenant`, `agent` … while the node runs (0600)
namespace frontdesk {

struct data_folder {
  std::string path;

  std::string store() const { return path + "/store"; }
  std::string checkpoint() const { return path + "/checkpoint"; }
  std::string files() const { return path + "/files"; }
  std::string checkpoint_files() const { return path + "/checkpoint.files"; }
  std::string secret() const { return path + "/secret"; }
  std::string ended_note() const { return path + "/ended"; }
  std::string admin_socket() const { return path + "/admin.sock"; }
};

/// Whether a node has ever kept anything in this directory. Makes nothing.
bool has_desk(const std::string& path);

/// The directory of a desk that is there; makes nothing. Trouble: `unavailable`: there is none;
/// what `open_data_folder` says.
or_trouble<data_folder> open_desk_folder(const std::string& path);

/// Makes the directory and what is missing above it. Trouble: `no_permission`, `input_output`.
or_trouble<data_folder> open_data_folder(const std::string& path);

/// Its secret; made at the first time, whole or not at all, and on the disk before it is returned.
/// Trouble: `no_permission`, `input_output`; `data` if there is one that is too short.
or_trouble<std::string> secret_of(const data_folder&);

/// Which kind of ending a store's failure to open is.
trouble trouble_of(const open_failure&);

}  // namespace frontdesk
