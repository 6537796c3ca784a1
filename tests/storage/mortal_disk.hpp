#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace rocksdb {
class FileSystem;
}

namespace frontdesk {

/// The problem: a file system may keep what was written in memory for as long as nobody asks for a
/// sync; a killed process does not show it, and to cut the power of the machine takes the machine.
///
/// The answer: a disk that remembers what of one folder was synced, and can say at any of its steps
/// what would be left if the power went now:
///
///     bytes of a file      those that were synced, and of the rest any first part; in a log behind
///                          that perhaps zeros or what was never written (a file system that
///                          journals shows nobody such bytes, and RocksDB, which is made for
///                          those, takes them for damage anywhere but in a log)
///     names in the folder  the changes since its last sync happened in their order; any first part
///                          of them is left: new files are gone, others have their old name back
///     the store's mark     never synced: any of what it has been, zeros, or no file
///
/// What was synced is only remembered: nothing here waits for a real disk.
class mortal_disk {
 public:
  /// How much of each file in a folder was synced.
  using synced_sizes = std::map<std::string, std::uint64_t>;

  /// Over a store's folder that nobody has open; all of it was synced, but of `less` only so much.
  explicit mortal_disk(std::string folder, const synced_sizes& less = {});
  mortal_disk(const mortal_disk&) = delete;
  mortal_disk& operator=(const mortal_disk&) = delete;
  ~mortal_disk();

  const std::string& folder() const { return folder_; }
  /// What the store stands on; must not outlive this.
  std::shared_ptr<rocksdb::FileSystem> file_system();

  /// Calls `then` once, before the n-th step from now, on the thread that does it. Steps are
  /// writes, syncs and changes of names.
  void at_step(std::uint64_t n, std::function<void()> then);

  /// Makes a folder of what a power cut leaves now.
  void loses_power(const std::string& into, std::mt19937_64& random);
  /// Makes a folder of what a killed process leaves now: all of it. Says how much of it was synced.
  synced_sizes is_killed(const std::string& into);

  /// For this disk's file system alone. `change` is called between two steps of others.
  template <class Change>
  auto step(Change change) {
    const std::lock_guard lock{mutex_};
    count_step();
    return change();
  }
  void made(const std::string& name);
  void removed(const std::string& name);
  void renamed(const std::string& from, const std::string& to);
  void linked(const std::string& from, const std::string& to);
  void synced(const std::string& name);
  void truncated(const std::string& name, std::uint64_t size);
  void synced_names();
  /// The name within the folder; empty: not in this folder.
  std::string inside(const std::string& path) const;

 private:
  using file_id = std::uint64_t;
  using names = std::map<std::string, file_id>;

  std::string body_of(file_id) const;
  void count_step();
  void look_at_mark();
  void enter(const std::string& name, file_id);
  void changes();
  void copy_torn(file_id, const std::string& to, std::mt19937_64& random) const;

  const std::string folder_;
  /// Holds every file's bytes under its number, also when its name is gone.
  const std::string bodies_;
  std::recursive_mutex mutex_;
  names now_;
  /// The names at the last sync, and after each change since.
  std::vector<names> since_sync_;
  std::map<file_id, std::uint64_t> synced_;
  file_id last_ = 0;
  std::vector<std::string> marks_;
  std::uint64_t steps_left_ = 0;
  std::function<void()> then_;
};

}  // namespace frontdesk
