#pragma once

#include "model/fault.hpp"
#include "model/file_type.hpp"
#include "model/kept_file.hpp"
#include "storage/file_disk.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk {

/// The problem: a file comes in pieces over minutes, from somebody who may go at any byte, and the
/// process, or the machine, may end between any two steps. All the same a file that an event names
/// has to be there, whole, for as long as the event does.
///
/// The answer: each file is a folder, which moves as a whole from place to place; a folder moves at
/// once or not at all. What is known of it lies in the folder, so that a restart knows everything.
///
///     FOLDER/draft/FILE               being made; whatever is here at a start is nothing
///     FOLDER/TENANT/unposted/FILE     uploads, and files that wait for their post
///     FOLDER/TENANT/posted/CONVERSATION/FILE
///     FOLDER/trash/FILE               being removed
///     FOLDER/damaged/FILE             whose `about` cannot be read; left for the operator
///
///     FILE/about       SHA-256 of the rest (32 bytes), and the record of wire/file_record.hpp
///     FILE/bytes       what was uploaded
///     FILE/thumbnail   a small picture of it, if it has one
///
/// Names are hex digits of ids, so nothing of what a stranger says is ever part of a path.
///
/// Every function blocks on the disk. One thread, but for `hold_removals` and `link_into`, which
/// any may call. Faults of all: `storage_full`, `storage_failed`.
class file_store {
 public:
  struct options {
    /// Made if it is missing, not what is above it.
    std::string folder;
    /// Which run of the machine this is; at most 64 bytes.
    std::string boot;
    /// Whether the disk has too little room to take more; empty: never.
    std::function<bool()> is_short;
    /// Something that the operator should know.
    std::function<void(std::string_view sentence)> tell;
    /// For tests.
    file_disk::watch watch;
  };

  struct upload {
    kept_file file;
    /// How much of it has come.
    std::uint64_t bytes = 0;
  };

  enum class parts : std::uint8_t { content, thumbnail };

  /// Puts in order what the last run left.
  static fault_or<std::unique_ptr<file_store>> open(options);

  /// All that is not among the posted ones.
  fault_or<std::vector<upload>> unposted() const;

  /// From then on it is there, empty.
  fault_or<done> begin(kept_file&);

  /// Appends to an upload of `from` bytes, which are not more than it may have. Not yet synced.
  fault_or<done> append(const kept_file&, std::uint64_t from, std::string_view bytes);

  /// All bytes are there: syncs them, looks at them, and only then says that it is complete, also
  /// to the disk. After any fault the upload is gone; `file_type`: it is of no kind that is taken,
  /// or not of the one that was claimed.
  fault_or<done> complete(kept_file&);

  /// Replaces the small picture. `file_type`: it is none.
  fault_or<done> put_thumbnail(kept_file&, std::string_view bytes);

  /// Writes down what is known now of an upload.
  fault_or<done> note(const kept_file&);

  /// It was posted, as its `seq` says.
  fault_or<done> keep(const kept_file&);

  /// `unknown_file`: no posted one.
  fault_or<kept_file> find_posted(conversation_name, file_id) const;

  /// The bytes of a complete file; they can be read as long as this lives, whatever becomes of the
  /// file. `unknown_file`: it has no such part.
  fault_or<std::shared_ptr<file_bytes>> open_part(const kept_file&, parts) const;

  /// Takes it away for good, wherever it is. While removals are held it is only noted.
  fault_or<done> drop(const kept_file&);

  /// The next ones of all posted files, in no order, round and round; empty: it begins anew.
  std::vector<kept_file> some_posted(std::size_t count_max);

  /// While one lives, no complete file leaves its place: a backup reads them.
  class hold {
   public:
    explicit hold(file_store& store) : store_(&store) {}
    hold(hold&& other) noexcept : store_(std::exchange(other.store_, nullptr)) {}
    hold& operator=(hold&&) = delete;
    ~hold();

   private:
    file_store* store_;
  };
  hold hold_removals();

  /// Links every complete file into a folder of the same file system, which must not exist. Made
  /// behind a checkpoint of the store and within a `hold` that began before it, it has every file
  /// that the checkpoint names.
  fault_or<done> link_into(const std::string& folder) const;

 private:
  explicit file_store(options);
  fault_or<done> put_in_order();
  fault_or<done> put_in_order(const std::string& unposted, const std::string& id);
  fault_or<done> write_about(const std::string& folder, const kept_file&) const;
  fault_or<kept_file> read_about(const std::string& folder) const;
  fault_or<done> look_at_all(kept_file&) const;
  fault_or<done> remove(const std::string& folder, const std::string& above);
  void end_hold();

  const options options_;
  const file_disk disk_;
  std::filesystem::recursive_directory_iterator posted_walk_;
  bool is_walk_begun_ = false;
  std::mutex mutex_;
  std::size_t holds_count_ = 0;
  std::vector<kept_file> held_back_;
};

/// Takes such a folder, made by `link_into` or a copy of one, and says whether every file in it is
/// whole by its digest; the first that is not, or nothing.
std::optional<std::string> first_damaged_file(const std::string& folder);

}  // namespace frontdesk
