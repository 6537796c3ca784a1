#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace frontdesk {

/// How far a store was synced: the sequence number of its last synced write, in a small file beside
/// it. A write-ahead log that ends in a damaged record looks like one that was torn by a power cut,
/// and is read up to there; this tells the two apart. What was torn was never called synced.
///
/// The file itself is never synced: a killed process leaves it exact, a power cut may leave it
/// some seconds old, and then it says less, never more.
class synced_mark {
 public:
  /// Makes the file if there is none. A mark that cannot be written only protects less:
  /// `is_kept` says so.
  explicit synced_mark(const std::string& file);
  synced_mark(const synced_mark&) = delete;
  synced_mark& operator=(const synced_mark&) = delete;
  ~synced_mark();

  /// The last synced write that a file tells of; nothing if there is no file, or no sound one.
  static std::optional<std::uint64_t> read(const std::string& file);

  /// All up to this write is synced. From any thread; less than before changes nothing.
  void raise(std::uint64_t sequence);

  bool is_kept() const;

 private:
  int descriptor_ = -1;
  mutable std::mutex mutex_;
  std::uint64_t last_ = 0;
  bool is_kept_ = false;
};

}  // namespace frontdesk
