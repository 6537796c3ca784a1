#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The problem: what a stranger calls a picture may be a page with a script, and whoever believes
/// the name or the type that came with it hands that page to an agent's browser.
///
/// The answer: a file is what its bytes say. They are looked at here, by rules for a short list of
/// kinds; nothing is decoded, and what is not on the list is not taken.
namespace frontdesk {

/// The bytes of a file, wherever they are.
class file_bytes {
 public:
  file_bytes() = default;
  file_bytes(const file_bytes&) = delete;
  file_bytes& operator=(const file_bytes&) = delete;
  virtual ~file_bytes() = default;

  virtual std::uint64_t size() const = 0;
  /// Up to `count` bytes; fewer where the file ends.
  virtual std::string read(std::uint64_t from, std::size_t count) = 0;
};

/// What was seen of a file.
struct file_look {
  /// A media type of the list, a constant.
  std::string_view type;
  /// Of pictures, as their header claims; else 0.
  std::uint32_t width = 0;
  std::uint32_t height = 0;

  friend bool operator==(const file_look&, const file_look&) = default;
};

/// Looks at a whole file, once from its beginning to its end, and here and there. None: it is of no
/// kind that is taken; or a picture without a side, or with one beyond `limits::picture_side_max`.
///
///     image/png jpeg gif webp   application/pdf   text/plain (nothing but text, in any ASCII-based
///     encoding)   application/zip and the kinds of office files   video/mp4 quicktime webm ogg
///     audio/mp4 mpeg ogg
std::optional<file_look> look_at(file_bytes&);

/// The same of a small picture: PNG, JPEG or WebP within the bounds of thumbnails.
std::optional<file_look> look_at_thumbnail(std::string_view bytes);

/// Whether a file that says so of itself could be taken: the name of a kind on the list, or nothing
/// in particular (empty, `application/octet-stream`).
bool may_be_taken(std::string_view claimed_type);

/// Whether what was found is what was claimed: a picture for a picture, a film or a sound for
/// either, and so on. A file that claims to be something else deceives its receiver.
bool is_as_claimed(std::string_view claimed_type, std::string_view found_type);

}  // namespace frontdesk
