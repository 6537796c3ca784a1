#pragma once

#include "model/fault.hpp"
#include "storage/disk_watch.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace frontdesk {

/// What is done to the disk for a file that somebody uploads. After each of them the process, or
/// the whole machine, may be gone.
enum class file_step : std::uint8_t { make_folder, write, sync, move, remove };

/// The steps of which uploads are made, each tried once. Faults: `storage_full`; `storage_failed`
/// for all else, also for a sync that fails: what reached the disk is not known then, and a second
/// try would only say that nothing is left to do.
class file_disk {
 public:
  /// For tests: asked before each step; it may also throw, as a crash does.
  using watch = std::function<disk_fault(file_step, std::string_view path)>;

  explicit file_disk(watch asked) : watch_(std::move(asked)) {}

  /// It may be there already. `above` is synced if it was not.
  fault_or<done> make_folder(const std::string& path, const std::string& above) const;
  fault_or<done> sync_folder(const std::string& path) const;
  fault_or<done> sync_file(const std::string& path) const;
  /// A file that has these bytes, or none; onto the disk, but for its name in its folder.
  fault_or<done> write_whole(const std::string& path, std::string_view bytes) const;
  /// Appends to a file of `from` bytes; of a write that fails nothing stays.
  fault_or<done> append(const std::string& path, std::uint64_t from, std::string_view bytes) const;
  fault_or<done> truncate(const std::string& path, std::uint64_t bytes) const;
  fault_or<done> move(const std::string& from, const std::string& to) const;
  /// With all that is in it; it need not be there.
  fault_or<done> remove_all(const std::string& path) const;

 private:
  fault_code before(file_step, std::string_view path) const;

  const watch watch_;
};

/// Nothing if the file cannot be read, or is larger.
fault_or<std::string> read_whole(const std::string& path, std::size_t bytes_max);

}  // namespace frontdesk
