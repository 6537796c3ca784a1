#pragma once

#include <cstdint>
#include <string>

namespace frontdesk::process {

/// A disk of its own for a node, of a few megabytes, which can be filled, cut off and mounted again
/// like a real one. Needs root; a test that finds none skips, and says why.
class small_disk {
 public:
  enum class kinds : std::uint8_t {
    /// In memory: quick to fill.
    memory,
    /// A file with ext4 in it, which can be cut off.
    image,
  };

  /// `folder` is made, and the disk mounted there.
  small_disk(kinds, std::string folder, unsigned megabytes);
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;
  ~small_disk();

  /// Empty: there is a disk.
  const std::string& why_not() const { return why_not_; }
  std::string path(const std::string& inside) const { return folder_ + "/" + inside; }

  /// Takes all room but so much; what was taken before is given back first.
  void leaves(std::uint64_t bytes_free) const;
  void is_freed() const;
  /// Nothing can be read or written any more.
  bool breaks() const;
  /// Mounts what is on the disk. Nobody may use it any more.
  bool comes_back();

 private:
  bool mounts();

  const kinds kind_;
  const std::string folder_;
  const std::string image_;
  const unsigned megabytes_;
  std::string why_not_;
};

}  // namespace frontdesk::process
